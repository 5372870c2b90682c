"""Starts a family of worker processes: one process sets up once, the others are forked from it, and it is the last.

In: the set-up, and each wish for a worker. Out: a `Worker`, which carries out calls. Promises: a worker
that cannot start raises `WorkersUnavailable` with the reason; no process outlives its parent, nor `close`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from crawler.workers.errors import WorkersUnavailable
from crawler.workers.process import CALL_HEADER, COUNT, LAST, ONE_MORE, READY, REPLY_HEADER, WorkerLimits

log = logging.getLogger(__name__)

START_SECONDS = 60.0
"""Longest time for the set-up (imports and the model: some seconds), on a machine busy with other things."""

GRACE_SECONDS = 2.0
"""A worker ends itself at a call's limit; one that did not (it was stopped) is ended so much later."""

PIECE_BYTES = 256_000
"""A call goes out in pieces of this size: what the socket does not take at once is copied, and copies stay small."""

SOCKET_BYTES = 1_000_000
"""Asked of the kernel (which may give less), so that a page goes out in one piece, not in many turns of the loop."""

_BOOT = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from crawler.workers.process import main; main(int(sys.argv[2]))"
)


class Worker:
    """One worker process."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.is_busy = False
        self.is_pinned = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = reader
        self._writer = writer

    @property
    def is_ended(self) -> bool:
        """Whether it was ended, or lost."""
        return self._writer.is_closing()

    async def ask(self, calls: Sequence[tuple[bytes, float]]) -> list[tuple[int, bytes]]:
        """The words and the data of its replies to calls with their time limits.

        Raises OSError or EOFError where it ends, or has to be ended, first.
        """
        self.is_busy = True
        async with asyncio.timeout(sum(seconds for _, seconds in calls) + GRACE_SECONDS):
            self._writer.write(COUNT.pack(len(calls)))
            for call, seconds in calls:
                self._writer.write(CALL_HEADER.pack(len(call), seconds))
                for start in range(0, len(call), PIECE_BYTES):
                    self._writer.write(call[start : start + PIECE_BYTES])
                    await self._writer.drain()
            replies = [await _read_reply(self._reader) for _ in calls]
        self.is_busy = False
        return replies

    def end(self) -> None:
        """Ends the process now, whatever it does. May be called twice."""
        if not self.ended.done():
            self.ended.set_result(None)
        if self.is_ended:  # its number may be another's by now
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._writer.close()


class ForkServer:
    """The process that workers are forked from.

    Args:
        setup: run in it once.
        limits: of its workers.
        workers: how many a family has.
    """

    def __init__(self, setup: Callable[[], Any] | None, limits: WorkerLimits, workers: int) -> None:
        self._workers = workers
        self._left = 0
        self._setup = setup
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def has_more(self) -> bool:
        """Whether the family that was started has a worker that was not asked for yet."""
        return self._left > 0 and self._process is not None and self._process.poll() is None

    async def fork(self) -> Worker:
        """A worker; the first one of a new family, unless the present one `has_more`. Raises WorkersUnavailable."""
        try:
            if not self.has_more:
                await self._start()
            assert self._control is not None
            self._left -= 1
            mine, others = socket.socketpair()
            with others:
                socket.send_fds(self._control, [ONE_MORE if self._left else LAST], [others.fileno()])
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
            reader, writer = await asyncio.open_connection(sock=mine, limit=SOCKET_BYTES)
            try:
                async with asyncio.timeout(START_SECONDS):
                    _, pid = await _read_reply(reader)
            except BaseException:
                writer.close()
                raise
        except (OSError, EOFError) as error:  # no memory, processes or descriptors left
            reason = "it takes too long" if isinstance(error, TimeoutError) else str(error)
            raise WorkersUnavailable(f"a worker process cannot start: {reason}") from error
        return Worker(struct.unpack("!I", pid)[0], reader, writer)

    async def _start(self) -> None:
        """Starts the process, and waits for its set-up. Raises OSError, EOFError, WorkersUnavailable."""
        self.close()
        self._control, others = socket.socketpair()
        with others:
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220  # our own interpreter and module, in a millisecond
                [sys.executable, "-P", "-c", _BOOT, json.dumps(sys.path), str(others.fileno())],
                pass_fds=[others.fileno()],
                # one thread a worker: as many workers as cores are the parallelism, and a fork wants no other threads
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        reader, writer = await asyncio.open_connection(sock=self._control.dup())
        setup = pickle.dumps((self._setup, self._limits))
        try:
            async with asyncio.timeout(START_SECONDS):
                writer.write(CALL_HEADER.pack(len(setup), 0) + setup)
                word, data = await _read_reply(reader)
        finally:
            writer.close()
        if word != READY:
            trace = data.decode(errors="replace").strip()
            log.error("worker.unstartable", extra={"reason": trace})  # its last line says what happened
            raise WorkersUnavailable(f"a worker process cannot start: {trace.splitlines()[-1]}")
        self._left = self._workers

    def close(self) -> None:
        """Ends the process, which may be a worker by now."""
        self._left = 0
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


async def _read_reply(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    length, word = REPLY_HEADER.unpack(await reader.readexactly(REPLY_HEADER.size))
    return word, await reader.readexactly(length)
