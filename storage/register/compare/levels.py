"""How two articles' claims compare, field by field, each as one of a few levels: the comparison vector of record
linkage (Fellegi and Sunter, 1969).

Two sets of claims go in; of each field that says anything a level comes out, with words for people. What a level weighs
is learnt from labelled pairs (`linkage`), so nothing here says how much. Fields that depend on each other are joined in
one where their parts would be counted twice. Symmetric, and pure: no database, no clock, no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from storage.register.compare.claims import MONTH_DAYS, Claims, Money, days_apart, months_apart
from storage.register.compare.details import share_details, weigh_details
from storage.register.compare.mentions import is_named_in
from storage.register.compare.names import NameLikeness, compare_names
from storage.register.compare.near_copy import estimate_similarity
from storage.register.compare.organisation_levels import compare_organisation_roles
from storage.register.compare.rates import list_years, to_dollars
from storage.register.compare.words import COMMON_WORDS, FREQUENT_COUNTRIES, MANY_COUNTRIES


class Level(NamedTuple):  # a dozen for each pair: frozen dataclasses take three times as long
    """How two articles compare in one field: `term` names field and level for the weights, `words` say it to people."""

    term: str
    words: str


# Until so many days apart two reports are of one level of nearness; beyond the last they are of the rest.
NEARNESS = (
    (3, "days", "reported within three days"),
    (14, "weeks", "reported within two weeks"),
    (31, "month", "reported within a month"),
    (90, "season", "reported within three months"),
    (300, "year", "reported within a year"),
    (550, "next year", "reported {months} months apart"),
)
LATEST = ("later", "reported {months} months apart")
# Of the figures and proper names of the one with fewer so much is in both, by how distinctive each is.
SHARES = ((0.6, "most"), (0.4, "many"), (0.25, "some"), (0.12, "few"))
# Less in common, by weight (two rare names), is chance.
LEAST_WEIGHT = 2.2
COPY_SIMILARITY = 0.5
# Two headlines are nearly the same where so many words beyond the field's are, and such a share of the shorter.
HEADLINE_WORDS = 3
HEADLINE_SHARE = 0.75
# One country more or less in a long list is a country misread.
NEARLY_ALL = 0.75
SEASON_DAYS = 90


def compare_fields(ours: Claims, theirs: Claims) -> list[Level]:
    """The comparison vector: one level a field, none of a field of which nothing is known."""
    name = compare_names(ours.name, theirs.name)
    gap = days_apart(ours, theirs)
    found = [Level(term, words) for term, words in _compare_all(ours, theirs, name, gap)]
    return [*found, *_count_levels(found, gap)]


def _count_levels(found: list[Level], gap: int | None) -> list[Level]:
    """How many independent kinds of agreement and of difference there are: each alone is a coincidence or a misreading,
    and three together are more than three times one."""
    terms = {level.term for level in found}
    agreed = sum(not kind.isdisjoint(terms) for kind in AGREEMENTS)
    differing = sum(not kind.isdisjoint(terms) for kind in DIFFERENCES)
    dated = "undated" if gap is None else "dated"
    return [
        Level(f"agreements, {dated}: {min(agreed, MOST_COUNTED)}", ""),
        Level(f"differences: {min(differing, MOST_COUNTED)}", ""),
    ]


# Independent kinds of agreement, and of difference.
AGREEMENTS = (
    frozenset({"name: same", "name: near", "name: in text"}),
    frozenset({"funder: same", "funder: same frequent", "funder: named"}),
    frozenset({"implementer: same", "implementer: same frequent", "implementer: other role"}),
    frozenset({"sum: exact", "sum: round", "sum: rounded", "sum: converted"}),
    frozenset({"text: copy", "text: most", "headline: same"}),
    frozenset({"start: same day", "start: same month", "end: same month", "length: same"}),
    frozenset({"countries: same one", "countries: same some", "countries: same many", "countries: nearly all"}),
)
DIFFERENCES = (
    frozenset({"name: other", "name and countries: other"}),
    frozenset({"funder: other"}),
    frozenset({"implementer: other", "implementer: other, later"}),
    frozenset({"sum: other"}),
    frozenset({"countries: other", "countries: overlap"}),
    frozenset({"start: other", "start: years apart", "end: other", "length: other"}),
)
MOST_COUNTED = 5


Found = Iterator[tuple[str, str]]


def _compare_all(ours: Claims, theirs: Claims, name: NameLikeness, gap: int | None) -> Found:
    yield from _compare_time(ours, theirs, gap)
    yield from _compare_countries(ours, theirs, name, gap)
    yield from _compare_names(ours, theirs, name)
    yield from _compare_phases(ours, theirs, name)
    yield from compare_organisation_roles(ours, theirs, gap, is_translation=_is_translation(ours, theirs))
    if (sums := compare_sums(ours, theirs)) is not None:
        yield f"sum: {sums[0]}", sums[1]
    yield from _compare_dates(ours, theirs)
    yield from _compare_texts(ours, theirs)


def _compare_time(ours: Claims, theirs: Claims, gap: int | None) -> Found:
    if gap is None:
        return
    level, words = next(((level, words) for days, level, words in NEARNESS if gap <= days), LATEST)
    yield f"timing: {level}", words.format(months=gap // 30)
    if gap <= MONTH_DAYS and _is_rare_place(ours, theirs):
        yield "timing: soon, where few start", "few such projects start there"


def _is_rare_place(ours: Claims, theirs: Claims) -> bool:
    return (
        ours.countries == theirs.countries and 0 < len(ours.countries) <= 2 and not ours.countries <= FREQUENT_COUNTRIES
    )


def _compare_countries(ours: Claims, theirs: Claims, name: NameLikeness, gap: int | None) -> Found:
    one, other = ours.countries, theirs.countries
    if not one or not other:
        return
    shared = one & other
    words = ", ".join(sorted(shared))
    if not shared:
        if _is_donors_only(ours, theirs) or _is_donors_only(theirs, ours):
            yield "countries: a donor's", "other countries, of which one may be the donor's"
        elif max(len(one), len(other)) >= MANY_COUNTRIES and name.kind == "same":
            yield "countries: outside a large programme", "a country outside the programme"
        else:
            yield "countries: other", "no country in common"
    elif one == other:
        number = "many" if len(one) >= MANY_COUNTRIES else "some" if len(one) > 1 else "one"
        is_frequent = number == "one" and one <= FREQUENT_COUNTRIES
        yield f"countries: same {'frequent' if is_frequent else number}", f"the same countries ({words})"
    elif len(shared) >= MANY_COUNTRIES and len(shared) >= NEARLY_ALL * len(one | other):
        yield "countries: nearly all", f"nearly the same countries ({words})"
    elif min(len(one), len(other)) == 1 and max(len(one), len(other)) >= MANY_COUNTRIES:
        time = "soon" if gap is not None and gap <= SEASON_DAYS else "later"
        yield f"countries: one of many {time}", f"one country ({words}) of a large programme"
    elif one <= other or other <= one:
        yield "countries: among the other's", f"one's countries are among the other's ({words})"
    else:
        yield "countries: overlap", f"some of the countries ({words})"


def _is_donors_only(claims: Claims, other: Claims) -> bool:
    """Whether countries that differ may be a donor's, taken for that of the work."""
    donors = {o.government for o in (*claims.funders, *other.funders)}
    return claims.countries <= donors


def _compare_names(ours: Claims, theirs: Claims, name: NameLikeness) -> Found:
    if name.kind == "same" and name.is_distinctive:
        yield "name: same", "the same name"
    elif name.kind in ("near", "other") and ours.is_elsewhere(theirs):
        yield "name and countries: other", "another name in other countries"
    elif name.kind == "near":
        yield "name: near", "nearly the same name"
    elif name.kind != "same" and (is_named_in(ours.name, theirs) or is_named_in(theirs.name, ours)):
        yield "name: in text", "the one's name is in the other's text"
    elif name.kind == "other":
        is_translation = _is_translation(ours, theirs)
        yield ("name: other, translated" if is_translation else "name: other"), "different names"


def _is_translation(ours: Claims, theirs: Claims) -> bool:
    return bool(ours.language and theirs.language and ours.language != theirs.language)


def _compare_phases(ours: Claims, theirs: Claims, name: NameLikeness) -> Found:
    if (ours.phase or 1) != (theirs.phase or 1):
        if None not in (ours.phase, theirs.phase):
            level = "other"
        elif share_main_sum(ours, theirs):
            level = "one says, one sum"
        else:
            level = "one says, one name" if name.kind in ("same", "near") else "one says"
        yield f"phase: {level}", f"another phase or edition ({ours.phase or 1} and {theirs.phase or 1})"
    elif ours.phase is not None and ours.phase == theirs.phase:
        yield "phase: same", f"the same phase or edition ({ours.phase})"


def _compare_dates(ours: Claims, theirs: Claims) -> Found:
    months = months_apart(ours.start, theirs.start)
    if months == 0:
        known = min(len(ours.start or ""), len(theirs.start or ""))
        is_same_day = known == len("2026-03-02") and ours.start == theirs.start
        level = "same day" if is_same_day else "same month" if known >= len("2026-03") else "same year"
        yield f"start: {level}", f"the {level} of start"
    elif months is not None and months > 3 and not (_is_day_of_news(ours) or _is_day_of_news(theirs)):
        yield ("start: years apart" if months >= 12 else "start: other"), f"starts are {months} months apart"
    if ours.end and theirs.end:
        known = min(len(ours.end), len(theirs.end))
        if ours.end[:known] == theirs.end[:known]:
            yield ("end: same month" if known >= 7 else "end: same year"), "the same end date"
        elif ours.end[:4] != theirs.end[:4]:
            yield "end: other", "different end dates"
    if ours.duration_months and theirs.duration_months:
        is_same = ours.duration_months == theirs.duration_months
        yield (
            ("length: same", f"the same duration ({ours.duration_months} months)")
            if is_same
            else ("length: other", "different durations")
        )


def _is_day_of_news(claims: Claims) -> bool:
    """Whether a start may be the day of a signing or a speech: it is about the article's own date."""
    return claims.published_on is not None and months_apart(claims.start, str(claims.published_on)) in (0, 1)


def _compare_texts(ours: Claims, theirs: Claims) -> Found:
    if ours.language == theirs.language and _are_headlines_alike(ours.title_words, theirs.title_words):
        yield "headline: same", "nearly the same headline"
    if _is_copy(ours, theirs):
        yield "text: copy", "nearly the same text"
        return
    weight, share = weigh_details(ours.details, theirs.details)
    if weight < LEAST_WEIGHT:
        is_translation = _is_translation(ours, theirs)
        yield ("text: other, translated" if is_translation else "text: other"), "few figures and proper names in common"
        return
    number = share_details(ours.details, theirs.details)[0]
    level = next((level for least, level in SHARES if share >= least), "other")
    yield f"text: {level}", f"{number} figures and proper names in common"


def _is_copy(ours: Claims, theirs: Claims) -> bool:
    if ours.signature is None or theirs.signature is None:
        return False
    return estimate_similarity(ours.signature, theirs.signature) >= COPY_SIMILARITY


def _are_headlines_alike(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    one, other = ours - COMMON_WORDS, theirs - COMMON_WORDS
    shared = len(one & other)
    return shared >= HEADLINE_WORDS and shared >= HEADLINE_SHARE * min(len(one), len(other))


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
            return ("exact" if is_exact else "round"), f"the same amount ({a.currency} {a.amount:,.0f})"
    for a, b in pairs:
        if a.currency == b.currency and min(map(_significant_figures, (a.amount, b.amount))) <= 2:
            if abs(a.amount - b.amount) <= ROUNDING_TOLERANCE * max(a.amount, b.amount):
                return "rounded", "the same amount, rounded"
        elif a.currency != b.currency and _is_conversion(a, b, ours, theirs):
            return "converted", f"the same amount, converted ({a.currency} and {b.currency})"
    return ("other", "different amounts") if any(a.is_main and b.is_main for a, b in pairs) else None


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
