"""What two articles' sums say for or against one project.

A sum equal in one currency speaks strongly, the more figures it has; rounded and converted ones speak too. Other sums
are no proof against: totals stand beside shares.
"""

from __future__ import annotations

from collections.abc import Iterator

from storage.register.evidence import Claims, Money, Point, days_apart
from storage.register.rates import list_years, to_dollars

__all__ = [
    "SUM_DAYS",
    "agree_in_total",
    "differ_in_sum",
    "share_exact_total",
    "share_main_sum",
    "weigh_sums",
]

# A sum converted by a newspaper at the day's rate against our yearly average.
CONVERSION_TOLERANCE = 0.13
# Where no date tells the year, every year's rate is tried, and the tolerance is what yearly averages need at least.
UNDATED_CONVERSION_TOLERANCE = 0.03
# "$24m" for 24.3: what rounding to two figures may change.
ROUNDING_TOLERANCE = 0.035
# Within a month no two grants of one exact sum are announced; exact is a sum of so many figures.
SUM_DAYS = 31
EXACT_FIGURES = 3


def weigh_sums(ours: Claims, theirs: Claims) -> Iterator[Point]:
    """The points for and against; none where either names no sum."""
    pairs = [(a, b) for a in ours.sums for b in theirs.sums]
    if not pairs:
        return
    main = [(a, b) for a, b in pairs if a.is_main and b.is_main]
    for a, b in main:
        if _is_equal(a, b):
            is_exact = _significant_figures(a.amount) >= EXACT_FIGURES
            yield Point(3.0 if is_exact else 2.0, f"the same sum ({a.currency} {a.amount:,.0f})", "sum")
            gap = days_apart(ours, theirs)
            if is_exact and gap is not None and gap <= SUM_DAYS:
                yield Point(1.0, "so exact a sum within a month", "sum and time")
            return
    for a, b in pairs:
        if _is_equal(a, b):
            yield Point(1.2, f"a sum both name ({a.currency} {a.amount:,.0f})", "sum")
            return
    for a, b in pairs:
        if a.currency == b.currency and min(map(_significant_figures, (a.amount, b.amount))) <= 2:
            if abs(a.amount - b.amount) <= ROUNDING_TOLERANCE * max(a.amount, b.amount):
                yield Point(1.8, "the same sum, rounded", "sum")
                return
        elif a.currency != b.currency and _is_conversion(a, b, ours, theirs):
            yield Point(1.3, f"the same sum, converted ({a.currency} and {b.currency})", "sum")
            return
    if main:
        yield Point(-1.2, "other sums")


def differ_in_sum(ours: Claims, theirs: Claims) -> bool:
    """Whether both totals are stated in one currency and are no rounding of each other."""
    pairs = [(a, b) for a in ours.sums for b in theirs.sums if a.is_main and b.is_main and a.currency == b.currency]
    return bool(pairs) and all(
        abs(a.amount - b.amount) > ROUNDING_TOLERANCE * max(a.amount, b.amount) for a, b in pairs
    )


def _is_equal(a: Money, b: Money) -> bool:
    return a.currency == b.currency and abs(a.amount - b.amount) <= 0.01 * max(a.amount, b.amount)


def _is_conversion(a: Money, b: Money, ours: Claims, theirs: Claims) -> bool:
    years = {on.year for on in (ours.published_on, theirs.published_on) if on is not None}
    if years:
        return any(_are_worth_the_same(a, b, year, CONVERSION_TOLERANCE) for year in years)
    # the year is unknown: any may have been the one, but then it must fit well
    known = {*list_years(a.currency), *list_years(b.currency)}
    return any(_are_worth_the_same(a, b, year, UNDATED_CONVERSION_TOLERANCE) for year in known)


def _are_worth_the_same(a: Money, b: Money, year: int, tolerance: float) -> bool:
    one, other = to_dollars(a.amount, a.currency, year), to_dollars(b.amount, b.currency, year)
    return one is not None and other is not None and abs(one - other) <= tolerance * max(one, other)


def _significant_figures(amount: float) -> int:
    return len(f"{amount:.0f}".rstrip("0"))


def share_main_sum(ours: Claims, theirs: Claims) -> bool:
    """Whether both state one total."""
    return any(a.is_main and b.is_main and _is_equal(a, b) for a in ours.sums for b in theirs.sums)


def share_exact_total(ours: Claims, theirs: Claims) -> bool:
    """Whether both state one total of so many figures that no other grant has it by chance."""
    return any(
        a.is_main and b.is_main and _is_equal(a, b) and _significant_figures(a.amount) >= EXACT_FIGURES
        for a in ours.sums
        for b in theirs.sums
    )


def agree_in_total(ours: Claims, theirs: Claims) -> bool:
    """Whether both state one total, be it in two currencies; a rounded one may be another's."""
    return any(
        a.is_main
        and b.is_main
        and (_is_equal(a, b) if a.currency == b.currency else _is_conversion(a, b, ours, theirs))
        for a in ours.sums
        for b in theirs.sums
    )
