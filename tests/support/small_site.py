"""A small site with a feed, and whole crawls of it by a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from crawler.progress import CrawlSummary, SilentProgress
from crawler.service import Crawler
from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from storage.database.engine import Database
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Site
from tests.support.watch import InlinePool

TEXT = (
    "The International Organization for Migration and the Government of Burundi today launched a three-year project "
    "to counter trafficking in persons, funded by the Kingdom of the Netherlands with USD 3,000,000. The project will "
    "train prosecutors and support survivors of human trafficking until 2022."
)


def page(number: int, text: str = TEXT) -> Answer:
    body = f"<p>{text}</p>" * 3
    html = f"<html><head><title>Headline {number}</title></head><body><article><h1>Headline {number}</h1>{body}"
    return Answer(body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def feed_of(server: Site, *numbers: int) -> Answer:
    items = [item(number, link=server.url(f"/news/{number}"), guid=f"id-{number}") for number in numbers]
    return Answer(body=rss(*items).encode())


def publish(server: Site, *numbers: int) -> None:
    server.routes["/feed"] = feed_of(server, *numbers)
    server.routes.update({f"/news/{number}": page(number) for number in numbers})


class World:
    def __init__(self, database: Database, sources: Sequence[Any], **settings: Any) -> None:
        self.database = database
        self.sources = [parse_source(one) for one in sources]
        self.settings = CrawlerSettings.model_validate(
            {"allow_addresses": ["127.0.0.1/32"], "delay_seconds": 0, "timeout_seconds": 3, **settings}
        )
        self.now = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        self.stop = asyncio.Event()
        self.progress: Any = SilentProgress()

    async def crawl(self, **arguments: Any) -> CrawlSummary:
        pool = arguments.pop("pool", None) or InlinePool()
        async with Crawler(self.settings, pool=pool, now=lambda: self.now) as crawler:
            summary = await crawler.crawl(
                self.database, self.sources, progress=self.progress, stop=self.stop, **arguments
            )
        self.now += timedelta(days=1)
        return summary

    def count(self, table: Any, **values: Any) -> int:
        with self.database.reading() as connection:
            where = [table.c[name] == value for name, value in values.items()]
            return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())
