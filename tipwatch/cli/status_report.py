"""What an operator needs to know, read: the database's own account, the daemon or the machines that share the work.

Works beside a running daemon, from one consistent snapshot, and also while `config.yaml` is broken: then the problems
are told together with how the daemon fares on the old configuration.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tipwatch.cli.status_needs import SILENT_AFTER, needs_of
from tipwatch.errors import ConfigError

if TYPE_CHECKING:
    from storage.database.daemon_lock import DaemonFound
    from storage.status import Status
    from tipwatch.engine.cluster_status import ClusterSeen


@dataclass(frozen=True, slots=True)
class Health:
    """How things are. `needs` says in sentences what needs a person, the gravest first; empty when nothing does.

    `stored` is None where there is no database yet. `daemon` is the one that runs now; `cluster` those that share the
    work, None with `engine: local`.
    """

    file: Path
    database: str
    stored: Status | None
    daemon: DaemonFound | None
    cluster: ClusterSeen | None = None
    config_problems: tuple[str, ...] = ()
    needs: tuple[str, ...] = field(default=())


def read_status(file: Path, now: datetime) -> Health:
    """The health of the installation that `file` configures.

    Raises:
        ConfigError: the file is broken and no database can be found by what is readable of it.
        StorageError: the database cannot be read.
    """
    from storage.database.daemon_lock import find_daemon
    from storage.database.engine import Database
    from storage.status import read_status as read_stored
    from tipwatch.engine.cluster_status import read_cluster

    url, is_local, problems = _database_of(file)
    if _is_missing_file(url):
        if problems is not None:
            raise problems
        return Health(file, url, None, None)
    with Database.open(url, migrate=False) as database:
        daemon = find_daemon(database)
        with database.reading() as connection:
            stored = read_stored(connection, now)
            cluster = None if is_local else read_cluster(connection, now)
        where = database.where
    lines = tuple(problems.as_lines()) if problems else ()
    return Health(file, where, stored, daemon, cluster, lines, tuple(needs_of(stored, daemon, lines, now, cluster)))


def is_serving(health: Health, now: datetime) -> bool:
    """Whether a daemon or a worker of this machine is at work: of several machines, whether this one is heard of."""
    if health.cluster is not None:
        return any(one.host == socket.gethostname() for one in health.cluster.alive)
    seen = health.stored.daemon if health.stored else None
    return health.daemon is not None and seen is not None and now - seen.seen_at <= SILENT_AFTER


def _database_of(file: Path) -> tuple[str, bool, ConfigError | None]:
    """The database's address, and whether one process alone is to use it; of a broken file, by what is readable of
    it."""
    from tipwatch.config.load import load_config

    try:
        configuration = load_config(file, is_for_mail=False)
    except ConfigError as error:
        if not file.exists():
            raise
        return _guess_database(file), False, error
    return configuration.database_url, configuration.settings.engine == "local", None


def _guess_database(file: Path) -> str:
    """The database a broken configuration most likely means: its `storage.url` and `data` where they can be read."""
    from tipwatch.config.document import read_document
    from tipwatch.config.load import database_address, json_schema, read_content

    data = read_document(read_content(file), os.environ, json_schema()).data
    data = data if isinstance(data, dict) else {}
    storage, folder = data.get("storage"), data.get("data")
    url = storage.get("url") if isinstance(storage, dict) else None
    folder = folder if isinstance(folder, str) else "data"
    return database_address(url if isinstance(url, str) else None, file.absolute().parent, folder)


def _is_missing_file(url: str) -> bool:
    """Whether there is no database and never was."""
    from storage.database.sqlite_file import lock_path

    if not url.startswith("sqlite:///"):
        return False
    path = Path(url.removeprefix("sqlite:///"))
    return not path.exists() and not lock_path(path).exists()  # else it is gone, which opening it tells
