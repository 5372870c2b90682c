"""Alerts to the operator when something needs a person: each kind of trouble once, and again only after it was over.

What enters is how things are; what leaves is a message in the same outbox as the digests. A trouble counts once it has
lasted for an hour of our looking, so that a nap of a server, or the first minutes after a machine has slept, alarm
nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from alerts.delivery.mailing import Mailing
from alerts.i18n.phrases import one_line
from alerts.render.message import RenderedDigest
from alerts.render.plain_text import wrap_lines
from alerts.settings import OPERATOR, MailSettings, OperatorSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.digests.deliveries import list_waiting
from storage.digests.digests import DeliveryRecord
from storage.digests.outbox import claim_digest, freeze_digest
from storage.program_settings import read_setting, write_setting
from storage.runs import last_success_at
from storage.sources.health import UNREADABLE, SourceHealth, list_source_health

logger = logging.getLogger(__name__)

Trouble = Literal["sources", "disk", "mail", "crawl"]

LASTS_FOR = timedelta(hours=1)
SEVERAL, SHARE = 3, 0.25  # of the sources: fewer fail by themselves, and every digest names them
LEAST_FREE_BYTES = 1_000_000_000  # some weeks of news, or one copy of a grown database before an upgrade
NAMED = 10  # sources named in an alert; `tipwatch status` has all
SETTING = "operator_troubles"


@dataclass(frozen=True, slots=True)
class Situation:
    """How things are: the sources, deliveries tried in vain, the last crawl that worked, free space where tipwatch
    writes, and how long crawls may be apart."""

    sources: Sequence[SourceHealth]
    waiting: Sequence[DeliveryRecord]
    crawled_at: datetime | None
    free_bytes: int
    quiet_for: timedelta


def list_troubles(situation: Situation, now: datetime) -> dict[Trouble, str]:
    """What needs a person, a sentence each. Pure."""
    found: dict[Trouble, str] = {}
    watched = [one for one in situation.sources if one.is_active]
    unreadable = [one for one in watched if one.state in UNREADABLE]
    if unreadable and len(unreadable) >= max(min(SEVERAL, len(watched)), SHARE * len(watched)):
        names = ", ".join(one.name for one in unreadable[:NAMED]) + ("…" if len(unreadable) > NAMED else "")
        found["sources"] = f"{len(unreadable)} of {len(watched)} sources cannot be read: {names}."
    if situation.free_bytes < LEAST_FREE_BYTES:
        free = f"{situation.free_bytes / 1e6:,.0f} MB"
        found["disk"] = f"The disk is filling up: {free} are free where tipwatch writes."
    if situation.waiting:
        first = situation.waiting[0]
        tried = "once" if first.attempts == 1 else f"{first.attempts} times"
        found["mail"] = f"Messages cannot be sent. The first has been tried {tried}: {first.error}."
    if situation.crawled_at is not None and now - situation.crawled_at > situation.quiet_for:
        found["crawl"] = f"Nothing has been crawled since {situation.crawled_at:%Y-%m-%d %H:%M} UTC."
    return found


async def alert_operator(
    database: Database,
    operator: OperatorSettings,
    mail: MailSettings,
    *,
    free_bytes: int,
    crawl_every_seconds: float,
    now: datetime,
) -> None:
    """Looks how things are and puts an alert into the outbox where a trouble is new.

    Raises:
        StorageError: the database failed; the next call looks again.
    """
    quiet_for = max(timedelta(days=1), 2 * timedelta(seconds=crawl_every_seconds))

    def look(connection: Connection) -> Situation:
        waiting = [
            one for one in list_waiting(connection, now - LASTS_FOR) if one.error and one.subscription != OPERATOR
        ]
        health = list_source_health(connection, now)
        return Situation(health, waiting, last_success_at(connection, "crawl"), free_bytes, quiet_for)

    troubles = list_troubles(await database.read(look), now)
    fresh = await database.write(_note, troubles, operator, mail, now=now)
    if fresh:
        logger.warning("operator.alerted", extra={"troubles": ", ".join(fresh)})


def _note(
    connection: Connection,
    troubles: Mapping[Trouble, str],
    operator: OperatorSettings,
    mail: MailSettings,
    *,
    now: datetime,
) -> list[Trouble]:
    """Remembers what is the matter and since when, and freezes an alert for what has lasted and was not reported; gives
    that."""
    before = read_setting(connection, SETTING) or {}
    known = {kind: before.get(kind, {"since_at": now.isoformat(), "is_reported": False}) for kind in troubles}
    fresh = [
        kind
        for kind, one in known.items()
        if not one["is_reported"] and now - datetime.fromisoformat(one["since_at"]) >= LASTS_FOR
    ]
    after = {kind: {**one, "is_reported": one["is_reported"] or kind in fresh} for kind, one in known.items()}
    if after != before:
        write_setting(connection, SETTING, after)
    if fresh:
        _freeze(connection, _render([troubles[kind] for kind in fresh]), operator, mail, now)
    return fresh


def _render(sentences: Sequence[str]) -> RenderedDigest:
    more = f" (and {len(sentences) - 1} more)" if len(sentences) > 1 else ""
    ending = "You get this alert once, until the trouble is over. `tipwatch status` shows how things are now."
    text = "\n\n".join(wrap_lines(one) for one in (*sentences, ending)) + "\n"
    return RenderedDigest(one_line(f"tipwatch needs you: {sentences[0].rstrip('.')}{more}"), text, "", brief=text)


def _freeze(
    connection: Connection, rendered: RenderedDigest, operator: OperatorSettings, mail: MailSettings, now: datetime
) -> None:
    to_operator = SubscriptionSettings.model_construct(
        name=OPERATOR, recipients=operator.recipients, channels=operator.channels, format="text"
    )
    slot_key = f"alert-{now:%Y-%m-%dT%H%M%SZ}"
    digest_id = claim_digest(connection, OPERATOR, slot_key, now, now=now)
    if digest_id is not None:
        summary = {"subscription": OPERATOR, "slot_key": slot_key, "subject": rendered.subject}
        messages = Mailing(rendered, to_operator, mail, slot_key, now)
        freeze_digest(connection, digest_id, summary=summary, deliveries=messages, now=now)
