"""The guarded HTTP client: an address in, an answer or a named failure out.

It promises: only GET, only http and https on every hop, only allowed addresses, certificates verified, nothing taken
from the environment, no cookies; a time limit on each request and on the whole chain, a size limit on both sides of
decompression; redirects followed here, hop by hop, each through the rate limiter, with credentials left behind when
scheme, host or port change. An answer of any status is a `Response`; everything else is a `FetchError` with a stable
kind.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from crawler.http.body import Body
from crawler.http.connector import GuardedConnector, reporting_request
from crawler.http.failure_names import name_failure
from crawler.http.failures import FetchError, one_line
from crawler.http.memory import Reservation
from crawler.politeness.rate_limiter import RateLimiter, Slot
from crawler.politeness.retry_after import pause_seconds
from crawler.settings import LONGEST_URL, CrawlerSettings

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

MOST_HEADERS = 128
LONGEST_HEADER_BYTES = 8_190
"""Of one header field, as common servers limit it too: a head beyond this is a fault or an attack."""

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)

CredentialsFor = Callable[[str], tuple[str, str] | None]
"""Tells, for an address, the header with the credentials that may go there; None for none."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer.

    `url` is where it came from after redirects. `permanent_url` is the address at the end of the permanent redirects
    that began the chain; None where there were none. `body` is decompressed, and empty unless the status is 200 to
    299, save 304. `retry_after_seconds` is set where the server asks to be left alone (see `pause_seconds`). `share` is
    what the body holds of the budget for bodies: to be released when the body was read, or dropped with the answer.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str | None
    retry_after_seconds: int | None
    share: Reservation | None = field(default=None, compare=False, repr=False)

    def release(self) -> None:
        """Tells that the body is no longer held."""
        if self.share is not None:
            self.share.release()

    @property
    def content_type(self) -> str:
        """The Content-Type header; empty where there is none."""
        return self.headers.get("Content-Type", "")


@dataclass(frozen=True, slots=True)
class _Hop:
    """What one request on the way brought: an answer, or where to go on."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """Of one request: most bytes and seconds; `is_cut` drops what is beyond the bytes."""

    bytes: int
    seconds: float
    is_cut: bool


class Client:
    """Fetches; an asynchronous context manager that holds the connections.

    Args:
        settings: limits and user agent.
        limiter: deals out the turns.
        ssl_context: how certificates are verified; None is the system's authorities.
        now: the time of day, to read dates in `Retry-After`.
    """

    def __init__(
        self,
        settings: CrawlerSettings,
        limiter: RateLimiter,
        *,
        ssl_context: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._limiter = limiter
        self._ssl_context = ssl_context
        self._now = now
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = GuardedConnector(
            allowed=self._settings.networks,
            hosts=self._settings.hosts,
            limit=self._settings.concurrency + 4,  # the limiter is the limit; this only must not be narrower
            ssl_context=self._ssl_context,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            request_class=reporting_request(self._limiter.mark_sent),
            headers={"User-Agent": self._settings.user_agent, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # one limit for all, in `_hop`
            auto_decompress=False,
            trust_env=False,
            max_line_size=LONGEST_HEADER_BYTES,
            max_field_size=LONGEST_HEADER_BYTES,
            max_headers=MOST_HEADERS,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def fetch(
        self,
        url: str,
        *,
        limit_bytes: int,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEED_ACCEPT,
        credentials: CredentialsFor | None = None,
        is_cut: bool = False,
    ) -> Response:
        """The answer at `url`, redirects followed.

        Args:
            url: http or https.
            limit_bytes: most bytes of the body; `is_cut` drops the rest instead of failing.
            etag, last_modified: validators of what is known; a server that has nothing newer answers 304.
            accept: the Accept header.
            credentials: asked before each hop.

        Raises:
            FetchError: there is no answer; see `crawler.http.failures` for the kinds.
            HostPaused: the host asked to be left alone for longer than a turn waits.
        """
        left = self._settings.source_timeout_seconds
        base = {"Accept": accept}
        if etag:
            base["If-None-Match"] = etag
        if last_modified:
            base["If-Modified-Since"] = last_modified
        current = _parse(url, "bad-url")
        permanent: str | None = None
        is_permanent_so_far = True
        for number in range(self._settings.max_redirects + 1):
            headers = dict(base)
            if credentials is not None and (pair := credentials(str(current))) is not None:
                headers[pair[0]] = pair[1]
            async with self._limiter.slot(current.raw_host or "") as slot:
                began = time.monotonic()
                share = self._limiter.bodies.share()
                limits = _Limits(limit_bytes, min(left, self._limit), is_cut)
                try:
                    hop = await self._hop(current, headers, slot, limits, share)
                except BaseException as error:
                    slot.waited_seconds = share.waited_seconds
                    share.release()
                    if isinstance(error, FetchError):
                        error.has_answered = error.has_answered or number > 0
                    raise
                slot.waited_seconds = share.waited_seconds
                left -= time.monotonic() - began - share.waited_seconds
            if hop.location is None:
                wait = pause_seconds(hop.status, hop.headers.get("Retry-After"), self._now())
                if wait is not None:
                    self._limiter.pause(current.raw_host or "", wait)
                return Response(str(current), hop.status, hop.headers, hop.body, permanent, wait, share)
            current = _next(current, hop.location)
            is_permanent_so_far = is_permanent_so_far and hop.status in PERMANENT
            if is_permanent_so_far:
                permanent = str(current)
            if left <= 0:
                raise FetchError("timeout", "no whole answer within the time limit")
        raise FetchError("too-many-redirects", f"redirected more than {self._settings.max_redirects} times")

    @property
    def _limit(self) -> float:
        return self._settings.timeout_seconds

    async def _hop(self, url: URL, headers: dict[str, str], slot: Slot, limits: _Limits, share: Reservation) -> _Hop:
        assert self._session is not None, "the client is used inside its context"
        has_answered = False
        try:
            async with asyncio.timeout(limits.seconds) as timeout:
                answer = await self._session.get(url, headers=headers, allow_redirects=False)
                has_answered = True
                self._limiter.server_times.note(url.raw_host or "", answer.headers)
                try:
                    slot.is_good = answer.status < 400
                    return await _read(answer, limits, share, timeout)
                finally:
                    answer.release()
        except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError, FetchError) as error:
            slot.is_good = False
            failure = name_failure(error)
            failure.has_answered = has_answered
            raise failure from error


async def _read(answer: aiohttp.ClientResponse, limits: _Limits, share: Reservation, clock: asyncio.Timeout) -> _Hop:
    status, headers = answer.status, answer.headers
    if status in REDIRECTS and "Location" in headers:
        return _Hop(status, headers, location=headers["Location"])
    if not 200 <= status < 300:
        return _Hop(status, headers)
    if not limits.is_cut and answer.content_length is not None and answer.content_length > limits.bytes:
        raise FetchError("too-large", f"the body is larger than {limits.bytes:,} bytes")
    body = Body(headers.get("Content-Encoding", ""), limits.bytes, is_cut=limits.is_cut)
    while not body.is_full:
        data = await answer.content.readany()
        if not data:
            break
        for grown in body.feed(data):
            await share.grow(grown, clock)
    return _Hop(status, headers, body.finish())


def _parse(text: str, kind: str) -> URL:
    if len(text) > LONGEST_URL:
        raise FetchError(kind, f"an address of {len(text)} characters")
    try:
        url = URL(text)
        has_host = bool(url.raw_host and url.port)
    except ValueError as error:
        raise FetchError(kind, f"not an address: {error}") from None
    if url.scheme not in ("http", "https"):
        raise FetchError("bad-scheme", f"{one_line(text, 100)} is not followed: only http and https are")
    if not has_host:
        raise FetchError(kind, f"{one_line(text, 100)} names no host")
    return url.with_user(None) if url.raw_user or url.raw_password else url


def _next(current: URL, location: str) -> URL:
    """Where a redirect leads. Servers send raw bytes here; those that are no UTF-8 are Latin-1."""
    raw = location.encode("utf-8", "surrogateescape")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if len(text) > LONGEST_URL:
        raise FetchError("bad-redirect", f"redirected to an address of {len(text)} characters")
    try:
        target = current.join(URL(text.strip()))
    except ValueError as error:
        raise FetchError("bad-redirect", f"redirected to something that is not an address: {error}") from None
    return _parse(str(target.with_fragment(None)), "bad-redirect")
