"""Turns what a visit to a feed brought into the `PollOutcome` to store. Pure.

What enters is the source's state and an answer, a failure or a parsed document; what leaves says what becomes of the
source: its status, the reason in words for an operator, when it is due next.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

from crawler.feeds.document import FeedError, ParsedFeed
from crawler.http.client import Response
from crawler.http.failures import FetchError, outcome_of
from crawler.politeness.intervals import NextVisit, after_failure, after_gone, after_success, count_redirect
from crawler.sources.due import Visit
from crawler.text.one_line import one_line
from crawler.workers.errors import CallTimeout, WorkerError
from storage.records import PollOutcome

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
    if response.status == 304 and (visit.state.etag or visit.state.last_modified):
        return unchanged(visit, response)
    if not response.is_ok:
        return _refused(visit, response)
    if not response.body.strip():
        return failed(visit, "empty", "the answer holds nothing", response)
    if visit.state.content_hash is not None and hash_body(response.body) == visit.state.content_hash:
        return unchanged(visit, response)
    return None


def unchanged(visit: Visit, response: Response) -> PollOutcome:
    """Nothing new; what is stored stays."""
    after = after_success(visit.state, visit.at, has_news=False, bounds=visit.bounds, fixed_seconds=visit.fixed_seconds)
    redirect_to, seen = count_redirect(visit.state, response.permanent_url, is_answered=True)
    return PollOutcome(
        visit.state.id,
        visit.at,
        "unchanged",
        after.due_at,
        after.interval_seconds,
        http_status=response.status,
        redirect_to=redirect_to,
        redirects_seen=seen,
    )


def changed(visit: Visit, response: Response, feed: ParsedFeed) -> PollOutcome:
    """A document that was read; its entries, and the validators to store with them."""
    has_news = bool(feed.entries)
    after = after_success(
        visit.state, visit.at, has_news=has_news, bounds=visit.bounds, fixed_seconds=visit.fixed_seconds
    )
    redirect_to, seen = count_redirect(visit.state, response.permanent_url, is_answered=True)
    return PollOutcome(
        visit.state.id,
        visit.at,
        "changed",
        after.due_at,
        after.interval_seconds,
        http_status=response.status,
        etag=usable_validator(response.headers.get("ETag")),
        last_modified=usable_validator(response.headers.get("Last-Modified")),
        content_hash=hash_body(response.body),
        entries=feed.entries,
        entries_in_last=feed.total,
        redirect_to=redirect_to,
        redirects_seen=seen,
        note=feed.note,
        fingerprints=feed.fingerprints,
    )


def unreadable(visit: Visit, response: Response, error: FeedError) -> PollOutcome:
    """A document that is no feed."""
    return failed(visit, error.kind, error.text, response)


def unanswered(visit: Visit, error: FetchError) -> PollOutcome:
    """No answer at all."""
    return failed(visit, error.kind, error.text, None)


def failed(visit: Visit, kind: str, text: str, response: Response | None) -> PollOutcome:
    """A visit that failed; validators stay as they are."""
    wait = response.retry_after_seconds if response is not None else None
    after = after_failure(
        visit.state, visit.at, bounds=visit.bounds, retry_after_seconds=wait, fixed_seconds=visit.fixed_seconds
    )
    return _failure(visit, after, kind, text, response, status="failed")


def _refused(visit: Visit, response: Response) -> PollOutcome:
    status = response.status
    text = outcome_of(response.kind).text or f"the server answered with status {status}"
    if response.headers.get("cf-mitigated") == "challenge":
        return failed(visit, "blocked", "the site asked for proof of a human reader", response)
    if status == 410:
        return _failure(visit, after_gone(visit.state, visit.at), response.kind, text, response, status="gone")
    return failed(visit, response.kind, text, response)


def _failure(
    visit: Visit,
    after: NextVisit,
    kind: str,
    text: str,
    response: Response | None,
    *,
    status: Literal["failed", "gone"],
) -> PollOutcome:
    permanent = response.permanent_url if response is not None else None
    is_answered = response is not None and response.status < 400
    redirect_to, seen = count_redirect(visit.state, permanent, is_answered=is_answered)
    return PollOutcome(
        visit.state.id,
        visit.at,
        status,
        after.due_at,
        after.interval_seconds,
        http_status=response.status if response is not None else None,
        error_kind=kind,
        error_text=one_line(text),
        redirect_to=redirect_to,
        redirects_seen=seen,
    )


def name_worker_error(error: WorkerError) -> FeedError:
    """What became of a feed whose reading ended its worker."""
    if isinstance(error, CallTimeout):
        return FeedError("parse-timeout", f"reading the document took longer than {error.seconds:g} seconds")
    return FeedError("parse-crash", f"the document cannot be read: it {error}")
