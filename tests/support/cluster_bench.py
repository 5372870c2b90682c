"""A bench for several processes that share one PostgreSQL: a farm of hosts, planners and workers, and what they left.

The processes are the real program; only times after which something is looked for are shorter (`PROGRAM`).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from benchmarks.measuring import Farm
from storage.database.engine import Database
from storage.tables.schema import article, entry, project, source

# A busy machine's; an idle one needs a tenth.
PATIENCE_SECONDS = max(120.0, 4.0 * int(os.environ.get("TIPWATCH_TEST_HOSTS", "30")))

PORT = re.compile(r"(?<=\d):\d+(?=/)")

# The program as it is, but it plans more often and, where {stalled} says so, takes a silent worker for dead sooner: a
# busy machine must still let a living one be heard within that time.
PROGRAM = """
import functools, sys
from tipwatch.engine import cluster, shared_limiter
cluster.Times = functools.partial(cluster.Times, heartbeat=0.5, stalled={stalled}, sweep=2, retry=1, restart=0.2)
cluster.PLAN_SECONDS = 1.0
shared_limiter.LEASE_MARGIN_SECONDS = 1.0
from tipwatch.__main__ import main
sys.exit(main())
"""


def without_port(row: Iterable[Any]) -> tuple[Any, ...]:
    """A row whose addresses name no port, which is another one for each farm."""
    return tuple(PORT.sub("", value) if isinstance(value, str) else value for value in row)


@dataclass(frozen=True, slots=True)
class Left:
    """What a crawl left in a database, without what depends on order, time and the farm's port (ids, dates)."""

    entries: frozenset[tuple[str, str, str, str | None]]
    articles: frozenset[tuple[str, str, bool, bool]]
    groups: frozenset[frozenset[str]]
    waiting: int

    @classmethod
    def read(cls, url: str) -> Left:
        with Database.open(url) as database, database.reading() as connection:
            asked = (
                select(source.c.name, entry.c.identity, entry.c.state, article.c.canonical_url)
                .join(source, source.c.id == entry.c.source_id)
                .outerjoin(article, article.c.id == entry.c.article_id)
            )
            entries = [without_port(row) for row in connection.execute(asked)]
            columns = (article.c.canonical_url, article.c.title, article.c.is_relevant, article.c.is_new_project)
            articles = [without_port(row) for row in connection.execute(select(*columns))]
            grouped = select(article.c.canonical_url, project.c.id).join(project, project.c.id == article.c.project_id)
            groups: dict[int, set[str]] = {}
            for url_of_article, project_id in map(without_port, connection.execute(grouped)):
                groups.setdefault(project_id, set()).add(url_of_article)
        return cls(
            frozenset(entries),
            frozenset(articles),
            frozenset(map(frozenset, groups.values())),
            sum(row[2] != "done" for row in entries),
        )


class TidyFarm(Farm):
    """The benchmarks' farm, which closes its pipe too: tests take what is left open for an error."""

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Cluster:
    """Processes over one configuration in a folder of its own."""

    stalled_seconds = 60.0

    def __init__(
        self, folder: Path, feeds: Sequence[str], url: str, *, engine: str = "cluster", **crawler: Any
    ) -> None:
        folder.mkdir()
        self.url = url
        self.watched_url = url  # the way by which the test itself looks
        self.folder = folder
        self.config = folder / "config.yaml"
        self.processes: list[subprocess.Popen[bytes]] = []
        manners = {
            "allow_addresses": ["127.0.0.0/8"],
            "delay_seconds": 0,
            "workers": 1,
            "timeout_seconds": 5,
            **crawler,
        }
        settings = {
            "contact": "test@example.org",
            "engine": engine,
            "storage": {"url": url},
            "sources": list(feeds),
            "crawler": manners,
        }
        self.config.write_text(yaml.safe_dump(settings))

    def start(self, command: str, *arguments: str, inside: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Starts `tipwatch COMMAND`, by the command `inside` where given; what it says goes into a file of its own."""
        log = (self.folder / f"{command}-{len(self.processes)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [
                    *inside,
                    sys.executable,
                    "-c",
                    PROGRAM.format(stalled=self.stalled_seconds),
                    "--config",
                    str(self.config),
                    command,
                    *arguments,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONFAULTHANDLER": "1"},
            )
        self.processes.append(process)
        return process

    def count_articles(self) -> int:
        with Database.open(self.watched_url) as database, database.reading() as connection:
            return len(connection.execute(select(article.c.id)).all())

    def wait_for(self, condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.2)  # each look costs time that the cluster could use
        raise AssertionError(f"waited in vain for: {what}\n{self.logs()}")

    def logs(self) -> str:
        return "\n".join(f"== {file.name}\n{file.read_text()[-3000:]}" for file in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        """Stops all in order; each must end by itself."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            assert process.wait(timeout=20) in (0, -signal.SIGKILL), self.logs()

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
