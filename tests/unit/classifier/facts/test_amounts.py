"""Which of the sums that a text states is the project's."""

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


def test_the_stated_whole_of_what_each_gets_is_taken() -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        "A new project against human trafficking starts in Kenya. Rahab House, Dawn and Cascade Families receive "
        "$150,000 each, for a total of $450,000. They will run the project for two years.",
    )
    assert facts.amount == 450_000


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


def test_what_is_given_is_taken_before_what_is_missing() -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        f"The house still needs $97,000. {LEAD} Norway funds the project with $400,000 for two years.",
    )
    assert facts.amount == 400_000


def test_the_headlines_sum_is_told_from_those_beside_it() -> None:
    document = Document(
        "Bank spends $3 million on shelters", "It gives $9 million away, $3 million of it for shelters."
    )
    reading = parse_text(document, "en")
    stated = resolve_sums(find_money(reading), Currencies(reading, [], []))
    marks = {sum_value(one).amount: set(one.features) for one in sum_candidates(Context(reading), stated)}
    assert "headline" in marks[3e6]
    assert "beside-headline" in marks[9e6]
