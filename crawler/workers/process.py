"""The processes behind `crawler.workers.pool`: one that sets up, others forked from it; all serve calls.

In: frames on a socket pair, a count of them first, each a pickled `(function, args)` with a time limit. Out: a reply to
each, in order, those of one count together. Promises: a call that passes its limit ends its process and nothing else
(the kernel's alarm does it, so that a parser that hangs in C dies too, and an orphan's hang ends even when nobody is
left to watch); the process ends when the other side of its socket is gone; SIGINT and SIGTERM are its parent's to
handle, so that a page in flight at a stop is stored.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.workers.allocator import keep_free, return_large_blocks, trim_heap

COUNT = struct.Struct("!B")
"""How many calls follow, to be answered together."""

CALL_HEADER = struct.Struct("!If")
"""Length of the pickled call in bytes, time limit in seconds."""

REPLY_HEADER = struct.Struct("!IB")
"""Length of the pickled result in bytes, and one of the words below."""

RESULT, ERROR, READY, BROKEN = 0, 1, 2, 3
LAST_FRAMES = 6
"""Of a fault's traceback, sent along for the log: deeper ones are the library's own business."""

TRIMMED_BYTES = 6_000_000
"""Growth after which memory that is free is given back: more than ordinary pages leave, a call of some milliseconds."""

RETIRING = 0x80
"""Set on a reply when this process wants to be replaced: send it nothing more."""

ONE_MORE, LAST = b"m", b"l"
"""Sent with a socket: a worker is to be forked for it, or this process is to serve it itself."""

_PAGE_BYTES = resource.getpagesize()
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What a worker may use before it is replaced or fails a call.

    Args:
        growth_bytes: a worker that has filled so much memory since its set-up is replaced after the call
            (0: never). Below zero it is replaced after every call.
        extra_address_bytes: address space a worker may take beyond what it has after its set-up (0: no limit).
        calls: a worker is replaced after so many (0: never).
    """

    growth_bytes: int
    extra_address_bytes: int
    calls: int


def filled_bytes() -> int:
    """The memory that this process has filled, in bytes: not the pages of files that it has looked at, such as the
    encoder's table of 31 MB, which the system takes back when it wants to. Where the system does not tell, the most
    that was resident."""
    try:
        _, resident, of_files, *_ = _STATM.read_bytes().split()
        return (int(resident) - int(of_files)) * _PAGE_BYTES
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def _limit_address_space(extra_bytes: int) -> None:
    """Makes a runaway allocation a `MemoryError` here instead of the machine's problem."""
    with contextlib.suppress(OSError, ValueError):
        present = int(_STATM.read_bytes().split()[0]) * _PAGE_BYTES
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        limit = present + extra_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))


def _read_exactly(file: io.BufferedReader[socket.SocketIO] | socket.SocketIO, length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = file.read(length)
        if not part:  # the parent is gone
            os._exit(0)
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _dump_error(error: BaseException) -> bytes:
    """The exception as it can cross the border; one that cannot be pickled crosses as its text."""
    error.add_note(f"In the worker: {''.join(traceback.format_exception(error)[-LAST_FRAMES:])}")
    error.__traceback__ = None
    error.__cause__ = error.__context__ = None
    try:
        data = pickle.dumps(error)
        pickle.loads(data)  # noqa: S301  # our own bytes: some exceptions pickle but do not unpickle
    except Exception:
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return data


def _call(payload: list[bytes]) -> Any:
    """What the call in the list gives; it is taken out, so that a page is not held packed and unpacked."""
    function, args = pickle.loads(payload.pop())  # noqa: S301  # from our own parent, over a private socket
    return function(*args)


_set_up_later_bytes: list[int] = []
_working_bytes: list[int] = []
_more_growth_bytes: list[int] = []


def set_up_later(setup: Callable[[], Any], *, working_bytes: int = 0, growth_bytes: int = 0) -> None:
    """Runs a further set-up in this worker, whose memory is not counted as its growth.

    Args:
        working_bytes: what each of its calls needs for a moment: so much stays with this process when it is free.
        growth_bytes: what its calls may load and keep, beyond what any worker may grow by.
    """
    trim_heap()  # else what is free now and given back below would be counted as less than was set up
    before = filled_bytes()
    setup()
    trim_heap()  # what loading needed for a moment: 20 MB of the encoder's 70
    _set_up_later_bytes.append(filled_bytes() - before)
    _more_growth_bytes.append(growth_bytes)
    if working_bytes:
        _working_bytes.append(working_bytes)
        keep_free(working_bytes)


class _Growth:
    """How far this process has grown since its set-up, after what is free was given back."""

    def __init__(self, set_up_bytes: int, most_bytes: int) -> None:
        self._set_up_bytes = set_up_bytes
        self._most_bytes = most_bytes
        self._trimmed_at = 0

    def is_over(self) -> bool:
        """Whether it is more than allowed. Asked after each call."""
        grown = filled_bytes() - self._set_up_bytes - sum(_set_up_later_bytes)
        if grown - self._trimmed_at > TRIMMED_BYTES + sum(_working_bytes):
            trim_heap()
            grown = filled_bytes() - self._set_up_bytes - sum(_set_up_later_bytes)
            self._trimmed_at = max(grown, 0)
        return self._most_bytes != 0 and grown > self._most_bytes + sum(_more_growth_bytes)


def _reply(connection: socket.socket, word: int, data: bytes) -> None:
    connection.sendall(REPLY_HEADER.pack(len(data), word) + data)


def _serve(connection: socket.socket, limits: WorkerLimits, set_up_bytes: int) -> None:
    incoming = io.BufferedReader(socket.SocketIO(connection, "r"), 1 << 16)
    _reply(connection, READY, struct.pack("!I", os.getpid()))
    if limits.extra_address_bytes:
        _limit_address_space(limits.extra_address_bytes)
    calls = 0
    growth = _Growth(set_up_bytes, limits.growth_bytes)
    while True:
        replies = bytearray()
        for _ in range(_read_exactly(incoming, COUNT.size)[0]):
            length, seconds = CALL_HEADER.unpack(_read_exactly(incoming, CALL_HEADER.size))
            payload = [_read_exactly(incoming, length)]
            signal.setitimer(signal.ITIMER_REAL, seconds)
            flags = 0
            try:
                word, data = RESULT, pickle.dumps(_call(payload), protocol=pickle.HIGHEST_PROTOCOL)
            except MemoryError as error:
                word, data, flags = ERROR, pickle.dumps(MemoryError(str(error))), RETIRING
            except Exception as error:
                word, data = ERROR, _dump_error(error)
            signal.setitimer(signal.ITIMER_REAL, 0)
            calls += 1
            if growth.is_over() or (limits.calls and calls >= limits.calls):
                flags = RETIRING
            replies += REPLY_HEADER.pack(len(data), word | flags) + data
            del data  # a reading is not held while waiting for the next
        connection.sendall(replies)


def main(descriptor: int) -> None:
    """Sets up once, then forks a worker for each socket that comes but the last, and serves that one itself.

    So all share the memory of one set-up, and no process holds what none of them uses any more. The first message on
    `descriptor` is the pickled `(set-up or None, limits)`; `READY` or `BROKEN` answers it. Then come sockets, each with
    `ONE_MORE` or `LAST`, until the other side is gone. Never returns.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # workers are reaped by the kernel
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return_large_blocks()
    control = socket.socket(fileno=descriptor)
    control.setblocking(True)
    # unbuffered: what follows is sockets
    incoming = socket.SocketIO(control, "r")
    length, _ = CALL_HEADER.unpack(_read_exactly(incoming, CALL_HEADER.size))
    try:
        setup, limits = pickle.loads(_read_exactly(incoming, length))  # noqa: S301  # from our own parent
        if setup is not None:
            setup()
    except Exception:
        _reply(control, BROKEN, traceback.format_exc(limit=-3).encode())
        os._exit(1)
    gc.collect()
    gc.freeze()  # workers keep sharing what the set-up made: the collector no longer touches it
    # before the fork: a worker's own resident size grows as it touches what it shares, which costs nothing
    set_up_bytes = filled_bytes()
    _reply(control, READY, b"")
    while True:
        wish, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not wish:  # the parent is gone
            os._exit(0)
        with socket.socket(fileno=descriptors[0]) as connection:
            if wish == LAST or os.fork() == 0:
                control.close()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    _serve(connection, limits, set_up_bytes)
                os._exit(0)
