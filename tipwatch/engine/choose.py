"""The engine that the configuration names, over the same work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tipwatch.engine.base import Crawl, Engine
from tipwatch.engine.local import LocalEngine

if TYPE_CHECKING:
    from storage.database.engine import Database
    from tipwatch.config.load import Configuration
    from tipwatch.engine.cluster import Role
    from tipwatch.engine.runner import Runner

__all__ = ["make_cluster_engine", "make_engine"]


def make_engine(
    configuration: Configuration,
    database: Database,
    work: Runner,
    *,
    local_crawl: Crawl,
    now: Callable[[], datetime],
    grace_seconds: float,
) -> Engine:
    """The engine of `tipwatch run`.

    Args:
        configuration: at the start; the engine stays as it is then.
        database: open.
        work: does the work.
        local_crawl: what the local engine crawls with, where that is more than the work's own.
        now: the clock.
        grace_seconds: how long the work may take to end in order after a stop.

    Raises:
        StorageError: the cluster engine's library, or PostgreSQL, is missing; or its tables are newer.
    """
    if configuration.settings.engine == "local":
        return LocalEngine(local_crawl, work.deliver_due, grace_seconds=grace_seconds)
    return make_cluster_engine(configuration, database, work, now=now, grace_seconds=grace_seconds)


def make_cluster_engine(
    configuration: Configuration,
    database: Database,
    work: Runner,
    *,
    now: Callable[[], datetime],
    grace_seconds: float,
    role: Role = "planner",
    has_digests: bool = True,
) -> Engine:
    """The engine of many machines, its tables made or brought up to date.

    Raises:
        StorageError: see `make_engine`.
    """
    from storage.database.migrations.cluster import prepare_cluster

    prepare_cluster(database)  # first, as it says in words where the library is missing
    from tipwatch.engine.cluster import ClusterEngine

    return ClusterEngine(
        database,
        work.crawl_due,
        work.deliver_due,
        prepare=work.prepare_sources,
        share=work.share,
        now=now,
        concurrency=configuration.crawler.concurrency,
        timeout_seconds=configuration.crawler.timeout_seconds,
        grace_seconds=grace_seconds,
        role=role,
        has_digests=has_digests,
    )
