"""How two articles' sums compare, as a level: equal in one currency, rounded, converted, or other.

Other sums are no proof against one project: totals stand beside shares. What a level weighs is learnt (`linkage`).
"""

from __future__ import annotations

from storage.register.compare.claims import Claims, Money
from storage.register.compare.rates import list_years, to_dollars

# A sum converted by a newspaper at the day's rate against our yearly average.
CONVERSION_TOLERANCE = 0.13
# Where no date tells the year, every year's rate is tried, and the tolerance is what yearly averages need at least.
UNDATED_CONVERSION_TOLERANCE = 0.03
# "$24m" for 24.3: what rounding to two figures may change.
ROUNDING_TOLERANCE = 0.035
# A sum of so many figures is exact: no other grant has it by chance.
EXACT_FIGURES = 3


def compare_sums(ours: Claims, theirs: Claims) -> tuple[str, str] | None:
    """How the sums compare, as a level and in words; None where either names no sum."""
    pairs = [(a, b) for a in ours.sums for b in theirs.sums]
    if not pairs:
        return None
    for a, b in pairs:
        if a.is_main and b.is_main and _is_equal(a, b):
            is_exact = _significant_figures(a.amount) >= EXACT_FIGURES
            return ("exact" if is_exact else "round"), f"the same sum ({a.currency} {a.amount:,.0f})"
    for a, b in pairs:
        if a.currency == b.currency and min(map(_significant_figures, (a.amount, b.amount))) <= 2:
            if abs(a.amount - b.amount) <= ROUNDING_TOLERANCE * max(a.amount, b.amount):
                return "rounded", "the same sum, rounded"
        elif a.currency != b.currency and _is_conversion(a, b, ours, theirs):
            return "converted", f"the same sum, converted ({a.currency} and {b.currency})"
    return ("other", "other sums") if any(a.is_main and b.is_main for a, b in pairs) else None


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
