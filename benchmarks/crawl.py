"""Crawls a farm on loopback with tipwatch and with the floor, in one run, and prints what each cost.

    python -m benchmarks.crawl [--quick] [--only feeds,cycle,stored,latency] [--json FILE]

Ratios are to the floor measured in the same run, in turn with ours. Ends with 1 where the farm's books show more
requests at once on a host than set, or two sooner after one another than the delay.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.layout import SMALL_PAGE_BYTES, Layout
from benchmarks.measuring import Cost, Farm, Subject, measure_encoder, run_floor, run_once

REPEATS = 3  # medians of so many
UNCHANGED_REPEATS = 25  # of cycles that take a few hundredths of a second, where a single one may be off by half
MOST_AT_ONCE = 1  # on a host: what is set in every case
AT_ONCE = 16  # in all: the default of crawler and floor
DELAY_SECONDS = 0.1  # in the case that proves it
MEMORY_MB = 300  # what all processes may take together, pages that they share counted once
SLACK_SECONDS = 0.008  # the farm has the time of a request from the kernel, which counts in ticks of 4 ms
PAGES_LOADED = "import benchmarks.floor, trafilatura; from benchmarks.floor_judge import Judge; Judge()"


@dataclass(frozen=True, slots=True)
class Row:
    """A case: the floor's cost and ours, the floor's start-up within its cost, and the target for the CPU's ratio."""

    case: str
    floor: Cost
    ours: Cost
    start_up_seconds: float = 0.0
    target: float | None = None
    wall_target: float | None = None


class Run:
    """One run of the benchmark: what it measured and what was broken."""

    def __init__(self, folder: Path, *, is_quick: bool, only: set[str]) -> None:
        self.folder = folder
        self.only = only
        self.is_quick = is_quick
        self.rows: list[Row] = []
        self.notes: list[str] = []
        self.broken: list[str] = []
        self._files = 0

    def file(self, name: str) -> str:
        self._files += 1
        return str(self.folder / f"{name}-{self._files}.sqlite3")

    def add(self, row: Row) -> None:
        self.rows.append(row)
        print(as_line(row), flush=True)

    def check_books(self, farm: Farm, case: str, delay_seconds: float, most_at_once: int = MOST_AT_ONCE) -> None:
        """Compares what the farm saw since the last reset with what was set."""
        books = farm.control("books")
        gap, at_once = books["shortest_gap_seconds"], books["most_at_once"]
        self.notes.append(
            f"{case}: at most {at_once} at once on a host (set: {most_at_once}), shortest gap between two "
            f"starts {gap * 1000:.1f} ms (set: {delay_seconds * 1000:g} ms)"
        )
        if at_once > most_at_once or gap < delay_seconds - SLACK_SECONDS:
            self.broken.append(self.notes[-1])

    def note_memory(self) -> None:
        """Tells the highest memory of all cases."""
        if self.rows:
            highest = max(self.rows, key=lambda row: row.ours.pss_mb)
            self.notes.append(
                f"memory: at most {highest.ours.pss_mb:.0f} MB of all processes together, shared pages counted once "
                f"({highest.case}; target under {MEMORY_MB}); {max(row.ours.rss_mb for row in self.rows):.0f} MB "
                "where pages that the workers share are counted in each"
            )


def median(costs: list[Cost]) -> Cost:
    """The cost of each kind in the middle; memory at its highest."""
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        max(cost.rss_mb for cost in costs),
        max(cost.pss_mb for cost in costs),
        costs[-1].summary,
    )


def warm(subject: Subject, run: Run, farm: Farm, *, has_pages: bool) -> None:
    """Has the daemon do one small round, so that its libraries are loaded and its workers up."""
    subject.open(run.file("warm"), farm.feeds()[:2])
    subject.cycle(has_pages=has_pages)


def in_turn(count: int, floor: Callable[[], Cost], ours: Callable[[], Cost]) -> tuple[Cost, Cost]:
    pairs = [(floor(), ours()) for _ in range(count)]
    return median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])


def measure_feeds(run: Run) -> None:
    """Feeds alone: 300 over 30 addresses, no page asked for."""
    with Farm(Layout(300, 30, ())) as farm, Subject() as subject:
        warm(subject, run, farm, has_pages=False)
        start_up = median([run_floor(farm, run.file("empty"), has_pages=False, feeds=0) for _ in range(REPEATS)])
        databases = ["", ""]

        def first_floor() -> Cost:
            databases[0] = run.file("floor")
            return run_floor(farm, databases[0], has_pages=False)

        def first_ours() -> Cost:
            databases[1] = run.file("ours")
            subject.open(databases[1], farm.feeds())
            return subject.cycle(has_pages=False)

        def again_floor() -> Cost:
            return run_floor(farm, databases[0], has_pages=False)

        def news_floor() -> Cost:
            farm.control("advance")
            return again_floor()

        def again_ours() -> Cost:
            return subject.cycle(has_pages=False)

        seconds = start_up.cpu_seconds
        run.add(Row("feeds alone, first", *in_turn(REPEATS, first_floor, first_ours), seconds))
        run.add(Row("feeds alone, unchanged", *in_turn(UNCHANGED_REPEATS, again_floor, again_ours), seconds, 5.0))
        run.add(Row("feeds alone, one new item each", *in_turn(REPEATS, news_floor, again_ours), seconds, 4.0))


def measure_cycle(run: Run) -> None:
    """The whole cycle, with ruling out and without; then the database filled, where that is asked for too."""
    layout = Layout(40 if run.is_quick else 100, 20 if run.is_quick else 50)
    with Farm(layout) as farm, Subject(rule_out=False) as thorough, Subject() as subject:
        start_up = median([run_once(["-c", PAGES_LOADED]) for _ in range(REPEATS)]).cpu_seconds
        files = ["", ""]

        def floor() -> Cost:
            files[0] = run.file("floor")
            return run_floor(farm, files[0], has_pages=True)

        def ours(one: Subject) -> Cost:
            files[1] = run.file("ours")
            one.open(files[1], farm.feeds())
            return one.cycle(has_pages=True)

        for one in (thorough, subject):
            warm(one, run, farm, has_pages=True)
        costs = [(floor(), ours(thorough), ours(subject)) for _ in range(1 if run.is_quick else REPEATS)]
        floor_first, every, ruled_out = (median(list(column)) for column in zip(*costs, strict=True))
        thorough.end()
        run.add(Row("whole cycle, first, every page read", floor_first, every, start_up, 1.6))
        run.add(Row("whole cycle, first, with ruling out", floor_first, ruled_out, start_up, 1.0))
        run.notes.append(f"first with ruling out: {ruled_out.summary}")
        measure_again(run, farm, subject, files[0], "whole cycle", start_up)
        if "stored" in run.only:
            measure_stored(run, farm, subject, files[1], files[0], start_up)


def measure_again(run: Run, farm: Farm, subject: Subject, floor_file: str, name: str, start_up: float) -> list[Row]:
    """Unchanged, and one new item a feed."""

    def floor() -> Cost:
        return run_floor(farm, floor_file, has_pages=True)

    def news_floor() -> Cost:
        farm.control("advance")
        return floor()

    def ours() -> Cost:
        return subject.cycle(has_pages=True)

    unchanged = Row(f"{name}, unchanged", *in_turn(UNCHANGED_REPEATS, floor, ours))
    run.add(unchanged)
    delta = Row(f"{name}, one new item a feed", *in_turn(REPEATS, news_floor, ours), start_up, 2.5)
    run.add(delta)
    return [unchanged, delta]


def measure_stored(run: Run, farm: Farm, subject: Subject, file: str, floor_file: str, start_up: float) -> None:
    """Unchanged and delta over few and over many stored articles, each with entry, text, signature and bands."""
    measured = []
    for count in (10_000, 100_000 if run.is_quick else 1_000_000):
        run_once(["-m", "benchmarks.crawl_fill", f"sqlite:///{file}", str(count)])
        subject.cycle(has_pages=True)  # once unmeasured: the file's log is folded in, the pages needed are read
        measured.append(measure_again(run, farm, subject, floor_file, f"over {count:,} stored", start_up))
    for few, many in zip(*measured, strict=True):
        ratio = many.ours.cpu_seconds / few.ours.cpu_seconds
        run.notes.append(f"{many.case} against {few.case}: {ratio:.2f} times the CPU (target at most 1.2)")


def measure_shares(run: Run) -> None:
    """First crawls of small pages, few and many of them about the subject: with the encoder, and without its share."""
    for one_in, target in ((10, 1.5), (2, 2.5)):
        layout = Layout(20, 10, (SMALL_PAGE_BYTES,), one_relevant_in=one_in)
        with Farm(layout) as farm, Subject() as subject:
            start_up = median([run_once(["-c", PAGES_LOADED]) for _ in range(REPEATS)]).cpu_seconds
            warm(subject, run, farm, has_pages=True)
            costs = []
            for _ in range(1 if run.is_quick else REPEATS):
                floor = run_floor(farm, run.file("floor"), has_pages=True)
                file = run.file("ours")
                subject.open(file, farm.feeds())
                ours = subject.cycle(has_pages=True)
                pages, seconds = measure_encoder(file)
                costs.append((floor, ours, replace(ours, cpu_seconds=ours.cpu_seconds - seconds)))
            floors, ours, rest = (median(list(column)) for column in zip(*costs, strict=True))
            case = f"30 kB pages, one in {one_in} on the subject, first"
            run.add(Row(case, floors, ours, start_up))
            run.add(Row(f"{case}, without the encoder's share", floors, rest, start_up, target))
            each = 1000 * (ours.cpu_seconds - rest.cpu_seconds) / pages
            run.notes.append(f"one in {one_in} on the subject: the encoder read {pages} pages, {each:.0f} ms each")
            run.notes.append(f"one in {one_in} on the subject: {ours.summary}")


def measure_latency(run: Run) -> None:
    """With 100 ms latency, against the floor at the same concurrency; and the farm's books."""
    layout = Layout(20 if run.is_quick else 50, 20 if run.is_quick else 50, latency_seconds=0.1)
    with Farm(layout) as farm, Subject() as subject:
        warm(subject, run, farm, has_pages=True)
        floor = run_floor(farm, run.file("floor"), has_pages=True)
        farm.control("reset")
        subject.open(run.file("ours"), farm.feeds())
        ours = subject.cycle(has_pages=True)
        run.add(Row("whole cycle, first, 100 ms latency", floor, ours, wall_target=1.3))
        run.check_books(farm, "with 100 ms latency", 0.001)
        requests = layout.feeds + ours.summary["pages"]
        least = requests * layout.latency_seconds / AT_ONCE
        run.notes.append(
            f"with 100 ms latency: {requests:,} requests, {AT_ONCE} at once, take {least:.1f} s if nothing else takes "
            f"any time; ours took {ours.wall_seconds / least:.2f} times that"
        )
    small = replace(layout, feeds=10, addresses=5, latency_seconds=0.0)
    with Farm(small) as farm, Subject(delay_seconds=DELAY_SECONDS) as subject:
        subject.open(run.file("ours"), farm.feeds())
        farm.control("reset")
        subject.cycle(has_pages=True)
        run.check_books(farm, "with a delay", DELAY_SECONDS)
    hurried = replace(layout, feeds=20, addresses=5, latency_seconds=0.02)
    with Farm(hurried) as farm, Subject(delay_seconds=0, concurrency_per_host=2, concurrency=64) as subject:
        subject.open(run.file("ours"), farm.feeds())
        farm.control("reset")
        subject.cycle(has_pages=True)
        run.check_books(farm, "without a delay, two a host, 64 in all", 0.0, 2)


HEAD = (
    "| case | floor CPU s (without start-up) | our CPU s | ratio (without start-up) | target "
    "| floor wall s | our wall s | ratio | floor RSS MB | our RSS / PSS MB |\n|---|---|---|---|---|---|---|---|---|---|"
)


def as_line(row: Row) -> str:
    floor, ours = row.floor, row.ours
    bare = bare_ratio = ""
    if row.start_up_seconds:
        seconds = max(0.001, floor.cpu_seconds - row.start_up_seconds)
        bare, bare_ratio = f" ({seconds:.2f})", f" ({ours.cpu_seconds / seconds:.1f})"
    target = f"{row.target:.1f}" if row.target else f"wall {row.wall_target}" if row.wall_target else "-"
    return (
        f"| {row.case} | {floor.cpu_seconds:.2f}{bare} | {ours.cpu_seconds:.2f} "
        f"| {ours.cpu_seconds / floor.cpu_seconds:.2f}{bare_ratio} | {target} "
        f"| {floor.wall_seconds:.2f} | {ours.wall_seconds:.2f} "
        f"| {ours.wall_seconds / floor.wall_seconds:.2f} | {floor.rss_mb:.0f} | {ours.rss_mb:.0f} / {ours.pss_mb:.0f} |"
    )


PARTS = {"feeds": measure_feeds, "cycle": measure_cycle, "shares": measure_shares, "latency": measure_latency}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="smaller farms, 100 thousand stored instead of 1 million")
    parser.add_argument("--only", default="feeds,cycle,stored,shares,latency", help="parts; stored needs cycle")
    parser.add_argument("--json", type=Path, help="write all numbers to this file")
    options = parser.parse_args()
    only = set(options.only.split(","))
    with tempfile.TemporaryDirectory(prefix="tipwatch-crawl-") as folder:
        run = Run(Path(folder), is_quick=options.quick, only=only)
        print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n\n{HEAD}", flush=True)
        for name, measure in PARTS.items():
            if name in only:
                measure(run)
    run.note_memory()
    print("\n" + "\n".join(f"- {note}" for note in run.notes))
    if options.json:
        found = {"rows": [asdict(row) for row in run.rows], "notes": run.notes, "broken": run.broken}
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    for line in run.broken:
        print(f"BROKEN {line}", file=sys.stderr)
    return 1 if run.broken else 0


if __name__ == "__main__":
    sys.exit(main())
