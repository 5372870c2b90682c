"""What the tests have worker processes do; imports little, since every worker imports it."""

from __future__ import annotations

import mmap
import os
import resource
import signal
import time

from crawler.workers.process import set_up_later


def refuse_to_start() -> None:
    raise RuntimeError("the model is missing")


def length(body: bytes) -> int:
    return len(body)


def process_id() -> int:
    return os.getpid()


def fail(word: str) -> None:
    raise ValueError(word)


class UnpicklableError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def fail_strangely() -> None:
    raise UnpicklableError("one", "two")


def sleep(seconds: float) -> str:
    time.sleep(seconds)
    return "slept"


def hang() -> None:
    while True:
        pass


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def crash_once(marker: str) -> str:
    """Crashes the first time, by a file that remembers."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return "survived"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def eat_memory(size_bytes: int) -> int:
    return len(bytearray(size_bytes))


def signals_ignored() -> list[bool]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return [signal.getsignal(number) == signal.SIG_IGN for number in numbers]


def sleep_over(_body: bytes, seconds: float) -> tuple[float, float]:
    """Sleeps; when it began and ended, by a clock that all processes share."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def scatter(size: int) -> int:
    """Fills so much memory in small pieces, and frees all of it but the last."""
    pieces = [b"x" * 1_000 + bytes([number % 256]) for number in range(size // 1_000)]
    kept.append(pieces[-1])
    return len(pieces)


kept: list[bytes] = []


HELD: list[bytes] = []


def hold(size: int) -> int:
    """Takes memory as a further set-up does, once; gives the process."""
    if not HELD:
        set_up_later(lambda: HELD.append(bytes(bytearray(b"x" * size))))
    return os.getpid()


def faults_of_filling(size: int, working_bytes: int) -> int:
    """How many pages of memory the system must hand out for so many bytes that are filled for a moment, the second
    time; after a further set-up that says what each call needs."""
    if working_bytes:
        set_up_later(int, working_bytes=working_bytes)
    len(b"x" * size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    len(b"x" * size)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


LOOKED_AT: list[mmap.mmap] = []


def look_through(path: str) -> int:
    """Has all pages of a file in sight, as the encoder's table is; gives the process."""
    with open(path, "rb") as file:  # noqa: PTH123
        LOOKED_AT.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    assert sum(LOOKED_AT[-1][:: mmap.PAGESIZE]) == 0
    return os.getpid()
