"""What was sent, against what the database knows of it: a database restored from a backup knows less.

Enters what is noted outside the database (`alerts.delivery.sent_log`); leaves the announcements that the database had
forgotten, made known to it again as their articles come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from storage.database.statements import one_of
from storage.digests.announcements import announced_families, note_announced
from storage.register.persist.families import find_roots
from storage.tables.schema import announced_article, article, digest


@dataclass(frozen=True, slots=True)
class SentDigest:
    """A digest of which a message arrived: its slot, and the canonical addresses of the articles in it."""

    subscription: str
    slot_key: str
    slot_at: datetime
    urls: tuple[str, ...]


def read_sent(connection: Connection, digest_id: int) -> SentDigest:
    """What is to be noted of a digest."""
    columns = (digest.c.subscription, digest.c.slot_key, digest.c.slot_at)
    of_digest = connection.execute(select(*columns).where(digest.c.id == digest_id)).one()
    announced_articles = (
        select(article.c.canonical_url)
        .join(announced_article, announced_article.c.article_id == article.c.id)
        .where(announced_article.c.subscription == of_digest.subscription, announced_article.c.digest_id == digest_id)
        .order_by(article.c.id)
    )
    return SentDigest(*of_digest, tuple(connection.execute(announced_articles).scalars()))


def find_forgotten(connection: Connection, sent: Iterable[SentDigest]) -> list[SentDigest]:
    """Of these digests those that the database does not know."""
    noted = list(sent)
    asked = select(digest.c.subscription, digest.c.slot_key)
    asked = asked.where(one_of(digest.c.slot_key, {one.slot_key for one in noted}))
    known = {(subscription, slot_key) for subscription, slot_key in connection.execute(asked)}
    return [one for one in noted if (one.subscription, one.slot_key) not in known]


def recall_announcements(
    connection: Connection, *, digest_id: int, subscription: str, urls: Sequence[str], now: datetime
) -> int:
    """Notes under a digest that the subscription got the articles at these addresses, and their projects.

    Those that are not there (yet) are passed over. Gives how many projects are announced by that.
    """
    asked = select(article.c.id, article.c.project_id).where(one_of(article.c.canonical_url, urls))
    articles: dict[int, int | None] = dict(connection.execute(asked).all())
    roots = set(find_roots(connection, {id_ for id_ in articles.values() if id_ is not None}).values())
    new = roots - announced_families(connection, subscription, roots).keys()
    return note_announced(connection, subscription, digest_id, project_ids=new, article_ids=articles, now=now)
