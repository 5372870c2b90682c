"""Makes one digest: reads what it may hold, composes, renders, and freezes its messages in the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from alerts.delivery.mailing import Mailing
from alerts.digest.choice import NewProjects, choose_new
from alerts.digest.compose import UPDATES_SHOWN, Composition, Findings, compose, compose_immediate
from alerts.digest.filters import LEAST_PROBABILITY, is_immediate, is_wanted
from alerts.digest.slots import Period, kind_of
from alerts.digest.weekly import summarise_week
from alerts.render.message import RenderedDigest
from alerts.render.render import html_bytes, render_digest, render_weekly
from alerts.render.table import write_table
from alerts.settings import MailSettings, SubscriptionSettings
from storage.articles.pages import list_parked_between
from storage.database.engine import Database
from storage.database.errors import AlreadyAnnounced
from storage.digests.announcements import maybe_articles, other_stories, stream_updates, unannounced_ids
from storage.digests.coverage import count_articles_read, count_older_projects
from storage.digests.outbox import FrozenDelivery, freeze_digest
from storage.projects.projects import Project
from storage.sources.health import list_source_health

logger = logging.getLogger(__name__)

COMPOSE_TRIES = 3  # another process announcing at the same moment is rare; three times in a row it does not happen
MAYBE_READ = 200  # of a day, to choose from: a subscription's countries and languages are known afterwards
PARKED_SHOWN = 10  # as many as are looked at one by one; the rest is for `tipwatch parked list`
# Large providers clip a message whose HTML is longer than 102 kB, and what is clipped is not read.
MAX_HTML_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class BuiltDigest:
    """One digest that was made: its counts, and to how many recipients it goes (none where it was empty)."""

    subscription: str
    slot_key: str
    subject: str
    new_projects: int
    updates: int
    recipients: int


def compose_now(
    connection: Connection, subscription: SubscriptionSettings, period: Period, now: datetime
) -> Composition:
    """Reads what the digest may hold, from one snapshot, and composes it."""
    searched = {"since_at": period.searched_from_at, "until_at": period.to_at}
    span = {"since_at": period.from_at, "until_at": period.to_at}
    is_whole = kind_of(period.slot.key) == "daily"
    wants_news = is_whole and subscription.other_news > 0
    updates = (
        one
        for one in (stream_updates(connection, subscription.name, **searched) if is_whole else ())
        if is_wanted(subscription, one.project)
    )
    shown = tuple(islice(updates, UPDATES_SHOWN))  # those beyond them come with the next digest
    parked, parked_count = list_parked_between(connection, limit=PARKED_SHOWN, **span) if is_whole else ([], 0)
    findings = Findings(
        new=choose_for(connection, subscription, period),
        updates=shown,
        updates_left_out=sum(1 for _ in updates),
        maybe=maybe_articles(connection, least_probability=LEAST_PROBABILITY, limit=MAYBE_READ, **span)
        if is_whole
        else (),
        # Languages and topics are chosen afterwards: ask for enough to choose from.
        stories=other_stories(connection, limit=10 * subscription.other_news, **span) if wants_news else (),
        health=list_source_health(connection, now),
        articles_read=count_articles_read(connection, **span),
        older_projects=count_older_projects(connection, **span) if is_whole else 0,
        parked=parked,
        parked_count=parked_count,
    )
    return (compose if is_whole else compose_immediate)(subscription, findings, period)


def choose_for(connection: Connection, subscription: SubscriptionSettings, period: Period) -> NewProjects:
    """The projects that this digest announces."""
    immediate = subscription.immediate
    is_urgent = kind_of(period.slot.key) != "daily"

    def is_announced(one: Project) -> bool:
        return is_wanted(subscription, one) and (
            not is_urgent or (immediate is not None and is_immediate(immediate, one))
        )

    ids = unannounced_ids(connection, subscription.name, since_at=period.searched_from_at, until_at=period.to_at)
    return choose_new(connection, ids, is_announced, limit=subscription.limit, table_name=name_table(period.slot.key))


def name_table(slot_key: str) -> str:
    return f"new-projects-{slot_key.replace(':', '')}"


def render_within_size(composition: Composition, *, limit: int) -> RenderedDigest:
    """The digest with at most `limit` new projects, and no more HTML than arrives whole; the rest goes as a table."""
    content, shown = composition.content, limit
    while True:
        left_out = content.left_out + max(0, len(content.new_projects) - shown)
        rendered = render_digest(replace(content, new_projects=content.new_projects[:shown], left_out=left_out))
        if html_bytes(rendered) <= MAX_HTML_BYTES or shown <= 1:
            break
        shown = max(1, min(shown, len(content.new_projects)) * 3 // 4)
    if not left_out:
        return rendered
    table = composition.table or write_table(name_table(content.slot_key), composition.projects, is_whole=True)[0]
    return replace(rendered, attachments=(table,))


async def build_digest(
    database: Database,
    subscription: SubscriptionSettings,
    mail: MailSettings,
    *,
    digest_id: int,
    period: Period,
    clock: Callable[[], datetime],
) -> BuiltDigest | None:
    """Composes, renders and freezes one claimed digest; None where another process did so first."""
    if kind_of(period.slot.key) == "weekly":
        return await make_summary(database, subscription, mail, digest_id=digest_id, period=period, now=clock())
    for tries_left in range(COMPOSE_TRIES - 1, -1, -1):
        now = clock()
        composition = await database.read(compose_now, subscription, period, now)
        rendered = await asyncio.to_thread(render_within_size, composition, limit=subscription.limit)
        is_sent = _is_sent(subscription, period, composition)
        frozen = Mailing(rendered, subscription, mail, period.slot.key, now) if is_sent else ()
        digest = BuiltDigest(
            subscription=subscription.name,
            slot_key=period.slot.key,
            subject=rendered.subject,
            new_projects=len(composition.project_ids),
            updates=len(composition.content.updates),
            recipients=len(frozen),
        )
        try:
            return await _freeze(database, digest_id, digest, frozen, composition=composition, now=now)
        except AlreadyAnnounced:
            if not tries_left:
                raise
    return None


async def make_summary(
    database: Database,
    subscription: SubscriptionSettings,
    mail: MailSettings,
    *,
    digest_id: int,
    period: Period,
    now: datetime,
) -> BuiltDigest | None:
    """Makes the week's summary that follows a digest; it announces nothing. None where another process did so first."""
    summary = await database.read(summarise_week, subscription, period)
    rendered = await asyncio.to_thread(render_weekly, summary)
    frozen = Mailing(rendered, subscription, mail, period.slot.key, now)
    made = BuiltDigest(
        subscription=subscription.name,
        slot_key=period.slot.key,
        subject=rendered.subject,
        new_projects=summary.new_projects,
        updates=summary.updates,
        recipients=len(frozen),
    )
    return await _freeze(database, digest_id, made, frozen, composition=None, now=now)


async def _freeze(
    database: Database,
    digest_id: int,
    made: BuiltDigest,
    frozen: Collection[FrozenDelivery],
    *,
    composition: Composition | None,
    now: datetime,
) -> BuiltDigest | None:
    is_mine = await database.write(
        freeze_digest,
        digest_id,
        summary=asdict(made),
        project_ids=composition.project_ids if composition else (),
        article_ids=composition.article_ids if composition else (),
        deliveries=frozen,
        now=now,
    )
    if not is_mine:
        return None
    fields = {name: value for name, value in asdict(made).items() if name != "subject"}
    logger.info("digest.built", extra=fields)
    return made


def _is_sent(subscription: SubscriptionSettings, period: Period, composition: Composition) -> bool:
    """An empty digest goes out where it is asked for; an empty alert never does."""
    if composition.content.is_empty:
        return subscription.send_empty and kind_of(period.slot.key) == "daily"
    return True
