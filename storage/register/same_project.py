"""Whether two articles tell of one project: decided from what each claims, with the reason in words.

Two sets of claims go in; `same`, `different` or `perhaps` comes out. What weighs was learnt from reading several
hundred real announcements: the countries, the funder and the implementer together; a sum that is equal in one
currency (a different sum is no proof against: totals stand beside shares, rounded and converted ones beside exact
ones); the name, where there is one and it is more than "Project against trafficking"; how close in time. Facts are
read by a machine and often missing, so what one article claims is also looked for among the other's proper names.
Another phase or edition, a start years apart or no country in common is a plain no. A wrong merge is worse than a
missed one: what could be either is `perhaps`.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from storage.register.busy import BUSY_BODIES, BUSY_COUNTRIES, MANY_COUNTRIES
from storage.register.details import share_details, weigh_details
from storage.register.doubts import find_doubt
from storage.register.evidence import MONTH_ALONE, ROUND_DAYS, Claims, Point, days_apart, is_late, months_apart
from storage.register.mentions import are_bodies_named, is_named_in
from storage.register.names import NameLikeness, ProjectName, compare_names
from storage.register.near_copy import estimate_similarity
from storage.register.organisations import Organisation, compare_lists
from storage.register.same_sum import (
    SUM_DAYS,
    agree_in_total,
    differ_in_sum,
    share_exact_total,
    share_main_sum,
    weigh_sums,
)
from storage.register.words import COMMON_WORDS

__all__ = ["Likeness", "compare_claims"]

Decision = Literal["same", "different", "perhaps"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A decision with its reason, and the points it rests on (only for ordering candidates).

    `is_contradicted` is True where a plain contradiction decided, not a lack of agreement; `is_of_dates` where it is
    one of dates, which are misread more often than phases and countries.
    """

    decision: Decision
    reason: str
    points: float = 0.0
    is_contradicted: bool = False
    is_of_dates: bool = False


# What must add up for `same` and for `perhaps`: set by hand, on the stories of the labelled corpus.
SAME_POINTS = 4.5
PERHAPS_POINTS = 3.0
# Where no dates tell how far apart two articles are, one of them may be of another year.
UNDATED_SAME_POINTS = 4.75
# Independent kinds of agreement (name, funder, implementer, sum, text, dates) a `same` needs: one alone is a
# coincidence.
SAME_KINDS = 2

# Re-announcements of one project came up to 17 months later; beyond, it is another round.
REANNOUNCED_DAYS = 550
# Three years on, a round sum ("$5 million") is as likely that of the next round.
NEXT_ROUND_DAYS = 1100
# One country more or less in a long list is a country misread.
NEARLY_ALL = 0.75
# Two reports of one occasion: within days, and with so many figures and proper names in common, as share of the fewer.
OCCASION_DAYS = 3
OCCASION_DETAILS = 6
OCCASION_SHARE = 0.4
# What two articles must share to say anything, in number or by weight (two rare names), and as a share of the fewer.
DETAILS = 3
DETAILS_WEIGHT = 2.2
DETAILS_SHARE = 0.25
# Two headlines are nearly the same where so many words beyond the field's are, and such a share of the shorter.
HEADLINE_WORDS = 3
HEADLINE_SHARE = 0.75
# Two general names of so many words in one language that share no more of them are two titles, not two wordings of one.
FULL_NAME_WORDS = 4
OTHER_TITLE_SHARE = 0.34


def compare_claims(ours: Claims, theirs: Claims) -> Likeness:
    """Decides whether two sets of claims are of one project.

    Returns:
        `same` with the agreements in words; `different` with the contradiction that decided; `perhaps` where it could
        be either. Symmetric in its arguments.
    """
    if ours.is_beside(theirs):
        return Likeness("different", "two projects of one article", is_contradicted=True)
    if ours.iati_id is not None and ours.iati_id == theirs.iati_id:
        return Likeness("same", f"the same IATI identifier ({ours.iati_id})", SAME_POINTS + 10)
    name = compare_names(ours.name, theirs.name)
    if (no := _find_contradiction(ours, theirs, name)) is not None:
        return Likeness("different", no, is_contradicted=True, is_of_dates=no.endswith("apart"))
    points = list(_weigh(ours, theirs, name))
    total = sum(p.points for p in points)
    kinds = {p.kind for p in points if p.kind and p.points >= 1.0}
    words = "; ".join(p.words for p in sorted(points, key=lambda p: -p.points) if p.points > 0)
    doubts = "; ".join(p.words for p in points if p.points < 0)
    needed = SAME_POINTS if days_apart(ours, theirs) is not None else UNDATED_SAME_POINTS
    if total >= needed and len(kinds) >= SAME_KINDS:
        if (doubt := find_doubt(ours, theirs, name, kinds)) is not None:
            return Likeness("perhaps", f"{words}, but {doubt}", total)
        return Likeness("same", words, total)
    if total >= PERHAPS_POINTS and kinds:
        return Likeness("perhaps", f"{words}, but {doubts}" if doubts else words, total)
    return Likeness("different", doubts or "too little in common", total)


def _find_contradiction(ours: Claims, theirs: Claims, name: NameLikeness) -> str | None:
    if (
        ours.countries
        and theirs.countries
        and not ours.countries & theirs.countries
        and not _may_share_country(ours, theirs, name)
    ):
        return "no country in common"
    if (ours.phase or 1) != (theirs.phase or 1) and (
        None not in (ours.phase, theirs.phase) or not _is_one_round(ours, theirs, days_apart(ours, theirs))
    ):
        return f"another phase or edition ({ours.phase or 1} and {theirs.phase or 1})"
    gap = days_apart(ours, theirs)
    months = months_apart(ours.start, theirs.start)
    if (
        months is not None
        and months >= 12
        and not _is_one_occasion(ours, theirs, gap)
        and not _is_retold(ours, theirs, name)
    ):
        return f"starts are {months} months apart"
    if gap is not None and gap > REANNOUNCED_DAYS and not _is_one_round(ours, theirs, gap):
        return f"told {gap // 30} months apart"
    return None


def _may_share_country(ours: Claims, theirs: Claims, name: NameLikeness) -> bool:
    """Whether countries that differ may be a donor's, taken for that of the work: where the one's are donors' and its
    words name the other's, or name and sum say that both are of one project."""
    is_named = name.kind == "same" and name.is_telling
    if is_named and _is_one_misread(ours, theirs):
        return True
    is_linked = is_named or share_main_sum(ours, theirs)
    return _is_donors_only(ours, theirs, is_linked) or _is_donors_only(theirs, ours, is_linked)


def _is_one_misread(ours: Claims, theirs: Claims) -> bool:
    """Whether the one country read of one article is more likely a mistake than another project's: beside a large
    programme with the same implementer and funder. One template in two countries has one on each side."""
    small, large = sorted((ours.countries, theirs.countries), key=len)
    return (
        len(small) == 1
        and len(large) >= MANY_COUNTRIES
        and compare_lists(ours.implementers, theirs.implementers) == "same"
        and compare_lists(ours.funders, theirs.funders) == "same"
    )


def _is_donors_only(claims: Claims, other: Claims, is_linked: bool) -> bool:
    donors = {o.government for o in (*claims.funders, *other.funders)}
    return claims.countries <= donors and (is_linked or bool(claims.named_countries & other.countries - donors))


def _is_one_occasion(ours: Claims, theirs: Claims, gap: int | None) -> bool:
    """Whether both plainly report one occasion, so that one of two starts years apart was misread (a founding year)."""
    shared, share = share_details(ours.details, theirs.details)
    return gap is not None and gap <= OCCASION_DAYS and shared >= OCCASION_DETAILS and share >= OCCASION_SHARE


def _is_retold(ours: Claims, theirs: Claims, name: NameLikeness) -> bool:
    """Whether one of two starts may be the day of a signing or a speech that tells again of a project: it is about the
    article's own date, and name and sum are the other's."""
    own_days = [
        c.published_on is not None and months_apart(c.start, str(c.published_on)) in (0, 1) for c in (ours, theirs)
    ]
    if all(own_days):  # two days of news: neither says when work starts
        return agree_in_total(ours, theirs)
    is_named = (name.kind == "same" and name.is_telling) or (
        name.kind != "other" and (is_named_in(ours.name, theirs) or is_named_in(theirs.name, ours))
    )
    return any(own_days) and is_named and share_main_sum(ours, theirs)


def _is_one_round(ours: Claims, theirs: Claims, gap: int | None) -> bool:
    """Whether sum or start show that the one who names no phase, or tells of it late, means the same one."""
    is_same_start = (
        months_apart(ours.start, theirs.start) == 0 and min(len(ours.start or ""), len(theirs.start or "")) >= 7
    )
    is_round_returning = gap is not None and gap > NEXT_ROUND_DAYS and not share_exact_total(ours, theirs)
    return is_same_start or (share_main_sum(ours, theirs) and not is_round_returning)


def _weigh(ours: Claims, theirs: Claims, name: NameLikeness) -> Iterator[Point]:
    is_translation = bool(ours.language and theirs.language and ours.language != theirs.language)
    yield from _weigh_countries(ours.countries, theirs.countries, days_apart(ours, theirs))
    yield from _weigh_name(ours, theirs, name, is_translation)
    yield from _weigh_organisations(ours, theirs, is_translation)
    yield from weigh_sums(ours, theirs)
    if name.kind == "other" and differ_in_sum(ours, theirs):
        # one donor's two grants to one grantee, whatever the languages: a translated name would come with its sum
        yield Point(-2.0, "another name with another sum")
    yield from _weigh_dates(ours, theirs)
    yield from _weigh_text(ours, theirs)


def _weigh_countries(ours: frozenset[str], theirs: frozenset[str], gap: int | None) -> Iterator[Point]:
    if not ours or not theirs:
        return
    shared = ", ".join(sorted(ours & theirs))
    if not ours & theirs:
        yield Point(-0.5, "other countries")
    elif ours == theirs:
        points = 0.5 if ours <= BUSY_COUNTRIES else min(1.0 + 0.6 * (len(ours) - 1), 4.0)
        # a list of four or more is a mark of its own: no two programmes work in quite the same ones
        yield Point(points, f"the same countries ({shared})", "countries" if len(ours) >= MANY_COUNTRIES else None)
    elif min(len(ours), len(theirs)) == 1 and max(len(ours), len(theirs)) >= MANY_COUNTRIES and is_late(gap):
        # a large programme has news of its own in each of its countries
        yield Point(-0.6, f"one country ({shared}) of a large programme")
    elif len(ours & theirs) >= MANY_COUNTRIES and len(ours & theirs) >= NEARLY_ALL * len(ours | theirs):
        yield Point(min(0.4 * len(ours & theirs), 3.0), f"nearly the same countries ({shared})", "countries")
    elif ours <= theirs or theirs <= ours:
        yield Point(0.4, f"one's countries are among the other's ({shared})")
    else:
        alike = len(ours & theirs) / len(ours | theirs)
        yield Point(0.3 if alike >= 0.5 else -0.5, f"some of the countries ({shared})")


def _weigh_name(ours: Claims, theirs: Claims, name: NameLikeness, is_translation: bool) -> Iterator[Point]:
    if name.kind == "same":
        yield Point(4.0, "the same name", "name") if name.is_telling else Point(1.8, "the same general name", "name")
    elif name.kind == "near":
        yield Point(1.8, "nearly the same name", "name")
    elif is_named_in(ours.name, theirs) or is_named_in(theirs.name, ours):
        # of two names the one may be a part of the project's, or a body's
        yield Point(1.2 if name.kind == "other" else 2.0, "the one's name is in the other's text", "name")
    elif name.kind == "other":
        yield Point(-0.3 if is_translation else -2.0, "other names")
    elif not is_translation and _are_titles(ours.name, theirs.name):
        yield Point(-1.0, "other general names")


def _are_titles(one: ProjectName | None, other: ProjectName | None) -> bool:
    """Whether both are whole titles that share little beside the place they name."""
    if one is None or other is None:
        return False
    ours, theirs = one.words - one.places, other.words - other.places
    if min(len(ours), len(theirs)) < FULL_NAME_WORDS:
        return False
    return len(ours & theirs) < OTHER_TITLE_SHARE * len(ours | theirs)


def _weigh_organisations(ours: Claims, theirs: Claims, is_translation: bool) -> Iterator[Point]:
    funder = compare_lists(ours.funders, theirs.funders)
    if funder == "same":
        yield Point(1.4 if _share_only_busy(ours.funders, theirs.funders) else 2.0, "the same funder", "funder")
    elif funder == "family":
        yield Point(1.0, "funders of one government or body", "funder")
    elif funder == "other" and not are_bodies_named(ours, theirs, "funders"):
        yield Point(-0.3 if is_translation and not _all_known(ours.funders, theirs.funders) else -1.5, "other funders")
    runner = compare_lists(ours.implementers, theirs.implementers)
    if runner == "same":
        yield Point(
            1.4 if _share_only_busy(ours.implementers, theirs.implementers) else 2.0,
            "the same implementer",
            "implementer",
        )
        if _share_in_other_roles(ours, theirs) and _count_shared_bodies(ours, theirs) > 0:
            yield Point(0.8, "a second organisation in another role")
    elif _share_in_other_roles(ours, theirs):
        yield Point(0.8, "the same organisation in another role")
    elif runner == "family":
        yield Point(0.3, "implementers of one body")
    elif runner in ("other", "unknown") and are_bodies_named(ours, theirs, "implementers"):
        yield Point(1.0, "the one's implementer is named in the other's text")
    elif runner == "other":
        yield Point(
            -0.3 if is_translation and not _all_known(ours.implementers, theirs.implementers) else -1.5,
            "other implementers",
        )


def _share_in_other_roles(ours: Claims, theirs: Claims) -> bool:
    """Whether a body that runs the one's project is said to pay for the other's, or to be a partner."""
    return any(
        compare_lists(one.implementers, (*other.partners, *other.funders)) == "same"
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _count_shared_bodies(ours: Claims, theirs: Claims) -> int:
    """How many bodies both name, each in another role, the busy ones aside: the EU and the Council of Europe stand
    together in dozens of projects."""
    runs, pays = (
        {o.key for o in getattr(ours, role)} & {o.key for o in getattr(theirs, role)}
        for role in ("implementers", "funders")
    )
    first, second = ({o.key for o in (*c.implementers, *c.funders, *c.partners)} for c in (ours, theirs))
    return len((first & second) - runs - pays - BUSY_BODIES)


def _share_only_busy(ours: tuple[Organisation, ...], theirs: tuple[Organisation, ...]) -> bool:
    shared = {o.key for o in ours} & {o.key for o in theirs}
    return bool(shared) and shared <= BUSY_BODIES


def _all_known(ours: tuple[Organisation, ...], theirs: tuple[Organisation, ...]) -> bool:
    return all(o.is_known for o in (*ours, *theirs))


def _weigh_dates(ours: Claims, theirs: Claims) -> Iterator[Point]:
    months = months_apart(ours.start, theirs.start)
    if months == 0:
        yield _weigh_start(ours.start or "", theirs.start or "")
    elif months is not None and months > 3:
        yield Point(-1.0, "other starts")
    if ours.end and theirs.end:
        n = min(len(ours.end), len(theirs.end))
        if ours.end[:n] == theirs.end[:n]:
            # the years of start and end together are a mark, of one alone hardly one
            is_mark = n >= 7 or months == 0
            yield Point(1.0 if is_mark else 0.6, "the same end", "dates" if is_mark else None)
        elif ours.end[:4] != theirs.end[:4]:
            yield Point(-0.5, "other ends")
    if ours.duration_months and theirs.duration_months:
        if ours.duration_months == theirs.duration_months:
            yield Point(0.6, f"the same length ({ours.duration_months} months)")
        else:
            yield Point(-0.7, "other lengths")
    yield from _weigh_gap(ours, theirs)


def _weigh_start(one: str, other: str) -> Point:
    """Two starts that agree: to the day they are a mark of their own, of a year alone hardly one."""
    known = min(len(one), len(other))
    if known == 10 and one == other:
        return Point(2.0, "the same day of start", "dates")
    return Point(1.2, "the same start", "dates") if known >= 7 else Point(0.6, "the same year of start")


def _weigh_gap(ours: Claims, theirs: Claims) -> Iterator[Point]:
    gap = days_apart(ours, theirs)
    if gap is None:
        return
    if gap <= 3:
        yield Point(1.2, "told within three days")
        if _is_rare_place(ours, theirs):
            # two launches in one small country in one week are one launch
            yield Point(1.0, "few such projects start there", "time and place")
    elif gap <= 14:
        yield Point(0.8, "told within two weeks")
    elif gap == MONTH_ALONE:
        yield Point(1.2 if _is_rare_place(ours, theirs) else 0.8, "told in one month")
    elif gap <= 60:
        yield Point(0.4, "told within two months")
    elif gap >= ROUND_DAYS and not share_main_sum(ours, theirs):
        # most donors give once a year under one name, most often to other bodies
        is_same_runner = compare_lists(ours.implementers, theirs.implementers) == "same"
        yield Point(-1.2 if is_same_runner else -2.5, f"told {gap // 30} months apart")
    elif gap > 366:
        yield Point(-0.7, "told over a year apart")


def _is_rare_place(ours: Claims, theirs: Claims) -> bool:
    """Whether both work in the same one or two countries, of which few projects are told."""
    return ours.countries == theirs.countries and 0 < len(ours.countries) <= 2 and not ours.countries <= BUSY_COUNTRIES


def _weigh_text(ours: Claims, theirs: Claims) -> Iterator[Point]:
    if ours.address and ours.address == theirs.address:
        yield Point(0.8, "told on one page")
    if ours.language == theirs.language and _are_headlines_alike(ours.title_words, theirs.title_words):
        yield Point(1.0, "nearly the same headline")
    if ours.signature is not None and theirs.signature is not None:
        alike = estimate_similarity(ours.signature, theirs.signature)
        if alike >= 0.5:
            yield Point(4.0 * alike, "much the same text", "text")
            return
    weight, weighed = weigh_details(ours.details, theirs.details)
    shared, counted = share_details(ours.details, theirs.details)
    if (shared >= DETAILS and counted >= DETAILS_SHARE) or (weight >= DETAILS_WEIGHT and weighed >= DETAILS_SHARE):
        gap = days_apart(ours, theirs)
        points = min(2.0, 0.25 * max(shared, weight) * min(1.0, 2 * max(counted, weighed)))
        if gap is not None and gap <= OCCASION_DAYS:
            points *= 1.5
        # two projects of one body share its names and places: only of one occasion, or in one month in a place of few
        # projects, do they count as a kind of their own
        is_telling = gap is not None and (gap <= OCCASION_DAYS or (gap <= SUM_DAYS and _is_rare_place(ours, theirs)))
        yield Point(points, f"{shared} figures and proper names in common", "details" if is_telling else None)


def _are_headlines_alike(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    one, other = ours - COMMON_WORDS, theirs - COMMON_WORDS
    shared = len(one & other)
    return shared >= HEADLINE_WORDS and shared >= HEADLINE_SHARE * min(len(one), len(other))
