"""A copy made while the daemon works is whole, and a daemon that starts on it goes on where it was made."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.support.farm import HEALTHY, farm
from tests.support.program import Program, essence, read_left

pytestmark = pytest.mark.slow


async def copy_and_restore(folder: Path) -> None:
    async with farm(folder / "farm") as one:
        program = Program(folder)
        program.configure(one.sources, crawler={"hosts": one.hosts, "workers": 1})
        copy = folder / "copy.sqlite3"
        assert (await program.run("backup", str(copy))).code == 2  # nothing to copy yet
        assert (await program.run("crawl")).code == 0
        with program.database() as database:
            wanted = {name: essence(left) for name, left in read_left(database).items()}
            with database.writing() as connection:  # somebody is writing meanwhile
                connection.exec_driver_sql("UPDATE source SET note = 'half'")
                done = await program.run("backup", str(copy))
                connection.rollback()
                connection.begin()
        assert done.code == 0, done.err
        assert (await program.run("backup", str(copy))).code == 2  # never overwrites
        elsewhere = folder / "not" / "there" / "copy.sqlite3"
        assert (await program.run("backup", str(elsewhere))).code == 0
        assert elsewhere.exists()
        assert [path.name for path in folder.glob("copy*")] == ["copy.sqlite3"]
        for file in program.data.glob("tipwatch.sqlite3*"):
            file.unlink()
        shutil.copy(copy, program.data / "tipwatch.sqlite3")
        asked = len(one.asked(HEALTHY[0]))
        assert (await program.run("crawl", "--force")).code == 0
        assert len(one.asked(HEALTHY[0])) == asked + 1  # the feed alone: nothing is read again
        with program.database() as database:
            assert {name: essence(left) for name, left in read_left(database).items()} == wanted


def test_a_copy_is_whole_and_can_be_restored(tmp_path: Path) -> None:
    asyncio.run(copy_and_restore(tmp_path))
