"""Sums of money made comparable over currencies, by stored yearly average rates (`rates.yaml`).

A sum, its currency and a year go in; US dollars come out, or nothing where the currency is not in the table. Rates are
approximate: use the result to ask whether two sums may be one sum converted, never as an amount to show.
"""

from __future__ import annotations

from functools import lru_cache

from classifier.lexicon import read_yaml


@lru_cache(maxsize=1)
def _load() -> dict[str, tuple[int, tuple[float, ...]]]:
    """Of each currency the first year it is known for, and its rates from then on without a gap."""
    table = read_yaml("rates.yaml", __package__)
    return {code: (year, tuple(map(float, rates))) for year, its in table.items() for code, rates in its.items()}


def list_years(currency: str) -> range:
    """The years a currency's rates are known for; none for one that the table does not hold."""
    first_year, rates = _load().get(currency, (0, ()))
    return range(first_year, first_year + len(rates))


def to_dollars(amount: float, currency: str, year: int | None) -> float | None:
    """Converts a sum to US dollars at the average rate of a year.

    Args:
        amount: in units of `currency`.
        currency: ISO 4217.
        year: the year of the statement; before or after the table, and None, the nearest or the last year is taken.

    Returns:
        US dollars, or None for a currency the table does not hold.
    """
    if currency == "USD":
        return amount
    if currency not in _load():
        return None
    first_year, rates = _load()[currency]
    at = len(rates) - 1 if year is None else min(max(year - first_year, 0), len(rates) - 1)
    return amount / rates[at]
