"""The turns of hosts as several machines share them: one row a host in PostgreSQL, changed around every request.

A turn is a lease: who holds it, and until when at the latest. It is given back with the time when the next may start;
where its holder dies it ends by itself, later than any request it may have sent. Beside it stands the pace that the
last visitor had come to, by the host's latency and its robots.txt. All times are those of PostgreSQL's clock, so that
those of the machines may differ. A connection that is cut costs a second try; a second cut ends the
crawl, whose host another task visits later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler.politeness.rate_limiter import PATIENCE_SECONDS, HostDelay, HostPaused
from storage.database.errors import Unreachable
from storage.database.migrations.cluster import CLUSTER_SCHEMA
from tipwatch.engine.shared_rows import SharedRows

log = logging.getLogger(__name__)

# A lease outlasts the longest request by this: reading the answer's end and a slow event loop lie in between.
LEASE_MARGIN_SECONDS = 10.0
# How often a turn that another machine holds is asked for again: first soon (most requests take a tenth of a second),
# then seldom.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.5
# A host that nobody visited for so long is forgotten; no delay is as long.
KEPT = "1 day"

TABLE = f"{CLUSTER_SCHEMA}.host_turn"
TAKE = f"""
WITH taken AS (
    INSERT INTO {TABLE} AS turn (host, holder, held_until)
    VALUES (%(host)s, %(holder)s, clock_timestamp() + make_interval(secs => %(lease_seconds)s))
    ON CONFLICT (host) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
    WHERE turn.paused_until <= clock_timestamp() AND (
        turn.holder = excluded.holder
        OR (turn.held_until <= clock_timestamp() AND turn.next_start_at <= clock_timestamp())
    )
    RETURNING 1
)
SELECT EXISTS (SELECT FROM taken),
       extract(epoch FROM next_start_at - clock_timestamp())::float8,
       extract(epoch FROM paused_until - clock_timestamp())::float8,
       before.holder NOT IN ('', %(holder)s), delay_seconds, crawl_delay_seconds
FROM (VALUES (1)) AS always (present) LEFT JOIN {TABLE} AS before ON before.host = %(host)s
"""  # noqa: S608 (the schema's name is ours; what is selected here is the row as it was before)
GIVE_BACK = f"""
UPDATE {TABLE}
SET held_until = 'epoch', next_start_at = clock_timestamp() + make_interval(secs => %(wait_seconds)s),
    delay_seconds = %(delay_seconds)s, crawl_delay_seconds = %(crawl_delay_seconds)s
WHERE host = %(host)s AND holder = %(holder)s
"""  # noqa: S608
PAUSE = f"""
INSERT INTO {TABLE} AS turn (host, paused_until)
VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (host) DO UPDATE SET paused_until = greatest(turn.paused_until, excluded.paused_until)
"""  # noqa: S608
PAUSED = f"SELECT host FROM {TABLE} WHERE paused_until > clock_timestamp()"  # noqa: S608
FORGET = f"""
DELETE FROM {TABLE}
WHERE greatest(held_until, next_start_at, paused_until) < clock_timestamp() - interval '{KEPT}'
"""  # noqa: S608


class SharedLimiter:
    """A `crawler.politeness.rate_limiter.SharedLimiterStore` over PostgreSQL.

    Args:
        rows: where they are.
        holder: names this process among all.
        timeout_seconds: the longest a request may take.
        now: the time of day, for pauses as callers see them.
    """

    def __init__(self, rows: SharedRows, *, holder: str, timeout_seconds: float, now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._holder = holder
        self._lease_seconds = timeout_seconds + LEASE_MARGIN_SECONDS
        self._now = now
        self._pauses: dict[str, asyncio.Task[None]] = {}

    async def take(self, host: str) -> HostDelay | None:
        """See `SharedLimiterStore`. Raises Unreachable where PostgreSQL cannot be asked."""
        await self._settle_one(host)
        values = {"host": host, "holder": self._holder, "lease_seconds": self._lease_seconds}
        pause = FIRST_PAUSE_SECONDS
        while True:
            [(is_taken, wait_seconds, paused_seconds, is_anothers, *pace)] = await self._ask(TAKE, values)
            if is_taken:
                return HostDelay(*pace) if is_anothers else None
            if (paused_seconds or 0.0) > PATIENCE_SECONDS:
                raise HostPaused(host, self._now() + timedelta(seconds=paused_seconds))
            known = max(wait_seconds or 0.0, paused_seconds or 0.0)
            await asyncio.sleep(known if known > 0 else pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)

    async def give_back(self, host: str, wait_seconds: float, pace: HostDelay) -> None:
        """See `SharedLimiterStore`. Where it cannot be stored the lease runs out by itself."""
        values = {
            "host": host,
            "holder": self._holder,
            "wait_seconds": wait_seconds,
            "delay_seconds": pace.delay_seconds,
            "crawl_delay_seconds": pace.crawl_delay_seconds,
        }
        try:
            await self._ask(GIVE_BACK, values)
        except Unreachable as error:
            log.warning("slot.not_released", extra={"host": host, "reason": str(error)})

    def pause(self, host: str, seconds: float) -> None:
        """See `SharedLimiterStore`; stored in the background, before this process's next turn at the host."""
        before = self._pauses.get(host)
        task = asyncio.get_running_loop().create_task(self._store_pause(host, seconds, before))
        self._pauses[host] = task
        task.add_done_callback(lambda done: self._pauses.pop(host) if self._pauses.get(host) is done else None)

    async def settle(self) -> None:
        """Returns when every pause noted so far is stored."""
        for host in list(self._pauses):
            await self._settle_one(host)

    async def paused(self) -> set[str]:
        """The hosts that want to be left alone now."""
        return {row[0] for row in await self._ask(PAUSED, {})}

    async def forget_old(self) -> None:
        """Drops the rows of hosts that were not visited for a day."""
        await self._ask(FORGET, {})

    async def _settle_one(self, host: str) -> None:
        task = self._pauses.get(host)
        if task is not None:
            await asyncio.shield(task)

    async def _store_pause(self, host: str, seconds: float, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        try:
            await self._ask(PAUSE, {"host": host, "seconds": seconds})
        except Unreachable as error:  # the source or page that was answered so is put off in any case
            log.warning("pause.not_stored", extra={"host": host, "reason": str(error)})

    async def _ask(self, query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return await self._rows.ask("the slots of hosts", query, values)
