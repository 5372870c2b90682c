"""`tipwatch status` for people and for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tipwatch.cli.cluster_view import hosts_line, print_workers
from tipwatch.cli.show import ago, bold, moment, print_fields, print_table, until
from tipwatch.cli.status_needs import masked
from tipwatch.text import counted, one_line

if TYPE_CHECKING:
    from storage.status import Status
    from tipwatch.cli.status_report import Health

DIGEST_STATES = {"claimed": "being made", "rendered": "being sent", "done": "done"}


def as_json(health: Health) -> dict[str, Any]:
    """The same for scripts, as `print_json` takes it."""
    stored = asdict(health.stored) if health.stored else None
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
        "cluster": asdict(health.cluster) if health.cluster else None,
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
                f"({stored.totals.relevant} relevant, {stored.totals.maybe} maybe), "
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
                DIGEST_STATES.get(one.state, one.state),
                ", ".join(f"{count} {state}" for state, count in one.deliveries.items() if count),
            )
            for one in stored.digests
        ]
        print_table(("digest", "slot", "state", "deliveries"), rows, empty="")
    if stored.waiting_deliveries:
        print()
        waiting_rows = [
            (one.id, masked(one.recipient), one.attempts, until(one.next_at, now), one.error or "no answer yet")
            for one in stored.waiting_deliveries
        ]
        print_table(("waiting", "to", "tries", "next try", "reason"), waiting_rows, empty="")
    if stored.ailing:
        print()
        rows_of_sources = [
            (
                one.state,
                one.name,
                ago(one.since_at, now) if one.since_at else "",
                until(one.next_due_at, now),
                one.error_text or (one.redirect_to if one.state == "moved" else one.note) or "",
            )
            for one in stored.ailing
        ]
        print_table(("state", "source", "since", "next try", "reason"), rows_of_sources, empty="")
    if stored.remarked:
        print()
        print_table(("source", "remark"), [(one.name, one.note or "") for one in stored.remarked], empty="")


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
    from crawler.progress import CrawlSummary
    from tipwatch.cli.crawl import summary_line

    parts = []
    if stored.running_crawl is not None and health.cluster is None:  # there each visit of a host is one
        began = moment(stored.running_crawl.started_at)
        parts.append(f"one has been running since {began}" if health.daemon else f"one started {began} was interrupted")
    last = stored.last_crawl
    if last is not None:
        known = {field.name for field in fields(CrawlSummary)}
        summary = CrawlSummary(**{name: value for name, value in (last.summary or {}).items() if name in known})
        parts.append(f"{ago(last.finished_at, now)}, {last.outcome or 'interrupted'}: {summary_line(summary)}")
    return "; ".join(parts) or "never"
