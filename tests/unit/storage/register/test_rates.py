from __future__ import annotations

import pytest

from classifier.languages import LANGUAGES, load_lexicon
from classifier.lexicon import load_currencies
from storage.register.compare.rates import list_years, to_dollars


def test_dollars_stay_dollars() -> None:
    assert to_dollars(7, "USD", None) == 7


@pytest.mark.parametrize(("currency", "least", "most"), [("EUR", 0.9, 1.6), ("GBP", 1.1, 2.1), ("XOF", 0.001, 0.003)])
@pytest.mark.parametrize("year", [2005, 2010, 2014, 2015, 2018, 2025])
def test_a_rate_lies_where_it_lay(currency: str, least: float, most: float, year: int) -> None:
    dollars = to_dollars(1, currency, year)
    assert dollars is not None
    assert least < dollars < most


def test_a_year_outside_the_table_takes_the_nearest_and_an_unknown_one_the_last() -> None:
    assert to_dollars(1, "EUR", 1970) == to_dollars(1, "EUR", 1980)
    assert to_dollars(1, "EUR", 2200) == to_dollars(1, "EUR", None)


def test_an_unknown_currency_gives_nothing() -> None:
    assert to_dollars(1, "XXX", 2020) is None


def test_the_years_of_a_currency_have_no_gap_where_the_two_tables_meet() -> None:
    assert list(list_years("EUR")) == list(range(2005, 2027))
    assert list(list_years("XXX")) == []
    for year in range(2006, 2027):
        before, after = to_dollars(1, "EUR", year - 1), to_dollars(1, "EUR", year)
        assert before is not None
        assert after is not None
        assert abs(after / before - 1) < 0.2


def test_every_currency_that_is_read_has_a_rate_unless_it_has_several_at_once_or_is_gone() -> None:
    shared = load_currencies().shared
    names = {*load_currencies().signs, *(name for lang in LANGUAGES for name in load_lexicon(lang).currencies)}
    codes = (names - shared.keys()) | {code for name in names & shared.keys() for code in shared[name].values()}
    without = {code for code in codes if to_dollars(1, code, 2020) is None}
    assert without == {"CUP", "IRR", "LBP", "LTL", "SDG", "SOS", "SSP", "SYP", "VES", "YER"}
