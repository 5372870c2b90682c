"""`kill -9` in the midst of an upgrade of the database: the next start finds the old one whole, and upgrades it."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import migrations
from storage.database.engine import Database
from storage.database.migrations import run
from tests.support.migrations import fill

pytestmark = pytest.mark.slow

UPGRADE = """
import itertools, os, signal, sys
from sqlalchemy import Engine, event
from storage.database import migrations
from storage.database.engine import Database
from storage.database.migrations import run
url, scripts, chosen = sys.argv[1], sys.argv[2], int(sys.argv[3])
migrations.REVISIONS += ("9001",)
migrations.HEAD, run.HEAD, run.SCRIPTS = "9001", "9001", scripts
count = itertools.count(1)
def point(*_, **__):
    if next(count) == chosen:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    event.listen(Engine, name, point)
Database.open(url).close()
"""
POINTS = (3, 9, 15, 21, 27)


def test_an_upgrade_that_is_killed_is_done_by_the_next_start(database_url: str, request: pytest.FixtureRequest) -> None:
    with Database.open(database_url) as database:
        fill(database)
    request.getfixturevalue("next_migration")
    assert migrations.HEAD == "9001"
    codes = [
        subprocess.run(
            [sys.executable, "-c", UPGRADE, database_url, run.SCRIPTS, str(point)], capture_output=True, check=False
        ).returncode
        for point in POINTS
    ]
    assert codes.count(-signal.SIGKILL) >= 3
    assert set(codes) <= {-signal.SIGKILL, 0}
    with Database.open(database_url) as upgraded, upgraded.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9001"
        assert connection.execute(text("SELECT name, remark FROM source")).all() == [("s", None)]
        assert connection.execute(text("SELECT identity FROM entry")).all() == [("i",)]
        path = upgraded.address.path
    for copy in path.parent.glob("*before-upgrade*.sqlite3") if path is not None else ():
        check_whole(copy)


def check_whole(copy: Path) -> None:
    """Every copy that lies beside the database can be put in its place, whenever the upgrade was killed."""
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    assert connection.execute("SELECT count(*) FROM entry").fetchall() == [(1,)]
    connection.close()
