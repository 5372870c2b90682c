"""Which numbers of a text may say how many people a project is to assist."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates


def numbers(text: str, lang: str = "en") -> list[object]:
    return [
        one.value for one in extract_candidates(Document("A shelter opens", text, published="2026-03-01"), lang).people
    ]


def test_numbers_that_count_are_candidates_each_once() -> None:
    assert numbers("It will assist 1,200 survivors and train 300 officers; the 1,200 live in four towns.") == [
        1200,
        300,
    ]


def test_sums_dates_lengths_and_shares_are_none() -> None:
    assert (
        numbers("The $2,500,000 project runs from 2026 to 2028, for 24 months, and helps 60% of those who ask.") == []
    )


def test_numbers_of_telephones_and_registers_are_none() -> None:
    assert numbers("Call 0800 or see Decree №117.") == []


def test_few_and_far_too_many_are_none() -> None:
    assert numbers("Three counsellors and 4 drivers; 27,000,000 people are in forced labour.") == []


@pytest.mark.parametrize(
    ("lang", "text", "whole"),
    [
        ("en", "Ninety men are to be freed from the kilns, and forty of them will get a plot of land.", 90),
        ("en", "The farm takes in 90 people, including 40 teenagers.", 90),
        ("fr", "La ferme recevra 90 personnes, dont 40 adolescentes.", 90),
        ("de", "Der Hof nimmt 90 Menschen auf, 40 davon mit ihren Kindern.", 90),
        ("ru", "Ферма примет 90 человек, из них 40 подростков.", 90),
    ],
)
def test_a_part_of_a_larger_number_before_it_is_none(lang: str, text: str, whole: int) -> None:
    assert numbers(text, lang) == [whole]


def test_a_part_of_what_has_no_number_counts() -> None:
    assert numbers("Thousands work on the lake; the nuns mean to house 40 of them.") == [40]


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("en", "The house has beds for twenty-five women.", 25),
        ("fr", "Le foyer accueillera dix-neuf femmes.", 19),
        ("tr", "Sığınma evinde on iki kadın kalacak.", 12),
        ("ar", "وتتسع الدار لثلاثين امرأة.", 30),
        ("hi", "परियोजना 1,500 महिलाओं की मदद करेगी।", 1500),
        ("ja", "この事業は3万人の労働者を支援する。", 30000),
        ("sv", "Boendet får plats för 40 kvinnor.", 40),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(lang: str, text: str, value: int) -> None:
    assert numbers(text, lang) == [value]
