"""What happens around each request of Scrapy's: robots.txt before it, `Retry-After` and redirects after it.

`CourtesyMiddleware` sits behind `RedirectMiddleware`, so that it sees every hop: a redirect to another host is asked
for there, too. Both raise `Unfetched` for what is not to be had, as the handler does.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares import redirect
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from crawler.http.client import REDIRECTS
from crawler.http.failures import one_line
from crawler.politeness.retry_after import pause_seconds
from crawler.scrapy.handler import Unfetched
from crawler.settings import LONGEST_URL
from storage.host_names import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler

    from crawler.politeness.rate_limiter import RateLimiter
    from crawler.politeness.robots import Robots


class CourtesyMiddleware:
    """Refuses what robots.txt forbids with `Unfetched` (`robots`; `robots-unread` where it cannot be read now), and
    pauses a host that asks to be left alone.

    `request.meta["is_unasked"]` leaves robots.txt out, for what a person subscribed to by hand.
    """

    def __init__(self, limiter: RateLimiter, robots: Robots | None, now: Callable[[], datetime]) -> None:
        self._limiter = limiter
        self._robots = robots
        self._now = now

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy builds it; the live objects come with the spider."""
        spider = crawler.spider
        return cls(spider.limiter, spider.robots, spider.now)  # type: ignore[union-attr]  # set by every spider of ours

    async def process_request(self, request: Request) -> None:
        """Raises Unfetched where the address may not be visited."""
        if self._robots is not None and "is_unasked" not in request.meta:
            permission = await self._robots.ask(request.url)
            if not permission.is_allowed:
                raise Unfetched("robots" if permission.is_final else "robots-unread", permission.reason)

    def process_response(self, request: Request, response: Response) -> Response:
        """Notes for how long the server asks to be left alone; the spider decides what becomes of the page."""
        value = response.headers.get("Retry-After")
        seconds = pause_seconds(response.status, value.decode("latin-1") if value else None, self._now())
        if seconds is not None:
            self._limiter.pause(host_of(request.url), seconds)
        return response


class RedirectMiddleware(redirect.RedirectMiddleware):
    """Scrapy's redirects, at most `REDIRECT_MAX_TIMES`; what is not followed is named instead of handed on.

    Headers named in `request.meta["secret_headers"]` are left behind where scheme, host or port change; Scrapy does so
    for `Authorization` only.
    """

    def handle_referer(self, request: Request, response: Response) -> None:
        """Sends none: sites need not know where we came from."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Does not look for the referer middleware, which is off on purpose, and does not warn of it."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The response, or the request it sends us on to."""
        location = response.headers.get("Location")
        if response.status not in REDIRECTS or location is None:
            return response
        where = one_line(location.decode("latin-1"), 100)
        try:
            target = super().process_response(request, response)
        except IgnoreRequest:
            raise Unfetched("too-many-redirects", f"redirected more than {self.max_redirect_times} times") from None
        except ValueError:
            raise Unfetched("bad-redirect", f"redirected to {where}, which is not an address") from None
        if not isinstance(target, Request):
            raise Unfetched("bad-scheme", f"{where} is not followed: only http and https are")
        if len(target.url) > LONGEST_URL:
            raise Unfetched("bad-redirect", f"redirected to an address of {len(target.url)} characters")
        if _origin(target) != _origin(request):
            for name in request.meta.get("secret_headers", ()):
                target.headers.pop(name, None)
        return target


def _origin(request: Request) -> tuple[str, str | None, int | None]:
    parts = urlparse_cached(request)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
