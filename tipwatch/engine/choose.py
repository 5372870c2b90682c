"""The engine that the configuration names, over the same work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tipwatch.engine.base import Engine
from tipwatch.engine.local import LocalEngine

if TYPE_CHECKING:
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration
    from tipwatch.engine.cluster import Role
    from tipwatch.engine.runner import Runner


def make_engine(
    configuration: Configuration,
    database: Database,
    runner: Runner,
    *,
    now: Callable[[], datetime],
    grace_seconds: float,
    role: Role = "planner",
    has_digests: bool = True,
) -> Engine:
    """The engine of `tipwatch run` and `tipwatch worker`; it stays as it is at the start.

    The tables of the one of many machines are made or brought up to date. See `ClusterEngine` for the rest.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing; or its tables are newer.
    """
    if configuration.settings.engine == "local":
        return LocalEngine(runner, grace_seconds=grace_seconds)
    from storage.database.migrations.cluster import prepare_cluster

    prepare_cluster(database)  # first, as it says in words where the library is missing
    from tipwatch.engine.cluster import ClusterEngine

    return ClusterEngine(
        database,
        runner,
        configuration.crawler,
        now=now,
        grace_seconds=grace_seconds,
        role=role,
        has_digests=has_digests,
    )
