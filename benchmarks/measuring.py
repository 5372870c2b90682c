"""Processes under measurement: a farm, the floor run once, and the crawler as the daemon holds it.

What a cycle cost is read from outside: CPU from psutil before and after (of processes that ended meanwhile, as last
seen), memory by sampling, RSS and PSS summed over all processes (RSS counts shared pages once a process, PSS in
shares).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import psutil

from benchmarks.layout import Layout

SAMPLE_SECONDS = 0.1  # twenty to forty samples a cycle of some seconds, at under one per cent of a core
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one cycle. Memory in MB at its peak, of all processes together; `pss_mb` 0 where it was not measured."""

    cpu_seconds: float
    wall_seconds: float
    rss_mb: float
    pss_mb: float = 0.0
    summary: dict[str, Any] = field(default_factory=dict)


class Farm:
    """The farm's process; a context manager."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        arguments = [
            sys.executable, "-m", "benchmarks.farm", "--feeds", str(layout.feeds), "--addresses", str(layout.addresses),
            "--page-bytes", ",".join(map(str, layout.page_bytes)), "--latency-seconds", str(layout.latency_seconds),
            *(["--whole"] if layout.is_told_whole else []), "--one-relevant-in", str(layout.one_relevant_in),
        ]  # fmt: skip
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)  # our own
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])

    def control(self, name: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/control/{name}") as answer:  # our own
            found: dict[str, Any] = json.load(answer)
        return found

    def feeds(self) -> list[str]:
        return [f"http://{self.layout.host(feed)}:{self.port}/feed/{feed}" for feed in range(self.layout.feeds)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_details: object) -> None:
        self._process.terminate()
        self._process.wait()


def run_once(arguments: list[str]) -> Cost:
    """Runs Python with these arguments to its end: what it cost, start-up included. Raises where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments])  # our own
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / MB)


def run_floor(farm: Farm, database: str, *, has_pages: bool, feeds: int | None = None) -> Cost:
    """One cycle of the floor; `feeds=0` measures its start-up."""
    layout = farm.layout
    arguments = [
        "-m", "benchmarks.floor", "--port", str(farm.port), "--feeds", str(layout.feeds if feeds is None else feeds),
        "--addresses", str(layout.addresses), "--database", database,
    ]  # fmt: skip
    return run_once([*arguments, "--pages"] if has_pages else arguments)


def measure_encoder(database: str) -> tuple[int, float]:
    """How many pages of a crawl the encoder read, and its CPU seconds for so many, in a process of its own with one
    thread, as in a worker."""
    one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    arguments = [sys.executable, "-m", "benchmarks.encoder_share", f"sqlite:///{database}"]
    said = subprocess.run(arguments, env=one_thread, capture_output=True, text=True, check=True)  # our own
    pages, seconds = said.stdout.split()
    return int(pages), float(seconds)


class Watch:
    """The processes of a tree over time: CPU, and memory while `is_watching`."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._known: dict[tuple[int, float], psutil.Process] = {}
        self._cpu: dict[tuple[int, float], float] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self.rss = self.pss = 0
        self.by_process: list[tuple[int, int]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def look(self) -> float:
        """Looks now; the CPU seconds of all processes below the root seen so far, those that ended included."""
        with self._lock:
            rss = pss = 0
            sizes = []
            for process in [self._root, *self._root.children(recursive=True)]:
                self._known.setdefault((process.pid, process.create_time()), process)
            for key, process in list(self._known.items()):
                # gone, or reaped between two looks: what it had used stays counted as last seen
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    times = process.cpu_times()
                    memory = process.memory_full_info()
                    self._cpu[key] = times.user + times.system
                    rss, pss = rss + memory.rss, pss + memory.pss
                    sizes.append((memory.rss, memory.pss))
            if pss > self.pss:
                self.by_process = sizes
            self.rss, self.pss = max(self.rss, rss), max(self.pss, pss)
            return sum(seconds for (pid, _), seconds in self._cpu.items() if pid != self._root.pid)

    def forget_peaks(self) -> None:
        with self._lock:
            self.rss = self.pss = 0

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.wait(SAMPLE_SECONDS):
            with contextlib.suppress(psutil.NoSuchProcess):
                self.look()


class Subject:
    """The crawler in its process; a context manager. See `benchmarks.crawl_subject`."""

    def __init__(self, **settings: Any) -> None:
        everything = {
            "delay_seconds": 0.001, "concurrency_per_host": 1, "allow_addresses": ["127.0.0.0/8"], **settings,
        }  # fmt: skip
        self._process = subprocess.Popen(  # our own
            [sys.executable, "-m", "benchmarks.crawl_subject", json.dumps(everything)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.watch = Watch(self._process.pid)

    def tell(self, **command: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the crawler's process ended; its error is above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def open(self, database: str, feeds: list[str]) -> None:
        self.tell(do="open", database=f"sqlite:///{database}", feeds=feeds)

    def cycle(self, *, has_pages: bool) -> Cost:
        self.watch.forget_peaks()
        before = self.watch.look()
        answer = self.tell(do="cycle", has_pages=has_pages)
        # of its own process the subject tells to the microsecond; psutil knows hundredths
        cpu = self.watch.look() - before + answer["main_cpu_seconds"]
        summary = {**answer["summary"], "main_cpu_seconds": answer["main_cpu_seconds"]}
        if summary["failed"] or summary["changed"] + summary["unchanged"] != summary["sources"]:
            raise RuntimeError(f"not every feed was visited: {summary}")
        return Cost(cpu, answer["wall_seconds"], self.watch.rss / MB, self.watch.pss / MB, summary)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Ends the process; for the second time does nothing."""
        self.watch.end()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
