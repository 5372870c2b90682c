"""Where the name of a body begins and ends, in every language."""

from __future__ import annotations

import pytest

from tests.support.fact_reading import organisations_in


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        (
            "en",
            "The grant goes to Maggie's Place, Inc. and New Life Center.",
            ["Maggie's Place, Inc", "New Life Center"],
        ),
        ("en", "The Ministry of Foreign Affairs of Norway paid.", ["Ministry of Foreign Affairs of Norway"]),
        ("fr", "Il est géré par l'association « Bab Al Moustakbal ».", ["Bab Al Moustakbal"]),
        ("de", "Das sagt eine Frau von der Stiftung „Wohl der Kinder“.", ["Wohl der Kinder"]),
        ("ar", "أطلقت المنظمة الدولية للهجرة المشروع.", ["المنظمة الدولية للهجرة"]),
        ("en", "The Canadian government pays.", ["Canadian government"]),
        (
            "en",
            "The Regional Committee on Combating and Preventing Trafficking in Persons and Smuggling of Migrants met.",
            ["Regional Committee on Combating and Preventing Trafficking in Persons and Smuggling of Migrants"],
        ),
        ("en", "It is run by the Nancy B. Stone Center.", ["Nancy B. Stone Center"]),
        ("en", "The ministry gave Harbour House US $2 million.", ["Harbour House"]),
        ("en", "In Kenya HOPEA looks after girls.", ["HOPEA"]),
        ("en", "The Prime Minister's office leads it.", ["Prime Minister's office"]),
        ("en", "In Romania eLiberare takes part.", ["eLiberare"]),
        ("es", "Participa la Secretaría de Gobernación.", ["Secretaría de Gobernación"]),
        (
            "pt",
            "Participa a Secretaria de Estado para a Cidadania e a Igualdade.",
            ["Secretaria de Estado para a Cidadania e a Igualdade"],
        ),
        ("tr", "Göç İdaresi Genel Müdürlüğü katılıyor.", ["Göç İdaresi Genel Müdürlüğü"]),
        ("ar", "خصصت وزارة العدل المقر.", ["وزارة العدل"]),
        ("en", "It was adopted by the Harbour City Council on Tuesday.", ["Harbour City Council"]),
        ("en", "It was adopted by the Harbour City Council in March.", ["Harbour City Council"]),
        ("en", "A grant from the Ministry of Fisheries to Dawn Centre.", ["Ministry of Fisheries", "Dawn Centre"]),
        ("en", "The money comes from Help2Lagos.", ["Help2Lagos"]),
        ("en", "ShoreCare will have about $5,000.", ["ShoreCare"]),
        ("en", "Members of the Dawn Foundation drove there.", ["Dawn Foundation"]),
        ("en", "It is run by Catholic Charities of Fairbanks.", ["Catholic Charities of Fairbanks"]),
        ("es", "Lo ejecuta la Fundación Ítalo-andina Amanecer.", ["Fundación Ítalo-andina Amanecer"]),
        ("fr", "Il est géré par la Fondation Basse-rive de Lyon.", ["Fondation Basse-rive de Lyon"]),
        ("en", "The charity La Orilla Network teaches them.", ["La Orilla Network"]),
        (
            "en",
            "The Los Robles County Office of Fisheries in Brookside gets it.",
            ["Los Robles County Office of Fisheries", "Brookside"],
        ),
        (
            "en",
            "It is run by Neighbours Ending Slavery and Trafficking.",
            ["Neighbours Ending Slavery and Trafficking"],
        ),
        ("en", "It was founded with St. Brigid's Health.", ["St. Brigid's Health"]),
        ("en", "The Ría del Norte takes part.", ["Ría del Norte"]),
        (
            "en",
            "The Brook County Department of Health and Human Services pays.",
            ["Brook County Department of Health and Human Services"],
        ),
        (
            "en",
            "The Dawn State Department of Commerce and Brook County pay.",
            ["Dawn State Department of Commerce", "Brook County"],
        ),
        (
            "en",
            "Oslo's anti-slavery office and the ILO's fishing department pay.",
            ["Oslo's anti-slavery office", "ILO's fishing department"],
        ),
        ("en", "The Hill Centre for the Rule of Law runs it.", ["Hill Centre for the Rule of Law"]),
        ("en", "The Institute for Research in Coastal Trades runs it.", ["Institute for Research in Coastal Trades"]),
        ("en", "The Bureau of the Rapporteur on Boats helps.", ["Bureau of the Rapporteur on Boats"]),
        ("en", "It was signed by UNICEF's Director of Home Affairs.", ["UNICEF"]),
        ("en", "It was signed at Hope House June 1, 2021.", ["Hope House"]),
        ("en", "It is run by the Nordic Women's Project.", ["Nordic Women's Project"]),
        ("en", "Today the Co-op pays for it.", ["Co-op"]),
        ("en", "It is run by BE KIND in Leeds.", ["BE KIND"]),
        ("en", "It was begun by Hope on Coastal Labour (HCLX) here.", ["Hope on Coastal Labour"]),
        (
            "en",
            "It is paid for by Police and Crime Commissioner Joan Blake.",
            ["Police and Crime Commissioner", "Joan Blake"],
        ),
        (
            "ro",
            "La proiect participă Ministerul Pescuitului și Porturilor Mici.",
            ["Ministerul Pescuitului și Porturilor Mici"],
        ),
        ("tr", "Liman Derneği ile Step Ahead Foundation çalışıyor.", ["Liman Derneği", "Step Ahead Foundation"]),
        ("de", "Heute führt die NGO EXIT das Projekt durch.", ["NGO EXIT"]),
        (
            "de",
            "Das Ministerium für Fische und Häfen und der belgischen Organisation Payoke beginnt.",
            ["Ministerium für Fische und Häfen", "Payoke"],
        ),
        ("fr", "Elle travaille avec l'ONG Aube à Cotonou.", ["ONG Aube"]),
        ("ru", "Комиссия штата по борьбе с рабством выделила деньги.", ["Комиссия штата по борьбе с рабством"]),
        ("ru", "Партнёры – Морской суд и Центр подготовки лоцманов.", ["Морской суд", "Центр подготовки лоцманов"]),
        (
            "ru",
            "Им помогает Министерство труда и социальной защиты населения.",
            ["Министерство труда и социальной защиты населения"],
        ),
        ("ru", "Вместе с НПО «Тихая бухта» учат рыбаков.", ["Тихая бухта"]),
        ("ru", "Деньги дали Министерству внутренних дел.", ["Министерству внутренних дел"]),
        ("uk", "Тут працює Центр правових ресурсів.", ["Центр правових ресурсів"]),
        ("tr", "Kaçakçılık ile Mücadele Derneği katılıyor.", ["Kaçakçılık ile Mücadele Derneği"]),
        ("ar", "تدير المركز جمعية الفجر.", ["جمعية الفجر"]),
        ("ar", 'تدير المركز جمعية "دار البحر".', ["دار البحر"]),
        ("ar", "تساعد الشرطة والصيادين منظمة الفجر.", ["منظمة الفجر"]),
        ("fr", "Avec le Service Amarante des ports, elle aide.", ["Service Amarante des ports"]),
        ("de", "Mit der Stiftung Hafenlicht hilft sie.", ["Stiftung Hafenlicht"]),
        ("it", "Paga il Ministero dell'Interno.", ["Ministero dell'Interno"]),
        ("de", "Die Senatsverwaltung für Fische gibt Geld.", ["Senatsverwaltung für Fische"]),
        ("de", "„Ausbeutung bedroht alle“, sagt er bei der Stiftung „Hafenlicht“.", ["Hafenlicht"]),
        ("tr", "Balık, Liman ve Deniz İşleri Bakanlığı yürütüyor.", ["Balık, Liman ve Deniz İşleri Bakanlığı"]),
        (
            "tr",
            "Liman Derneği, Deniz Vakfı ve Balık Bakanlığı yürütüyor.",
            ["Liman Derneği", "Deniz Vakfı", "Balık Bakanlığı"],
        ),
        ("fr", "L'ONG Aide aux pêcheurs en détresse (APD) le mène.", ["ONG Aide aux pêcheurs en détresse"]),
        ("it", "Lo attua Aiuto ai pescatori poveri (APP).", ["Aiuto ai pescatori poveri"]),
        ("en", "The Dawn Centre opened a new helpline (DNH) today.", ["Dawn Centre", "DNH"]),
        ("it", "Lo attua la Cooperativa Borgo.", ["Cooperativa Borgo"]),
        ("de", "Der Verein für Fischer hilft.", ["Verein für Fischer"]),
        ("ro", "Aici conduce Fundația eMarea.", ["Fundația eMarea"]),
        ("de", "Dort hilft die Stiftung eHafen.", ["Stiftung eHafen"]),
        ("uk", "Угоду підписала ГО «Причал».", ["Причал"]),
        (
            "es",
            "Participan las asociaciones «Paz en Puerto», de don Aldo, y «Mar Vivo ODV».",
            ["Paz en Puerto", "Aldo", "Mar Vivo ODV"],
        ),
        ("es", "Allí trabaja Ecos do Norte.", ["Ecos do Norte"]),
        ("es", "Allí trabajan Ecos del Norte y Marola.", ["Ecos del Norte", "Marola"]),
        (
            "de",
            "Träger: Seminar der Häfen\nPartner: Nationale Schule für Fischer und Lotsen",
            ["Seminar der Häfen", "Nationale Schule für Fischer und Lotsen"],
        ),
    ],
)
def test_a_name_is_cut_where_it_ends(lang: str, text: str, names: list[str]) -> None:
    assert [mention.name for mention in organisations_in(text, lang)] == names


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        (
            "en",
            "The Immigration and Citizenship Service helps.",
            ["Immigration and Citizenship Service"],
        ),
        (
            "en",
            "They are Hope House, Native Courtworker and Counselling Society, Dawn Centre and others.",
            ["Hope House", "Native Courtworker and Counselling Society", "Dawn Centre"],
        ),
        ("en", "Firms Ending Slavery and Trafficking (FEST) gets a grant.", ["Firms Ending Slavery and Trafficking"]),
        ("en", "The Dawn Centre and Hope House run it.", ["Dawn Centre", "Hope House"]),
        (
            "en",
            "It is run by the Coalition to Stop Forced and Bonded Labour.",
            ["Coalition to Stop Forced and Bonded Labour"],
        ),
        (
            "en",
            "It works with Elder Abuse Prevention and Recovery Centre.",
            ["Elder Abuse Prevention and Recovery Centre"],
        ),
        (
            "en",
            "The Forced Labour and Migrant Rights Research and Training Institute pays.",
            ["Forced Labour and Migrant Rights Research and Training Institute"],
        ),
        ("en", "Today Ashby and District Women in Crisis helps.", ["Ashby and District Women in Crisis"]),
        ("en", "UNICEF and Hope House run it.", ["UNICEF", "Hope House"]),
        ("tr", "Ortak kurum Merkezi Finans ve İhale Birimi.", ["Merkezi Finans ve İhale Birimi"]),
        (
            "id",
            "dana itu milik Kementerian Pemberdayaan Perempuan dan Perlindungan Anak.",
            ["Kementerian Pemberdayaan Perempuan dan Perlindungan Anak"],
        ),
        (
            "es",
            "Lo dirige el Centro de Capacitación y Servicio para la Mujer (Cecasem).",
            ["Centro de Capacitación y Servicio para la Mujer"],
        ),
        ("es", "Pagan el Centro de Apoyo y Casa Luz Sur (CLS).", ["Centro de Apoyo", "Casa Luz Sur"]),
        (
            "pt",
            "Paga a Fundação de Apoio à Pesca e à Extensão (Fapex).",
            ["Fundação de Apoio à Pesca e à Extensão"],
        ),
        (
            "es",
            "Participa el Consejo para la Niñez y la Adolescencia.",
            ["Consejo para la Niñez y la Adolescencia"],
        ),
        (
            "es",
            "Participan el Consejo para la Niñez y la Fundación Alba.",
            ["Consejo para la Niñez", "Fundación Alba"],
        ),
        ("es", "Van la Policía de Turismo, el ICFX y Corpomar.", ["Policía de Turismo", "ICFX", "Corpomar"]),
        ("en", "The Ministry of Ports and Home Affairs pays.", ["Ministry of Ports and Home Affairs"]),
        ("en", "The Ministry of Ports and Harbour University sign.", ["Ministry of Ports", "Harbour University"]),
        ("en", "Brighton and Area Victim Services opens it.", ["Brighton and Area Victim Services"]),
    ],
)
def test_and_within_a_name_is_told_from_and_between_two(lang: str, text: str, names: list[str]) -> None:
    assert [mention.name for mention in organisations_in(text, lang)] == names
