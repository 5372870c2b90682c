"""Decides when a source is visited next. Pure: what is remembered of it and what came now in, the next time out.

A source with news is visited about four times as often as it has news, within the bounds configured; one without is
visited ever more rarely. One that fails is left alone for longer each time, up to a day; one that is gone, for a
week. What a server asks for (`Retry-After`) is honoured. Nothing is random: the same history gives the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.settings import IntervalSettings
from storage.records import SourceState

VISITS_A_NEWS = 4
"""Visits in the usual time between two news: the news is then seen after an eighth of that time on average."""

SLOWING = 1.5
"""A visit without news lengthens the interval by at most this, so that one quiet week-end does not undo a rhythm."""

LONGEST_BACKOFF_SECONDS = 86_400
"""A source that fails is tried daily, however long it has failed: it may come back."""

GONE_SECONDS = 7 * 86_400
"""410 is a server's word that it is for good; once a week it is asked whether it meant it."""

SIGHTINGS_TO_MOVE = 3
"""Permanent redirects are often set by mistake for an hour; the same one at so many visits in a row is meant."""


@dataclass(frozen=True, slots=True)
class NextVisit:
    """When, and the interval that it came from."""

    due_at: datetime
    interval_seconds: int


def after_success(
    state: SourceState, now: datetime, *, has_news: bool, bounds: IntervalSettings, fixed_seconds: int | None = None
) -> NextVisit:
    """After a visit that went well. `fixed_seconds` is the interval configured for this source; it is kept to."""
    if fixed_seconds is not None:
        return NextVisit(now + timedelta(seconds=fixed_seconds), fixed_seconds)
    interval = float(max(state.interval_seconds, 1))
    quiet = (now - state.last_news_at).total_seconds() if state.last_news_at is not None else None
    if has_news:
        wanted = quiet / VISITS_A_NEWS if quiet is not None else interval
        interval = (interval + min(max(wanted, bounds.shortest), bounds.longest)) / 2
    elif quiet is None:
        interval *= SLOWING
    else:
        interval = max(interval, min(interval * SLOWING, quiet / VISITS_A_NEWS))
    seconds = int(min(max(interval, bounds.shortest), bounds.longest))
    return NextVisit(now + timedelta(seconds=seconds), seconds)


def after_failure(
    state: SourceState,
    now: datetime,
    *,
    bounds: IntervalSettings,
    retry_after_seconds: int | None = None,
    fixed_seconds: int | None = None,
) -> NextVisit:
    """After a visit that failed: twice as long each time, from the shortest interval to a day."""
    doublings = min(state.failures, 16)
    backoff = min(bounds.shortest * 2**doublings, max(LONGEST_BACKOFF_SECONDS, fixed_seconds or 0))
    seconds = max(backoff, retry_after_seconds or 0)
    return NextVisit(now + timedelta(seconds=seconds), state.interval_seconds)


def after_gone(state: SourceState, now: datetime) -> NextVisit:
    """After 410."""
    return NextVisit(now + timedelta(seconds=GONE_SECONDS), state.interval_seconds)


def address_to_visit(state: SourceState) -> str:
    """The source's own address, or the one it has moved to for good."""
    if state.redirect_to is not None and state.redirects_seen >= SIGHTINGS_TO_MOVE:
        return state.redirect_to
    return state.url


def count_redirect(state: SourceState, permanent_url: str | None, *, is_answered: bool) -> tuple[str | None, int]:
    """`redirect_to` and `redirects_seen` after a visit that permanent redirects led to `permanent_url` (or None).

    Once the new address is in use, no redirect is seen any more, and what is known stays; where the new address
    fails, the counting starts again, so that the next visit asks the old one.
    """
    is_in_use = address_to_visit(state) != state.url
    if not is_answered:
        return (state.redirect_to, 0) if is_in_use else (state.redirect_to, state.redirects_seen)
    if permanent_url is None:
        return (state.redirect_to, state.redirects_seen) if is_in_use else (None, 0)
    if permanent_url == state.redirect_to and not is_in_use:
        return permanent_url, state.redirects_seen + 1
    return permanent_url, 1
