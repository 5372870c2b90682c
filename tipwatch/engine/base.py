"""The seam between the schedule and whatever runs the work: jobs go in by name, nothing comes out but what is in the
database.

Two coroutines do the work under every engine: crawl what is due (of some hosts, or of all), and deliver what is due.
Both take all they need from the database and leave all they did there, so that running one twice, or on another
machine, is safe.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol


class Work(Protocol):
    """What engines run."""

    async def crawl(self, stop: asyncio.Event, hosts: Sequence[str] | None) -> object:
        """Crawls what is due of these hosts (None: of all); ends early, with what is in flight stored, when the event
        is set."""
        ...

    async def deliver(self, stop: asyncio.Event) -> object:
        """Composes the digests that are due and hands over the messages that wait; ends early when the event is
        set."""
        ...


class Engine(Protocol):
    """Runs crawls and deliveries.

    `submit_…` only note what is wanted and return at once; asking again for what is waiting already changes nothing.
    """

    async def submit_poll(self) -> None:
        """Asks for a crawl of what is due."""
        ...

    async def submit_digest(self, slot: str) -> None:
        """Asks for the delivery of what is due; `slot` names why (a subscription, or a retry), for the log."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Serves until `stop` is set, then ends the work in order and returns."""
        ...
