"""What a crawl brings is stored in batches, and one item that our code stumbles over takes no other with it."""

from __future__ import annotations

import asyncio

from crawler.batch_writer import BATCH, BatchWriter
from storage.database.errors import DiskFull


class Storage:
    """Takes whole batches; stumbles over one number, and may be full."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.faulty: list[int] = []
        self.errors: list[Exception] = []
        self.is_full = False

    async def store(self, numbers: list[int]) -> None:
        if self.is_full:
            raise DiskFull("no space left")
        if 13 in numbers:
            raise ZeroDivisionError("thirteen")
        self.batches.append(numbers)

    async def store_faulty(self, number: int, error: Exception) -> None:
        assert isinstance(error, ZeroDivisionError)
        self.faulty.append(number)

    def writer(self, wait_seconds: float = 60.0) -> BatchWriter[int]:
        return BatchWriter(self.store, self.store_faulty, self.errors.append, wait_seconds)


async def test_items_share_a_transaction_and_the_rest_is_stored_at_the_end() -> None:
    storage = Storage()
    writer = storage.writer()
    for number in range(100, 100 + BATCH + 2):
        await writer.add(number)
    assert [len(batch) for batch in storage.batches] == [BATCH]
    await writer.close()
    assert [len(batch) for batch in storage.batches] == [BATCH, 2]


async def test_an_item_waits_for_others_no_longer_than_set() -> None:
    storage = Storage()
    await storage.writer(wait_seconds=0.01).add(1)
    assert storage.batches == []
    while not storage.batches:
        await asyncio.sleep(0.005)
    assert storage.batches == [[1]]


async def test_an_item_that_our_code_stumbles_over_is_stored_apart_and_the_others_as_ever() -> None:
    storage = Storage()
    writer = storage.writer()
    for number in (12, 13, 14):
        await writer.add(number)
    await writer.close()
    assert (storage.batches, storage.faulty, storage.errors) == ([[12], [14]], [13], [])


async def test_a_storage_that_fails_is_told_once_and_nothing_is_stored_after_it() -> None:
    storage = Storage()
    writer = storage.writer()
    storage.is_full = True
    await writer.add(1)
    await writer.close()
    storage.is_full = False
    await writer.add(2)
    await writer.close()
    assert [type(error) for error in storage.errors] == [DiskFull]
    assert storage.batches == []
