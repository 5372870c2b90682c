"""Dates, spans of years and lengths of time."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.classifier.facts.reading_examples import facts_of, times_in


@pytest.mark.parametrize(
    ("lang", "written", "date"),
    [
        ("en", "It began on 21 September 2019.", "2019-09-21"),
        ("en", "It began on September 21st, 2019.", "2019-09-21"),
        ("en", "It began on 2019-09-21.", "2019-09-21"),
        ("de", "Beginn ist der 21.09.2019.", "2019-09-21"),
        ("fr", "Il a débuté le 1er mars 2024.", "2024-03-01"),
        ("es", "Comenzó el 12 de julio de 2023.", "2023-07-12"),
        ("pt", "Foi assinado em 20 de abril de 2023.", "2023-04-20"),
        ("ar", "انطلق في ١٢ أغسطس ٢٠٢٣.", "2023-08-12"),
        ("en", "It began in May 2022.", "2022-05"),
        ("en", "It began in 2022.", "2022"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(lang: str, written: str, date: str) -> None:
    assert [moment.value for moment in times_in(written, lang).moments] == [date]


def test_a_day_and_month_that_could_be_read_two_ways_give_the_year_alone() -> None:
    assert [moment.value for moment in times_in("It was signed on 03/04/2021.").moments] == ["2021"]
    assert [moment.value for moment in times_in("It was signed on 25/04/2021.").moments] == ["2021-04-25"]


@pytest.mark.parametrize(
    ("lang", "written", "start", "end"),
    [
        ("en", "It runs in 2019-2022.", "2019", "2022"),
        ("en", "It runs from January 2024 to December 2026.", "2024-01", "2026-12"),
        ("en", "It runs from 1 June 2023 to 31 May 2027.", "2023-06-01", "2027-05-31"),
        ("ro", "Se derulează între martie 2023 și februarie 2025.", "2023-03", "2025-02"),
        ("fr", "Il couvre la période de 2021 à 2024.", "2021", "2024"),
        ("en", "It pays for projects in 2019-20.", "2019", "2020"),
        ("en", "It pays for projects in 2023/25, the ministry said.", "2023", "2025"),
    ],
)
def test_two_dates_with_a_word_of_direction_are_a_range(lang: str, written: str, start: str, end: str) -> None:
    assert [(span.start, span.end) for span in times_in(written, lang).ranges] == [(start, end)]


@pytest.mark.parametrize(
    ("lang", "written", "months"),
    [
        ("en", "a three-year project", 36),
        ("en", "It lasts 18 months.", 18),
        ("en", "It lasts two and a half years.", 30),
        ("fr", "d'une durée de trois ans", 36),
        ("es", "durante 30 meses", 30),
        ("de", "über vier Jahre", 48),
        ("ar", "لمدة ثلاث سنوات", 36),
        ("uk", "на два роки", 24),
        ("id", "selama tiga tahun", 36),
    ],
)
def test_a_length_is_read_in_months(lang: str, written: str, months: int) -> None:
    assert [length.months for length in times_in(written, lang).lengths] == [months]


def test_the_number_of_a_law_is_no_length() -> None:
    facts = facts_of("افتتاح دار لضحايا الاتجار بالبشر", "وقد نص على إنشائها القانون رقم ٩ لسنة ٢٠٠٩.", "ar")
    assert facts.duration_months is None


def test_years_in_the_projects_own_name_are_its_start_and_end() -> None:
    facts = facts_of(
        "IOM launches project against human trafficking in Burundi",
        "IOM has launched a project against human trafficking. It will be known as "
        "Burundi Counter-Trafficking 2019-2022.",
    )
    assert (facts.name, facts.start, facts.end) == ("Burundi Counter-Trafficking 2019-2022", "2019", "2022")


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2045, 12, 31)))
def test_any_day_written_out_reads_back_to_itself(day: datetime.date) -> None:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    written = f"It began on {day.day} {months[day.month - 1]} {day.year} in the capital."
    assert [moment.value for moment in times_in(written).moments] == [day.isoformat()]


@given(st.integers(1, 180))
def test_any_number_of_months_up_to_fifteen_years_is_a_length(months: int) -> None:
    assert [length.months for length in times_in(f"It will last {months} months in all.").lengths] == [months]


def test_two_digits_after_a_year_that_may_be_a_month_are_no_second_year() -> None:
    assert times_in("It began in 2009-10.").ranges == []
    assert times_in("It began on 2019-09-21.").ranges == []


def test_an_end_is_taken_from_the_range_whose_start_is_the_projects() -> None:
    facts = facts_of(
        "Project against child trafficking in Burkina Faso",
        "Many children are trafficked to the coast. From 2019 to 2023, phase VI of a fund against child trafficking "
        "will help to change this. It follows the national strategy for the protection of children (2018-2027).",
    )
    assert (facts.start, facts.end) == ("2019", "2023")


def test_a_start_is_taken_from_the_sentence_that_tells_the_end() -> None:
    facts = facts_of(
        "África Austral: UNODC instala sistema de dados sobre tráfico de pessoas",
        "Angola e Botsuana terão centros de dados sobre tráfico de pessoas, com 500 mil dólares do Departamento "
        "de Estado. Iniciado a 1 de Outubro de 2016, o projecto termina a 30 de Março de 2020, ao cabo de 42 meses.",
        "pt",
    )
    assert (facts.start, facts.end, facts.duration_months) == ("2016-10-01", "2020-03-30", 42)
