"""A daemon that is told to stop ends in time though something hangs that nothing can cut off, and the next one can
begin; told to read its configuration again, it opens its log anew; it sees each edit, whatever leads to the file."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.daemon_bench import Daemon, Site, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Daemon]:
    site = Site()
    one = Daemon(tmp_path, site)
    one.configure([])
    yield one
    one.close()
    site.close()


@contextmanager
def hang_the_configuration(bench: Daemon) -> Iterator[None]:
    """Puts a pipe in its place that somebody holds open, and writes nothing into."""
    os.mkfifo(bench.folder / "pipe")
    (bench.folder / "pipe").replace(bench.config)
    with bench.config.open("w"):  # waits until the daemon reads
        yield


def lock_the_database(bench: Daemon) -> AbstractContextManager[Any]:
    """As another program may, which writes to it; and has something to be written."""
    other = sqlite3.connect(bench.folder / "data" / "tipwatch.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    bench.configure(["herald"])
    bench.wait_for_log("config.reloaded")
    return closing(other)


@pytest.mark.parametrize("hang", [hang_the_configuration, lock_the_database])
def test_a_stop_does_not_wait_for_what_hangs(
    bench: Daemon, hang: Callable[[Daemon], AbstractContextManager[Any]]
) -> None:
    process = bench.start("run")
    bench.wait_for_log("crawl.done")
    with hang(bench):
        assert bench.end(process) == 130
    assert bench.logged("stop.cut_off")
    bench.configure([])
    assert bench.run("run", "--once").returncode == 0


def test_a_log_that_was_moved_is_opened_anew_when_the_configuration_is_read_again(bench: Daemon) -> None:
    process = bench.start("run")
    bench.wait_for_log("crawl.done")
    bench.log.rename(bench.log.with_name("old.log"))
    process.send_signal(signal.SIGHUP)
    bench.wait_for_log("config.unchanged")
    assert bench.end(process) == 0
    assert bench.logged("daemon.stopped")


def test_each_edit_is_taken_up_though_links_lead_elsewhere_every_time(bench: Daemon) -> None:
    """As Kubernetes mounts a configuration: a link to a file in a folder that is a link itself, and is exchanged."""
    written = bench.config.read_text()
    bench.config.unlink()

    def mount(version: int) -> Path:
        folder = bench.folder / f"..{version}"
        folder.mkdir()
        (folder / "config.yaml").write_text(written.replace("test@", f"test-{version}@"))
        (bench.folder / "..fresh").symlink_to(folder.name)
        (bench.folder / "..fresh").replace(bench.folder / "..data")
        return folder

    before = mount(0)
    bench.config.symlink_to("..data/config.yaml")
    process = bench.start("run")
    bench.wait_for_log("crawl.done")
    for version in (1, 2, 3):
        now = mount(version)
        shutil.rmtree(before)
        before = now
        wait_for(lambda: bench.log.read_text().count("config.reloaded") == version, f"reload {version}")  # noqa: B023
    assert bench.end(process) == 0
