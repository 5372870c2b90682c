"""Decides what becomes of a page that brought no article. Pure.

In: what went wrong, how often it was tried, the time. Out: one of three fates. Promises: no entry is lost: it is tried
again later, or the entry's own words stand in for the page, for good or, where it is parked with its reason, until an
operator has it tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

BACK_OFF = (
    timedelta(minutes=15),  # a restart, a deployment
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),  # together about two days: a weekend's outage
)
"""Time until the next attempt, by attempts made."""

REFUSED_STATUSES = frozenset({401, 402, 403, 407, 451})
"""The site shows the page to others than us; asking again will not change that."""

GONE_STATUSES = frozenset({404, 410})

RETRIED_AT_ONCE = frozenset({500, 502, 503, 504})
"""Statuses of a server that stumbled: the page is tried once more in the same crawl."""

PARKED_KINDS = frozenset(
    {
        "refused-address",
        "bad-scheme",
        "bad-redirect",
        "bad-url",
        "too-many-redirects",
        "too-large",
        "bad-encoding",
        "parse-timeout",
        "parse-crash",
        "fault",
    }
)
"""What the same request would bring again, and what an operator should see: an attack, a bug of theirs or ours."""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """`retry`: again at `retry_at`. `summary`: the entry's own words, `note` says why. `park`: both, kept
    with its reason."""

    what: Literal["retry", "summary", "park"]
    retry_at: datetime | None = None
    note: str | None = None


def decide_retry(
    kind: str, text: str, *, attempts: int, now: datetime, wait_seconds: int | None = None, status: int | None = None
) -> RetryDecision:
    """What becomes of a page.

    Args:
        kind: a stable word for what went wrong.
        text: the same in words.
        attempts: how often it was tried before this time.
        wait_seconds: what the server asked for.
        status: of the answer, where there was one.
    """
    if status in GONE_STATUSES:
        return RetryDecision("summary", note=f"the page is gone (HTTP {status})")
    if status in REFUSED_STATUSES:
        return RetryDecision("summary", note=f"the site refused to show the page (HTTP {status})")
    if kind == "robots":
        return RetryDecision("summary", note="the site's robots.txt asks not to read the page")
    if kind in PARKED_KINDS:
        return RetryDecision("park")
    if attempts < len(BACK_OFF):
        wait = max(BACK_OFF[attempts], timedelta(seconds=wait_seconds or 0))
        return RetryDecision("retry", retry_at=now + wait)
    return RetryDecision("summary", note=f"the page could not be fetched: {text}")
