"""Articles for the tests of the judgement, in our own words; their events are invented."""

from __future__ import annotations

from classifier.document import Document

NEW_PROJECT = Document(
    title="Denmark funds three-year project against human trafficking in Zambia",
    text=(
        "LUSAKA - Denmark will give 2.4 million euros for a project against human trafficking that was launched in "
        "Lusaka on Monday. It will run for three years.\n\n"
        "The project will train 400 police officers and open two shelters for victims. A federation of churches "
        "carries it out together with the ministry of home affairs."
    ),
    published="2024-05-06",
)
TRIAL = Document(
    title="Couple jailed for human trafficking",
    text=(
        "A court sentenced a couple to eleven years in prison on Tuesday for trafficking two girls, whom they had "
        "locked in a flat and forced to beg. Police had arrested them last year. The judge spoke of modern slavery.\n\n"
        "Prosecutors had asked for fifteen years. The defence lawyer will appeal."
    ),
)
BAKERY = Document(
    title="Bakery wins prize for its rye bread",
    text=(
        "A bakery in the old town has won the national prize for rye bread. The jury tasted 140 loaves on Saturday "
        "and praised the crust. The baker, who took over the shop from her uncle, wants to open a second one."
    ),
)
WELSH = Document(
    title="Siop fara yn ennill gwobr genedlaethol am ei bara rhyg",
    text=(
        "Mae siop fara yn yr hen dref wedi ennill y wobr genedlaethol am fara rhyg. Blasodd y beirniaid gant a "
        "deugain o dorthau ddydd Sadwrn a chanmol y crystyn. Mae'r pobydd, a gymerodd y siop oddi wrth ei hewythr, "
        "am agor un arall yn y gwanwyn, ac mae hi'n chwilio am ddau o bobl ifanc i'w helpu."
    ),
)

SWEDISH = Document(
    title="Länsstyrelsen får i uppdrag att samordna arbetet mot människohandel",
    text="Regeringen har i dag beslutat att ge Länsstyrelsen i Skåne i uppdrag att under tre år bygga upp regionala "
    "stödteam för personer som utsatts för människohandel och människoexploatering.\n\n"
    "För uppdraget avsätts 24 miljoner kronor. Arbetet ska ske tillsammans med Polismyndigheten och Frälsningsarmén "
    "och börjar den 1 mars 2026. Teamen ska ge råd till kommuner, ordna skyddat boende och hjälpa offer till "
    "rättegång.\n\nUppdraget ska redovisas senast den 31 mars 2029.",
)

THAI = Document(
    title="เปิดตัวโครงการช่วยเหลือผู้เสียหายจากการค้ามนุษย์ในภาคใต้",
    text="กระทรวงการพัฒนาสังคมและความมั่นคงของมนุษย์เปิดตัวโครงการใหม่ระยะเวลาสามปีเพื่อป้องกันการค้ามนุษย์และช่วยเหลือผู้เสียหาย"
    "ในจังหวัดสงขลาและระนอง โดยได้รับงบประมาณสนับสนุน 45 ล้านบาทจากสหภาพยุโรป\n\n"
    "โครงการจะจัดตั้งศูนย์ช่วยเหลือสองแห่ง อบรมเจ้าหน้าที่ตรวจแรงงาน และให้คำปรึกษาทางกฎหมายแก่แรงงานประมง "
    "มูลนิธิเครือข่ายส่งเสริมคุณภาพชีวิตแรงงานเป็นผู้ดำเนินงาน เริ่มเดือนมกราคม 2569",
)
