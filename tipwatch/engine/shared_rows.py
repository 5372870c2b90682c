"""Rows in PostgreSQL that all machines read and write beside the jobs: small statements, each its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import psycopg

from storage.database.errors import Unreachable

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool


class SharedRows:
    """Asks for them.

    Args:
        pool: of autocommitting connections.
        where: the database, for messages.
    """

    def __init__(self, pool: AsyncConnectionPool, *, where: str = "") -> None:
        self._pool = pool
        self._where = where

    async def ask(self, what: str, query: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Runs a statement that may be repeated; once more where the connection turns out to be cut.

        Raises:
            Unreachable: PostgreSQL cannot be asked for `what` (in words).
        """
        for is_last in (False, True):
            try:
                async with self._pool.connection() as connection:
                    cursor = await connection.execute(query.encode(), values)
                    return await cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError as error:
                if is_last:
                    raise Unreachable(f"{what} cannot be reached ({error})", where=self._where) from error
                await self._pool.check()  # where one was cut the others mostly are too, as when the server restarts
        raise AssertionError("the last try returns or raises")
