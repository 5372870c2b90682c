"""Organisations as texts name them, and the parts they play."""

from __future__ import annotations

import pytest

from classifier.lexicon import load_agencies, load_offices
from tests.support.fact_reading import facts_of, organisations_in


@pytest.mark.parametrize(
    ("text", "name", "home"),
    [
        ("It works with the Nigerian anti-trafficking police.", "Nigerian anti-trafficking police", "NG"),
        ("The Dutch foreign ministry pays.", "Dutch foreign ministry", "NL"),
        ("Australia's immigration department pays.", "Australia's immigration department", "AU"),
    ],
)
def test_an_office_is_told_by_the_adjective_of_its_country(text: str, name: str, home: str) -> None:
    (mention,) = organisations_in(text)
    assert (mention.name, mention.kind, mention.home) == (name, "state", home)


def test_an_adjective_far_from_an_office_does_not_make_it_the_countrys() -> None:
    assert organisations_in("Nigerian girls trained by police spoke.") == []


def test_a_name_ministries_of_several_states_bear_is_no_donor_where_its_country_is_not_named() -> None:
    (abroad,) = organisations_in("The Department of Justice in Manila counted 600 reports.")
    (at_home,) = [one for one in organisations_in("In Texas the Department of Justice gave $2 million.") if one.agency]
    assert (abroad.kind, abroad.agency) == ("state", None)
    assert (at_home.kind, at_home.agency) == ("donor", "DOJ")


def test_an_office_of_an_agency_shares_its_key_and_a_branch_in_a_country_does_not() -> None:
    mission, agency = organisations_in("USAID's Regional Mission for Asia pays. USAID has done so before.")
    assert mission.key == agency.key
    one, other = organisations_in("Caritas Austria and Caritas Lebanon run it.")
    assert one.key != other.key


@pytest.mark.parametrize(
    ("lang", "text", "agency"),
    [
        ("de", "Das Büro der IOM leitet es.", "IOM"),
        ("nl", "De delegatie van de Europese Unie betaalt.", "EU"),
        ("ru", "Деньги даёт Представительство Европейской комиссии.", "EU"),
        ("ar", "تموله بعثة الاتحاد الأوروبي.", "EU"),
    ],
)
def test_an_office_of_an_agency_abroad_is_the_agency(lang: str, text: str, agency: str) -> None:
    (office,) = (one for one in organisations_in(text, lang) if one.kind != "place" and one.kind != "country")
    assert office.agency == agency


def test_a_short_name_at_the_end_of_one_longer_name_is_that_body() -> None:
    whole, short = organisations_in("Australian Red Cross welcomes it. Red Cross staff know the need.")
    assert whole.key == short.key


def test_an_acronym_shares_the_key_of_its_long_form() -> None:
    first, second = organisations_in("The Safe Roads Foundation (SRF) opens today. SRF has ten staff.")
    assert first.acronym == "SRF"
    assert first.key == second.key


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("ar", "بالتعاون مع نقابة المحامين وحرس الحدود.", ["نقابة المحامين", "حرس الحدود"]),
        ("de", "Beteiligt sind die Bundespolizei und die Arbeitskammer.", ["Bundespolizei", "Arbeitskammer"]),
        ("ru", "Его ведёт Таджикская общественная организация «Фемида».", ["Фемида"]),
        ("ru", "Платит фонд «Родник».", ["Родник"]),
        ("uk", "Українське товариство глухих допомагає.", ["Українське товариство глухих"]),
    ],
)
def test_bodies_are_told_by_their_words_in_each_language(lang: str, text: str, names: list[str]) -> None:
    assert [one.name for one in organisations_in(text, lang)] == names


def test_a_person_is_no_organisation() -> None:
    assert organisations_in("Minister Ana Jara spoke.") == []


@pytest.mark.parametrize(
    "text",
    [
        "District Attorney Joan Blake was there.",
        "The bill was praised by County Executive Marcus Hale.",
        "Police Chief Ann T. Rowe said so.",
        "It was opened by U.S. Attorney Peter Lane.",
    ],
)
def test_a_title_made_of_a_bodys_words_leaves_a_person_a_person(text: str) -> None:
    assert organisations_in(text) == []


def test_the_office_of_a_titled_person_is_a_body() -> None:
    assert [mention.name for mention in organisations_in("It is run by the Kern County Sheriff's Office.")] == [
        "Kern County Sheriff's Office"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Over 30 Kenyan teachers took part.",
        "Earlier Dutch money went to others.",
        "It opened on the International Day for the Protection of Small Boats.",
    ],
)
def test_phases_numbers_days_treaties_and_bare_subjects_are_no_bodies(text: str) -> None:
    assert organisations_in(text) == []


def test_what_american_churches_call_ministries_are_charities() -> None:
    kinds = {one.name: one.kind for one in organisations_in("Safe Haven Ministries and the Ministry of Justice agree.")}
    assert kinds == {"Safe Haven Ministries": "ngo", "Ministry of Justice": "state"}


def test_the_names_of_one_list_stand_in_one_group() -> None:
    mentions = organisations_in("It is run by the Freedom Fund, Hope House and the Dawn Foundation.")
    assert len({mention.group for mention in mentions}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "It is run by Hope House (Spain), the Dawn Centre (DC, Chile) and Mill House (Peru).",
        "It is run by Hope House in Spain, the Dawn Centre at the University of Chile and Mill House in Peru.",
        "Partners: Hope House, Ashby; Dawn Centre, New Ashby; Mill House",
        "Partners: Hope House, Chile; Dawn Centre, Peru; Mill House",
    ],
)
def test_places_of_its_members_part_no_list(text: str) -> None:
    mentions = organisations_in(text, "en")
    named = {mention.group for mention in mentions if mention.name in ("Hope House", "Dawn Centre", "Mill House")}
    assert len(named) == 1
    places = {mention.group for mention in mentions if mention.kind in ("country", "university")}
    assert not named & places


def test_a_short_name_of_a_known_body_is_that_body() -> None:
    first, second = organisations_in("Animus Association opens it. They say that Animus has ten staff.", "en")
    assert first.key == second.key


ARTICLE = (
    "UNODC starts project against human trafficking in Malawi",
    "The United Nations Office on Drugs and Crime (UNODC), in partnership with the Government of Malawi, has launched "
    "a project against human trafficking. The project is funded by the Government of Norway and will run for two "
    "years.",
)


def test_the_stop_of_an_abbreviation_parts_no_list() -> None:
    mentions = organisations_in("They are Dawn Centre, M.O.R.A., Orchard Trust and Mill House.", "en")
    assert len({mention.group for mention in mentions}) == 1
    assert len(mentions) == 4


def test_who_runs_pays_and_takes_part_is_told_apart() -> None:
    facts = facts_of(*ARTICLE)
    assert facts.implementers == ("United Nations Office on Drugs and Crime",)
    assert facts.funders == ("Government of Norway",)
    assert facts.partners == ("Government of Malawi",)


def test_a_name_is_given_without_the_acronym_the_text_adds_in_brackets() -> None:
    facts = facts_of(*ARTICLE)
    assert not any("(" in name for name in (*facts.implementers, *facts.funders, *facts.partners))


@pytest.mark.parametrize(
    ("lang", "title", "text", "implementers", "funders"),
    [
        (
            "fr",
            "Bénin : un projet contre la traite",
            "Un projet contre la traite des personnes a été lancé. Il est mis en œuvre "
            "par l'ONUDC et financé par l'Union européenne.",
            ("ONUDC",),
            ("Union européenne",),
        ),
        (
            "es",
            "Proyecto contra la trata en Perú",
            "La OIM lanzó un proyecto contra la trata de personas en Perú. Es financiado por la Unión Europea.",
            ("OIM",),
            ("Unión Europea",),
        ),
        (
            "pt",
            "Angola: projeto contra o tráfico",
            "A OIM lançou um projeto contra o tráfico de pessoas em Angola, financiado pela União Europeia.",
            ("OIM",),
            ("União Europeia",),
        ),
        (
            "en",
            "Dutch-funded project starts in Nigeria",
            "IOM has launched a Dutch-funded project against human trafficking in Nigeria.",
            ("IOM",),
            ("Netherlands",),
        ),
    ],
)
def test_the_parts_are_read_in_other_languages_too(
    lang: str, title: str, text: str, implementers: tuple[str, ...], funders: tuple[str, ...]
) -> None:
    facts = facts_of(title, text, lang)
    assert (facts.implementers, facts.funders) == (implementers, funders)


def test_one_who_runs_a_project_and_says_that_it_pays_too_has_both_roles() -> None:
    facts = facts_of(
        "New action on human trafficking in Serbia",
        "The Council of Europe has launched a new action against human trafficking in Serbia. It is funded by the "
        "European Union and the Council of Europe and implemented by the Council of Europe.",
    )
    assert "Council of Europe" in facts.implementers
    assert {"European Union", "Council of Europe"} <= set(facts.funders)


def test_a_country_by_itself_is_no_partner() -> None:
    facts = facts_of(
        "IOM launches project against human trafficking in Mali",
        "IOM has launched a project against human trafficking in Mali in partnership with Niger, Chad and Togo. It is "
        "funded by Norway and lasts two years.",
    )
    assert {"Niger", "Chad", "Togo"}.isdisjoint(facts.partners)


def test_a_body_is_named_in_full_rather_than_by_an_acronym() -> None:
    facts = facts_of(
        "La OIT lanza proyecto contra la trata en Perú",
        "La OIT ejecuta un proyecto contra la trata de personas en Perú. La Organización Internacional del Trabajo lo "
        "presentó hoy en Lima.",
        "es",
    )
    assert facts.implementers == ("Organización Internacional del Trabajo",)


def test_a_part_of_the_projects_name_is_no_organisation() -> None:
    facts = facts_of(
        "IOM starts project in Kenya",
        "The project Safe Roads Alliance for Freedom was launched by IOM in Kenya to fight human trafficking. The "
        'project, "Safe Roads Alliance for Freedom", lasts two years and is funded by Norway.',
    )
    assert not any("Safe Roads" in name for name in (*facts.implementers, *facts.partners))


def test_words_for_a_kind_of_bodies_name_nobody() -> None:
    facts = facts_of(
        "IOM launches project against human trafficking in Fiji",
        "The International Organization for Migration (IOM) has launched a project against human trafficking in Fiji "
        "together with NGOs, in partnership with Ministries, and a Fijian NGO, Homes of Hope, runs it with IOM.",
    )
    named = {*facts.implementers, *facts.funders, *facts.partners}
    assert "International Organization for Migration" in named
    assert named.isdisjoint({"NGOs", "Ministries", "Fijian NGO"})


def test_an_office_and_its_department_are_one_payer() -> None:
    facts = facts_of(
        "Justice Department funds shelter in Ohio",
        "The U.S. Department of Justice has awarded $400,000 to Harbor House to shelter victims of trafficking. The "
        "grant comes from the department's Office for Victims of Crime and lasts three years.",
    )
    assert facts.funders == ("U.S. Department of Justice",)


def test_a_state_and_its_government_are_one_payer() -> None:
    facts = facts_of(
        "Japan pays for work against trafficking in Laos",
        "The Government of Japan will give USD 900,000 to IOM for a two-year project against trafficking in persons in "
        "Laos. Japan has funded such work since 2010, the Japanese ambassador said at the signing.",
    )
    assert len(facts.funders) == 1


def test_a_state_whose_name_is_also_its_adjective_can_pay() -> None:
    facts = facts_of(
        "Un projet contre la traite des personnes est lancé au Bénin",
        "La Suisse finance un nouveau projet contre la traite des personnes au Bénin. Doté de 2 millions de francs, il "
        "est mis en œuvre par l'OIM et durera trois ans, a dit l'ambassadeur suisse.",
        "fr",
    )
    assert facts.funders == ("Suisse",)


def test_an_office_is_one_of_a_body_in_the_gazetteer() -> None:
    known = {agency.id for agency in load_agencies()}
    assert set(load_offices().values()) <= known


@pytest.mark.parametrize(
    ("lang", "text", "agency"),
    [
        ("tr", "Parayı Avrupa Komisyonu veriyor.", "EU"),
        ("ru", "Деньги даёт Европейская комиссия.", "EU"),
        ("de", "Das Geld kommt vom Auswärtigen Amt.", "BMZ"),
        ("id", "Organisasi Perburuhan Internasional menjalankannya.", "ILO"),
        ("nl", "De Verenigde Naties betalen.", "UN"),
        ("ar", "يديره الصندوق العالمي لإنهاء الرق الحديث.", "GFEMS"),
    ],
)
def test_an_agency_is_known_by_its_name_in_the_language_of_the_text(lang: str, text: str, agency: str) -> None:
    assert agency in [one.agency for one in organisations_in(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The EU member states know it."),
        ("de", "Die EU-Richtlinie verlangt das."),
        ("fr", "Les pays de l'Union européenne le savent."),
        ("it", "Uno su quattro, nell'Unione Europea, pesca."),
        ("es", "Viven en la Unión Europea."),
        ("ro", "La frontiera externă a UE sunt pești."),
        ("uk", "Рибалки живуть на кордоні ЄС."),
        ("tr", "AB ülkeleri bunu biliyor."),
        ("ar", "دول الاتحاد الأوروبي تعرف."),
    ],
)
def test_a_union_named_as_a_place_or_for_its_law_is_no_body(lang: str, text: str) -> None:
    assert not [one for one in organisations_in(text, lang) if one.agency or one.kind == "acronym"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The European Union pays for it."),
        ("de", "Die EU-Kommission zahlt."),
        ("ro", "Banii vin de la UE."),
        ("fr", "L'Union européenne paie en trois pays."),
    ],
)
def test_a_union_that_pays_is_a_body(lang: str, text: str) -> None:
    assert "EU" in [one.agency for one in organisations_in(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "Kav LaOved runs it with Payoke.", ["Kav LaOved", "Payoke"]),
        ("en", "Justice and Care runs it.", ["Justice and Care"]),
        ("en", "Justice and care for all is what it asks for.", []),
        ("fr", "Hors la rue accompagne les mineurs.", ["Hors la rue"]),
        ("id", "Kegiatan ini didukung SBMI.", ["SBMI"]),
    ],
)
def test_bodies_of_the_field_are_known_by_name(lang: str, text: str, names: list[str]) -> None:
    assert [mention.name for mention in organisations_in(text, lang)] == names


def test_the_acronym_and_the_full_name_of_a_known_body_are_one() -> None:
    text = "Die Fachstelle Frauenhandel und Frauenmigration berät. Die FIZ hat ihren Sitz in Zürich."
    assert len({mention.key for mention in organisations_in(text, "de")}) == 1


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("ro", "Proiectul este derulat de Asociația eLiberare.", "Asociația eLiberare"),
        ("es", "Lo dirige la Fundación Paniamor.", "Fundación Paniamor"),
    ],
)
def test_the_word_for_a_charity_belongs_to_a_known_name(lang: str, text: str, name: str) -> None:
    (mention,) = organisations_in(text, lang)
    assert mention.name == name
    assert mention.agency is not None


def test_a_bare_ministry_is_the_one_that_the_text_names() -> None:
    one = "The Ministry of Fish signed it. The Ministry will run it."
    two = "The Ministry of Fish and the Ministry of Ports signed it. The Ministry will run it."
    assert len({mention.key for mention in organisations_in(one)}) == 1
    assert len({mention.key for mention in organisations_in(two)}) == 3


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("The United Nations' migration agency opened it.", "IOM"),
        ("The UN's labour agency opened it.", "ILO"),
        ("The UN drugs and crime office opened it.", "UNODC"),
        ("The United Nations refugee agency opened it.", "UNHCR"),
        ("The UN’s children's agency opened it.", "UNICEF"),
    ],
)
def test_an_agency_of_the_united_nations_is_known_by_what_newspapers_call_it(text: str, agency: str) -> None:
    (mention,) = organisations_in(text)
    assert mention.agency == agency


def test_what_an_agency_is_called_in_passing_is_no_second_body() -> None:
    text = "IOM, the United Nations' migration agency, launched a project against human trafficking in Lesotho."
    assert facts_of("A project begins", text).implementers == ("IOM",)
