"""The project's own name."""

from __future__ import annotations

import pytest

from tests.unit.classifier.facts.reading_examples import facts_of


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
