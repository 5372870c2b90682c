"""A thousand cycles of a changing farm with faults: does anything grow that should not?

    python -m benchmarks.soak                     # a thousand cycles, some ten minutes
    python -m benchmarks.soak --cycles 100        # a look

The program's own work (crawl with worker processes, register, digests into files, log) runs in this process on a small
farm whose feeds have news and whose servers misbehave by turns, an hour of its clock a cycle. After each cycle are
counted: memory of all processes (PSS), this process's file descriptors, asyncio tasks and threads, and the size of
database and log. What must stay flat is compared between the cycles after the start and the last ones.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import itertools
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import yaml

from storage.database.engine import Database
from storage.status import read_status
from tipwatch.config.load import load_config
from tipwatch.engine.runner import Runner
from tipwatch.logs import set_up_logging

SOURCES = 30
FAULTY_EVERY = 3  # every third source misbehaves, each cycle in another way
ITEMS = 10
OUTLETS_A_PROJECT = 3  # as many sources tell of a project; a thousand would be no news world, and slow to merge
FIRST = ("Safe", "Open", "Bright", "Quiet", "High", "Far", "Green", "Wide", "Deep", "Clear", "Long", "Early", "Kind")
SECOND = ("Harbour", "Road", "Morning", "River", "Valley", "Shore", "Lantern", "Meadow", "Bridge", "Garden", "Door")
COUNTRIES = (
    "Ghana", "Nepal", "Peru", "Fiji", "Kenya", "Malawi", "Zambia", "Moldova", "Romania", "Ukraine", "Serbia",
    "Cambodia", "Thailand", "Laos", "Vietnam", "Bangladesh", "Colombia", "Ecuador", "Bolivia", "Honduras", "Uganda",
    "Tanzania", "Togo",
)  # fmt: skip
WARM_UP = 0.2  # the share of the cycles after which everything is loaded that is loaded once
MEMORY_GROWTH = 1.15  # the last tenth's median to that after the warm-up; allocators breathe
HANDLES_GROWTH = 4  # connections kept alive come and go


@dataclass(frozen=True, slots=True)
class Sample:
    """What was counted after a cycle."""

    cycle: int
    pss_mb: float
    descriptors: int
    tasks: int
    threads: int
    database_bytes: int
    log_bytes: int
    entries: int
    articles: int


class Farm:
    """Feeds and pages on loopback; `cycle` is what time is to them."""

    def __init__(self) -> None:
        self.cycle = 0
        self.port = 0
        bomb = gzip.compress(bytes(8_000_000))
        html = b"<html><body>Just a moment...</body></html>"
        self.faults: list[Callable[[], bytes]] = [
            lambda: answer(404),
            lambda: answer(500),
            lambda: answer(429, headers="Retry-After: 1\r\n"),
            lambda: b"",
            lambda: b"220 mail ESMTP\r\n",
            lambda: b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss>",
            lambda: answer(200, bomb, "Content-Encoding: gzip\r\n"),
            lambda: answer(200, b"<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>"),
            lambda: answer(200, b"<a>" * 100_000),
            lambda: answer(200, html),
            lambda: answer(302, headers="Location: file:///etc/passwd\r\n"),
            lambda: answer(302, headers="Location: http://127.0.0.2/\r\n"),
            lambda: answer(200, headers=f"X: {'x' * 64_000}\r\n"),
            lambda: answer(200, bytes(range(256)) * 40),
        ]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(self.reply(head.split(b" ")[1].decode()))
            await writer.drain()
        except (ConnectionError, asyncio.LimitOverrunError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def reply(self, path: str) -> bytes:
        kind, _, rest = path.strip("/").partition("/")
        if kind == "feed":
            return self.feed(int(rest))
        if kind == "page":
            source, _, number = rest.partition("-")
            return self.page(int(source), int(number))
        return answer(404)

    def feed(self, source: int) -> bytes:
        if source % FAULTY_EVERY == 0 and (self.cycle + source) % 2:
            return self.faults[(self.cycle // 2 + source) % len(self.faults)]()
        newest = ITEMS + self.cycle // (1 + source % 5)
        items = "".join(
            f"<item><guid>{source}-{n}</guid><title>News {n} of {source} on trafficking</title>"
            f"<link>http://s{source}.example:{self.port}/page/{source}-{n}</link></item>"
            for n in range(newest, newest - ITEMS, -1)
        )
        return answer(200, f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())

    def page(self, source: int, number: int) -> bytes:
        if (source + number) % 11 == 0:
            return self.faults[(source + number) // 11 % len(self.faults)]()
        about = "human trafficking" if number % 3 else "football"
        group = source % (SOURCES // OUTLETS_A_PROJECT)
        name = f"{FIRST[(number + group) % len(FIRST)]} {SECOND[(number * 7 + group * 3) % len(SECOND)]}"
        country = COUNTRIES[(number // 2 + group * 5) % len(COUNTRIES)]
        text = (
            f"The Shelter Trust of {country} has launched {name}, a new project against {about} in {country}, with USD "
            f"{number % 89 + 1},{group + 1}00,000 for {1 + number % 4} years, and will train officers and judges. "
        )
        html = f"<html><head><title>News {number} of {source}</title></head><body><article><p>{text * 4}</p></article>"
        return answer(200, html.encode())


def answer(status: int, body: bytes = b"", headers: str = "") -> bytes:
    """An HTTP answer. The connection ends with it: kept ones would come and go with the time of day."""
    head = (
        f"HTTP/1.1 {status} K\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        f"{headers}\r\n"
    )
    return head.encode() + body


def configure(folder: Path, port: int) -> Path:
    """Writes the configuration of the soak."""
    file = folder / "config.yaml"
    settings = {
        "contact": "ops@example.org",
        "sources": [f"http://s{n}.example:{port}/feed/{n}" for n in range(SOURCES)],
        "crawler": {
            "allow_addresses": ["127.0.0.1/32"],
            "hosts": {f"s{n}.example": "127.0.0.1" for n in range(SOURCES)},
            "delay_seconds": 0,
            "timeout_seconds": 2,
        },
        "subscriptions": [{"name": "morning", "recipients": ["a@example.org"], "time": "00:00"}],
    }
    file.write_text(yaml.safe_dump(settings))
    return file


def proportional_mb() -> float:
    """Memory of this process and its children, pages they share counted once."""
    total = 0.0
    here = psutil.Process()
    for process in (here, *here.children(recursive=True)):
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1_000


async def soak(folder: Path, cycles: int) -> list[Sample]:
    """Runs the cycles; one sample a cycle."""
    farm = Farm()
    server = await asyncio.start_server(farm.serve, "127.0.0.1", 0, limit=1 << 20)
    farm.port = server.sockets[0].getsockname()[1]
    configuration = load_config(configure(folder, farm.port))
    configuration.data_folder.mkdir(exist_ok=True)
    set_up_logging(folder=configuration.data_folder, style="text", level="info", secrets=frozenset(), is_shown=False)
    clock = itertools.count()
    started = datetime.now(UTC)
    now = started
    samples = []
    with Database.open(configuration.database_url) as database:
        work = Runner(database, configuration, now=lambda: now)
        for cycle in range(cycles):
            farm.cycle = cycle
            now = started + timedelta(hours=next(clock))
            await work.crawl(asyncio.Event(), is_forced=True)
            await work.deliver()
            gc.collect()
            with database.reading() as connection:
                totals = read_status(connection, now).totals
            data = configuration.data_folder
            samples.append(
                Sample(
                    cycle,
                    round(proportional_mb(), 1),
                    psutil.Process().num_fds(),
                    len(asyncio.all_tasks()),
                    threading.active_count(),
                    sum(path.stat().st_size for path in data.glob("tipwatch.sqlite3*")),
                    sum(path.stat().st_size for path in data.glob("tipwatch.log*")),
                    totals.entries,
                    totals.articles,
                )
            )
            if cycle % 50 == 0:
                print(json.dumps(asdict(samples[-1])), file=sys.stderr, flush=True)
        await work.close()
    server.close()
    return samples


def judge(samples: list[Sample]) -> dict[str, object]:
    """What grew, from after the warm-up to the end; `faults` names what must not have."""
    share = max(1, len(samples) // 10)
    first = int(len(samples) * WARM_UP)
    early, late = samples[first : first + share], samples[-share:]

    def median(of: list[Sample], name: str) -> float:
        return float(statistics.median(getattr(one, name) for one in of))

    grown = {name: (median(early, name), median(late, name)) for name in ("pss_mb", "descriptors", "tasks", "threads")}
    entries = samples[-1].entries - samples[first].entries
    database = samples[-1].database_bytes - samples[first].database_bytes
    log = samples[-1].log_bytes - samples[first].log_bytes
    faults = [name for name in ("descriptors", "tasks", "threads") if grown[name][1] > grown[name][0] + HANDLES_GROWTH]
    if grown["pss_mb"][1] > grown["pss_mb"][0] * MEMORY_GROWTH:
        faults.append("pss_mb")
    return {
        "cycles": len(samples),
        "early_and_late": grown,
        "highest_pss_mb": max(one.pss_mb for one in samples),
        "entries": samples[-1].entries,
        "articles": samples[-1].articles,
        "database_bytes_an_entry": round(database / max(1, entries)),
        "log_bytes_a_cycle": round(log / max(1, len(samples) - first)),
        "faults": faults,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cycles", type=int, default=1_000)
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tipwatch-soak-") as folder:
        samples = asyncio.run(soak(Path(folder), arguments.cycles))
    found = judge(samples) | {"seconds": round(time.monotonic() - began)}
    print(json.dumps(found, indent=2))
    return 1 if found["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
