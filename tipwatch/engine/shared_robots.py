"""The robots.txt of all origins as several machines share them: one row an origin in PostgreSQL, read once a day by
whichever machine comes first.

How long a file may still be used is counted by PostgreSQL's clock, so that those of the machines may differ. Where the
shelf is out of reach a machine asks the origin itself, as it would if it were alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from crawler.http.robots import RobotsFile
from storage.database.errors import Unreachable
from storage.database.migrations.cluster import CLUSTER_SCHEMA
from tipwatch.engine.shared_rows import SharedRows

log = logging.getLogger(__name__)

TABLE = f"{CLUSTER_SCHEMA}.robots_file"
FIND = f"""
SELECT body, refusal, extract(epoch FROM kept_until - clock_timestamp())::float8
FROM {TABLE} WHERE origin = %(origin)s AND kept_until > clock_timestamp()
"""  # noqa: S608 (the schema's name is ours)
KEEP = f"""
INSERT INTO {TABLE} AS file (origin, body, refusal, kept_until)
VALUES (%(origin)s, %(body)s, %(refusal)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (origin) DO UPDATE
SET body = excluded.body, refusal = excluded.refusal, kept_until = excluded.kept_until
"""  # noqa: S608
FORGET = f"DELETE FROM {TABLE} WHERE kept_until < clock_timestamp()"  # noqa: S608


class SharedRobots:
    """A `crawler.http.robots.SharedRobotsCache` over PostgreSQL.

    Args:
        rows: where it lies.
        now: the time of day, as callers see it.
    """

    def __init__(self, rows: SharedRows, *, now: Callable[[], datetime]) -> None:
        self._rows = rows
        self._now = now

    async def find(self, origin: str) -> RobotsFile | None:
        """See `crawler.http.robots.SharedRobotsCache`."""
        try:
            found = await self._rows.ask("the shared cache of robots.txt", FIND, {"origin": origin})
        except Unreachable as error:
            log.warning("robots.cache_unreadable", extra={"origin": origin, "reason": str(error)})
            return None
        if not found:
            return None
        [(body, refusal, seconds)] = found
        return RobotsFile(body, refusal, self._now() + timedelta(seconds=seconds))

    async def keep(self, origin: str, file: RobotsFile) -> None:
        """See `crawler.http.robots.SharedRobotsCache`."""
        seconds = (file.until - self._now()).total_seconds()
        values = {"origin": origin, "body": file.body, "refusal": file.refusal, "seconds": seconds}
        try:
            await self._rows.ask("the shared cache of robots.txt", KEEP, values)
        except Unreachable as error:
            log.warning("robots.cache_unwritable", extra={"origin": origin, "reason": str(error)})

    async def forget_old(self) -> None:
        """Drops what may not be used any more."""
        await self._rows.ask("the shared cache of robots.txt", FORGET, {})
