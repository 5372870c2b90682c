"""Worker processes do the work, and nothing they do harms the program or its other work."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from crawler.workers.errors import CallTimeout, PoolClosed, WorkerCrashed, WorkersUnavailable
from crawler.workers.pool import WorkerPool
from tests.support import chores


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(2)
    yield pool
    await pool.aclose()


async def test_results_and_exceptions_come_back(pool: WorkerPool) -> None:
    assert await pool.run(chores.length, b"x" * 300_000) == 300_000
    with pytest.raises(ValueError, match="word"):
        await pool.run(chores.fail, "word")
    with pytest.raises(RuntimeError, match="UnpicklableError: one"):
        await pool.run(chores.fail_strangely)


async def test_many_calls_are_all_answered_each_with_its_own(pool: WorkerPool) -> None:
    results = await asyncio.gather(*(pool.run(chores.length, b"x" * n) for n in range(500)))
    assert results == list(range(500))
    assert len(pool.pids) == 2


async def test_nothing_is_started_before_the_first_call() -> None:
    pool = WorkerPool(2)
    assert pool.pids == []
    await pool.aclose()


async def test_a_hung_call_ends_its_own_worker_only(pool: WorkerPool) -> None:
    neighbours = [pool.run(chores.length, b"x" * n) for n in range(20)]
    hung = asyncio.ensure_future(pool.run(chores.hang, timeout_seconds=0.15))
    assert await asyncio.gather(*neighbours) == list(range(20))
    with pytest.raises(CallTimeout):
        await hung
    assert await pool.run(chores.length, b"xyz") == 3


async def test_a_crash_is_tried_once_more_and_then_told(pool: WorkerPool, tmp_path: Path) -> None:
    assert await pool.run(chores.crash_once, str(tmp_path / "marker")) == "survived"
    with pytest.raises(WorkerCrashed):
        await pool.run(chores.crash)
    assert await pool.run(chores.length, b"xyz") == 3


async def test_a_call_that_wants_too_much_memory_fails_alone() -> None:
    pool = WorkerPool(1, extra_address_bytes=200_000_000)
    try:
        with pytest.raises(WorkerCrashed, match="memory"):
            await pool.run(chores.eat_memory, 400_000_000)
        assert await pool.run(chores.length, b"xyz") == 3
    finally:
        await pool.aclose()


@pytest.mark.parametrize("limits", [{"calls": 3}, {"growth_bytes": -1_000_000_000}])
async def test_a_worker_is_replaced_when_it_has_grown_or_served_enough(limits: dict[str, int]) -> None:
    pool = WorkerPool(1, **limits)  # type: ignore[arg-type]
    try:
        seen = {await pool.run(chores.process_id) for _ in range(4)}
        assert len(seen) >= 2
    finally:
        await pool.aclose()


def is_family(pids: list[int]) -> bool:
    """Whether two workers share the memory of one set-up: one was forked from the other."""
    parents = {psutil.Process(pid).ppid() for pid in pids}
    return len(pids) == 2 and bool(parents & set(pids))


async def test_workers_are_replaced_together_so_that_they_share_their_memory_again() -> None:
    pool = WorkerPool(2, calls=6)
    try:
        await asyncio.gather(*(pool.run(chores.sleep, 0.01) for _ in range(8)))
        first = pool.pids
        assert is_family(first)
        results = await asyncio.gather(*(pool.run(chores.length, b"x" * n) for n in range(60)))
        assert results == list(range(60))
        await _until_gone(first)
        for _ in range(100):  # they may just be on their way again, on a busy machine for some calls
            if len(pool.pids) == 2 and is_family(pool.pids):
                break
            await pool.run(chores.length, b"x")
        assert is_family(pool.pids)
    finally:
        await pool.aclose()


async def test_after_a_crash_the_workers_share_their_memory_again_once_there_is_nothing_to_do(pool: WorkerPool) -> None:
    await asyncio.gather(*(pool.run(chores.length, b"x") for _ in range(8)))
    first = pool.pids
    with pytest.raises(WorkerCrashed):
        await pool.run(chores.crash)
    await asyncio.gather(*(pool.run(chores.sleep, 0.01) for _ in range(8)))
    await _until_gone(first)
    while len(pool.pids) < 2 or not is_family(pool.pids):
        await asyncio.gather(*(pool.run(chores.length, b"x") for _ in range(8)))
    assert not set(pool.pids) & set(first)


async def test_a_process_to_fork_from_that_was_lost_is_started_again(pool: WorkerPool) -> None:
    await pool.run(chores.length, b"x")
    parent = psutil.Process(pool.pids[0]).parent()
    assert parent is not None
    assert parent.ppid() == os.getpid()
    parent.kill()
    await _until_gone([parent.pid])
    assert await asyncio.gather(*(pool.run(chores.sleep, 0.05) for _ in range(4))) == ["slept"] * 4
    assert len(pool.pids) == 2


async def test_workers_leave_signals_to_their_parent(pool: WorkerPool) -> None:
    assert await pool.run(chores.signals_ignored) == [True, True, True]


async def test_closing_ends_all_workers_and_fails_what_waits() -> None:
    pool = WorkerPool(2)
    await asyncio.gather(*(pool.run(chores.length, b"x") for _ in range(9)))
    pids = pool.pids
    waiting = [asyncio.ensure_future(pool.run(chores.sleep, 30.0, timeout_seconds=60)) for _ in range(9)]
    await asyncio.sleep(0.05)
    await pool.aclose()
    assert all(isinstance(one, PoolClosed) for one in await asyncio.gather(*waiting, return_exceptions=True))
    with pytest.raises(PoolClosed):
        await pool.run(chores.length, b"x")
    await _until_gone(pids)


async def test_a_close_that_is_cut_short_leaves_no_process() -> None:
    pool = WorkerPool(2)
    await asyncio.gather(*(pool.run(chores.length, b"x") for _ in range(9)))
    pids = pool.pids
    os.kill(pids[0], signal.SIGSTOP)  # it would not end by itself
    closing = asyncio.ensure_future(pool.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await _until_gone(pids)


async def test_a_start_that_fails_or_is_cut_short_leaves_no_process_and_no_socket(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A socket or a process left behind would warn when it is collected, and a warning fails the test."""
    pool = WorkerPool(2)
    calling = asyncio.ensure_future(pool.run(chores.length, b"x"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the process is there, its sockets are being taken up
    await pool.aclose()
    with pytest.raises(PoolClosed):
        await calling
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    pool = WorkerPool(2)
    with pytest.raises(WorkersUnavailable, match="No such file"):
        await pool.run(chores.length, b"x")
    await pool.aclose()
    gc.collect()
    assert not [record for record in caplog.records if record.name == "asyncio"]


async def test_a_caller_that_goes_away_leaves_the_pool_working(pool: WorkerPool) -> None:
    calls = [asyncio.ensure_future(pool.run(chores.sleep, 0.05)) for _ in range(6)]
    await asyncio.sleep(0.1)
    for call in calls:
        call.cancel()
    assert await pool.run(chores.length, b"xyz") == 3


async def test_workers_that_cannot_start_say_why() -> None:
    pool = WorkerPool(2, setup=chores.refuse_to_start)
    try:
        with pytest.raises(WorkersUnavailable, match="model is missing"):
            await pool.run(chores.length, b"x")
    finally:
        await pool.aclose()


async def test_no_worker_outlives_a_killed_parent(tmp_path: Path) -> None:
    """Idle workers end with their socket; one that hangs is ended by its own alarm."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, os, sys\n"
        "from crawler.workers.pool import WorkerPool\n"
        "from tests.support import chores\n"
        "async def main():\n"
        "    pool = WorkerPool(2)\n"
        "    await asyncio.gather(*(pool.run(chores.length, b'x') for _ in range(9)))\n"
        "    asyncio.ensure_future(pool.run(chores.hang, timeout_seconds=0.4))\n"
        "    await asyncio.sleep(0.1)\n"
        "    print(*pool.pids, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = await asyncio.create_subprocess_exec(sys.executable, str(script), stdout=subprocess.PIPE, env=environment)
    output, _ = await process.communicate()
    pids = [int(word) for word in output.split()]
    assert len(pids) == 2
    await _until_gone(pids)


async def _until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(_is_running(pid) for pid in pids):
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"still running: {[pid for pid in pids if _is_running(pid)]}")


def _is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


async def test_of_large_calls_one_at_a_time_is_carried_out_and_small_ones_pass_it(pool: WorkerPool) -> None:
    while len(pool.pids) < 2:
        await pool.run(chores.length, b"x")
    large = [asyncio.ensure_future(pool.run(chores.sleep_over, b"x" * 2_000_000, 0.2)) for _ in range(3)]
    await asyncio.sleep(0)
    small = await asyncio.gather(*(pool.run(chores.sleep_over, b"x", 0.0) for _ in range(20)))
    assert not any(one.done() for one in large[1:])
    spans = sorted(await asyncio.gather(*large))
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert len(small) == 20


async def test_what_a_call_leaves_behind_is_given_back_instead_of_its_worker_replaced() -> None:
    pool = WorkerPool(1)
    try:
        await pool.run(chores.length, b"x")
        (pid,) = pool.pids
        for _ in range(3):
            await pool.run(chores.scatter, 60_000_000)
        assert pool.pids == [pid]
        assert psutil.Process(pid).memory_info().rss < 60_000_000
    finally:
        await pool.aclose()


async def test_pinned_calls_all_go_to_one_worker_and_the_others_to_whoever_is_free(pool: WorkerPool) -> None:
    pinned = [pool.run(chores.process_id, is_pinned=True) for _ in range(12)]
    others = [pool.run(chores.length, b"x" * n) for n in range(60)]
    assert await asyncio.gather(*others) == list(range(60))
    workers = set(await asyncio.gather(*pinned))
    assert len(workers) == 1
    assert workers <= set(pool.pids)
    assert len(pool.pids) == 2


async def test_a_pinned_worker_that_ends_is_followed_by_another(pool: WorkerPool, tmp_path: Path) -> None:
    first = await pool.run(chores.process_id, is_pinned=True)
    with pytest.raises(WorkerCrashed):
        await pool.run(chores.crash, is_pinned=True)
    assert await pool.run(chores.process_id, is_pinned=True) != first


async def test_what_a_pinned_worker_sets_up_later_is_not_taken_for_growth_and_is_freed_when_nothing_comes() -> None:
    pool = WorkerPool(1, growth_bytes=10_000_000, pinned_idle_seconds=0.3)
    try:
        first = await pool.run(chores.hold, 60_000_000, is_pinned=True)
        assert [await pool.run(chores.hold, 60_000_000, is_pinned=True) for _ in range(3)] == [first] * 3
        for _ in range(100):
            if first not in pool.pids:
                break
            await asyncio.sleep(0.1)
        assert first not in pool.pids
        assert await pool.run(chores.process_id) != first
    finally:
        await pool.aclose()


async def test_idle_processes_end_when_told_and_others_carry_out_the_next_call(pool: WorkerPool) -> None:
    await asyncio.gather(*(pool.run(chores.length, b"x") for _ in range(8)))
    first = pool.pids
    under_way = asyncio.ensure_future(pool.run(chores.sleep, 0.1))
    await asyncio.sleep(0.02)
    pool.end_idle()
    assert await under_way == "slept"
    pool.end_idle()
    await _until_gone(first)
    assert await pool.run(chores.length, b"xyz") == 3


async def test_of_small_calls_that_share_a_way_to_a_worker_only_the_one_that_hangs_or_crashes_fails() -> None:
    pool = WorkerPool(1)
    try:
        await pool.run(chores.length, b"x")
        mixed = [pool.run(chores.length, b"x" * n) for n in range(4)]
        hung = asyncio.ensure_future(pool.run(chores.hang, timeout_seconds=0.15))
        crashed = asyncio.ensure_future(pool.run(chores.crash))
        failed = asyncio.ensure_future(pool.run(chores.fail, "word"))
        assert await asyncio.gather(*mixed, *(pool.run(chores.length, b"x" * n) for n in range(4))) == [*range(4)] * 2
        errors = await asyncio.gather(hung, crashed, failed, return_exceptions=True)
        assert [type(error) for error in errors] == [CallTimeout, WorkerCrashed, ValueError]
    finally:
        await pool.aclose()


async def test_pages_of_files_that_a_worker_has_looked_at_are_not_taken_for_growth(tmp_path: Path) -> None:
    table = tmp_path / "table"
    with table.open("wb") as file:
        file.truncate(40_000_000)
    pool = WorkerPool(1, growth_bytes=10_000_000)
    try:
        first = await pool.run(chores.look_through, str(table))
        assert [await pool.run(chores.process_id) for _ in range(3)] == [first] * 3
    finally:
        await pool.aclose()


async def test_a_worker_keeps_the_memory_that_each_of_its_calls_fills_for_a_moment() -> None:
    size = 4_000_000
    pool = WorkerPool(1)
    try:
        assert await pool.run(chores.faults_of_filling, size, 0) > 500  # of 4 kB each: given back, and asked for again
        assert await pool.run(chores.faults_of_filling, size, 4 * size) < 50
    finally:
        await pool.aclose()
