"""What a digest says of itself: its headline, subject, contents, coverage. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.digest.content import Coverage, DigestContent
from alerts.i18n.phrases import one_line, say_day, say_number
from alerts.i18n.translator import Voice

PLACES_IN_SUBJECT = 4  # more would be cut by mail clients anyway
PREVIEW_LENGTH = 140  # characters; inboxes show 40 to 140 of a message's beginning


def say_headline(voice: Voice, digest: DigestContent) -> str:
    """What is new, in words: "3 new counter-trafficking projects"."""
    new = len(digest.new_projects) + digest.left_out
    if new or not digest.updates:
        return count_projects(voice, new)
    return voice.gettext("No new project, %(updates)s", updates=count_updates(voice, len(digest.updates)))


def count_projects(voice: Voice, number: int) -> str:
    if not number:
        return voice.gettext("No new counter-trafficking project")
    return voice.ngettext(
        "%(number)s new counter-trafficking project",
        "%(number)s new counter-trafficking projects",
        number,
        number=say_number(voice, number),
    )


def count_updates(voice: Voice, number: int) -> str:
    return voice.ngettext("%(number)s update", "%(number)s updates", number, number=say_number(voice, number))


def count_stories(voice: Voice, number: int) -> str:
    return voice.ngettext(
        "%(number)s other story", "%(number)s other stories", number, number=say_number(voice, number)
    )


def list_contents(voice: Voice, digest: DigestContent) -> str:
    """What else the digest holds, in one line: "1 update · 2 maybe · 10 other stories"; empty where nothing."""
    maybe, sources = len(digest.maybe), len(digest.sources)
    said = [
        (len(digest.updates), count_updates(voice, len(digest.updates))),
        (maybe, voice.gettext("%(number)s maybe", number=say_number(voice, maybe))),
        (len(digest.news), count_stories(voice, len(digest.news))),
        (
            sources,
            voice.ngettext(
                "%(number)s source to look at",
                "%(number)s sources to look at",
                sources,
                number=say_number(voice, sources),
            ),
        ),
    ]
    return " · ".join(words for number, words in said if number)


def say_subject(voice: Voice, digest: DigestContent) -> str:
    """The subject line: the news itself, where, and the day."""
    places = list(dict.fromkeys(place for card in digest.new_projects for place in card.places if place))
    headline, day = say_headline(voice, digest), say_day(voice, digest.slot_at, digest.timezone)
    if not places:
        return one_line(f"{headline} · {day}")
    where = ", ".join(places[:PLACES_IN_SUBJECT]) + ("…" if len(places) > PLACES_IN_SUBJECT else "")
    return one_line(voice.gettext("%(headline)s: %(places)s · %(day)s", headline=headline, places=where, day=day))


def preview_titles(titles: Iterable[str]) -> str:
    """What an inbox shows beside the subject: the first titles, whole, as many as such a line holds."""
    shown = ""
    for title in titles:
        longer = f"{shown} · {title}" if shown else title
        if shown and len(longer) > PREVIEW_LENGTH:
            break
        shown = longer
    return shown


def say_coverage(voice: Voice, coverage: Coverage) -> str:
    """What the digest rests on, in two or three sentences: "14 sources watched, 1 of them in trouble. 66 articles
    read."."""
    troubled = coverage.sources - coverage.healthy_sources
    number = say_number(voice, coverage.sources)
    if troubled:
        watched = voice.ngettext(
            "%(number)s source watched, %(troubled)s in trouble.",
            "%(number)s sources watched, %(troubled)s of them in trouble.",
            coverage.sources,
            number=number,
            troubled=say_number(voice, troubled),
        )
    else:
        watched = voice.ngettext(
            "%(number)s source watched, in order.",
            "%(number)s sources watched, all in order.",
            coverage.sources,
            number=number,
        )
    articles = say_number(voice, coverage.articles_read)
    read = voice.ngettext(
        "%(number)s article read in this period.",
        "%(number)s articles read in this period.",
        coverage.articles_read,
        number=articles,
    )
    if not coverage.older_projects:
        return f"{watched} {read}"
    older = voice.ngettext(
        "%(number)s older project was added to the register without being announced.",
        "%(number)s older projects were added to the register without being announced.",
        coverage.older_projects,
        number=say_number(voice, coverage.older_projects),
    )
    return f"{watched} {read} {older}"
