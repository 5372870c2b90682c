"""Sums that are not one project's: what each of several gets, and what was spent over the years."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.entities.currency import Currencies, resolve_sums
from classifier.extraction.amounts.candidates import sum_candidates
from classifier.extraction.amounts.features import sum_value
from classifier.extraction.context import Context
from classifier.quantities.money import find_money
from classifier.text.parsed_text import parse_text
from tests.support.fact_reading import facts_of


def candidates(text: str, lang: str = "en", published: str | None = None) -> dict[float, set[str]]:
    """The features of each sum of a text."""
    reading = parse_text(Document("", text, lang, published), lang)
    stated = resolve_sums(find_money(reading), Currencies(reading, [], []))
    return {sum_value(one).amount: set(one.features) for one in sum_candidates(Context(reading), stated)}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Awards of 70,000 euros each go to ten groups."),
        ("fr", "Dix associations recevront 70 000 euros chacune."),
        ("es", "Diez entidades reciben 70.000 euros cada una."),
    ],
)
def test_what_each_of_so_many_gets_counts_for_all_of_them(lang: str, text: str) -> None:
    assert list(candidates(text, lang)) == [700_000]


@pytest.mark.parametrize(
    "text",
    [
        "The winners receive up to 70,000 euros each.",
        "Ten groups may spend up to 70,000 euros each.",
        "Ten groups were picked. Each may receive as much as 70,000 euros.",
        "Boys of 12 years and girls of 14 years bring 70,000 euros each.",
    ],
)
def test_what_each_gets_of_nobody_knows_how_many_is_no_projects_amount(text: str) -> None:
    found = candidates(text)
    assert list(found) == [70_000]
    assert "nobodys" in found[70_000]


def test_the_stated_whole_of_what_each_gets_is_taken() -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        "A new project against human trafficking starts in Kenya. Rahab House, Dawn and Cascade Families receive "
        "$150,000 each, for a total of $450,000. They will run the project for two years.",
    )
    assert facts.amount == 450_000


@pytest.mark.parametrize(
    ("lang", "text", "is_spent"),
    [
        ("en", "Since 2001 the agency has spent 400 million euros on this.", True),
        ("fr", "Depuis 2001, l'agence a dépensé 400 millions d'euros.", True),
        ("en", "Since 2023 the project has had 400 million euros.", False),
    ],
)
def test_what_has_been_spent_over_the_years_is_no_new_projects(lang: str, text: str, is_spent: bool) -> None:
    assert ("nobodys" in candidates(text, lang, "2024-07-01")[400e6]) is is_spent


def test_a_sum_that_is_also_stated_by_itself_stays_a_projects() -> None:
    found = candidates("The project gets 70,000 euros. The winners receive up to 70,000 euros each.")
    assert "nobodys" not in found[70_000]


LEAD = "A new project against human trafficking starts in Kenya."


@pytest.mark.parametrize(
    ("title", "told", "amount"),
    [
        (
            "Norway gives $800,000 against human trafficking in Kenya",
            f"{LEAD} Norway funds it with $800,000. A shelter in Uganda has received $950,000.",
            800_000,
        ),
        (
            "Norway gives $500,000 against human trafficking in Kenya",
            f"{LEAD} The budget is $499,608: Norway pays it.",
            499_608,
        ),
        (
            "Project against human trafficking in Kenya gets $1 million",
            f"{LEAD} The Dawn Foundation gives $500,000. The Rahab Foundation gives another $500,000. With the "
            "$1 million IOM trains officers.",
            1_000_000,
        ),
        pytest.param(
            "New project against human trafficking in Kenya",
            f"{LEAD} Norway funds it with $800,000. Other awards, of $950,000 and $800,000, bring the region's "
            "total to $2.5 million.",
            800_000,
            marks=pytest.mark.xfail(reason="the weights learnt with the encoder take the region's total", strict=True),
        ),
    ],
)
def test_only_a_figure_that_rounds_to_the_headlines_or_adds_up_takes_its_place(
    title: str, told: str, amount: float
) -> None:
    assert facts_of(title, f"{told} IOM will run the project for two years.").amount == amount


@pytest.mark.parametrize(
    ("lang", "text", "is_sought"),
    [
        ("en", "The house hopes to raise 70,000 euros.", True),
        ("en", "Police have asked for 70,000 euros.", True),
        ("fr", "Il manque encore 70 000 euros.", True),
        ("de", "Dem Haus fehlen noch 70.000 Euro.", True),
        ("en", "The ministry gives the house 70,000 euros.", False),
        ("en", "The house hopes to raise 70,000 euros. The ministry gives it 70,000 euros.", False),
    ],
)
def test_a_sum_that_nobody_has_given_yet_is_known(lang: str, text: str, is_sought: bool) -> None:
    assert ("only-sought" in candidates(text, lang)[70_000]) is is_sought


def test_what_is_given_is_taken_before_what_is_missing() -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        f"The house still needs $97,000. {LEAD} Norway funds the project with $400,000 for two years.",
    )
    assert facts.amount == 400_000


def test_a_sum_knows_that_what_is_told_of_is_one_of_so_many() -> None:
    found = candidates("It is one of six that were chosen. Together they share 4 million euros among 32 projects.")
    assert {"one-of:before", "one-of:lead", "many:here"} <= found[4e6]


def test_the_headlines_sum_is_told_from_those_beside_it() -> None:
    document = Document(
        "Bank spends $3 million on shelters", "It gives $9 million away, $3 million of it for shelters."
    )
    reading = parse_text(document, "en")
    stated = resolve_sums(find_money(reading), Currencies(reading, [], []))
    marks = {sum_value(one).amount: set(one.features) for one in sum_candidates(Context(reading), stated)}
    assert "headline" in marks[3e6]
    assert "beside-headline" in marks[9e6]
