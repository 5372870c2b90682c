"""The commands of shared work: moving to PostgreSQL, who keeps whom out, and what is refused with what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from storage.database.daemon_lock import DaemonLock, find_daemon
from storage.database.engine import Database
from storage.database.errors import DaemonRunning, Unreachable
from tests.support.crawl_records import seen, wait
from tests.support.postgresql import cut_connections, on_postgresql
from tipwatch.__main__ import main
from tipwatch.config.load import load_config
from tipwatch.daemon.daemon import Daemon
from tipwatch.errors import ConfigError


def now() -> datetime:
    return datetime.now(UTC)


def configure(folder: Path, **settings: object) -> Path:
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump({"contact": "ops@example.org", **settings}))
    return file


@on_postgresql
@pytest.mark.slow
def test_a_move_to_postgresql_takes_everything_along(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    with Database.open(old) as database:
        wait(database, seen(1), seen(2))
    assert main(["storage", "copy", "--from", old, "--to", database_url, "--json"]) == 0
    told = {one["name"]: one["rows"] for one in json.loads(capsys.readouterr().out)}
    assert (told["source"], told["entry"]) == (1, 2)
    file = configure(tmp_path, engine="cluster", storage={"url": database_url})
    main(["--config", str(file), "status", "--json"])
    assert json.loads(capsys.readouterr().out)["stored"]["pending"]["waiting"] == 2
    assert main(["storage", "copy", "--from", old, "--to", database_url]) == 2  # there is something by now
    assert "already holds data" in capsys.readouterr().err


@on_postgresql
def test_nothing_is_copied_while_a_daemon_works(
    tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    with Database.open(old) as database, DaemonLock(database, now=now()):
        assert main(["storage", "copy", "--from", old, "--to", database_url]) == 2
    assert "already runs" in capsys.readouterr().err


@on_postgresql
def test_those_that_share_stand_side_by_side_and_keep_others_out(database_url: str) -> None:
    with Database.open(database_url) as database:
        with (
            DaemonLock(database, now=now(), is_shared=True),
            DaemonLock(database, now=now(), is_shared=True, is_noted=False),
        ):
            assert find_daemon(database) is not None
            with pytest.raises(DaemonRunning), DaemonLock(database, now=now()):
                pytest.fail("it is not alone")
        with (
            DaemonLock(database, now=now()),
            pytest.raises(DaemonRunning),
            DaemonLock(database, now=now(), is_shared=True),
        ):
            pytest.fail("another wants to be alone")
        assert find_daemon(database) is None


@on_postgresql
def test_a_shared_lock_that_was_cut_is_taken_again(database_url: str) -> None:
    with Database.open(database_url) as database, DaemonLock(database, now=now(), is_shared=True) as lock:
        assert cut_connections(database_url)
        assert find_daemon(database) is None
        lock.beat(now())
        assert find_daemon(database) is not None


@on_postgresql
@pytest.mark.parametrize("is_shared", [True, False], ids=["shared", "alone"])
async def test_only_a_daemon_that_is_to_be_alone_ends_where_its_lock_may_be_lost(
    tmp_path: Path, database_url: str, is_shared: bool
) -> None:
    engine = "cluster" if is_shared else "local"
    configuration = load_config(configure(tmp_path, engine=engine, storage={"url": database_url}))
    with Database.open(database_url) as database, DaemonLock(database, now=now(), is_shared=is_shared) as lock:
        daemon = Daemon(configuration, database, lock, now=now)
        daemon._schedule.start()
        daemon.database_lost(Unreachable("the session was cut"))
        daemon._schedule.stop()
        assert daemon.stop_asked.is_set() != is_shared


def test_a_worker_needs_the_cluster_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(configure(tmp_path)), "worker"]) == 2
    assert "engine: cluster" in capsys.readouterr().err


@pytest.mark.parametrize("storage", [{}, {"storage": {"url": "sqlite:///a.sqlite3"}}])
def test_the_cluster_engine_needs_postgresql(tmp_path: Path, storage: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(configure(tmp_path, engine="cluster", **storage))
    [problem] = caught.value.problems
    assert problem.path == "engine"
    assert "postgresql://" in problem.hint


def test_one_process_alone_needs_nothing_of_the_extra() -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['procrastinate', 'psycopg', 'psycopg_pool']));"
        "import tipwatch.daemon.daemon, tipwatch.engine.runner, tipwatch.cli.run;"
        "import tipwatch.cli.database, storage.copying.tables; print('all of it')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("all of it\n", "")
