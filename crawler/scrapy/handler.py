"""Scrapy's aiohttp handler behind the limiter and the address policy.

In: a Scrapy request. Out: its response, body as it came over the wire (the worker that reads it undoes the compression,
under the size limit). Promises: only http and https, only allowed addresses, checked at the connect itself; a turn of
the rate limiter for every request; certificates verified; nothing taken from the environment; one time limit for the
whole answer; whatever goes wrong is an `Unfetched`, which names it as the feed client does and which nothing retries
behind our back.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from typing import TYPE_CHECKING, ClassVar

import aiohttp
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest

from crawler.http.body import KEPT_BYTES
from crawler.http.client import LONGEST_HEADER_BYTES, MOST_HEADERS
from crawler.http.connector import GuardedConnector, reporting_request
from crawler.http.failure_names import name_failure
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused, RateLimiter
from storage.host_names import host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.http.memory import Reservation
    from crawler.settings import CrawlerSettings

PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,application/xml;q=0.8,*/*;q=0.5"


class Unfetched(IgnoreRequest):
    """A request that brought no answer; `kind` and `text` as in `crawler.http.failures`."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = text


@functools.cache
def system_trust() -> ssl.SSLContext:
    """The system's authorities, read once a process, as the feed client's are: reading them takes 6 ms, and was half of
    what the start of a crawl of pages took."""
    return ssl.create_default_context()


class _Answer(_ClientResponse):
    """An answer whose body is counted: what it holds of the budget, the time limit that stands still meanwhile, and how
    many bytes may come."""

    share: Reservation | None = None
    limit: asyncio.Timeout | None = None
    most_bytes: int = 0


class GuardedHandler(AiohttpDownloadHandler):
    """Downloads through the limiter and the guarded connector of the spider's crawl.

    The spider (see `crawler.scrapy.spider`) carries the live objects that Scrapy's settings, which are copied deeply,
    cannot: `limiter`, `crawler_settings`, `ssl_context`.
    """

    lazy = False
    experimental: ClassVar[bool] = False  # ours is pinned to one Scrapy release and tested against it

    def __init__(self, crawler: Crawler) -> None:
        # The parent's own constructor is passed over: it would read the system's authorities anew and open a session,
        # with an unguarded connector, which has no seam for ours.
        super(AiohttpDownloadHandler, self).__init__(crawler)
        spider = crawler.spider
        self._limiter: RateLimiter = spider.limiter  # type: ignore[union-attr]  # set by every spider of ours
        self._limits: CrawlerSettings = spider.crawler_settings  # type: ignore[union-attr]
        context: ssl.SSLContext | None = spider.ssl_context  # type: ignore[union-attr]
        self._ssl_context = context if context is not None else system_trust()
        self._session = self._open_session()

    def _open_session(self) -> aiohttp.ClientSession:
        connector = GuardedConnector(
            allowed=self._limits.networks,
            hosts=self._limits.hosts,
            limit=self._limits.concurrency + 4,  # the limiter is the limit; this only must not be narrower
            ssl_context=self._ssl_context,
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._limits.user_agent, "Accept": PAGE_ACCEPT, "Accept-Encoding": "gzip, deflate"},
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            request_class=reporting_request(self._limiter.mark_sent),
            response_class=_Answer,
            skip_auto_headers=("Content-Type",),
            max_line_size=LONGEST_HEADER_BYTES,
            max_field_size=LONGEST_HEADER_BYTES,
            max_headers=MOST_HEADERS,
        )

    async def download_request(self, request: Request) -> Response:
        """The answer to `request`, of any status.

        Raises:
            Unfetched: there is none.
            HostPaused: the host asked to be left alone for longer than a turn waits.
        """
        request.meta["download_timeout"] = None  # the limit below stands still where a body has to wait for memory
        async with self._limiter.slot(host_of(request.url)) as slot:
            slot.is_good = False
            try:
                async with asyncio.timeout(self._limits.timeout_seconds) as limit:
                    request.meta["limit"] = limit
                    response = await super().download_request(request)
            except Exception as error:
                failure = _name(error)
                raise Unfetched(failure.kind, failure.text) from error
            finally:
                if (share := request.meta.get("share")) is not None:
                    slot.waited_seconds = share.waited_seconds
            slot.is_good = response.status < 400
            return response

    async def _read_response(self, response: _ClientResponse, request: Request) -> Response:
        assert isinstance(response, _Answer)
        self._limiter.server_times.note(host_of(request.url), response.headers)
        response.share, response.limit = request.meta.get("share"), request.meta.pop("limit", None)
        response.most_bytes = request.meta.get("download_maxsize", self._default_maxsize)
        return await super()._read_response(response, request)

    @staticmethod
    async def _iter_body_chunks(response: _ClientResponse) -> AsyncIterator[bytes]:
        assert isinstance(response, _Answer)
        is_packed = "Content-Encoding" in response.headers
        size = 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
            if response.most_bytes and size > response.most_bytes:
                raise DownloadCancelledError
            if size > KEPT_BYTES and not is_packed:  # the rest only counts
                continue
            yield chunk
            if response.share is not None:
                await response.share.grow(len(chunk), response.limit)


def _name(error: Exception) -> FetchError:
    """Scrapy wraps the library's errors in its own: the cause is what happened."""
    if isinstance(error, DownloadCancelledError):
        return FetchError("too-large", "the body is larger than the limit")
    if isinstance(error, TimeoutError):  # of our own limit; its cause is the cancelling
        return name_failure(error)
    return name_failure(error.__cause__ or error)


__all__ = ["GuardedHandler", "HostPaused", "Unfetched"]
