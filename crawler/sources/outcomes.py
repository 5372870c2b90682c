"""Turns what a visit to a source brought into the `PollOutcome` to store. Pure.

What enters is the source's state and an answer, a failure or a parsed document; what leaves says what becomes of the
source: its status, the reason in words for an operator, when it is due next.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from crawler.feeds.document import ParsedFeed
from crawler.http.client import Response
from crawler.http.failures import outcome_of
from crawler.politeness.intervals import NextVisit, after_failure, after_gone, after_success, count_redirect
from crawler.sources.due import Visit
from crawler.text.one_line import one_line
from storage.records import PollOutcome, PollStatus

LONGEST_VALIDATOR = 1_000
"""Of an ETag or Last-Modified that is kept: longer ones are no validators, and would be sent back with every visit."""


def hash_body(body: bytes) -> str:
    """Equal for equal bodies."""
    return blake2b(body, digest_size=16).hexdigest()


def usable_validator(value: str | None) -> str | None:
    """A validator as it may be sent back; None for one that cannot be put into a header again."""
    if not value or len(value) > LONGEST_VALIDATOR or not (value.isascii() and value.isprintable()):
        return None
    return value


def judge_response(visit: Visit, response: Response) -> PollOutcome | None:
    """The outcome that an answer decides by itself; None where its body must be read."""
    state = visit.source.state
    if response.status == 304 and (state.etag or state.last_modified):
        return unchanged(visit, response)
    if not response.is_ok:
        return _refused(visit, response)
    if not response.body.strip():
        return failed(visit, "empty", "the answer is empty", response)
    if state.content_hash is not None and hash_body(response.body) == state.content_hash:
        return unchanged(visit, response)
    return None


def unchanged(visit: Visit, response: Response) -> PollOutcome:
    """Nothing new; what is stored stays."""
    return _outcome(visit, "unchanged", _after_success(visit, has_news=False), response)


def changed(visit: Visit, response: Response, feed: ParsedFeed) -> PollOutcome:
    """A document that was read; its entries, and the validators to store with them."""
    return _outcome(
        visit,
        "changed",
        _after_success(visit, has_news=bool(feed.entries)),
        response,
        etag=usable_validator(response.headers.get("ETag")),
        last_modified=usable_validator(response.headers.get("Last-Modified")),
        content_hash=hash_body(response.body),
        entries=feed.entries,
        entries_in_last=feed.total,
        note=feed.note,
        fingerprints=feed.fingerprints,
    )


def failed(visit: Visit, kind: str, text: str, response: Response | None = None) -> PollOutcome:
    """A visit that failed, after this answer or without any; validators stay as they are."""
    if response is not None and response.status == 202 and kind == "not-a-feed":  # a challenge is being prepared
        kind = "blocked"
    after = after_failure(
        visit.source.state,
        visit.at,
        bounds=visit.bounds,
        retry_after_seconds=response.retry_after_seconds if response is not None else None,
        fixed_seconds=visit.source.settings.interval,
    )
    return _outcome(visit, "failed", after, response, error_kind=kind, error_text=one_line(text))


def _refused(visit: Visit, response: Response) -> PollOutcome:
    status = response.status
    text = outcome_of(response.kind).text or f"the server answered with status {status}"
    if response.headers.get("cf-mitigated") == "challenge":
        return failed(visit, "blocked", "the site asked for proof of a human reader", response)
    if status == 410:
        after = after_gone(visit.source.state, visit.at)
        return _outcome(visit, "gone", after, response, error_kind=response.kind, error_text=text)
    return failed(visit, response.kind, text, response)


def _after_success(visit: Visit, *, has_news: bool) -> NextVisit:
    source = visit.source
    return after_success(
        source.state, visit.at, has_news=has_news, bounds=visit.bounds, fixed_seconds=source.settings.interval
    )


def _outcome(
    visit: Visit, status: PollStatus, after: NextVisit, response: Response | None, **values: Any
) -> PollOutcome:
    state = visit.source.state
    permanent = response.permanent_url if response is not None else None
    is_answered = response is not None and response.status < 400
    redirect_to, seen = count_redirect(state, permanent, is_answered=is_answered)
    return PollOutcome(
        state.id,
        visit.at,
        status,
        after.due_at,
        after.interval_seconds,
        http_status=response.status if response is not None else None,
        redirect_to=redirect_to,
        redirects_seen=seen,
        **values,
    )
