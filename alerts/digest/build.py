"""Makes one digest: has it composed, renders it, and freezes its messages in the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from alerts.delivery.mailing import Mailing
from alerts.digest.compose import Composition, compose_now, name_table
from alerts.digest.slots import Period, kind_of
from alerts.digest.weekly import summarise_week
from alerts.render.message import RenderedDigest
from alerts.render.render import html_bytes, render_digest, render_weekly
from alerts.render.table import write_table
from alerts.settings import MailSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.database.errors import AlreadyAnnounced
from storage.digests.outbox import freeze_digest

logger = logging.getLogger(__name__)

COMPOSE_TRIES = 3  # another process announcing at the same moment is rare; three times in a row it does not happen
# Large providers clip a message whose HTML is longer than 102 kB, and what is clipped is not read.
MAX_HTML_BYTES = 100_000

SHORTEST_QUIET = timedelta(hours=1)
"""Since a digest that was late, minutes before the next: that nothing came meanwhile says nothing."""


@dataclass(frozen=True, slots=True)
class BuiltDigest:
    """One digest that was made: its counts, and to how many recipients it goes (none where it was empty)."""

    subscription: str
    slot_key: str
    subject: str
    new_projects: int
    updates: int
    recipients: int


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
    table = composition.new.table or write_table(name_table(content.slot_key), composition.new.shown, is_whole=True)[0]
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
    for tries_left in range(COMPOSE_TRIES - 1, -1, -1):
        now = clock()
        draft = await draft_digest(database, subscription, period, now)
        messages = Mailing(draft.rendered, subscription, mail, period.slot.key, now) if draft.is_sent else ()
        digest = BuiltDigest(
            subscription=subscription.name,
            slot_key=period.slot.key,
            subject=draft.rendered.subject,
            new_projects=draft.new_projects,
            updates=draft.updates,
            recipients=len(messages),
        )
        try:
            is_mine = await database.write(
                freeze_digest,
                digest_id,
                summary=asdict(digest),
                project_ids=draft.project_ids,
                article_ids=draft.article_ids,
                deliveries=messages,
                now=now,
            )
        except AlreadyAnnounced:
            if not tries_left:
                raise
            continue
        if is_mine:
            logger.info("digest.built", extra={name: v for name, v in asdict(digest).items() if name != "subject"})
        return digest if is_mine else None
    return None


@dataclass(frozen=True, slots=True)
class Draft:
    """A digest as it would go out: its counts, and what it announces (ids)."""

    rendered: RenderedDigest
    new_projects: int
    updates: int
    project_ids: tuple[int, ...] = ()
    article_ids: tuple[int, ...] = ()
    is_sent: bool = True


async def draft_digest(database: Database, subscription: SubscriptionSettings, period: Period, now: datetime) -> Draft:
    """The digest of a slot, composed and rendered; a week's summary announces nothing.

    An empty digest goes out where it is asked for, unless it covers less than an hour: whoever had a digest minutes ago
    need not hear that nothing came since. An empty alert never goes out.
    """
    kind = kind_of(period.slot.key)
    if kind == "weekly":
        summary = await database.read(summarise_week, subscription, period)
        return Draft(await asyncio.to_thread(render_weekly, summary), summary.new_projects, summary.updates)
    composition = await database.read(compose_now, subscription, period, now)
    content, ids = composition.content, composition.new.ids
    rendered = await asyncio.to_thread(render_within_size, composition, limit=subscription.limit)
    is_quiet_day = kind == "daily" and period.to_at - period.from_at >= SHORTEST_QUIET
    is_sent = not content.is_empty or (subscription.send_empty and is_quiet_day)
    return Draft(rendered, len(ids), len(content.updates), ids, composition.article_ids, is_sent)
