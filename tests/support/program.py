"""The real program as a process: a folder with its configuration, its commands, and what it left in its database."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import yaml
from sqlalchemy import select

from storage.articles.articles import ArticleFilter, StoredArticle, get_article, list_articles
from storage.database.engine import Database
from storage.sources.health import SourceHealth, list_source_health
from storage.tables.schema import entry, source

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Said:
    """What a command said, and the most memory that it and its workers held at once."""

    code: int
    out: str
    err: str
    peak_bytes: int


class Program:
    """tipwatch in a folder of its own."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self.data = folder / "data"
        self.database_url = database_url or f"sqlite:///{self.data / 'tipwatch.sqlite3'}"

    def configure(self, sources: Sequence[Any], *, crawler: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Writes the configuration; limits are short, so that what is cut off at them is cut off soon."""
        manners = {
            "allow_addresses": ["127.0.0.1/32"],
            "delay_seconds": 0,
            "timeout_seconds": 3,
            "concurrency": 32,
            "workers": 2,
        }
        settings = {
            "contact": "ops@example.org",
            "sources": [dict(one) if isinstance(one, Mapping) else one for one in sources],
            "crawler": manners | dict(crawler or {}),
            "storage": {"url": self.database_url},
            **more,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config.write_text(yaml.safe_dump(settings, allow_unicode=True))

    async def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Said:
        """Runs a command to its end, beside whatever else the loop does."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tipwatch", "--config", str(self.config), *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment or os.environ,
        )  # fmt: skip
        watching = asyncio.create_task(watch_memory(process.pid))
        out, err = await process.communicate()
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode(), await watching)

    def database(self) -> Database:
        return Database.open(self.database_url, migrate=False)

    def log(self) -> list[str]:
        file = self.data / "tipwatch.log"
        return file.read_text().splitlines() if file.exists() else []


async def watch_memory(pid: int) -> int:
    """The most that a process and its children held at once, in bytes; pages they share count once (PSS)."""
    peak = 0
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            peak = max(peak, sum(map(proportional_bytes, (process, *process.children(recursive=True)))))
            await asyncio.sleep(SAMPLE_SECONDS)
    except psutil.NoSuchProcess:
        pass
    return peak


def proportional_bytes(process: psutil.Process) -> int:
    """The process's share of memory; nothing where it has just ended."""
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


@dataclass(frozen=True)
class Left:
    """What a crawl left of one source: its health, its row, its entries, the articles they became, by entry title."""

    health: SourceHealth
    row: Any
    entries: Sequence[Any]
    articles: Sequence[StoredArticle]

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.entries]

    @property
    def article(self) -> StoredArticle:
        (one,) = self.articles
        return one


def read_left(database: Database) -> dict[str, Left]:
    """What is stored of every source, by its name."""
    with database.reading() as connection:
        health = {one.name: one for one in list_source_health(connection, datetime.now(UTC))}
        rows = {row.name: row for row in connection.execute(select(source))}
        entries: dict[int, list[Any]] = {}
        for row in connection.execute(select(entry).order_by(entry.c.id)):
            entries.setdefault(row.source_id, []).append(row)
        ids = [one.id for one in list_articles(connection, ArticleFilter(), limit=10_000)]
        articles = {id_: get_article(connection, id_) for id_ in ids}
    left = {}
    for name, one in health.items():
        mine = entries.get(one.id, [])
        told = [articles[row.article_id] for row in mine if row.article_id is not None]
        left[name] = Left(one, rows[name], mine, [each for each in told if each is not None])
    return left


def essence(left: Left) -> dict[str, Any]:
    """What must be the same of a source whoever else is crawled: all but ids, ports and the time of day."""

    def plain(*values: object) -> str:
        return re.sub(r"example:[0-9]+", "example", " | ".join(map(str, values)))

    return {
        "state": (left.health.state, left.health.error_kind, left.health.note),
        "entries": sorted(
            plain(row.identity, row.url, row.canonical_url, row.title, row.summary, row.published_at, row.state)
            for row in left.entries
        ),
        "articles": sorted(
            plain(one.canonical_url, one.title, one.text, one.read_from, one.verdict.topic, one.verdict.facts)
            for one in left.articles
        ),
    }
