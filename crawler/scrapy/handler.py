"""Scrapy's download handler: hands each request to the client that fetches everything else too.

Redirects, retries, time limits, robots.txt, `Retry-After` and failures are the client's (`crawler.http.client`); Scrapy
keeps its engine, which starts and ends the spiders, and its pipelines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response as ScrapyResponse

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.http.client import Client, Response

OPTIONS = "fetch_options"
"""The key in a request's `meta` of how it is fetched, a `FetchOptions`."""


class ClientResponse(ScrapyResponse):
    """An answer as Scrapy passes it on."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.url, answer.status)
        self.answer = answer


class ClientHandler(BaseDownloadHandler):
    """Fetches with the client of the spider's crawl, which Scrapy's settings, copied deeply, cannot carry."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._client: Client = crawler.spider.context.client  # type: ignore[union-attr]  # set by every spider of ours

    async def download_request(self, request: Request) -> ClientResponse:
        """The answer to `request`, of any status. Raises FetchError, HostPaused."""
        return ClientResponse(await self._client.fetch(request.url, request.meta[OPTIONS]))
