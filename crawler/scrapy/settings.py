"""All of Scrapy's settings that differ from its defaults, each with its reason.

Scrapy's defaults are for a person at a terminal who scrapes one site; a daemon that visits what others name needs
others. What is left at its default was looked at as well; a test (tests/unit/crawler/test_scrapy_settings.py) holds
that what Scrapy leaves unsafe is closed.
"""

from __future__ import annotations

from typing import Any

from crawler.settings import CrawlerSettings


def scrapy_settings(settings: CrawlerSettings) -> dict[str, Any]:
    """The settings of every crawl."""
    return {**_ENGINE, **_CLOSED, **_LEAN, **_limits(settings)}


_ENGINE: dict[str, Any] = {
    # no Twisted reactor: the crawl is a task in the daemon's own loop, and can be started again and again
    "TWISTED_REACTOR_ENABLED": False,
    # logging belongs to the program that embeds the crawl
    "LOG_ENABLED": False,
    "LOG_VERSIONS": [],
}

_CLOSED: dict[str, Any] = {
    # an HTTP server that runs Python code, on by default since 2.19
    "REMOTE_CONTROL_ENABLED": False,
    # likewise, by telnet
    "TELNETCONSOLE_ENABLED": False,
    # a link or redirect to file:, data:, ftp: or s3: is not followed; http and https only by our client
    "DOWNLOAD_HANDLERS": {
        "http": "crawler.scrapy.handler.ClientHandler",
        "https": "crawler.scrapy.handler.ClientHandler",
        "file": None,
        "data": None,
        "ftp": None,
        "s3": None,
    },
    # off by default
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    # nothing of a visit is kept for the next
    "COOKIES_ENABLED": False,
    # behind a proxy taken from the environment the address policy would see the proxy only
    "HTTPPROXY_ENABLED": False,
    # would answer from its disk without asking the server; validators are kept in the database
    "HTTPCACHE_ENABLED": False,
    # pages must not choose where the next request goes
    "METAREFRESH_ENABLED": False,
    # the service manager limits memory; this would end the crawl on its own
    "MEMUSAGE_ENABLED": False,
    # would import a class named in a response's Referrer-Policy in older releases, and tells sites where we came from
    "REFERER_ENABLED": False,
}

_LEAN: dict[str, Any] = {
    # Scrapy starts that many tasks for the output of each response; our callbacks give one item. 100, the default,
    # costs 0.4 ms a page of 1.4
    "CONCURRENT_ITEMS": 1,
    # what they do is the client's, or, as compression and retries in a later crawl, the worker's and the database's
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES_BASE": {},
    "EXTENSIONS_BASE": {"scrapy.extensions.corestats.CoreStats": 0},
}


def _limits(settings: CrawlerSettings) -> dict[str, Any]:
    return {
        # the limiter holds both limits for feeds and pages together; Scrapy's own must not be narrower
        "CONCURRENT_REQUESTS": max(settings.concurrency, 16) * 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency_per_host,
        # never 0: without a delay Scrapy exceeds its own limit for a host (31 at once with a limit of 2). The delay
        # that matters is the limiter's, which counts from the connection and adapts to latency as AutoThrottle does
        "DOWNLOAD_DELAY": 0.001,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        # for the whole answer, drip by drip
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        # of what comes over the wire (1 GiB by default); the worker holds the same limit after decompression
        "DOWNLOAD_MAXSIZE": settings.max_body_bytes,
        "REDIRECT_MAX_TIMES": settings.max_redirects,
        "USER_AGENT": settings.user_agent,
    }
