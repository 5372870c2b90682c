"""The one limiter that every request to a host passes, from the feed client and from Scrapy's handler alike.

What enters is a host name; what leaves is a slot: the right to make one request now. The limiter promises that a host
never has more slots at once than `concurrency_per_host`, that no slot starts sooner after the last than the delay,
that all hosts together have at most `concurrency` slots, and that a host that is slow, paused or crowded holds up no
other.

Like Scrapy's AutoThrottle, the delay of a host follows its latency: upwards at once, downwards half-way and only on
good answers, never below the configured one. A pause (`Retry-After`) is kept here for as long as the process lives;
one that must outlive it is stored by the caller as the time when the source or page is due next. Where several
processes visit the same hosts, they `share` a store: a slot is then given only when the store gives it too; pauses, the
end of each slot and the delay that the host has come to are written there, and taken up by whoever visits it next.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from storage.host_names import canonical_host

LONGEST_CRAWL_DELAY_SECONDS = 60.0
"""A crawl-delay of robots.txt is honoured up to this; hours, which some ask for, would mean never."""

LONGEST_LATENCY_DELAY_SECONDS = 10.0
"""Latency alone never makes the delay longer: with one request at a time a slow host already sets the pace."""

UNSTRAINED_SECONDS = 1.0
"""A host that answers within this shows no strain, and its latency does not lengthen the delay."""

PATIENCE_SECONDS = 30.0
"""A slot waits for a pause no longer than this; beyond it the caller is told, and does something else."""

REMEMBERED_HOSTS = 5_000
"""Hosts whose delay is remembered (some 500 bytes each); beyond it, idle ones are forgotten."""


class HostPaused(Exception):  # noqa: N818 - it is an answer, not a fault
    """The host asked not to be visited before `until`."""

    def __init__(self, host: str, until: datetime) -> None:
        super().__init__(f"{host} asked not to be visited before {until:%Y-%m-%d %H:%M} UTC")
        self.host = host
        self.until = until


MOST_LENT = 64
"""Requests whose bodies wait for memory and do not count as under way: each holds 150 kB at least, and
none may keep the small answers of others waiting."""


@dataclass(frozen=True, slots=True)
class HostDelay:
    """What a host's visitor has learnt of how often it may come.

    Args:
        delay_seconds: the present time between two requests, by the host's latency too.
        crawl_delay_seconds: what its robots.txt asks for; 0 where it asks for nothing, or nobody has read it yet.
    """

    delay_seconds: float = 0.0
    crawl_delay_seconds: float = 0.0


class SharedLimiterStore(Protocol):
    """What processes that visit the same hosts agree on. Hosts are named as `RateLimiter` names them."""

    async def take(self, host: str) -> HostDelay | None:
        """Waits until no other process has a slot at `host` and the delay after its last is over; holds it then.

        Gives the pace at which another left the host; None where this process was the last there, or nobody was. A
        second slot of the same process is given at once: how many it has at a time is its limiter's matter. Raises
        `HostPaused` where the host wants to be left alone for longer than a slot waits.
        """

    async def give_back(self, host: str, wait_seconds: float, pace: HostDelay) -> None:
        """Ends this process's slot; another's may begin in so long from now, and goes on at this pace."""

    def pause(self, host: str, seconds: float) -> None:
        """Notes that no process is to visit `host` for so long; returns at once."""


class _Places(asyncio.Semaphore):
    """One for each request that may be under way. Those `owed` were lent, and are taken back from whoever ends next."""

    owed = 0

    def release(self) -> None:
        """Gives a place to whoever waits for one, unless one is owed."""
        if self.owed:
            self.owed -= 1
        else:
            super().release()


@dataclass(slots=True)
class _Host:
    floor: float
    delay: float
    lanes: asyncio.Semaphore
    crawl_delay: float = 0.0
    visitors: int = 0  # those that wait, too
    active: int = 0
    next_start: float = 0.0
    paused_until: float = 0.0


@dataclass(slots=True)
class Slot:
    """One request's time at a host.

    Whoever has it sets `is_good` to False where the answer was an error, so that a fast error does not shorten the
    delay, and `waited_seconds` to what it kept the server waiting itself.
    """

    is_good: bool = True
    waited_seconds: float = 0.0


class RateLimiter:
    """Deals out slots.

    Args:
        delay_seconds: least time between the starts of two requests to one host.
        concurrency_per_host: requests at once to one host.
        concurrency: requests at once to all hosts together.
        clock: seconds, never going back.
        now: the time of day, for pauses as callers see them.
    """

    def __init__(
        self,
        *,
        delay_seconds: float = 1.0,
        concurrency_per_host: int = 1,
        concurrency: int = 16,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._floor = delay_seconds
        self._per_host = concurrency_per_host
        self._places = _Places(concurrency)
        self._clock = clock
        self._now = now
        self._hosts: dict[str, _Host] = {}
        self._store: SharedLimiterStore | None = None
        self._lent = 0

    def share(self, store: SharedLimiterStore) -> None:
        """From now on no slot is dealt that the store does not give."""
        self._store = store

    @asynccontextmanager
    async def slot(self, host: str) -> AsyncIterator[Slot]:
        """A slot at `host` (a name or literal address, without port). Entering it waits; raises `HostPaused`."""
        name = canonical_host(host)
        state = self._host(name)
        state.visitors += 1
        try:
            async with state.lanes, self._turn(name, state):
                await self._take(name, state)
                started, slot = self._stamp(state), Slot()
                try:
                    yield slot
                except BaseException:
                    slot.is_good = False
                    raise
                finally:
                    self._adapt(state, self._clock() - started - slot.waited_seconds, is_good=slot.is_good)
                    await self._give_back(name, state)
        finally:
            state.visitors -= 1

    def pause(self, host: str, seconds: float) -> None:
        """Gives no slot at `host` for so long from now; a longer pause stays. Those already waiting are held too."""
        state = self._host(host)
        state.paused_until = max(state.paused_until, self._clock() + seconds)
        if self._store is not None:
            self._store.pause(canonical_host(host), seconds)

    def paused_until(self, host: str) -> datetime | None:
        """When `host` may be visited again; None where it may be now."""
        state = self._hosts.get(canonical_host(host))
        left = state.paused_until - self._clock() if state is not None else 0.0
        return self._now() + timedelta(seconds=left) if left > 0 else None

    def delay_of(self, host: str) -> float:
        """The present delay of `host` in seconds."""
        return self._host(host).delay

    def slow_down(self, host: str, delay_seconds: float) -> None:
        """Makes the delay of `host` at least this (a crawl-delay of its robots.txt), within the limiter's bound."""
        state = self._host(host)
        state.crawl_delay = min(delay_seconds, LONGEST_CRAWL_DELAY_SECONDS)
        state.floor = max(self._floor, state.crawl_delay)
        state.delay = max(state.delay, state.floor)

    def mark_sent(self, host: str) -> None:
        """Counts the delay of `host` from now: its request has only now been sent (see `reporting_request`)."""
        state = self._hosts.get(canonical_host(host))
        if state is not None and state.active:
            self._stamp(state)

    def _host(self, name: str) -> _Host:
        name = canonical_host(name)
        state = self._hosts.get(name)
        if state is None:
            if len(self._hosts) >= REMEMBERED_HOSTS:
                self._forget_idle()
            state = self._hosts[name] = _Host(self._floor, self._floor, asyncio.Semaphore(self._per_host))
        return state

    def _forget_idle(self) -> None:
        now = self._clock()
        self._hosts = {
            name: state
            for name, state in self._hosts.items()
            if state.visitors or max(state.next_start, state.paused_until) > now
        }

    @asynccontextmanager
    async def _turn(self, name: str, state: _Host) -> AsyncIterator[None]:
        """Waits until the host may be visited, and only then for one of the places of all hosts."""
        while True:
            await asyncio.sleep(max(0.0, self._seconds_left(name, state)))
            async with self._places:
                if self._seconds_left(name, state) <= 0:  # meanwhile another of its lanes may have begun
                    self._stamp(state)
                    state.active += 1
                    try:
                        yield
                    finally:
                        state.active -= 1
                    return

    def _seconds_left(self, name: str, state: _Host) -> float:
        """Until the host may be visited. Raises `HostPaused` where that is too long to wait."""
        now = self._clock()
        paused = state.paused_until - now
        if paused > PATIENCE_SECONDS:
            raise HostPaused(name, self._now() + timedelta(seconds=paused))
        return max(state.next_start - now, paused)

    async def _take(self, name: str, state: _Host) -> None:
        """Has the store give the slot that was dealt here."""
        if self._store is None:
            return
        try:
            pace = await self._store.take(name)
        except HostPaused as paused:  # those that wait here need not ask it
            left = (paused.until - self._now()).total_seconds()
            state.paused_until = max(state.paused_until, self._clock() + left)
            raise
        if pace is not None:  # who was there last knows the host better than what is remembered here
            if pace.crawl_delay_seconds:
                self.slow_down(name, pace.crawl_delay_seconds)
            state.delay = max(state.floor, pace.delay_seconds)

    async def _give_back(self, name: str, state: _Host) -> None:
        if self._store is not None and state.active == 1:  # the last of those that this process has at the host
            wait_seconds = max(0.0, state.next_start - self._clock())
            pace = HostDelay(state.delay, state.crawl_delay)
            await self._store.give_back(name, wait_seconds, pace)

    def _stamp(self, state: _Host) -> float:
        now = self._clock()
        state.next_start = max(state.next_start, now + state.delay)
        return now

    @contextmanager
    def lending_slot(self) -> Iterator[None]:
        """Gives the place of a request whose body waits for memory to another's, whose body may be small; for a while
        after it there may be more requests than places."""
        if self._lent >= MOST_LENT:
            yield
            return
        self._lent += 1
        self._places.release()
        try:
            yield
        finally:
            self._lent -= 1
            self._places.owed += 1

    def _adapt(self, state: _Host, latency: float, *, is_good: bool) -> None:
        """AutoThrottle's rule: latency by requests wanted at once, all the way up or half-way down."""
        target = 0.0
        if latency > UNSTRAINED_SECONDS:
            target = min(latency, LONGEST_LATENCY_DELAY_SECONDS) / self._per_host
        delay = max(target, (state.delay + target) / 2, state.floor)
        if is_good or delay > state.delay:
            state.delay = delay
