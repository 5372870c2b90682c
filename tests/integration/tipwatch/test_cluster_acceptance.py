"""What every engine promises, held by the same tests: news is read, digests leave, a stop is orderly, faults pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.articles.articles import list_articles
from storage.articles.pages import count_pending
from storage.database.engine import Database
from storage.digests.digests import list_digests
from tests.support.daemon_bench import Site
from tipwatch.config.load import load_config
from tipwatch.engine import cluster
from tipwatch.engine.base import Engine
from tipwatch.engine.choose import make_engine
from tipwatch.engine.job_queue import Times
from tipwatch.engine.runner import Runner

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(
        ("kind", "database_url"),
        [
            pytest.param("local", "sqlite", id="local"),
            pytest.param("local", "postgresql", id="local-postgresql", marks=pytest.mark.postgresql),
            pytest.param("cluster", "postgresql", id="cluster", marks=pytest.mark.postgresql),
        ],
        indirect=["database_url"],
    ),
]


class Bench:
    """An engine over a small site, as `tipwatch run` puts them together."""

    def __init__(self, folder: Path, site: Site, kind: str, url: str) -> None:
        self.site = site
        self.stop = asyncio.Event()
        self.skew = timedelta()
        file = folder / "config.yaml"
        settings = {
            "contact": "test@example.org",
            "engine": kind,
            "storage": {"url": url},
            "sources": [f"{site.url}/{name}.xml" for name in ("herald", "post")],
            "crawler": {"allow_addresses": ["127.0.0.0/8"], "delay_seconds": 0, "workers": 1},
            "subscriptions": [
                {"name": "morning", "recipients": ["a@example.org"], "time": "00:00", "send_empty": False}
            ],
        }
        file.write_text(yaml.safe_dump(settings))
        (folder / "data").mkdir()
        self.outbox = folder / "data" / "outbox"
        self.configuration = load_config(file)
        self.database = Database.open(url)
        self.work = Runner(self.database, self.configuration, now=self.now)
        self.engine: Engine = make_engine(
            self.configuration,
            self.database,
            self.work,
            now=self.now,
            grace_seconds=5.0,
        )
        self.serving: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skew

    def start(self) -> None:
        self.serving = asyncio.create_task(self.engine.run(self.stop))

    async def end(self) -> None:
        self.stop.set()
        if self.serving is not None:
            await self.serving

    async def close(self) -> None:
        self.site.let_go.set()
        await self.end()
        await self.work.close()
        await asyncio.to_thread(self.database.close)

    async def read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await self.database.read(function, *arguments)

    async def articles(self) -> int:
        return len(await self.read(list_articles))

    async def waiting(self) -> int:
        counts = await self.read(count_pending, self.now() + timedelta(days=1))
        return int(counts.waiting)


async def until(condition: Callable[[], Any], what: str) -> None:
    try:
        async with asyncio.timeout(60):
            while True:
                value = condition()
                if asyncio.iscoroutine(value):
                    value = await value
                if value:
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"waited in vain for {what}") from None


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
async def bench(tmp_path: Path, site: Site, kind: str, database_url: str) -> AsyncIterator[Bench]:
    bench = Bench(tmp_path, site, kind, database_url)
    yield bench
    await bench.close()


@pytest.fixture(autouse=True)
def plans_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PLAN_SECONDS", 0.2)


async def all_read(bench: Bench) -> bool:
    return await bench.articles() == 8 and await bench.waiting() == 0


async def test_what_the_sources_tell_of_is_read_once(bench: Bench) -> None:
    bench.start()
    await bench.engine.submit_poll()
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    await bench.end()
    assert sorted(bench.site.pages_asked()) == sorted(
        f"/page/{name}-{number}" for name in ("herald", "post") for number in range(4)
    )


async def test_what_is_not_due_is_left_alone_and_what_comes_to_be_due_is_asked_again(bench: Bench) -> None:
    bench.start()
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    bench.site.asked.clear()
    await bench.engine.submit_poll()
    await asyncio.sleep(1.0)
    assert bench.site.asked == []
    bench.skew = timedelta(days=2)
    await bench.engine.submit_poll()
    await until(lambda: {"/herald.xml", "/post.xml"} <= set(bench.site.asked), "a second visit")
    await bench.end()


async def test_what_a_wrong_clock_put_off_for_years_is_asked_again(bench: Bench) -> None:
    bench.skew = timedelta(days=3650)
    bench.start()
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    bench.site.asked.clear()
    bench.skew = timedelta()
    await bench.engine.submit_poll()
    await until(lambda: {"/herald.xml", "/post.xml"} <= set(bench.site.asked), "a second visit")
    await bench.end()
    assert bench.site.pages_asked() == []


async def test_a_digest_that_is_due_leaves_once(bench: Bench) -> None:
    bench.start()
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    for _ in range(3):
        await bench.engine.submit_digest("morning")
    await bench.engine.submit_digest("waiting")
    await until(lambda: list(bench.outbox.glob("*.eml")), "a message")
    await asyncio.sleep(0.5)
    await bench.end()
    assert len(list(bench.outbox.glob("*.eml"))) == 1
    assert [digest.state for digest in await bench.read(list_digests)] == ["done"]


async def test_a_stop_stores_what_is_in_flight_and_leaves_the_rest_waiting(bench: Bench) -> None:
    bench.site.let_go.clear()
    bench.start()
    await bench.engine.submit_poll()
    await until(bench.site.pages_asked, "a page that is asked for")
    bench.stop.set()
    bench.site.let_go.set()
    async with asyncio.timeout(10):
        await bench.end()
    articles, waiting = await bench.articles(), await bench.waiting()
    assert articles == len(bench.site.pages_asked())
    assert articles + waiting == 8


async def test_work_that_does_not_end_is_given_up_after_the_grace(bench: Bench) -> None:
    bench.site.let_go.clear()
    bench.start()
    await bench.engine.submit_poll()
    await until(bench.site.pages_asked, "a page that is asked for")
    bench.stop.set()
    async with asyncio.timeout(20):
        await bench.end()
    assert await bench.waiting() == 8


async def test_a_fault_ends_that_crawl_only(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, count = bench.work.crawl, 0

    async def fails_once(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == 1:
            raise RuntimeError("boom")
        return await real(*arguments, **options)

    monkeypatch.setattr(bench.work, "crawl", fails_once)
    monkeypatch.setattr(cluster, "Times", lambda: Times(retry=1))
    bench.start()
    await bench.engine.submit_poll()
    await until(lambda: count, "the fault")
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    await bench.end()
    assert any("boom" in str(record.exc_info) for record in caplog.records)


async def test_another_configuration_is_taken_up_between_crawls(bench: Bench) -> None:
    bench.start()
    await bench.engine.submit_poll()
    await until(lambda: all_read(bench), "all pages")
    file = bench.configuration.file
    text = file.read_text().replace("post.xml", "gazette.xml").replace("workers: 1", "workers: 2")
    await asyncio.to_thread(file.write_text, text)
    bench.work.use(load_config(file))
    await bench.engine.submit_poll()
    await until(lambda: "/gazette.xml" in bench.site.asked, "the new source")
    await until(lambda: len(bench.site.pages_asked()) == 12, "its pages")
    await bench.end()
    assert bench.site.asked.count("/post.xml") == 1
