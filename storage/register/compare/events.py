"""Whether two articles that announce no project report one event: an arrest, a trial, a workshop, a report.

Two sets of claims go in (mostly details, dates and headlines); `same` or `different` comes out, with the reason in
words. Events of one kind in one place follow each other within weeks (two arrests by one sheriff), so time decides
first, then the figures and proper names they share. Cautious: what is not clearly one event stays two.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

from storage.register.compare.claims import Claims, days_apart
from storage.register.compare.details import count_exact_figures, share_details, weigh_details
from storage.register.compare.gazetteer import countries_named
from storage.register.compare.match import UNLIKE, MatchDecision
from storage.register.compare.names import ProjectName, compare_names
from storage.register.compare.near_copy import estimate_similarity
from storage.register.compare.words import FREQUENT_ORGANISATIONS, SMALL_WORDS

# News of one event comes within days; a month where dates are known only so far.
EVENT_DAYS = 20
# Shared details by weight, times their share of the lighter article, with the headline's likeness added: one event
# reached 2.4 and more among the labelled stories, two events within the same weeks at most 1.2.
EVENT_POINTS = 2.1
MIN_SHARED = 2.75  # by weight: an exact figure and a rare name, or three rare names
# Without dates nothing parts a yearly event from the last: the share itself must be high.
UNDATED_SHARE = 0.6
UNDATED_POINTS = 3.6
UNDATED_SHARED = 6
UNDATED_FIGURES = 2
# Much the same text: syndicated copies with a paragraph cut.
COPY_SIMILARITY = 0.5
REPRINT_SIMILARITY = 0.8
# An announcement reported again after months, in a speech or at an opening: eight marks and more than half of the
# fewer.
LATER_SHARED = 8
LATER_SHARE = 0.6
# A project's later news keeps naming it, and within this time of its announcement, or of its stated length with two
# years for its last reports, means this round of it.
UPDATE_DAYS = 550
LAST_REPORTS_DAYS = 730
# Foreseen in the news before it is announced: weeks. What is older is news of the phase before.
EARLY_DAYS = 60
# A name of fewer words, or a shorter acronym, is said without meaning the project.
MIN_NAME_WORDS = 3
MIN_NAME_ACRONYM = 4
# A programme in more countries than this has news in each that are stories of their own: news of the whole names half
# of them.
MAX_UPDATE_COUNTRIES = 3


def compare_events(ours: Claims, theirs: Claims) -> MatchDecision:
    """Decides whether two articles report one event; never `perhaps`: a story wrongly apart costs a line in a
    digest."""
    gap = days_apart(ours, theirs)
    if ours.is_elsewhere(theirs) or _are_headlines_elsewhere(ours, theirs) or (gap or 0) > EVENT_DAYS:
        return UNLIKE
    shared, share = weigh_details(ours.details, theirs.details)
    count = len(ours.details & theirs.details)
    is_another = ours.is_another(theirs)
    if ours.signature is not None and theirs.signature is not None:
        alike = estimate_similarity(ours.signature, theirs.signature)
        # news of a second case repeats that of the first: then only one text under two headlines is one event
        needed = REPRINT_SIMILARITY if is_another else COPY_SIMILARITY
        if alike >= needed and (share >= 0.5 or not ours.details or not theirs.details):
            return MatchDecision("same", "nearly the same text", 10 * alike)
    if is_another:
        return UNLIKE
    smaller = min(len(ours.title_words), len(theirs.title_words))
    headline = len(ours.title_words & theirs.title_words) / smaller if smaller else 0.0
    points = shared * share + 2 * headline
    if gap is None:
        is_much = count >= UNDATED_SHARED or count_exact_figures(ours.details, theirs.details) >= UNDATED_FIGURES
        is_much = is_much and _agree_in_figures(ours, theirs)
        if is_much and points >= UNDATED_POINTS and share >= UNDATED_SHARE:
            return MatchDecision("same", f"{count} figures and proper names in common", points)
    elif shared >= MIN_SHARED and points >= EVENT_POINTS:
        return MatchDecision("same", f"{count} figures and proper names in common, reported within days", points)
    return UNLIKE


def _are_headlines_elsewhere(ours: Claims, theirs: Claims) -> bool:
    """Whether the headlines are about two countries, of which neither article names the other's."""
    one, other = countries_named(ours.title_words), countries_named(theirs.title_words)
    return bool(one and other) and not one & (other | theirs.named_countries) and not other & ours.named_countries


def _agree_in_figures(ours: Claims, theirs: Claims) -> bool:
    """Whether figures say that two accounts without dates are of one event: some are in both, and the headlines' are
    not others. The names of a sheriff and his county return with each of his operations."""
    one, other = ({word for word in c.title_words if word.isdigit() and len(word) > 1} for c in (ours, theirs))
    return any(mark[0] == "#" for mark in ours.details & theirs.details) and not (one and other and not one & other)


def compare_later_report(news: Claims, project: Claims) -> MatchDecision:
    """Decides whether news without facts repeats, months later, what announced a project: by the figures and
    proper names that nearly all return."""
    is_other_phase = (news.phase or 1) != (project.phase or 1)
    if is_other_phase or news.is_elsewhere(project) or news.is_another(project):
        return UNLIKE
    gap = days_apart(news, project)
    shared, share = share_details(news.details, project.details)
    if gap is not None and gap <= UPDATE_DAYS and shared >= LATER_SHARED and share >= LATER_SHARE:
        return MatchDecision("same", f"{shared} figures and proper names of its announcement return", shared * share)
    return UNLIKE


def compare_update(update: Claims, words: str, project: Claims) -> MatchDecision:
    """Decides whether an article that announces nothing is later news of a known project.

    Args:
        update: the article's claims; it may have no facts at all.
        words: its title and text in folded words, in order, with a space between and at both ends.
        project: the claims of one of the project's articles.

    Returns:
        `same` only where the article names the project (in its words, or by its acronym) and an organisation that runs
        or pays for it, and no contradiction stands against it.
    """
    name = project.name
    if name is None or not (name.distinctive or name.acronyms) or not _is_named(name, words):  # nearly always the end
        return UNLIKE
    gap = days_apart(update, project)
    early = update.published_on and project.published_on and (project.published_on - update.published_on).days
    if (
        gap is None
        or gap > _days_of_news(project)
        or "year" in (update.published_precision, project.published_precision)  # which round it is of is not told
        or (early or 0) > EARLY_DAYS
        or update.phase not in (None, project.phase or 1)
        or update.is_elsewhere(project)
        or (not update.countries and _is_of_other_place(update, words, project))
        or (update.name is not None and compare_names(update.name, name).kind == "other")
    ):
        return UNLIKE
    mentioned = frozenset(words.split())
    bodies = {o.key for o in (*update.implementers, *update.funders, *update.partners)}
    for organisation in (*project.implementers, *project.funders):
        is_mentioned = (organisation.words and organisation.words <= mentioned) or bool(
            organisation.acronyms & mentioned
        )
        # one that runs hundreds of projects says little after years: its next programme may have the name too
        is_late = gap > UPDATE_DAYS and organisation.key in FREQUENT_ORGANISATIONS
        if (organisation.key in bodies or is_mentioned) and not is_late:
            return MatchDecision(
                "same", f"names the project and {' '.join(sorted(organisation.words)) or organisation.key}", 4.0
            )
    return UNLIKE


def _is_named(name: ProjectName, words: str) -> bool:
    if any(len(a) >= MIN_NAME_ACRONYM and f" {a} " in words for a in name.acronyms):
        return True
    if not name.distinctive or len(name.words) < MIN_NAME_WORDS:
        return False
    phrase = " ".join(word for word in name.text.split() if word not in SMALL_WORDS)
    return f" {phrase} " in words


def _days_of_news(project: Claims) -> int:
    """For how long after its announcement news that names a project means this round of it."""
    if project.duration_months:
        return max(UPDATE_DAYS, project.duration_months * 30 + LAST_REPORTS_DAYS)
    if project.end and project.published_on:
        left = (int(project.end[:4]) - project.published_on.year) * 365
        return max(UPDATE_DAYS, left + LAST_REPORTS_DAYS)
    return UPDATE_DAYS


def _is_of_other_place(update: Claims, words: str, project: Claims) -> bool:
    """Whether the countries that its words name speak against an update without facts."""
    named = countries_named(words.split()) - {o.government for o in (*project.funders, *project.implementers)}
    if len(project.countries) > MAX_UPDATE_COUNTRIES:  # one of many news of a large programme
        return 2 * len(named & project.countries) < len(project.countries)
    in_title = countries_named(update.title_words)
    return bool(project.countries) and any(of and not of & project.countries for of in (in_title, named))
