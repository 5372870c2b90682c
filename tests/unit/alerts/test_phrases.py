from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.i18n.languages import LANGUAGES
from alerts.i18n.phrases import (
    TOPICS,
    direction_of,
    format_country,
    format_day,
    format_language,
    format_moment,
    format_money,
    format_partial_date,
    format_span,
    format_topic,
    is_right_to_left,
    one_line,
)
from alerts.i18n.translator import translator_for
from classifier.document import TOPICS as CLASSIFIER_TOPICS

ENGLISH, FRENCH, SPANISH = translator_for("en"), translator_for("fr"), translator_for("es")


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
    said = [plain(format_money(translator, amount, "USD")) for translator in (ENGLISH, FRENCH, SPANISH)]
    assert said == [english, french, spanish]


@given(st.floats(min_value=0, max_value=1e13, allow_nan=False))
def test_a_sum_in_words_loses_nothing(amount: float) -> None:
    said = format_money(ENGLISH, amount, None).replace(",", "")
    scale = 1e9 if "billion" in said else 1e6 if "million" in said else 1
    assert abs(float(said.split()[0]) * scale - amount) < 1


def test_a_guessed_currency_is_marked() -> None:
    assert plain(format_money(ENGLISH, 1234, "USD", is_uncertain=True)) == "USD 1,234 (currency uncertain)"
    assert plain(format_money(FRENCH, 1234, "USD", is_uncertain=True)) == "1 234 USD (devise incertaine)"


def test_spans_are_said_as_people_say_them() -> None:
    assert format_span(ENGLISH, "2019", "2022", 36) == "2019 to 2022 (3 years)"
    assert format_span(ENGLISH, "2024-03", None, None) == "from March 2024"
    assert format_span(ENGLISH, None, "2026-01-05", 18) == "until 5 Jan 2026 (18 months)"
    assert format_span(ENGLISH, None, None, 12) == "1 year"
    assert format_span(ENGLISH, None, None, None) is None
    assert format_span(FRENCH, "2019", "2022", 36) == "2019 – 2022 (3 ans)"
    assert format_span(SPANISH, "2024-03", None, 12) == "desde marzo de 2024 (1 año)"


def test_dates_go_as_far_as_they_were_stated() -> None:
    said = [format_partial_date(SPANISH, value) for value in ("2019", "2019-03", "2019-03-05", "2019-13")]
    assert said == ["2019", "marzo de 2019", "5 mar 2019", "2019-13"]


def test_the_first_of_a_month_is_written_as_the_language_writes_it() -> None:
    first = datetime(2026, 12, 1, 6, tzinfo=UTC)
    shown = [format_moment(translator, first, "UTC") for translator in (ENGLISH, FRENCH, SPANISH)]
    assert shown == ["Tue 1 Dec 2026, 06:00", "mar. 1er déc. 2026, 06:00", "mar 1 dic 2026, 06:00"]
    assert format_day(FRENCH, first, "UTC") == format_partial_date(FRENCH, "2026-12-01") == "1er déc. 2026"


def test_days_and_moments_are_those_of_the_zone() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert format_day(FRENCH, late, "Europe/Vienna") == "25 nov. 2026"
    assert format_moment(SPANISH, late, "Europe/Vienna") == "mié 25 nov 2026, 00:30"


def test_countries_and_languages_are_called_as_readers_call_them() -> None:
    assert [format_country(translator, "ci") for translator in (ENGLISH, FRENCH)] == ["Côte d’Ivoire", "Côte d’Ivoire"]
    assert [format_country(translator, "CD") for translator in (ENGLISH, FRENCH, SPANISH)] == [
        "DR Congo",
        "RD Congo",
        "RD del Congo",
    ]
    assert [format_language(translator, "ar") for translator in (ENGLISH, FRENCH, SPANISH)] == [
        "Arabic",
        "arabe",
        "árabe",
    ]
    assert format_country(ENGLISH, "ZQ") == "ZQ"
    assert format_language(ENGLISH, "qq") == "qq"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_names_of_countries_and_organisations(language: str) -> None:
    terms = translator_for(language).terms
    assert set(terms.countries) == set(ENGLISH.terms.countries)
    assert set(terms.organisations) == set(ENGLISH.terms.organisations)


def test_every_topic_has_its_words() -> None:
    assert set(TOPICS) == set(CLASSIFIER_TOPICS)
    assert format_topic(FRENCH, "rescue") == "Victimes secourues"
    assert format_topic(FRENCH, "new-topic") == "New topic"


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
