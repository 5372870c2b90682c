"""What an operator needs to know, put together: the database's own account, the daemon or the machines that share the
work, and what needs a person, first.

Works beside a running daemon, from one consistent snapshot, and also while `config.yaml` is broken: then the problems
are told together with how the daemon fares on the old configuration.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.status import LATE_AFTER, plain
from tipwatch.cli.cluster_view import hosts_line, needs_of_cluster, print_workers
from tipwatch.cli.show import ago, bold, moment, print_fields, print_table
from tipwatch.errors import ConfigError
from tipwatch.text import counted, one_line

if TYPE_CHECKING:
    from storage.database.daemon_lock import DaemonFound
    from storage.status import Status
    from tipwatch.engine.cluster_status import ClusterSeen

__all__ = ["Health", "as_json", "needs_of", "print_status", "read_status"]

DEAF_AFTER = timedelta(minutes=2)  # six beats missed
UNWELL = frozenset({"failing", "broken", "gone"})
SEVERAL = 3  # one or two sources may well fail by themselves


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


def needs_of(
    stored: Status,
    daemon: DaemonFound | None,
    config_problems: tuple[str, ...],
    now: datetime,
    cluster: ClusterSeen | None = None,
) -> Iterator[str]:
    """What needs a person, in sentences, the gravest first."""
    if config_problems:
        in_force = "the daemon keeps the old one" if daemon else "no daemon is running"
        problems = counted(len(config_problems), "problem")
        yield f"the configuration is broken ({problems}; {in_force}): {config_problems[0]}"
    if cluster is not None:
        yield from needs_of_cluster(cluster, stored.daemon.seen_at if stored.daemon else None, now)
    is_heard_of = cluster is not None and bool(cluster.alive)
    yield from _needs_of_daemon(stored, daemon, now, is_heard_of=is_heard_of, is_config_told=bool(config_problems))
    if stored.last_crawl is not None and stored.last_crawl.outcome == "failed":
        reason = (stored.last_crawl.summary or {}).get("error", "see the log")
        yield f"the last crawl failed ({moment(stored.last_crawl.finished_at)}): {reason}"
    if stored.sources and set(stored.sources) <= UNWELL and sum(stored.sources.values()) >= SEVERAL:
        yield "no source at all can be read: check this machine's network and name server"
    if stored.pending.parked:
        yield f"{counted(stored.pending.parked, 'page')} parked: see `tipwatch parked list`"
    if stored.pending.faults:
        yield f"{stored.pending.faults} of them because of a fault inside tipwatch: please report it with the log"
    yield from _needs_of_digests(stored, now)
    for one in stored.ailing:
        if one.state == "gone":
            yield f"source {one.name} has been gone (410) since {moment(one.since_at)}: remove or replace it"
        elif one.state == "moved":
            yield f"source {one.name} has moved for good: change its address to {one.redirect_to}"
        elif one.state == "broken":
            yield f"source {one.name} has been broken since {moment(one.since_at)}: {one.error_text or one.error_kind}"


def _needs_of_digests(stored: Status, now: datetime) -> Iterator[str]:
    late = [digest for digest in stored.digests if digest.state == "claimed" and now - digest.claimed_at > LATE_AFTER]
    for digest in late:
        begun = ago(digest.claimed_at, now)
        yield f"the digest {digest.subscription} of {digest.slot_key} was begun {begun} and is not finished yet"
    if stored.failed_deliveries:
        first = stored.failed_deliveries[0]
        count = stored.deliveries.get("failed", len(stored.failed_deliveries))
        reason = first.error or "no reason given"
        yield (
            f"{counted(count, 'delivery', 'deliveries')} given up, the latest to {masked(first.recipient)}: {reason}; "
            "see `tipwatch deliveries list --state failed`"
        )
    late_deliveries = [one for one in stored.waiting_deliveries if now - one.created_at > LATE_AFTER]
    if late_deliveries:
        first = late_deliveries[0]
        reason = first.error or "no answer yet"
        late_ones = counted(len(late_deliveries), "delivery", "deliveries")
        yield (
            f"{late_ones} waiting since {ago(first.created_at, now)}, the first to {masked(first.recipient)}: {reason}"
        )


def _needs_of_daemon(
    stored: Status, daemon: DaemonFound | None, now: datetime, *, is_heard_of: bool, is_config_told: bool
) -> Iterator[str]:
    seen = stored.daemon
    if seen is None:
        return
    info = seen.info
    if daemon is None:
        if not info.get("stopped"):
            who = f"the daemon (process {seen.pid} on {seen.host})"
            yield f"{who} ended without a proper stop; last seen {ago(seen.seen_at, now)}"
        return
    if now - seen.seen_at > DEAF_AFTER and not is_heard_of:
        yield f"the daemon (process {seen.pid} on {seen.host}) has given no sign of life for {ago(seen.seen_at, now)}"
    refused = info.get("config_refused") or []
    if refused and not is_config_told:
        yield f"an edit of the configuration was refused, so the old one still applies: {refused[0]}"
    if info.get("clock_doubt"):
        yield str(info["clock_doubt"])
    if info.get("last_fault"):
        yield f"a fault inside tipwatch: {info['last_fault']}"


def as_json(health: Health) -> dict[str, Any]:
    """The same for scripts; times in ISO 8601."""
    stored = health.stored.as_json() if health.stored else None
    if stored is not None:
        for delivery in stored["failed_deliveries"] + stored["waiting_deliveries"]:
            delivery["recipient"] = masked(delivery["recipient"])
    running = health.daemon
    return {
        "config": str(health.file),
        "config_problems": list(health.config_problems),
        "database": health.database,
        "needs": list(health.needs),
        "is_daemon_running": running is not None,
        "daemon_pid": running.pid if running else None,
        "cluster": plain(asdict(health.cluster)) if health.cluster else None,
        "stored": stored,
    }


def print_status(health: Health, now: datetime) -> None:
    """Prints it for people: what needs them first."""
    stored = health.stored
    if stored is None:
        print(f"Nothing has run yet: there is no database at {health.database}. Next: tipwatch crawl")
        return
    if health.needs:
        print(bold("Needs a person"))
        for need in health.needs:
            print(f"  {one_line(need)}")
        print()
    waiting = stored.pending
    print_fields(
        [
            ("daemon", _daemon_line(health, now)),
            ("next", _next_line(stored.daemon.info if stored.daemon and health.daemon else {}, now)),
            ("sources", ", ".join(f"{count} {state}" for state, count in sorted(stored.sources.items())) or "none"),
            ("last visit" if health.cluster else "last crawl", _crawl_line(health, stored, now)),
            ("hosts", hosts_line(health.cluster) if health.cluster else ""),
            ("waiting", f"{counted(waiting.waiting, 'page')}, {waiting.delayed} delayed, {waiting.parked} parked"),
            (
                "stored",
                f"{counted(stored.totals.entries, 'entry', 'entries')}, {counted(stored.totals.articles, 'article')} "
                f"({stored.totals.relevant} relevant, {stored.totals.maybe} unsure), "
                f"{counted(stored.totals.projects, 'project')}",
            ),
            (
                "deliveries",
                ", ".join(f"{count} {state}" for state, count in stored.deliveries.items() if count) or "none yet",
            ),
            ("database", health.database),
            ("config", health.file),
        ]
    )
    if health.cluster is not None:
        print()
        print_workers(health.cluster, now)
    if stored.digests:
        print()
        rows = [
            (
                one.subscription,
                one.slot_key,
                one.state,
                ", ".join(f"{count} {state}" for state, count in one.deliveries.items() if count),
            )
            for one in stored.digests
        ]
        print_table(("digest", "of", "state", "deliveries"), rows, empty="")
    if stored.waiting_deliveries:
        print()
        waiting_rows = [
            (one.id, masked(one.recipient), one.attempts, ago(one.next_at, now), one.error or "no answer yet")
            for one in stored.waiting_deliveries
        ]
        print_table(("waiting", "to", "tries", "next try", "reason"), waiting_rows, empty="")
    if stored.ailing:
        print()
        rows_of_sources = [
            (one.state, one.name, ago(one.since_at, now), one.error_text or one.note or "") for one in stored.ailing
        ]
        print_table(("state", "source", "since", "reason"), rows_of_sources, empty="")
    if stored.remarked:
        print()
        print_table(("read, but", "remark"), [(one.name, one.note or "") for one in stored.remarked], empty="")


def masked(address: str) -> str:
    """A recipient as logs and status may show it: first letter and host of an address, a channel by its name."""
    if "@" not in address:
        return address
    local, _, host = address.rpartition("<")[-1].rstrip(">").rpartition("@")
    return f"{local[:1]}***@{host}"


def _daemon_line(health: Health, now: datetime) -> str:
    running, seen = health.daemon, health.stored.daemon if health.stored else None
    if running is None or (health.cluster is not None and not health.cluster.has_planner):
        return "not running" + (f" (last seen {ago(seen.seen_at, now)})" if seen else "")
    who = f"process {running.pid} on {running.host}" if running.pid else "running"
    doing = ", ".join(seen.info.get("doing") or []) if seen and not health.cluster else ""  # the workers' table has it
    since = f", since {moment(running.since_at)}" if running.since_at else ""
    return f"{who}{since}{f'; {doing}' if doing else ''}"


def _next_line(info: Mapping[str, Any], now: datetime) -> str:
    runs = [
        ("crawl" if name == "poll" else name.replace("digest:", "digest "), datetime.fromisoformat(at))
        for name, at in (info.get("next") or {}).items()
        if name != "deliveries"
    ]
    return ", ".join(f"{name} {ago(at, now)}" for name, at in runs)


def _crawl_line(health: Health, stored: Status, now: datetime) -> str:
    parts = []
    if stored.running_crawl is not None and health.cluster is None:  # there each visit of a host is one
        parts.append(f"one has been running since {moment(stored.running_crawl.started_at)}")
    last = stored.last_crawl
    if last is not None:
        summary = last.summary or {}
        counts = ", ".join(
            f"{value} {key.replace('_', ' ')}" for key, value in summary.items() if isinstance(value, int) and value
        )
        parts.append(f"{ago(last.finished_at, now)}, {last.outcome}{f' ({counts})' if counts else ''}")
    return "; ".join(parts) or "never"


def _database_of(file: Path) -> tuple[str, bool, ConfigError | None]:
    """The database's address, and whether one process alone is to use it; of a broken file, by what is readable of
    it."""
    from tipwatch.config.load import load_config

    try:
        configuration = load_config(file)
    except ConfigError as error:
        if not file.exists():
            raise
        return _guess_database(file), False, error
    return configuration.database_url, configuration.settings.engine == "local", None


def _guess_database(file: Path) -> str:
    """The database a broken configuration most likely means: its `storage.url` and `data` where they can be read."""
    from tipwatch.config.load import database_address, json_schema
    from tipwatch.config.yaml_nodes import read_nodes
    from tipwatch.config.yaml_values import read_values

    root, _ = read_nodes(file.read_bytes())
    data = read_values(root, os.environ, json_schema()).data if root is not None else None
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
