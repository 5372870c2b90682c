"""Bounds the memory of bodies that are under way: from their first byte until they were read.

In: how much more of a body is held. Out: at once where it is little, else when there is room. Promises: bodies of the
usual size never wait; however many large ones come at once, they take no more than the budget and the largest of them
together. One of those that wait is always let go on, beyond the budget if need be, so that bodies which hold a part
each cannot wait for one another for ever.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Self

from crawler.workers.allocator import trim_heap

FREE_BYTES = 150_000
"""Of each body, not counted: most pages and feeds are smaller, and the number of requests bounds these parts."""

BUDGET_BYTES = 5_000_000
"""For what large bodies hold beyond that, all together: fourteen feeds of half a megabyte."""

TRIMMED_BYTES = 5_000_000
"""Of large bodies, after which what is free is given back to the system (some milliseconds): they leave gaps between
what stays, 20 MB of them in a crawl of faulty sources."""


class Reservation:
    """What one body holds of the budget; a context manager. Given back at the latest when nobody holds it any more."""

    __slots__ = ("_budget", "_held", "_size", "waited_seconds")

    def __init__(self, budget: MemoryBudget) -> None:
        self._budget: MemoryBudget | None = budget
        self._held = 0
        self._size = 0
        self.waited_seconds = 0.0

    async def grow(self, count: int, limit: asyncio.Timeout | None = None) -> None:
        """Tells that the body has grown by `count` bytes; waits while there is no room for them.

        Args:
            limit: stands still meanwhile, since whoever sent the body is not to blame.
        """
        self._size += count
        more = self._size - FREE_BYTES - self._held
        if more <= 0 or self._budget is None:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        ends = limit.when() if limit is not None else None
        if limit is not None:
            limit.reschedule(None)
        try:
            await self._budget.take(self, more)
            self._held += more
        finally:
            waited = loop.time() - began
            self.waited_seconds += waited
            if limit is not None and ends is not None:
                limit.reschedule(ends + waited)

    def release(self) -> None:
        """Gives everything back: the body is no longer held. May be called twice."""
        budget, self._budget = self._budget, None
        if budget is not None:
            budget.give_back(self, self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def __del__(self) -> None:
        self.release()


class MemoryBudget:
    """Deals out memory to bodies; of one event loop.

    Args:
        waiting: entered while a body waits.
        budget_bytes: for what bodies hold beyond `FREE_BYTES` each, all together.
    """

    def __init__(
        self,
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
        *,
        budget_bytes: int = BUDGET_BYTES,
    ) -> None:
        self._while_waiting = waiting
        self._left = budget_bytes
        self._dealt_bytes = 0
        self._waiting: deque[tuple[Reservation, int, asyncio.Future[None]]] = deque()
        self._first: int | None = None
        """The id of the reservation that may go beyond the budget."""

    def reserve(self) -> Reservation:
        """That of a new body."""
        return Reservation(self)

    async def take(self, reservation: Reservation, count: int) -> None:
        """Takes so much, when there is room."""
        if self._first == id(reservation):
            self._deal(count)
            return
        turn = asyncio.get_running_loop().create_future()
        entry = (reservation, count, turn)
        self._waiting.append(entry)
        self._hand_out()
        if turn.done():
            return
        try:
            with self._while_waiting():
                await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # given just before
                self._left += count
            else:
                self._waiting.remove(entry)
            self._hand_out()
            raise

    def give_back(self, reservation: Reservation, count: int) -> None:
        """Ends a reservation that holds so much."""
        if self._first == id(reservation):
            self._first = None
        self._left += count
        if self._dealt_bytes >= TRIMMED_BYTES:
            self._dealt_bytes = 0
            trim_heap()
        self._hand_out()

    def _deal(self, count: int) -> None:
        self._left -= count
        self._dealt_bytes += count

    def _hand_out(self) -> None:
        while self._waiting:
            reservation, count, turn = self._waiting[0]
            if turn.done():  # cancelled, and about to be taken out
                return
            if self._left < count:
                if self._first is not None:
                    return
                self._first = id(reservation)
            self._deal(count)
            self._waiting.popleft()
            turn.set_result(None)
