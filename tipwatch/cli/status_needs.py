"""What needs a person, in sentences, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage.sources.health import UNREADABLE
from storage.status import LATE_AFTER
from tipwatch.cli.cluster_view import needs_of_cluster
from tipwatch.cli.show import ago, moment, until
from tipwatch.text import counted

if TYPE_CHECKING:
    from storage.database.daemon_lock import DaemonFound
    from storage.status import Status
    from tipwatch.engine.cluster_status import ClusterSeen

SILENT_AFTER = timedelta(minutes=2)  # six beats missed
SEVERAL = 3  # one or two sources may well fail by themselves


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
    if stored.sources and set(stored.sources) <= UNREADABLE and sum(stored.sources.values()) >= SEVERAL:
        yield "no source can be read: check this machine's network and DNS"
    if stored.pending.parked:
        yield f"{counted(stored.pending.parked, 'page')} parked: see `tipwatch parked list`"
    if stored.pending.faults:
        yield f"{stored.pending.faults} of them because of an internal error: please report it with the log"
    yield from _needs_of_digests(stored, now)
    for one in stored.ailing:
        if one.state == "gone":
            yield f"source {one.name} has been gone (410) since {moment(one.since_at)}: remove or replace it"
        elif one.state == "moved":
            yield f"source {one.name} has moved for good: change its address to {one.redirect_to}"
        elif one.state == "broken":
            reason = one.error_text or one.error_kind
            again = until(one.next_due_at, now)
            yield f"source {one.name} has been broken since {moment(one.since_at)}: {reason}; next try {again}"


def _needs_of_digests(stored: Status, now: datetime) -> Iterator[str]:
    late = [digest for digest in stored.digests if digest.state == "claimed" and now - digest.claimed_at > LATE_AFTER]
    for digest in late:
        begun = ago(digest.claimed_at, now)
        yield f"the digest {digest.subscription} of {digest.slot_key} was started {begun} and is not finished yet"
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
            f"{late_ones} waiting since {moment(first.created_at)}, the first to {masked(first.recipient)}: {reason}"
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
            yield f"{who} did not shut down properly; last seen {ago(seen.seen_at, now)}"
        return
    if now - seen.seen_at > SILENT_AFTER and not is_heard_of:
        yield f"the daemon (process {seen.pid} on {seen.host}) has given no sign of life since {moment(seen.seen_at)}"
    refused = info.get("config_refused") or []
    if refused and not is_config_told:
        yield f"an edit of the configuration was refused, so the old one still applies: {refused[0]}"
    if info.get("clock_doubt"):
        yield str(info["clock_doubt"])
    if info.get("last_fault"):
        yield f"internal error: {info['last_fault']}"


def masked(address: str) -> str:
    """A recipient as logs and status may show it: first letter and host of an address, a channel by its name."""
    if "@" not in address:
        return address
    local, _, host = address.rpartition("<")[-1].rstrip(">").rpartition("@")
    return f"{local[:1]}***@{host}"
