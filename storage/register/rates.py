"""Sums of money made comparable over currencies, by stored yearly average rates (`rates.yaml`).

A sum, its currency and a year go in; US dollars come out, or nothing where the currency is not in the table. Rates are
approximate: use the result to ask whether two sums may be one sum converted, never as an amount to show.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml

__all__ = ["to_dollars"]


@lru_cache(maxsize=1)
def _load() -> tuple[int, dict[str, tuple[float, ...]]]:
    table = yaml.safe_load(files(__package__).joinpath("rates.yaml").read_text(encoding="utf-8"))
    return table["first_year"], {currency: tuple(map(float, rates)) for currency, rates in table["rates"].items()}


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
    first_year, rates = _load()
    if currency not in rates:
        return None
    row = rates[currency]
    at = len(row) - 1 if year is None else min(max(year - first_year, 0), len(row) - 1)
    return amount / row[at]
