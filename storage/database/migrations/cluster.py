"""The tables of work that several machines share, in a PostgreSQL schema of their own; made when first asked for.

They are procrastinate's (an extra: nothing here is imported without it) and ours: `host_turn`, `robots_file` and
`worker`. Procrastinate brings its schema and the migrations from one release to the next as SQL files; which of them a
database has is written down in `applied`, so that a newer program applies what is missing, in one transaction, and an
older one refuses.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from storage.database.errors import MissingDriver, NewerSchema, StorageError
from storage.database.migrations.run import alone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.database.engine import Database

CLUSTER_SCHEMA = "tipwatch_cluster"

# Named so that they sort behind procrastinate's, whose names begin with its release.
# - `host_turn`: rows are changed with every request, and half-empty pages let PostgreSQL do so in place, without
#   touching an index; `delay_seconds` and `crawl_delay_seconds` are the pace at which the last visitor left a host.
# - The index: whether a job's lock is free is asked for each candidate, which else reads all that wait.
# - `robots_file`: bytes rather than text, since what a server sends may be in any encoding, and hold zero bytes.
# - `worker`: who stands behind a worker's number. The library keeps the number and its last sign of life, and drops
#   both, and this row with them, where a worker ends or is silent for ten minutes.
OURS = {
    "tipwatch_0001_first": """
CREATE TABLE host_turn (
    host TEXT NOT NULL CONSTRAINT pk_host_turn PRIMARY KEY,
    holder TEXT NOT NULL DEFAULT '',
    held_until TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
    next_start_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
    paused_until TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
    delay_seconds DOUBLE PRECISION NOT NULL DEFAULT 0,
    crawl_delay_seconds DOUBLE PRECISION NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE INDEX ix_jobs_lock_in_use ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing');
CREATE TABLE robots_file (
    origin TEXT NOT NULL CONSTRAINT pk_robots_file PRIMARY KEY,
    body BYTEA,
    refusal TEXT NOT NULL,
    kept_until TIMESTAMPTZ NOT NULL
);
CREATE TABLE worker (
    id BIGINT NOT NULL CONSTRAINT pk_worker PRIMARY KEY
        CONSTRAINT fk_worker_id REFERENCES procrastinate_workers (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    since_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
)
"""
}


def prepare_cluster(database: Database) -> None:
    """Makes the tables of shared work in a database of PostgreSQL, or brings them up to date; idempotent.

    Raises:
        StorageError: it is SQLite.
        MissingDriver: procrastinate is not installed.
        NewerSchema: a newer tipwatch made them; nothing was touched.
    """
    if database.dialect != "postgresql":
        hint = "Set storage.url to postgresql://USER@HOST/NAME; `tipwatch storage copy` carries everything over."
        raise StorageError("several machines can share only PostgreSQL", where=database.where, hint=hint)
    try:
        import procrastinate  # noqa: F401 (only whether it is there)
    except ModuleNotFoundError as error:
        hint = "Install it with: pip install 'tipwatch[cluster]'"
        raise MissingDriver("engine: cluster needs procrastinate", where=database.where, hint=hint) from error
    with alone(database) as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {CLUSTER_SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {CLUSTER_SCHEMA}")
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS applied (name TEXT CONSTRAINT pk_applied PRIMARY KEY)")
        found = set(connection.exec_driver_sql("SELECT name FROM applied").scalars())
        theirs = {file.name: file for file in _files("migrations") if file.name.endswith(".sql")}
        unknown = found - theirs.keys() - OURS.keys()
        if unknown:
            what = f"the tables of shared work in {database.where} are newer ({min(unknown)}) than this tipwatch"
            raise NewerSchema(what, where=database.where)
        if not found & theirs.keys():  # the whole schema at once; all migrations are in it
            [whole] = [file for file in _files() if file.name == "schema.sql"]
            _run(connection, whole.read_text(encoding="utf-8"))
        else:
            for name in sorted(theirs.keys() - found):
                _run(connection, theirs[name].read_text(encoding="utf-8"))
        for name in sorted(OURS.keys() - found):
            _run(connection, OURS[name])
        for name in sorted({*theirs, *OURS} - found):
            connection.exec_driver_sql("INSERT INTO applied (name) VALUES (%s)", (name,))


def _files(*folders: str) -> list[Any]:
    return list(resources.files("procrastinate.sql").joinpath(*folders).iterdir())


def _run(connection: Connection, sql: str) -> None:
    """Several statements at once, which only psycopg itself takes; without values, so that `%` is only a sign."""
    driver: Any = connection.connection.driver_connection
    driver.execute(sql)
