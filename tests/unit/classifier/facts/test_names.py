"""The project's own name."""

from __future__ import annotations

import pytest

from tests.support.fact_reading import facts_of


@pytest.mark.parametrize(
    ("lang", "title", "text", "name"),
    [
        (
            "en",
            "IOM starts project in Malawi",
            "IOM has started a project against human trafficking in Malawi. The project, "
            "called Safe Paths, will last two years.",
            "Safe Paths",
        ),
        (
            "en",
            "UNODC project in Malawi",
            "A project against human trafficking named “Better Courts for Malawi” was launched by UNODC.",
            "Better Courts for Malawi",
        ),
        (
            "fr",
            "Togo : un projet contre la traite",
            "Baptisé « Filles libres », le projet contre la traite a été lancé à Lomé par Plan International.",
            "Filles libres",
        ),
        (
            "es",
            "Panamá: proyecto contra la trata",
            "La OIM presentó el proyecto “Darién Protege” contra la trata de personas.",
            "Darién Protege",
        ),
        (
            "de",
            "Neues Projekt gegen Menschenhandel",
            "Die Caritas startet das Projekt „Sicherer Hafen“ gegen Menschenhandel.",
            "Sicherer Hafen",
        ),
        (
            "uk",
            "Новий проєкт у Львові",
            "Карітас України розпочав проєкт «Повернення» проти торгівлі людьми.",
            "Повернення",
        ),
        (
            "en",
            "New project against trafficking",
            "Sunu Daal, a new two-year project against child trafficking, was launched by UNODC in Senegal.",
            "Sunu Daal",
        ),
        (
            "fr",
            "Guinée : la lutte contre la traite des personnes en débat à Conakry",
            "Conakry a accueilli l'atelier qui lance les activités du Projet d’appui à la lutte contre la traite des "
            "personnes. L'Union européenne y met 18 millions d'euros.",
            "Projet d’appui à la lutte contre la traite des personnes",
        ),
        (
            "ar",
            "مصر تطلق صندوقا لمساعدة الضحايا",
            "أعلنت السفيرة نائلة جبر إطلاق صندوق مساعدة ضحايا الاتجار بالبشر، ووصفته بأنه حلقة كانت ناقصة.",
            "صندوق مساعدة ضحايا الاتجار بالبشر",
        ),
        (
            "it",
            "Caporalato, pronti 30 milioni contro lo sfruttamento",
            "Il Ministero del Lavoro destina 30 milioni al progetto SU.PR.EME contro la tratta e lo sfruttamento.",
            "SU.PR.EME",
        ),
        (
            "en",
            "Ministry opens national hotline 1123",
            "Victims of human trafficking can from now on call 1123, a free hotline that the ministry has opened.",
            "1123",
        ),
        (
            "de",
            "Stadt gibt grünes Licht für »Mitternachtscafé«",
            "Die Stadt Dortmund startet das Projekt »Mitternachtscafé« gegen Menschenhandel.",
            "Mitternachtscafé",
        ),
    ],
)
def test_a_name_is_taken_where_the_text_introduces_it(lang: str, title: str, text: str, name: str) -> None:
    assert facts_of(title, text, lang).name == name


def test_an_acronym_is_given_in_full_where_the_text_does() -> None:
    facts = facts_of(
        "SAPAM project against trafficking starts",
        "Safe Passage for Migrants (SAPAM) is a new project against human trafficking. IOM will run "
        "SAPAM for two years. "
        "The project, called SAPAM, begins in May.",
    )
    assert facts.name == "Safe Passage for Migrants"


def test_a_headline_without_a_name_gives_none() -> None:
    facts = facts_of(
        "Police open office against human trafficking", "The police opened an office against human trafficking."
    )
    assert facts.name is None


def test_what_is_the_projects_name_is_no_organisation_beside_it() -> None:
    facts = facts_of(
        "Idia Foundation starts second phase",
        "The Idia Foundation has launched a project called Pathways Home Initiative. Its aim is to fight human "
        "trafficking in Nigeria. Pathways Home Initiative will run for two years.",
    )
    assert facts.name == "Pathways Home Initiative"
    assert "Pathways Home Initiative" not in (*facts.implementers, *facts.funders, *facts.partners)


def test_what_a_name_means_is_not_the_name() -> None:
    facts = facts_of(
        "New project against child trafficking in Mozambique",
        'Norway funds a new project against child trafficking. Raízes Seguras, or "safe roots", will last three years.',
    )
    assert facts.name == "Raízes Seguras"


def test_a_name_is_read_in_full_before_the_short_form_that_a_comma_introduces() -> None:
    facts = facts_of(
        "New programme against forced labour",
        "The ministry today opened a project against human trafficking. Safe Work in Fishing and Farming, known as "
        "SWIFF, will last three years. IOM runs SWIFF with EUR 2 million.",
    )
    assert facts.name == "Safe Work in Fishing and Farming"


def test_a_long_headline_that_ends_in_an_acronym_is_a_name() -> None:
    title = "Support to the courts against trafficking in persons in the countries of the Lake Chad basin (SCALT)"
    assert facts_of(title, "The European Union backs the action with EUR 2 million. IOM runs it.").name == title


def test_a_day_of_the_week_is_in_no_name() -> None:
    facts = facts_of(
        "Shelter wins federal grant",
        "Harbor House was granted $400,000 on Monday by the U.S. Department of Justice to house trafficking victims.",
    )
    assert facts.name is None


@pytest.mark.parametrize(
    ("lang", "title", "text"),
    [
        (
            "de",
            "Schweiz hilft gegen Menschenhandel in der Ukraine",
            "Ein Projekt zur Vorbeugung gegen Menschenhandel startet in vier Gebieten der Ukraine.",
        ),
        (
            "en",
            "Over $1 Million For Arizona Organizations To Help Human Trafficking Victims",
            "Three organizations have received grants from the Department of Justice to house trafficking victims.",
        ),
        (
            "en",
            "New shelter for victims of trafficking",
            "A shelter for victims of trafficking opens, as the End Slavery Initiative Act foresees.",
        ),
        ("ar", "مشروع جديد", "أطلقت الوزارة مشروعا إقليميا جديدا لمكافحة الاتجار بالبشر."),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(lang: str, title: str, text: str) -> None:
    assert facts_of(title, text, lang).name is None


def test_the_name_is_chosen_over_the_programme_that_it_belongs_to() -> None:
    facts = facts_of(
        "New project against trafficking in Malawi",
        "The European Union today launched Safe Courts, a three-year project against trafficking in persons. "
        "The project is part of the Southern Migration Facility.",
    )
    assert facts.name == "Safe Courts"


def test_a_name_begins_behind_the_place_it_is_launched_in() -> None:
    facts = facts_of(
        "Plan contra el trabajo forzoso",
        "Con 2.500.000 dólares del Departamento de Trabajo estadounidense se puso en marcha en Perú Ruta Segura, un "
        "proyecto que durante tres años combatirá el trabajo forzoso y la trata en la selva.",
        "es",
    )
    assert facts.name == "Ruta Segura"
