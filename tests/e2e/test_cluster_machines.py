"""Workers on machines of their own, one of which drops off the network: the others do its work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.engine import Database
from tests.support.cluster_bench import Cluster, Left
from tests.support.flaky_gateway import Gateway
from tests.support.network_of_hosts import HOME, NETWORK, Network, Sites, is_possible
from tests.support.postgresql import on_postgresql

pytestmark = [on_postgresql, pytest.mark.slow]

HOSTS, PAGES = 20, 4
LATENCY_SECONDS = 0.1
TIMEOUT_SECONDS = 3  # of a request, so that the turns of the machine that is cut off end soon


@pytest.fixture
def network() -> Iterator[Network]:
    if not is_possible():
        pytest.skip("network namespaces need root and ip(8)")
    with Network(HOSTS) as network:
        yield network


def test_a_machine_that_drops_off_the_network_loses_nothing(
    tmp_path: Path, network: Network, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(database_url).close()
    with Sites(network.sites, PAGES, LATENCY_SECONDS) as sites, Gateway(database_url, HOME) as gateway:
        cluster = Cluster(
            tmp_path / "cluster",
            sites.feeds,
            gateway.url,
            concurrency=2,
            allow_addresses=[f"{NETWORK}.0.0/16"],
            timeout_seconds=TIMEOUT_SECONDS,
        )
        cluster.watched_url = database_url
        cluster.stalled_seconds = 10.0
        try:
            for command in ("worker", "worker", "run"):
                cluster.start(command, inside=network.add_machine())
            cluster.wait_for(lambda: len(sites.visitors) == 3, "a visit by each machine")
            cluster.wait_for(lambda: cluster.count_articles() >= 10, "the first articles")
            network.unplug(1)
            cluster.wait_for(lambda: cluster.count_articles() == HOSTS * PAGES, "all articles")
            cluster.wait_for(lambda: Left.read(database_url).waiting == 0, "that nothing waits")
            cluster.processes[0].kill()  # it hears nobody, and would wait for answers for minutes
            cluster.end()
        finally:
            cluster.close()
        pages = {path: count for path, count in sites.asked.items() if "/page/" in path}
    assert sites.most_at_once == 1
    assert len(pages) == HOSTS * PAGES
    # only what the lost machine had in hand and could not store was asked for again
    assert sum(count > 1 for count in pages.values()) < len(pages) / 2
