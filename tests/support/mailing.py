"""A whole round of work on a small farm, with digests by mail: what `tipwatch run --once` does, and what it left."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select

from storage.database.engine import Database
from storage.tables.schema import announcement, delivery, digest, project
from tests.support.farm import Farm, farm
from tests.support.program import Program, essence, read_left
from tests.support.smtp_server import Mailbox, smtp_server
from tests.support.stated_claims import stated_claims

RECIPIENTS = ("ana@example.org", "eva@example.org")


@dataclass
class Round:
    """The farm, the mail server and the program of one installation."""

    program: Program
    farm: Farm
    mailbox: Mailbox
    port: int

    def configure(self, **more: Any) -> None:
        mail = {"transport": "smtp", "host": "127.0.0.1", "port": self.port, "security": "none"}
        self.program.configure(
            self.farm.sources,
            crawler={"hosts": self.farm.hosts, "workers": 1},
            mail={**mail, "sender": "tipwatch@example.org", **more.pop("mail", {})},
            subscriptions=[
                {"name": "morning", "recipients": list(RECIPIENTS), "time": "00:00", "send_empty": False},
                {
                    "name": "nepal",
                    "recipients": ["ram@example.org"],
                    "time": "00:00",
                    "countries": ["NP"],
                    "send_empty": False,
                },
            ],
            **more,
        )

    async def run(self, kill_at: int = 0) -> tuple[int, int]:
        """One `tipwatch run --once`, killed at a point; its exit code, and the points passed where it was not."""
        file = self.program.folder / "points"
        file.unlink(missing_ok=True)
        before = set(psutil.Process().children(recursive=True))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.killed", str(kill_at), str(file),
            "--config", str(self.program.config), "run", "--once",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
            env=os.environ,
        )  # fmt: skip
        _, err = await process.communicate()
        assert b"Traceback" not in err, err.decode()
        assert process.returncode is not None
        await nobody_left(before)
        return process.returncode, int(file.read_text()) if file.exists() else 0

    def let_leases_end(self) -> None:
        """Stands for the minutes after which a delivery whose process died is tried again."""
        with self.program.database() as database, database.writing() as connection:
            connection.execute(delivery.update().where(delivery.c.state == "sending").values(next_at=datetime.now(UTC)))

    def left(self) -> dict[str, Any]:
        """The end state, without ids and times."""
        with self.program.database() as database:
            state: dict[str, Any] = {name: essence(one) for name, one in read_left(database).items()}
            state.update(read_outcome(database))
        return state

    def arrived(self) -> dict[str, dict[str, int]]:
        """How often each message arrived, by recipient and Message-ID."""
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for recipient, content in self.mailbox.messages:
            counts[recipient][str(message_from_bytes(content)["Message-ID"])] += 1
        return counts


async def nobody_left(before: set[psutil.Process]) -> None:
    """Waits until no process is left that was started since; workers end when their parent is gone."""
    for _ in range(100):
        left = [one for one in psutil.Process().children(recursive=True) if one not in before]
        orphans = [one for one in psutil.process_iter(["cmdline"]) if is_worker_of_nobody(one)]
        if not left and not orphans:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"processes left: {left + orphans}")


def is_worker_of_nobody(process: psutil.Process) -> bool:
    cmdline = process.info["cmdline"] or []
    return any("crawler.workers.process" in part for part in cmdline) and process.ppid() == 1 and process.is_running()


def read_outcome(database: Database) -> Mapping[str, Any]:
    """Projects, digests, announcements and deliveries, without ids and times."""
    with database.reading() as connection:
        projects = connection.execute(select(project).where(project.c.merged_into_id.is_(None))).all()
        claims = [(one.project, one.field, one.value, one.article) for one in stated_claims(connection)]
        announced = connection.execute(
            select(announcement.c.subscription, project.c.title)
            .join(project, project.c.id == announcement.c.project_id)
        ).all()  # fmt: skip
        digests = connection.execute(select(digest.c.subscription, digest.c.slot_key, digest.c.state)).all()
        sent = connection.execute(select(delivery.c.recipient, delivery.c.message_id, delivery.c.state)).all()
    return {
        "projects": sorted((row.title, row.articles, row.band) for row in projects),
        "claims": sorted(claims),
        "announced": sorted(map(tuple, announced)),
        "digests": sorted(map(tuple, digests)),
        "deliveries": sorted(map(tuple, sent)),
    }


@asynccontextmanager
async def round_of_work(folder: Path, database_url: str | None = None) -> AsyncIterator[Round]:
    """A farm and a mail server, and a program configured to use them."""
    folder.mkdir(parents=True, exist_ok=True)
    with smtp_server(folder) as server:
        async with farm(folder) as one:
            work = Round(Program(folder, database_url), one, server.mailbox, server.port)
            work.configure()
            yield work
