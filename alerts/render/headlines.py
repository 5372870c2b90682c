"""What a digest says of itself: its headline, subject, contents, coverage. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.digest.content import Coverage, DigestContent
from alerts.i18n.phrases import format_day, kept_in_line, one_line
from alerts.i18n.translator import Translator

TROUBLED_NAMED = 8  # two lines of names; `tipwatch status` has all
PLACES_IN_SUBJECT = 4  # more would be cut by mail clients anyway
PREVIEW_LENGTH = 140  # characters; inboxes show 40 to 140 of a message's beginning


def format_headline(translator: Translator, digest: DigestContent) -> str:
    """What is new, in words: "3 new counter-trafficking projects"."""
    new = len(digest.new_projects) + digest.left_out
    if digest.coverage.is_blind and digest.is_empty:
        return translator.gettext("No source could be read")
    if new or not digest.updates:
        return count_projects(translator, new)
    return translator.gettext("No new project, %(updates)s", updates=count_updates(translator, len(digest.updates)))


def count_projects(translator: Translator, number: int) -> str:
    if not number:
        return translator.gettext("No new counter-trafficking project")
    return translator.ngettext(
        "%(number)s new counter-trafficking project",
        "%(number)s new counter-trafficking projects",
        number,
    )


def count_updates(translator: Translator, number: int) -> str:
    return translator.ngettext("%(number)s update", "%(number)s updates", number)


def count_stories(translator: Translator, number: int) -> str:
    return translator.ngettext("%(number)s other story", "%(number)s other stories", number)


def format_empty(translator: Translator, digest: DigestContent) -> str:
    """Why the digest announces nothing: nothing was, or nothing could be read."""
    if digest.coverage.is_blind:
        return translator.gettext(
            "Not one source could be read in this period, so what was announced in it is not known. tipwatch keeps "
            "trying, and what it finds later comes with a later digest."
        )
    return translator.gettext("No new counter-trafficking project was announced in what tipwatch read in this period.")


def list_contents(translator: Translator, digest: DigestContent) -> str:
    """What else the digest holds, in one line: "1 update · 2 maybe · 10 other stories"; empty where nothing."""
    maybe, sources = len(digest.maybe), len(digest.sources)
    said = [
        (len(digest.updates), count_updates(translator, len(digest.updates))),
        (
            maybe,
            translator.ngettext("%(number)s possible project", "%(number)s possible projects", maybe),
        ),
        (len(digest.news), count_stories(translator, len(digest.news))),
        (
            sources,
            translator.ngettext("%(number)s source to look at", "%(number)s sources to look at", sources),
        ),
    ]
    return " · ".join(words for number, words in said if number)


def format_subject(translator: Translator, digest: DigestContent) -> str:
    """The subject line: the news itself, where, and the day."""
    places = list(dict.fromkeys(place for card in digest.new_projects for place in card.places if place))
    headline, day = format_headline(translator, digest), format_day(translator, digest.slot_at, digest.timezone)
    if not places:
        return one_line(f"{headline} · {day}")
    where = ", ".join(places[:PLACES_IN_SUBJECT]) + ("…" if len(places) > PLACES_IN_SUBJECT else "")
    return one_line(translator.gettext("%(headline)s: %(places)s · %(day)s", headline=headline, places=where, day=day))


def preview_titles(titles: Iterable[str]) -> str:
    """What an inbox shows beside the subject: the first titles, whole, as many as such a line holds."""
    shown = ""
    for title in titles:
        longer = f"{shown} · {title}" if shown else title
        if shown and len(longer) > PREVIEW_LENGTH:
            break
        shown = longer
    return shown


def format_coverage(translator: Translator, coverage: Coverage) -> str:
    """What the digest rests on: "14 sources watched, 1 of them in trouble: The Herald. 66 articles read."."""
    troubled = len(coverage.troubled)
    if not coverage.sources:
        watched = translator.gettext("No source is watched.")
    elif troubled:
        watched = translator.ngettext(
            "%(number)s source watched, %(troubled)s in trouble: %(names)s.",
            "%(number)s sources watched, %(troubled)s of them in trouble: %(names)s.",
            coverage.sources,
            troubled=translator.number(troubled),
            names=", ".join(map(kept_in_line, coverage.troubled[:TROUBLED_NAMED]))
            + ("…" if troubled > TROUBLED_NAMED else ""),
        )
    else:
        watched = translator.ngettext(
            "%(number)s source watched, working.",
            "%(number)s sources watched, all working.",
            coverage.sources,
        )
    read = translator.ngettext(
        "%(number)s article read in this period.",
        "%(number)s articles read in this period.",
        coverage.articles_read,
    )
    if not coverage.older_projects:
        return f"{watched} {read}"
    older = translator.ngettext(
        "%(number)s older project was added to the register without being announced.",
        "%(number)s older projects were added to the register without being announced.",
        coverage.older_projects,
    )
    return f"{watched} {read} {older}"
