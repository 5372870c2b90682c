"""`kill -9` at any point: after a restart everything is as if nothing had happened, and no mail is lost or new twice.

A few points are tried always; `TIPWATCH_TEST_KILLS=50` tries so many on each database, with the seed in
`TIPWATCH_TEST_SEED` (1).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.mailing import RECIPIENTS, Round, round_of_work
from tests.support.postgresql import empty_postgresql

pytestmark = pytest.mark.slow

MakeUrl = Callable[[Path], str]

KILLS = int(os.environ.get("TIPWATCH_TEST_KILLS", "2"))
SEED = int(os.environ.get("TIPWATCH_TEST_SEED", "1"))

KILLS_A_CHAIN = 5
"""So many kills hit one installation, one run after the other, before it may end undisturbed."""


def check_deliveries(work: Round) -> None:
    """Every recipient got one message, perhaps more than once: then the very same."""
    arrived = work.arrived()
    assert set(arrived) == {*RECIPIENTS, "ram@example.org"}
    assert {len(messages) for messages in arrived.values()} == {1}
    bodies: dict[str, set[bytes]] = {}
    for recipient, content in work.mailbox.messages:
        bodies.setdefault(recipient, set()).add(content)
    assert {len(contents) for contents in bodies.values()} == {1}


async def run_undisturbed(folder: Path) -> tuple[int, dict[str, Any]]:
    """The points that a run without kills passes, and what it leaves."""
    async with round_of_work(folder) as work:
        code, points = await work.run()
        assert code == 0
        check_deliveries(work)
        return points, work.left()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    return asyncio.run(run_undisturbed(tmp_path_factory.mktemp("undisturbed")))


async def kill_and_compare(folder: Path, make_url: MakeUrl, points: int, wanted: dict[str, Any]) -> None:
    chance = random.Random(SEED)
    chosen = [chance.randrange(1, points + 1) for _ in range(KILLS)]
    for number in range(0, KILLS, KILLS_A_CHAIN):
        chain = chosen[number : number + KILLS_A_CHAIN]
        where = folder / f"chain-{number}"
        async with round_of_work(where, make_url(where)) as work:
            for point in chain:
                code, _ = await work.run(point)
                assert code in (-signal.SIGKILL, 0), chain
            work.let_leases_end()
            code, _ = await work.run()
            assert code == 0, chain
            check_deliveries(work)
            assert work.left() == wanted, chain


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def make_url(request: pytest.FixtureRequest) -> Iterator[MakeUrl]:
    """Makes an empty database for a folder: a file in it, or a database on the server."""
    if request.param == "sqlite":
        yield lambda folder: f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}"
        return
    with contextlib.ExitStack() as made:
        yield lambda folder: made.enter_context(empty_postgresql())


def test_after_a_kill_the_next_run_ends_as_an_undisturbed_one(
    undisturbed: tuple[int, dict[str, Any]], make_url: MakeUrl, tmp_path: Path
) -> None:
    points, wanted = undisturbed
    assert points > 100
    asyncio.run(kill_and_compare(tmp_path, make_url, points, wanted))
