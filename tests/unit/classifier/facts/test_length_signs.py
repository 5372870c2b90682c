"""Whose a length of time is: what is told beside it has the same names in every language."""

import pytest

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.times.signs import LENGTH_WORDS, signs_of
from classifier.quantities.dates import find_times
from classifier.text.parsed_text import parse_text


def signs(text: str, lang: str = "en") -> list[str]:
    """The signs of the first length of a text."""
    return signs_of(find_times(parse_text(Document("Title", text, lang), lang)).lengths[0], "length", LENGTH_WORDS)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "This is a two-year project."),
        ("fr", "C'est un projet de deux ans."),
        ("es", "Es un proyecto de dos años."),
        ("pt", "É um projeto de dois anos."),
        ("it", "È un progetto di due anni."),
        ("de", "Es ist ein Vorhaben von zwei Jahren."),
        ("nl", "Het is een tweejarig project."),
        ("ro", "Este un proiect de doi ani."),
        ("ru", "Это двухлетний проект."),
        ("uk", "Це дворічний проєкт."),
        ("tr", "Bu iki yıllık bir proje."),
        ("id", "Ini proyek dua tahun."),
        ("ar", "هذا مشروع لمدة سنتين."),
    ],
)
def test_a_projects_length_is_told_in_every_language(lang: str, text: str) -> None:
    assert any(one.startswith(("on:L:project:0", "on:R:project:0")) for one in signs(text, lang))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Guests may stay for two years."),
        ("fr", "Elles peuvent rester deux ans."),
        ("es", "La estancia es de dos años."),
        ("de", "Sie dürfen zwei Jahre bleiben."),
        ("ru", "Они могут прожить там два года."),
        ("tr", "Orada iki yıl kalabilirler."),
    ],
)
def test_how_long_people_stay_is_told_apart_from_a_projects_length(lang: str, text: str) -> None:
    assert "on:stays" in signs(text, lang)


def test_a_length_beside_years_is_no_range() -> None:
    gathered = extract_candidates(Document("Title", "From 2020 to 2022, or two years, it works in five towns."), "en")
    assert [one.value for one in gathered.lengths] == [24]


def test_time_that_has_passed_is_told_apart_from_a_projects_length() -> None:
    assert "on:L:passed:0" in signs("After a wait of three years the doors open.")


def test_a_sum_beside_a_length_says_that_it_is_paid_for() -> None:
    assert "on:L:money:0" in signs("It has won $650,000 for three years.")
