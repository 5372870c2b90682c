"""Obeys robots.txt (RFC 9309): an address in, whether it may be visited out.

The file of each origin is fetched through the guarded client and the rate limiter, and kept for a day in this process;
where several processes visit the same origins they `share` a cache of what each has fetched. A
file that is not there (4xx) forbids nothing; a server that cannot say (5xx, timeout, no connection) forbids
everything until it does; a page of HTML holds no rules. A crawl-delay makes the host's delay longer, within the
limiter's bound.

Feeds are not asked for here: a person subscribed to each of them by hand. Listings, sitemaps and pages are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from protego import Protego
from yarl import URL

from crawler.http.client import Client, FetchOptions
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import RateLimiter
from storage.host_names import host_of

KEPT = timedelta(hours=24)
"""RFC 9309, section 2.4: not to be used for longer than a day."""

KEPT_WHEN_UNREACHABLE = timedelta(minutes=10)
"""A server that could not say is asked again after this."""

LIMIT_BYTES = 512_000
"""RFC 9309, section 2.5: at least 500 KiB must be read; what follows is left out."""

OPTIONS = FetchOptions(LIMIT_BYTES, accept="text/plain, */*;q=0.5", is_cut=True)

REMEMBERED_ORIGINS = 5_000
"""Origins whose rules are kept; beyond it the oldest are dropped."""

PRODUCT = "tipwatch"
"""The name that rules in robots.txt may address."""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What came of asking an origin for its robots.txt.

    Args:
        body: the file; None where there are no rules.
        refusal: why nothing may be visited for now; empty where the file could be read, or is not there.
        until: when it is to be asked for again.
    """

    body: bytes | None
    refusal: str
    until: datetime


class SharedRobotsCache(Protocol):
    """What processes that visit the same origins have read already."""

    async def find(self, origin: str) -> RobotsFile | None:
        """What one of them read; None where nobody did, it is too old, or the cache is out of reach."""

    async def keep(self, origin: str, file: RobotsFile) -> None:
        """Keeps it for the others, where the cache can be reached."""


class Robots:
    """The rules of all origins seen so far. `is_obeyed` False allows everything without asking."""

    def __init__(
        self,
        client: Client,
        limiter: RateLimiter,
        *,
        is_obeyed: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client = client
        self._limiter = limiter
        self._is_obeyed = is_obeyed
        self._now = now
        self._known: dict[str, tuple[RobotsFile, Protego | None]] = {}
        self._asking: dict[str, asyncio.Task[tuple[RobotsFile, Protego | None]]] = {}
        self._shared: SharedRobotsCache | None = None

    def share(self, cache: SharedRobotsCache) -> None:
        """From now on what another process has read is not asked for again, and the other way round."""
        self._shared = cache

    async def ask(self, url: str) -> FetchError | None:
        """Why `url` may not be visited: `robots`, or `robots-unread` where nobody can say now; None where it may.

        Raises `HostPaused` where the host does not even want to be asked now.
        """
        if not self._is_obeyed:
            return None
        parsed = URL(url)
        host = host_of(url)
        origin = str(parsed.origin().with_host(host))
        known = self._known.get(origin)
        if known is None or known[0].until <= self._now():
            known = await self._ask_once(origin, host)
        file, rules = known
        if file.refusal:
            return FetchError("robots-unread", file.refusal)
        if rules is not None and not rules.can_fetch(url, PRODUCT):
            return FetchError("robots", "robots.txt forbids this address")
        return None

    async def require(self, url: str) -> None:
        """Raises what `ask` gives where `url` may not be visited."""
        refusal = await self.ask(url)
        if refusal is not None:
            raise refusal

    async def _ask_once(self, origin: str, host: str) -> tuple[RobotsFile, Protego | None]:
        """One request an origin, however many ask for it at once; it outlives the one who asked first."""
        task = self._asking.get(origin)
        if task is None:
            task = self._asking[origin] = asyncio.create_task(self._fetch(origin, host))
            task.add_done_callback(lambda _: self._asking.pop(origin, None))
        return await asyncio.shield(task)

    async def _fetch(self, origin: str, host: str) -> tuple[RobotsFile, Protego | None]:
        file = await self._shared.find(origin) if self._shared is not None else None
        if file is None:
            file = await self._read(origin)
            if self._shared is not None:
                await self._shared.keep(origin, file)
        rules = None if file.body is None else Protego.parse(file.body.decode("utf-8-sig", "replace"))
        if len(self._known) >= REMEMBERED_ORIGINS:
            self._known.pop(next(iter(self._known)))
        self._known[origin] = file, rules
        delay = rules.crawl_delay(PRODUCT) if rules is not None else None
        if delay is not None:
            self._limiter.slow_down(host, delay)
        return file, rules

    async def _read(self, origin: str) -> RobotsFile:
        now = self._now()
        try:
            answer = await self._client.fetch(f"{origin}/robots.txt", OPTIONS)
        except FetchError as error:
            if error.kind in ("too-many-redirects", "bad-redirect", "bad-scheme"):
                return RobotsFile(None, "", now + KEPT)  # RFC 9309, section 2.3.1.2: may be taken as not there
            if error.kind in ("refused-address", "bad-url"):  # the visit itself is refused for it, and says so
                return RobotsFile(None, "", now + KEPT_WHEN_UNREACHABLE)
            reason = f"robots.txt cannot be read ({error.kind}), so nothing may be visited"
            return RobotsFile(None, reason, now + KEPT_WHEN_UNREACHABLE)
        answer.release()  # half a megabyte at most, for as long as it takes to read it
        if answer.status >= 500 or answer.status == 429:
            reason = f"robots.txt cannot be read (http-{answer.status}), so nothing may be visited"
            return RobotsFile(None, reason, now + KEPT_WHEN_UNREACHABLE)
        if not answer.is_ok or _is_html(answer.body, answer.content_type):
            return RobotsFile(None, "", now + KEPT)
        return RobotsFile(answer.body, "", now + KEPT)


def _is_html(body: bytes, content_type: str) -> bool:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")) or (
        "html" in content_type.lower() and b"<" in start and b"user-agent" not in body[:LIMIT_BYTES].lower()
    )
