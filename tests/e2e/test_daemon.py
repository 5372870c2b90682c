"""The daemon as a real process: it stops in order, takes up edits, refuses a second one, and makes up for downtime."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.articles.articles import list_articles
from storage.articles.pages import count_pending
from storage.database.daemon_lock import find_daemon
from storage.database.engine import Database
from storage.digests.digests import list_digests
from storage.digests.outbox import claim_digest, freeze_digest
from storage.runs import last_run
from tests.support.daemon_bench import Daemon, Site, notify_socket, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def daemon(tmp_path: Path, site: Site) -> Iterator[Daemon]:
    daemon = Daemon(tmp_path, site)
    yield daemon
    daemon.close()


def test_a_stop_in_the_midst_of_a_crawl_loses_nothing_and_ends_in_time(daemon: Daemon, site: Site) -> None:
    daemon.configure(["herald", "post"])
    site.let_go.clear()
    process = daemon.start()
    wait_for(site.pages_asked, "a page that is asked for")
    process.send_signal(signal.SIGTERM)
    daemon.wait_for_log("daemon.stopping")
    site.let_go.set()  # the page in flight comes now
    process.communicate(timeout=15)
    assert process.returncode == 0
    with Database.open(daemon.database_url) as database, database.reading() as connection:
        stored = list_articles(connection)
        pending = count_pending(connection, datetime.now(UTC) + timedelta(days=1))
        run = last_run(connection, "crawl")
    asked = {path.rsplit("/", 1)[-1] for path in site.pages_asked()}
    assert {article.url.rsplit("/", 1)[-1] for article in stored} == asked
    assert len(stored) + pending.waiting == 8
    assert run is not None
    assert run.outcome == "stopped"
    site.asked.clear()
    again = daemon.start()
    daemon.wait_for_log("daemon.started")
    wait_for(lambda: len(site.pages_asked()) == 8 - len(stored), "the pages that were left")
    assert daemon.end(again) == 0
    assert asked.isdisjoint(path.rsplit("/", 1)[-1] for path in site.pages_asked())


def test_a_stop_does_not_wait_for_a_server_that_never_answers(daemon: Daemon, site: Site) -> None:
    daemon.configure(["herald"])
    site.let_go.clear()
    process = daemon.start()
    wait_for(site.pages_asked, "a page that is asked for")
    assert daemon.end(process) == 0
    with Database.open(daemon.database_url) as database, database.reading() as connection:
        assert count_pending(connection, datetime.now(UTC) + timedelta(days=1)).waiting == 4


def test_a_second_daemon_refuses_and_names_the_first(daemon: Daemon) -> None:
    daemon.configure(["herald"])
    first = daemon.start()
    daemon.wait_for_log("crawl.done")
    for arguments in (("run",), ("run", "--once"), ("crawl",)):
        second = daemon.run(*arguments)
        assert second.returncode == 2
        assert f"process {first.pid}" in second.stderr
        assert "Traceback" not in second.stderr
    assert daemon.end(first) == 0


def test_status_tells_of_a_daemon_that_works_and_of_one_that_was_killed(daemon: Daemon) -> None:
    daemon.configure(["herald"])
    process = daemon.start()
    daemon.wait_for_log("crawl.done")
    told = json.loads(daemon.run("status", "--json").stdout)
    assert told["is_daemon_running"]
    assert told["daemon_pid"] == process.pid
    assert told["needs"] == []
    assert daemon.run("status").returncode == daemon.run("status", "--alive").returncode == 0
    process.kill()
    process.communicate()
    killed = daemon.run("status")
    assert daemon.run("status", "--alive").returncode == 1
    assert killed.returncode == 1
    assert "did not shut down properly" in killed.stdout
    again = daemon.start()
    wait_for(lambda: json.loads(daemon.run("status", "--json").stdout)["daemon_pid"] == again.pid, "the new one")
    assert daemon.end(again) == 0
    assert daemon.run("status").returncode == 0


@pytest.mark.parametrize("is_signalled", [True, False], ids=["at SIGHUP", "by itself"])
def test_an_edit_is_taken_up_without_a_restart(daemon: Daemon, site: Site, is_signalled: bool) -> None:
    daemon.configure(["herald"])
    process = daemon.start()
    daemon.wait_for_log("crawl.done")
    daemon.configure(["herald", "post"])
    if is_signalled:
        process.send_signal(signal.SIGHUP)
    wait_for(lambda: "/post.xml" in site.asked, "the new source")
    daemon.wait_for_log("config.reloaded", "sources=2")
    assert daemon.end(process) == 0


def test_a_broken_edit_is_refused_and_the_old_stays_in_force(daemon: Daemon, site: Site) -> None:
    daemon.configure(["herald"])
    process = daemon.start()
    daemon.wait_for_log("crawl.done")
    good = daemon.config.read_text()
    daemon.config.write_text(good + "crawlr: {}\n")
    daemon.wait_for_log("error", "config.refused", "crawlr")
    status = daemon.run("status")
    assert status.returncode == 1
    assert "the daemon keeps the old one" in status.stdout
    assert "unknown key; did you mean 'crawler'?" in status.stdout
    assert process.poll() is None
    daemon.config.write_text(good)  # mended by hand: all is well again, and nothing changed
    daemon.wait_for_log("config.unchanged")
    assert daemon.run("status").returncode == 0
    daemon.configure(["herald", "post"], data="elsewhere")
    daemon.wait_for_log("config.refused", "data changed; restart")
    assert "/post.xml" not in site.asked
    assert daemon.end(process) == 0


def test_days_of_downtime_give_one_digest_that_covers_them(daemon: Daemon) -> None:
    now = datetime.now(UTC)
    daemon.configure(
        ["herald"],
        subscriptions=[
            {"name": "morning", "recipients": ["a@example.org"], "time": f"{now:%H:%M}", "send_empty": False}
        ],
    )
    (daemon.folder / "data").mkdir()
    before = now - timedelta(days=5)
    with Database.open(daemon.database_url) as database:
        period = (before - timedelta(days=1), before)
        digest_id = database.write_now(claim_digest, "morning", f"{before:%Y-%m-%d}", before, period=period, now=before)
        assert digest_id is not None
        database.write_now(freeze_digest, digest_id, summary={}, deliveries=[], now=before)
    process = daemon.start()
    daemon.wait_for_log("digest.built")
    daemon.wait_for_log("crawl.done")
    assert daemon.end(process) == 0
    with Database.open(daemon.database_url) as database, database.reading() as connection:
        digests = list_digests(connection)
    assert len(digests) == 2
    assert digests[0].period_from_at == before
    assert digests[0].period_to_at >= now - timedelta(minutes=1)


def test_systemd_is_told_of_every_state(daemon: Daemon) -> None:
    daemon.configure(["herald"])
    with notify_socket(daemon.folder) as (address, arrived):
        process = daemon.start("run", NOTIFY_SOCKET=address, WATCHDOG_USEC="2000000")
        wait_for(lambda: any("READY=1" in each for each in arrived()), "READY")
        wait_for(lambda: sum(each == "WATCHDOG=1" for each in arrived()) >= 2, "two signs of life")
        process.send_signal(signal.SIGHUP)
        wait_for(lambda: any(each.startswith("RELOADING=1") for each in arrived()), "RELOADING")
        wait_for(lambda: sum("READY=1" in each for each in arrived()) >= 2, "READY again")
        assert daemon.end(process) == 0
        assert "STOPPING=1" in arrived()


def test_where_nothing_can_be_read_status_points_at_the_network(daemon: Daemon) -> None:
    daemon.configure([])
    lines = daemon.config.read_text().replace(
        "sources: []", "sources: [http://127.0.0.1:1/a.xml, http://127.0.0.1:1/b.xml, http://127.0.0.1:1/c.xml]"
    )
    daemon.config.write_text(lines)
    assert daemon.run("run", "--once").returncode == 1
    status = daemon.run("status")
    assert status.returncode == 1
    assert "network" in status.stdout


def test_one_round_crawls_sends_and_ends(daemon: Daemon, site: Site) -> None:
    daemon.configure(
        ["herald"],
        subscriptions=[{"name": "morning", "recipients": ["a@example.org"], "time": "00:00", "send_empty": False}],
    )
    done = daemon.run("run", "--once")
    assert done.returncode == 0, done.stderr
    assert "round.done" in done.stderr
    assert len(site.pages_asked()) == 4
    assert len(list((daemon.folder / "data" / "outbox").glob("*.eml"))) == 1
    assert daemon.run("run", "--once").returncode == 0
    assert len(list((daemon.folder / "data" / "outbox").glob("*.eml"))) == 1
    assert len(site.pages_asked()) == 4


def test_ctrl_c_ends_a_crawl_in_order(daemon: Daemon, site: Site) -> None:
    daemon.configure(["herald"])
    site.let_go.clear()
    process = daemon.start("crawl")
    wait_for(site.pages_asked, "a page that is asked for")
    process.send_signal(signal.SIGINT)
    site.let_go.set()
    out, _ = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "stopped early" in out
    assert "Traceback" not in out
    with Database.open(daemon.database_url) as database:
        assert find_daemon(database) is None
