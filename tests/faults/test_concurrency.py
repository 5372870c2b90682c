"""Many things at once: one story by five feeds in a second, and commands while a crawl is under way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.farm import HEALTHY, Case, Place, farm, told
from tests.support.program import Program, read_left
from tests.support.sites import Answer, Route, Seen

pytestmark = pytest.mark.slow

OUTLETS = tuple(f"outlet-{n}" for n in range(5))


def one_story(place: Place) -> Mapping[str, Route]:
    return {"/feed": place.feed(1), "/page/1": told(0)}


async def by_five_feeds(folder: Path) -> None:
    async with farm(folder / "farm") as one:
        for name in OUTLETS:
            one.open(name, Case(one_story))
        program = Program(folder)
        program.configure(one.sources[len(HEALTHY) :], crawler={"hosts": one.hosts})
        assert (await program.run("crawl")).code == 0
        listed = json.loads((await program.run("projects", "list", "--json")).out)
        with program.database() as database:
            left = read_left(database)
    assert len(listed) == 1
    assert {left[name].health.articles for name in OUTLETS} == {1}
    assert {left[name].article.project_id for name in OUTLETS} == {listed[0]["id"]}


def test_a_story_that_comes_by_five_feeds_at_once_is_one_project_of_five_sources(tmp_path: Path) -> None:
    asyncio.run(by_five_feeds(tmp_path))


async def ask_during_a_crawl(folder: Path) -> None:
    waiting, let_go = asyncio.Event(), asyncio.Event()

    def until_let_go() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
        while not let_go.is_set():
            yield b" "

    def held(place: Place) -> Mapping[str, Route]:
        def page(seen: Seen) -> Answer:
            waiting.set()
            return Answer(is_raw=True, pieces=until_let_go(), pause_seconds=0.05, is_cut=True)  # type: ignore[arg-type]

        return {"/feed": place.feed(1), "/page/1": page}

    async with farm(folder / "farm") as one:
        program = Program(folder)
        program.configure(one.sources, crawler={"hosts": one.hosts, "timeout_seconds": 60})
        assert (await program.run("crawl")).code == 0
        one.open("held", Case(held))
        program.configure(
            one.sources,
            crawler={"hosts": one.hosts, "timeout_seconds": 60},
            subscriptions=[{"name": "morning", "recipients": ["a@example.org"], "time": "00:00", "send_empty": False}],
        )
        crawling = asyncio.create_task(program.run("crawl"))
        await asyncio.wait_for(waiting.wait(), 60)
        listed = await program.run("projects", "list", "--json")
        preview = await program.run("digest", "--dry-run")
        second = await program.run("crawl")
        assert not crawling.done()
        let_go.set()
        assert (await crawling).code == 0
    assert (listed.code, len(json.loads(listed.out))) == (0, 9)
    assert preview.code == 0
    assert "9 new" in preview.out
    assert second.code == 2  # two at once would not keep hosts' delays
    assert "process" in second.err


def test_commands_answer_while_a_crawl_is_under_way(tmp_path: Path) -> None:
    asyncio.run(ask_during_a_crawl(tmp_path))


async def crawl_while_held(folder: Path) -> None:
    async with farm(folder / "farm") as one:
        program = Program(folder)
        program.configure([])
        assert (await program.run("crawl")).code == 0
        program.configure(one.sources, crawler={"hosts": one.hosts})
        with contextlib.closing(sqlite3.connect(program.data / "tipwatch.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            crawling = asyncio.create_task(program.run("crawl"))
            await asyncio.sleep(HELD_SECONDS)
            assert not crawling.done()
            other.execute("COMMIT")
        assert (await crawling).code == 0
        with program.database() as database:
            left = read_left(database)
    assert {name: len(left[name].articles) for name in HEALTHY} == dict.fromkeys(HEALTHY, 3)


HELD_SECONDS = 5.0
"""Longer than SQLite itself waits in one go; twenty-five were tried by hand."""


def test_a_database_that_another_program_holds_is_waited_for(tmp_path: Path) -> None:
    asyncio.run(crawl_while_held(tmp_path))
