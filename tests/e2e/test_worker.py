"""A worker as a process: edits of its configuration and an orderly end, as the daemon has them."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.engine import Database
from tests.support.cluster_bench import Cluster
from tests.support.postgresql import on_postgresql

pytestmark = [on_postgresql, pytest.mark.slow]


@pytest.fixture
def cluster(tmp_path: Path, database_url: str) -> Iterator[Cluster]:
    Database.open(database_url).close()
    cluster = Cluster(tmp_path / "cluster", [], database_url)
    yield cluster
    cluster.close()


def test_a_worker_takes_up_edits_refuses_broken_ones_and_ends_in_order(cluster: Cluster) -> None:
    process = cluster.start("worker")
    cluster.wait_for(lambda: "worker.started" in cluster.logs(), "its start")
    good = cluster.config.read_text()
    cluster.config.write_text(good + "nonsense: 1\n")
    process.send_signal(signal.SIGHUP)
    cluster.wait_for(lambda: "config.refused" in cluster.logs(), "the refusal of a broken edit")
    cluster.config.write_text(good + "log: {level: debug}\n")

    def is_taken_up() -> bool:
        cluster.config.touch()  # the watch may begin only after the edit, on a busy machine
        return "config.reloaded" in cluster.logs()

    cluster.wait_for(is_taken_up, "an edit that nobody told of")
    process.send_signal(signal.SIGHUP)
    cluster.wait_for(lambda: "config.unchanged" in cluster.logs(), "a reload at SIGHUP")
    cluster.end()
    assert process.returncode == 0
    assert "worker.stopped" in cluster.logs()
