"""Several processes share one crawl: nothing twice, nothing lost, the manners kept, the end that of one process.

`TIPWATCH_TEST_HOSTS=200` has them do it over a farm of so many hosts, which takes some minutes.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.layout import Layout
from benchmarks.measuring import Farm
from storage.database.engine import Database
from tests.support.cluster_bench import PATIENCE_SECONDS, Cluster, Left, TidyFarm
from tests.support.flaky_gateway import Gateway
from tests.support.network_of_hosts import Sites
from tests.support.postgresql import cut_connections, on_postgresql

pytestmark = [on_postgresql, pytest.mark.slow]

HOSTS = int(os.environ.get("TIPWATCH_TEST_HOSTS", "15"))
ENTRIES = 5  # of each feed
LATENCY_SECONDS = 0.05
DELAY_SECONDS = 0.1
SMALL_PAGE_BYTES = 8_000
LAYOUT = Layout(HOSTS, HOSTS, (SMALL_PAGE_BYTES,), LATENCY_SECONDS, is_told_whole=True)
AWAY_SECONDS = 4.0  # some beats of the workers, which are told to beat every half second


@pytest.fixture
def farm() -> Iterator[Farm]:
    with TidyFarm(LAYOUT) as farm:
        yield farm


@pytest.fixture
def cluster(tmp_path: Path, farm: Farm, database_url: str) -> Iterator[Cluster]:
    cluster = Cluster(
        tmp_path / "cluster",
        farm.feeds(),
        database_url,
        max_entries=ENTRIES,
        concurrency=2,
        delay_seconds=DELAY_SECONDS,
    )
    Database.open(database_url).close()
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """What one process with the local engine makes of such a farm."""
    folder = tmp_path_factory.mktemp("alone")
    url = f"sqlite:///{folder / 'alone.sqlite3'}"
    with TidyFarm(LAYOUT) as farm:
        cluster = Cluster(folder / "alone", farm.feeds(), url, engine="local", max_entries=ENTRIES)
        try:
            assert cluster.start("run", "--once").wait(timeout=PATIENCE_SECONDS) == 0, cluster.logs()
        finally:
            cluster.close()
    left = Left.read(url)
    assert len(left.articles) == HOSTS * ENTRIES
    return left


def assert_same_end(left: Left, alone: Left) -> None:
    """The same entries and articles with the same judgements, in the same groups."""
    assert (left.entries, left.articles, left.waiting) == (alone.entries, alone.articles, alone.waiting)
    assert left.groups == alone.groups


def test_three_workers_and_two_planners_do_what_one_process_does(cluster: Cluster, farm: Farm, alone: Left) -> None:
    for _ in range(3):
        cluster.start("worker")
    for _ in range(2):
        cluster.start("run")
    cluster.wait_for(lambda: cluster.count_articles() == HOSTS * ENTRIES, "all articles")
    cluster.end()
    books = farm.control("books")
    left = Left.read(cluster.url)
    assert books["pages"] == HOSTS * ENTRIES  # every page asked for once
    assert books["feeds"] == HOSTS
    assert books["most_at_once"] == 1
    assert books["shortest_gap_seconds"] >= DELAY_SECONDS - 0.01  # kernel ticks, see the farm
    assert books["other"] == HOSTS  # each robots.txt once, whoever came first
    assert left.waiting == 0
    assert_same_end(left, alone)


def test_a_worker_that_is_killed_and_connections_that_are_cut_lose_nothing(
    cluster: Cluster, farm: Farm, alone: Left
) -> None:
    cluster.stalled_seconds = 10.0
    victim, *_ = [cluster.start("worker") for _ in range(3)]
    cluster.start("run")
    cluster.wait_for(lambda: cluster.count_articles() >= 10, "the first articles")
    victim.send_signal(signal.SIGKILL)
    cut = cut_connections(cluster.url, "tipwatch%")
    assert cut > 3
    cluster.wait_for(lambda: cluster.count_articles() >= 2 * HOSTS, "more articles")
    assert cut_connections(cluster.url, "tipwatch%")
    cluster.wait_for(lambda: cluster.count_articles() == HOSTS * ENTRIES, "all articles")
    cluster.wait_for(lambda: Left.read(cluster.url).waiting == 0, "that nothing waits")
    cluster.end()
    books = farm.control("books")
    assert books["most_at_once"] == 1
    assert books["shortest_gap_seconds"] >= DELAY_SECONDS - 0.01
    assert_same_end(Left.read(cluster.url), alone)


def test_a_postgresql_that_is_away_for_a_while_is_waited_for(
    tmp_path: Path, farm: Farm, database_url: str, alone: Left
) -> None:
    Database.open(database_url).close()
    with Gateway(database_url) as gateway:
        cluster = Cluster(tmp_path / "cluster", farm.feeds(), gateway.url, max_entries=ENTRIES, concurrency=2)
        cluster.watched_url = database_url
        try:
            for command in ("worker", "worker", "run"):
                cluster.start(command)
            cluster.wait_for(lambda: cluster.count_articles() >= 10, "the first articles")
            gateway.shut()
            time.sleep(AWAY_SECONDS)
            assert [process.poll() for process in cluster.processes] == [None] * 3
            gateway.open()
            cluster.wait_for(lambda: cluster.count_articles() == HOSTS * ENTRIES, "all articles")
            cluster.wait_for(lambda: Left.read(database_url).waiting == 0, "that nothing waits")
            cluster.end()
        finally:
            cluster.close()
    assert farm.control("books")["most_at_once"] == 1
    assert_same_end(Left.read(database_url), alone)


def test_a_host_to_which_many_redirect_is_asked_by_one_at_a_time(tmp_path: Path, database_url: str) -> None:
    Database.open(database_url).close()
    hosts = [f"127.0.1.{number}" for number in range(1, 9)]
    with Sites(hosts, 4, LATENCY_SECONDS, pages_are_at=hosts[0]) as sites:
        cluster = Cluster(tmp_path / "cluster", sites.feeds, database_url, concurrency=4)
        try:
            for command in ("worker", "worker", "run"):
                cluster.start(command)
            cluster.wait_for(lambda: cluster.count_articles() == 4 * len(hosts), "all articles")
            cluster.end()
        finally:
            cluster.close()
    assert sum(sites.asked[f"{hosts[0]}/page/{host.replace('.', '-')}-0"] for host in hosts) == len(hosts)
    assert sites.most_at_once == 1


def test_the_delay_between_two_requests_holds_across_processes(tmp_path: Path, database_url: str) -> None:
    delay_seconds = 0.2
    with TidyFarm(Layout(12, 3, (SMALL_PAGE_BYTES,))) as farm:  # four feeds a host
        cluster = Cluster(
            tmp_path / "cluster", farm.feeds(), database_url, max_entries=2, delay_seconds=delay_seconds, concurrency=2
        )
        try:
            Database.open(database_url).close()
            for command in ("worker", "worker", "run"):
                cluster.start(command)
            cluster.wait_for(lambda: cluster.count_articles() == 24, "all articles")
            cluster.end()
        finally:
            cluster.close()
        assert farm.control("books")["shortest_gap_seconds"] >= delay_seconds - 0.01  # kernel ticks, see the farm
