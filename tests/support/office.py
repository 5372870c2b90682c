"""An installation within the test: its work on a farm and a mail server, by a clock that the test sets."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from alerts.service import DeliverySummary
from crawler.progress import CrawlSummary
from storage.database.engine import Database
from storage.database.migrations.run import back_up
from tests.support.farm import Farm, farm
from tests.support.program import Program
from tests.support.smtp_server import Mailbox, smtp_server
from tipwatch.config.load import load_config
from tipwatch.engine.runner import Runner


class Office:
    """What one process of tipwatch holds; `restart` ends it and begins another on what it left."""

    def __init__(self, program: Program, one: Farm, mailbox: Mailbox, mail: Mapping[str, Any]) -> None:
        self.program = program
        self.farm = one
        self.mailbox = mailbox
        self.mail = mail
        self.skew = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.skew

    def configure(self, **more: Any) -> None:
        """Writes the configuration anew; it is taken up at the next start."""
        settings = {
            "crawler": {"hosts": self.farm.hosts, "workers": 1},
            "mail": self.mail,
            "subscriptions": [
                {"name": "morning", "recipients": ["ana@example.org"], "time": "00:00", "send_empty": False}
            ],
        } | more
        self.program.configure(self.farm.sources, **settings)

    def start(self) -> None:
        configuration = load_config(self.program.config)
        configuration.data_folder.mkdir(exist_ok=True)
        self.database = Database.open(self.program.database_url)
        self.work = Runner(self.database, configuration, now=self.now)

    async def stop(self) -> None:
        await self.work.close()
        await asyncio.to_thread(self.database.close)

    async def restart(self) -> None:
        await self.stop()
        self.start()

    async def crawl(self) -> CrawlSummary:
        return await self.work.crawl(asyncio.Event(), is_forced=True)

    async def deliver(self) -> DeliverySummary:
        return await self.work.deliver()

    def back_up(self, copy: Path) -> None:
        back_up(self.database, copy)

    async def restore(self, copy: Path) -> None:
        """As docs/reliability.md says."""
        await self.stop()
        for suffix in ("", "-wal", "-shm"):
            (self.program.data / f"tipwatch.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copy(copy, self.program.data / "tipwatch.sqlite3")
        self.start()


@asynccontextmanager
async def office(folder: Path, database_url: str | None = None) -> AsyncIterator[Office]:
    """An office that is configured, not yet started, and stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    with smtp_server(folder) as server:
        async with farm(folder / "farm") as one:
            mail = {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none"}
            made = Office(
                Program(folder, database_url), one, server.mailbox, {**mail, "sender": "tipwatch@example.org"}
            )
            made.configure()
            try:
                yield made
            finally:
                if hasattr(made, "work"):
                    await made.stop()
