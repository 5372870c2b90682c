"""Decides what becomes of a page that brought no article. Pure.

In: what went wrong, how often it was tried, the time. Out: one of three decisions. Promises: no entry is lost: it is
tried again later, or the entry's own words stand in for the page, for good or, where it is parked with its reason,
until an operator has it tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from crawler.http.failures import outcome_of

BACK_OFF = (
    timedelta(minutes=15),  # a restart, a deployment
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),  # together about two days: a weekend's outage
)
"""Time until the next attempt, by attempts made."""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """`retry`: again at `retry_at`. `summary`: the entry's own words, `note` says why. `park`: both, kept
    with its reason."""

    what: Literal["retry", "summary", "park"]
    retry_at: datetime | None = None
    note: str | None = None


def decide_retry(
    kind: str, text: str, *, attempts: int, now: datetime, wait_seconds: int | None = None
) -> RetryDecision:
    """What becomes of a page.

    Args:
        kind: what went wrong; see `crawler.http.failures.OUTCOMES`.
        text: the same in words.
        attempts: how often it was tried before this time.
        wait_seconds: what the server asked for.
    """
    outcome = outcome_of(kind)
    if outcome.page == "words":
        is_answer = kind.startswith("http-")
        return RetryDecision("summary", note=f"{outcome.note} (HTTP {kind[5:]})" if is_answer else outcome.note)
    if outcome.page == "park":
        return RetryDecision("park")
    if attempts < len(BACK_OFF):
        wait = max(BACK_OFF[attempts], timedelta(seconds=wait_seconds or 0))
        return RetryDecision("retry", retry_at=now + wait)
    return RetryDecision("summary", note=f"the page could not be fetched: {text}")
