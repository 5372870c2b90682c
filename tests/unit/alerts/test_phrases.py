from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.i18n.phrases import (
    COUNTRIES_AS_CALLED,
    TOPICS,
    direction_of,
    is_right_to_left,
    one_line,
    say_country,
    say_day,
    say_language,
    say_moment,
    say_money,
    say_partial_date,
    say_span,
    say_topic,
)
from alerts.i18n.translator import LANGUAGES, speak
from classifier.document import TOPICS as CLASSIFIER_TOPICS

ENGLISH, FRENCH, SPANISH = speak("en"), speak("fr"), speak("es")


def plain(text: str | None) -> str | None:
    """Blanks that hold a number together, as common ones, to be read in a test."""
    return text and text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("amount", "english", "french", "spanish"),
    [
        (3_000_000, "USD 3 million", "3 millions USD", "3 millones USD"),
        (1_000_000, "USD 1 million", "1 million USD", "1 millón USD"),
        (1_500_000, "USD 1.5 million", "1,5 million USD", "1,5 millones USD"),
        (16_250_000, "USD 16.25 million", "16,25 millions USD", "16,25 millones USD"),
        (2_500_000_000, "USD 2.5 billion", "2,5 milliards USD", "2.500 millones USD"),
        (3_234_567, "USD 3,234,567", "3 234 567 USD", "3.234.567 USD"),
        (900_000, "USD 900,000", "900 000 USD", "900.000 USD"),
        (1234.5, "USD 1,234.5", "1 234,5 USD", "1.234,5 USD"),
    ],
)
def test_sums_are_said_as_readers_say_them(amount: float, english: str, french: str, spanish: str) -> None:
    said = [plain(say_money(voice, amount, "USD")) for voice in (ENGLISH, FRENCH, SPANISH)]
    assert said == [english, french, spanish]


@given(st.floats(min_value=0, max_value=1e13, allow_nan=False))
def test_a_sum_in_words_loses_nothing(amount: float) -> None:
    said = say_money(ENGLISH, amount, None).replace(",", "")
    scale = 1e9 if "billion" in said else 1e6 if "million" in said else 1
    assert abs(float(said.split()[0]) * scale - amount) < 1


def test_a_guessed_currency_is_marked() -> None:
    assert plain(say_money(ENGLISH, 1234, "USD", is_uncertain=True)) == "USD 1,234 (currency uncertain)"
    assert plain(say_money(FRENCH, 1234, "USD", is_uncertain=True)) == "1 234 USD (monnaie incertaine)"


def test_spans_are_said_as_people_say_them() -> None:
    assert say_span(ENGLISH, "2019", "2022", 36) == "2019 to 2022 (3 years)"
    assert say_span(ENGLISH, "2024-03", None, None) == "from March 2024"
    assert say_span(ENGLISH, None, "2026-01-05", 18) == "until 5 Jan 2026 (18 months)"
    assert say_span(ENGLISH, None, None, 12) == "1 year"
    assert say_span(ENGLISH, None, None, None) is None
    assert say_span(FRENCH, "2019", "2022", 36) == "2019 – 2022 (3 ans)"
    assert say_span(SPANISH, "2024-03", None, 12) == "desde marzo de 2024 (1 año)"


def test_dates_go_as_far_as_they_were_stated() -> None:
    said = [say_partial_date(SPANISH, value) for value in ("2019", "2019-03", "2019-03-05", "2019-13")]
    assert said == ["2019", "marzo de 2019", "5 mar 2019", "2019-13"]


def test_days_and_moments_are_those_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert say_day(FRENCH, late, "Europe/Vienna") == "25 nov. 2026"
    assert say_moment(SPANISH, late, "Europe/Vienna") == "mié 25 nov 2026, 00:30"


def test_countries_and_languages_are_called_as_readers_call_them() -> None:
    assert [say_country(voice, "ci") for voice in (ENGLISH, FRENCH)] == ["Côte d’Ivoire", "Côte d’Ivoire"]
    assert [say_country(voice, "CD") for voice in (ENGLISH, FRENCH, SPANISH)] == [
        "DR Congo",
        "RD Congo",
        "RD del Congo",
    ]
    assert [say_language(voice, "ar") for voice in (ENGLISH, FRENCH, SPANISH)] == ["Arabic", "arabe", "árabe"]
    assert say_country(ENGLISH, "ZQ") == "ZQ"
    assert say_language(ENGLISH, "qq") == "qq"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_names_of_countries(language: str) -> None:
    assert set(COUNTRIES_AS_CALLED[language]) == set(COUNTRIES_AS_CALLED["en"])


def test_every_topic_has_its_words() -> None:
    assert set(TOPICS) == set(CLASSIFIER_TOPICS)
    assert say_topic(FRENCH, "rescue") == "Sauvetage"
    assert say_topic(FRENCH, "new-topic") == "New topic"


def test_direction_follows_language_and_letters() -> None:
    assert [direction_of(code) for code in ("ar", "fa-IR", "en")] == ["rtl", "rtl", "ltr"]
    assert is_right_to_left("«المرآة» 2026")
    assert not is_right_to_left("2026: Delta (المرآة)")
    assert not is_right_to_left("2026")


@given(st.text())
def test_kept_blanks_are_all_that_one_line_keeps(text: str) -> None:
    said = one_line(text, kept="\u00a0")
    assert len(said.splitlines()) <= 1
    assert one_line(said) == one_line(text)
