"""What happens on a date is told in every language by the same names."""

import pytest

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.times.signs import signs_of
from classifier.quantities.dates import find_times
from classifier.text.parsed_text import parse_text


def signs(text: str, lang: str = "en") -> list[str]:
    """The signs of the first date of a text."""
    times = find_times(parse_text(Document("Title", text, lang), lang))
    return signs_of((times.moments or times.ranges)[0], "date")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The scheme began in May 2021."),
        ("fr", "Le projet a démarré en mai 2021."),
        ("es", "El proyecto comenzó en mayo de 2021."),
        ("pt", "O projeto começou em maio de 2021."),
        ("it", "Il progetto è stato avviato nel maggio 2021."),
        ("de", "Das Vorhaben begann im Mai 2021."),
        ("nl", "Het project begon in mei 2021."),
        ("ro", "Proiectul a demarat în mai 2021."),
        ("ru", "Проект начался в мае 2021 года."),
        ("uk", "Проєкт розпочався в травні 2021 року."),
        ("tr", "Proje Mayıs 2021 tarihinde başladı."),
        ("id", "Proyek dimulai pada Mei 2021."),
        ("ar", "بدأ المشروع في مايو 2021."),
    ],
)
def test_a_date_on_which_something_begins_is_told_in_every_language(lang: str, text: str) -> None:
    assert "on:begins" in signs(text, lang)


def test_what_is_signed_on_a_date_is_told_apart_from_what_begins() -> None:
    assert "on:agreed" in signs("Both ministers signed it on 3 May 2021.")
    assert "on:begins" not in signs("Both ministers signed it on 3 May 2021.")


def test_the_verb_of_the_nearest_clause_decides() -> None:
    found = signs("The ministers signed; work begins on 3 May 2021.")
    assert "on:begins" in found
    assert not any("agreed" in one for one in found)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It was picked in the call of 2022."),
        ("de", "Es setzte sich in der Ausschreibung 2022 durch."),
        ("es", "Fue elegido en la convocatoria 2022."),
        ("it", "Ha vinto il bando 2022."),
        ("pt", "Foi escolhido no edital 2022."),
    ],
)
def test_the_year_of_a_call_for_proposals_is_told(lang: str, text: str) -> None:
    assert any(one.startswith("on:L:call") for one in signs(text, lang))


def starts(text: str) -> dict[str, set[str]]:
    """The features of each date that may be a start."""
    return {str(one.value): set(one.features) for one in extract_candidates(Document("Title", text, "en"), "en").starts}


def test_a_span_that_lasts_as_long_as_the_text_says_is_told() -> None:
    found = starts("Over two years, 2031-2033, staff visit one another. A plan covers 2029-2038.")
    assert "fits-length" in found["2031"]
    assert "fits-length" not in found["2029"]


def test_a_span_with_which_a_sentence_opens_is_told() -> None:
    assert "opens-span" in starts("From 2031 to 2033, the second phase will change this.")["2031"]
    assert "opens-span" not in starts("The second phase will change this from 2031 to 2033.")["2031"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "It falls under the Rainbow Facility (2019-2022)."),
        ("fr", "Il relève du mécanisme Arc-en-ciel (2019-2022)."),
        ("es", "Forma parte del mecanismo Arcoíris (2019-2022)."),
        ("de", "Es gehört zum Finanzmechanismus, Mechanismus Regenbogen (2019-2022)."),
        ("ro", "Este plătit prin mecanismul Curcubeu (2019-2022)."),
        ("ru", "В рамках механизма «Радуга» (2019-2022)."),
    ],
)
def test_the_years_of_what_pays_for_many_projects_are_told(lang: str, text: str) -> None:
    assert any(one.startswith("on:L:frame") for one in signs(text, lang))


def test_an_arabic_word_is_known_behind_what_is_written_together_with_it() -> None:
    assert "on:agreed" in signs("والاتفاقية في مايو 2021.", "ar")


def test_a_date_that_stands_alone_has_nothing_about_it() -> None:
    assert "on:none" in signs("3 May 2021.")


@pytest.mark.parametrize(
    ("lang", "text", "sign"),
    [
        ("es", "La iniciativa de mayo de 2021 ayuda a las víctimas.", "on:begins"),
        ("es", "La fiscalía, en mayo de 2021, la respaldó.", "on:fiscal"),
        ("en", "Nine houses were ready by May 2021.", "on:counted"),
        ("en", "Work in Mali goes on from May 2021.", "on:fiscal"),
        ("fr", "Les ouvriers partis en mai 2021 sont rentrés.", "on:begins"),
        ("pt", "As atividades previstas para maio de 2021.", "on:earlier"),
    ],
)
def test_a_word_that_only_begins_like_a_telling_one_says_nothing(lang: str, text: str, sign: str) -> None:
    assert not any(one.startswith(sign) for one in signs(text, lang))
