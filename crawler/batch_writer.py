"""Stores what a crawl brings in batches, whose transactions cost less than one for each item.

In: items, one by one. Out: calls of `store` with some of them. Promises: an item is stored within the time set, or with
the next fifty; `close` stores the rest. Where one item of a batch makes our own code stumble, each is stored in a
transaction of its own, and that one by `store_faulty`; what else goes wrong ends the writing, and is told to `failed`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from crawler.workers.internal_errors import is_internal

BATCH = 50
"""Items a transaction. One commit costs about as much as storing ten articles."""

T = TypeVar("T")


class BatchWriter(Generic[T]):
    """Takes items with `add`.

    Args:
        store: stores a batch in one transaction.
        store_faulty: stores in some other way what `store` stumbled over, by the error that it raised.
        failed: told of the error that ended the writing; nothing is stored after it.
        wait_seconds: how long an item waits for others.
    """

    def __init__(
        self,
        store: Callable[[list[T]], Awaitable[None]],
        store_faulty: Callable[[T, Exception], Awaitable[None]],
        failed: Callable[[Exception], None],
        wait_seconds: float,
    ) -> None:
        self._store = store
        self._store_faulty = store_faulty
        self._failed = failed
        self._wait_seconds = wait_seconds
        self._items: list[T] = []
        self._lock = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._is_broken = False

    async def add(self, item: T) -> None:
        """Takes an item; waits only where storing falls behind."""
        self._items.append(item)
        if len(self._items) >= BATCH:
            await self.close()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._wait_seconds, self._flush_soon)

    async def close(self) -> None:
        """Stores what was taken and is not stored yet."""
        async with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            items, self._items = self._items, []
            if not items or self._is_broken:
                return
            try:
                await self._store_apart(items)
            except Exception as error:  # of whatever storage is behind it
                self._is_broken = True
                self._failed(error)

    def _flush_soon(self) -> None:
        self._timer = None
        self._flushing = asyncio.get_running_loop().create_task(self.close())

    async def _store_apart(self, items: list[T]) -> None:
        try:
            await self._store(items)
        except Exception as error:
            if not is_internal(error):
                raise
            if len(items) == 1:
                await self._store_faulty(items[0], error)
                return
            for item in items:
                await self._store_apart([item])
