"""The one HTTP client, for feeds, sites, pages and robots.txt: an address in, an answer or a named failure out.

It promises: only GET, only http and https on every hop, only allowed addresses, certificates verified, nothing taken
from the environment, no cookies; a time limit on each request and on the whole chain, a size limit on both sides of
decompression; redirects followed here, hop by hop, each through the rate limiter and, where that is asked for, as
robots.txt permits, with credentials left behind when scheme, host or port change; what may pass in a moment is asked
for once more. An answer of any status is a `Response`; everything else is a `FetchError` with a stable kind.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from crawler.http.address_policy import parse_networks
from crawler.http.body import KEPT_BYTES, Body, too_large
from crawler.http.connector import GuardedConnector, reporting_request
from crawler.http.failure_names import name_failure
from crawler.http.failures import FetchError, outcome_of
from crawler.http.memory import MemoryBudget, Reservation
from crawler.http.server_times import ServerTimes
from crawler.politeness.rate_limiter import PATIENCE_SECONDS, RateLimiter, Slot
from crawler.politeness.retry_after import pause_seconds
from crawler.settings import LONGEST_URL, CrawlerSettings
from crawler.text.one_line import one_line

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})

MOST_HEADERS = 128
LONGEST_HEADER_BYTES = 8_190
"""Of one header field, as common servers limit it too: a head beyond this is a fault or an attack."""

FEED_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,application/xml;q=0.8,*/*;q=0.5"

ATTEMPTS = 2
"""Requests for what may pass in a moment (`is_retried` in `OUTCOMES`): such faults often pass within a second."""

CredentialsFor = Callable[[str], tuple[str, str] | None]
"""Gives, for an address, the header with the credentials that may go there; None for none."""

Permit = Callable[[str], Awaitable[None]]
"""Asked before each hop; raises FetchError where the address may not be visited."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer.

    `url` is where it came from after redirects. `permanent_url` is the address at the end of the permanent redirects
    that began the chain; None where there were none. `body` is decompressed, and empty unless the status is 200 to 299,
    save 304. `retry_after_seconds` is set where the server asks to be left alone (see `pause_seconds`). `reservation`
    is what the body holds of the memory for bodies: to be released when the body was read, or dropped with the answer.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    permanent_url: str | None
    retry_after_seconds: int | None
    reservation: Reservation | None = field(default=None, compare=False, repr=False)

    def release(self) -> None:
        """Tells that the body is no longer held."""
        if self.reservation is not None:
            self.reservation.release()

    @property
    def is_ok(self) -> bool:
        """Whether it is what was asked for."""
        return 200 <= self.status < 300

    @property
    def kind(self) -> str:
        """The kind of an answer of this status, by which `OUTCOMES` names it."""
        return f"http-{self.status}"

    @property
    def content_type(self) -> str:
        """The Content-Type header; empty where there is none."""
        return self.headers.get("Content-Type", "")

    @property
    def location(self) -> str | None:
        """Where it redirects to, as written; None where it does not."""
        return self.headers.get("Location") if self.status in REDIRECTS else None


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How an address is fetched.

    Args:
        limit_bytes: most bytes of the body.
        accept: the Accept header.
        etag, last_modified: validators of what is known; a server that has nothing newer answers 304.
        credentials: asked before each hop.
        permit: asked before each hop; None asks nobody.
        is_cut: drops what is beyond the limit instead of failing.
        is_packed: leaves the body as it came, for a worker process to unpack.
        attempts: how often at most the request is made.
    """

    limit_bytes: int
    accept: str = FEED_ACCEPT
    etag: str | None = None
    last_modified: str | None = None
    credentials: CredentialsFor | None = None
    permit: Permit | None = None
    is_cut: bool = False
    is_packed: bool = False
    attempts: int = 1

    def headers_for(self, url: str) -> dict[str, str]:
        """Those of a request to `url`."""
        headers = {"Accept": self.accept}
        if self.etag:
            headers["If-None-Match"] = self.etag
        if self.last_modified:
            headers["If-Modified-Since"] = self.last_modified
        if self.credentials is not None and (pair := self.credentials(url)) is not None:
            headers[pair[0]] = pair[1]
        return headers


def page_options(settings: CrawlerSettings, permit: Permit) -> FetchOptions:
    """How pages are fetched: packed as they come, for a worker process to unpack, and once more where that may help."""
    return FetchOptions(settings.max_body_bytes, PAGE_ACCEPT, permit=permit, is_packed=True, attempts=ATTEMPTS)


class Client:
    """Fetches; an asynchronous context manager that holds the connections.

    Args:
        settings: limits and user agent.
        limiter: gives the slots.
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
        self._memory = MemoryBudget(limiter.lending_slot)
        self.server_times = ServerTimes()
        """What time the hosts say it is."""

    async def __aenter__(self) -> Self:
        connector = GuardedConnector(
            allowed=parse_networks(self._settings.allow_addresses),
            hosts=self._settings.hosts,
            limit=self._settings.concurrency + 4,  # the rate limiter is the limit; this only must not be narrower
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

    async def fetch(self, url: str, options: FetchOptions) -> Response:
        """The answer at `url` (http or https), redirects followed.

        Raises:
            FetchError: there is no answer; see `crawler.http.failures` for the kinds.
            HostPaused: the host asked to be left alone for longer than a slot waits.
        """
        for _ in range(options.attempts - 1):
            try:
                response = await self._fetch_once(url, options)
            except FetchError as error:
                if not outcome_of(error.kind).is_retried:
                    raise
            else:
                is_retried = outcome_of(response.kind).is_retried
                if not is_retried or (response.retry_after_seconds or 0) > PATIENCE_SECONDS:
                    return response
                response.release()
        return await self._fetch_once(url, options)

    async def _fetch_once(self, url: str, options: FetchOptions) -> Response:
        left = self._settings.source_timeout_seconds
        current = _parse(url, "bad-url")
        permanent: str | None = None
        is_permanent_so_far = True
        for number in range(self._settings.max_redirects + 1):
            if options.permit is not None:
                await options.permit(str(current))
            async with self._limiter.slot(current.raw_host or "") as slot:
                began = time.monotonic()
                reservation = self._memory.reserve()
                seconds = min(left, self._settings.timeout_seconds)
                try:
                    response = await self._hop(current, options, slot, seconds, reservation)
                except BaseException as error:
                    slot.waited_seconds = reservation.waited_seconds
                    reservation.release()
                    if isinstance(error, FetchError):
                        error.has_answered = error.has_answered or number > 0
                    raise
                slot.waited_seconds = reservation.waited_seconds
                left -= time.monotonic() - began - reservation.waited_seconds
            if response.location is None:
                if response.retry_after_seconds is not None:
                    self._limiter.pause(current.raw_host or "", response.retry_after_seconds)
                return replace(response, permanent_url=permanent) if number else replace(response, url=url)
            current = _next(current, response.location)
            is_permanent_so_far = is_permanent_so_far and response.status in PERMANENT
            if is_permanent_so_far:
                permanent = str(current)
            if left <= 0:
                raise FetchError("timeout", "no complete answer within the time limit")
        raise FetchError("too-many-redirects", f"redirected more than {self._settings.max_redirects} times")

    async def _hop(
        self, url: URL, options: FetchOptions, slot: Slot, seconds: float, reservation: Reservation
    ) -> Response:
        """The answer to one request."""
        assert self._session is not None, "the client is used inside its context"
        has_answered = False
        try:
            async with asyncio.timeout(seconds) as limit:
                headers = options.headers_for(str(url))
                answer = await self._session.get(url, headers=headers, allow_redirects=False)
                has_answered = True
                self.server_times.note(url.raw_host or "", answer.headers)
                try:
                    slot.is_good = answer.status < 400
                    body = await _read(answer, options, reservation, limit)
                    wait = pause_seconds(answer.status, answer.headers.get("Retry-After"), self._now())
                    return Response(str(url), answer.status, answer.headers, body, None, wait, reservation)
                finally:
                    answer.release()
        except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError, FetchError) as error:
            slot.is_good = False
            failure = name_failure(error)
            failure.has_answered = has_answered
            raise failure from error


async def _read(
    answer: aiohttp.ClientResponse, options: FetchOptions, reservation: Reservation, limit: asyncio.Timeout
) -> bytes:
    """The body of an answer, if it is what was asked for. `limit` stands still where it has to wait for memory."""
    if not 200 <= answer.status < 300:
        return b""
    most, encoding = options.limit_bytes, answer.headers.get("Content-Encoding", "")
    if not options.is_cut and answer.content_length is not None and answer.content_length > most:
        raise too_large(most)
    # of what is packed a part is of no use
    kept_bytes = KEPT_BYTES if options.is_packed and not encoding else None
    body = Body(encoding, most, is_cut=options.is_cut, is_packed=options.is_packed, kept_bytes=kept_bytes)
    while not body.is_full:
        data = await answer.content.readany()
        if not data:
            break
        for grown in body.feed(data):
            await reservation.grow(grown, limit)
    return body.finish()


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
