"""Crawls a source of the kind that docs/extend/source.md adds, and prints what came of it, as JSON.

Run as a process of its own, in a folder with a copy of the crawler that has the kind.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crawler.service import Crawler
from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from crawler.workers.pool import WorkerPool
from storage.database.engine import Database
from storage.tables.schema import entry, source
from tests.support.sites import Answer, site
from tipwatch.config.load import json_schema, read_config
from tipwatch.config.schema_paths import keys_at
from tipwatch.errors import ConfigError

POSTS = [
    {"link": "/first", "title": {"rendered": "A project begins"}, "excerpt": {"rendered": "<p>Of three years</p>"}},
    {"link": "/second", "title": {"rendered": "A shelter opens"}, "date_gmt": "2026-11-24T08:00:00"},
]


ADDRESS = "/wp-json/wp/v2/posts?per_page=50&categories=7"


async def crawl(folder: Path) -> dict[str, Any]:
    """Two crawls of a site, the second after it has stopped to be what it was."""
    settings = CrawlerSettings.model_validate({"allow_addresses": ["127.0.0.1/32"], "delay_seconds": 0})
    database = Database.open(f"sqlite:///{folder / 'tipwatch.sqlite3'}")
    async with site() as server, Crawler(settings, pool=WorkerPool(1)) as crawler:
        server.routes[ADDRESS] = Answer(body=json.dumps(POSTS).encode())
        watched = parse_source({"kind": "wordpress", "url": server.url("/"), "category": 7, "languages": ["en"]})
        first = await crawler.crawl(database, [watched], has_pages=False)
        asked = [path for path in server.paths if "wp-json" in path]
        server.routes[ADDRESS] = Answer(body=b'{"code": "rest_no_route"}')
        second = await crawler.crawl(database, [watched], is_forced=True, has_pages=False)
    with database.reading() as connection:
        titles = list(connection.execute(select(entry.c.title).order_by(entry.c.id)).scalars())
        kinds = list(connection.execute(select(source.c.kind)).scalars())
    database.close()
    return {
        "asked": asked,
        "entries": first.entries,
        "titles": titles,
        "kinds": kinds,
        "failed": [one.kind for one in second.failed_sources],
    }


def problems(lines: Sequence[str]) -> list[str]:
    """What is wrong with these sources in a configuration."""
    text = "\n".join(["contact: ops@example.org", "sources:", *lines, ""])
    try:
        read_config(text.encode(), Path("config.yaml"))
    except ConfigError as error:
        return [f"{problem.path}: {problem.message}" for problem in error.problems]
    return []


def main() -> None:
    """Prints what became of the kind."""
    told = asyncio.run(crawl(Path(sys.argv[1])))
    told["sound"] = problems(["  - {kind: wordpress, url: 'https://a.example', category: 7}"])
    told["broken"] = problems(
        ["  - {kind: wordpress, url: 'https://a.example', category: x}", "  - {url: 'https://b.example', category: 7}"]
    )
    told["keys"] = keys_at(json_schema(), ["sources", 0])
    print(json.dumps(told))


if __name__ == "__main__":
    main()
