"""Several items at one address: an imported newsletter's items are distinguished by their texts.

Readings go in; they come out with `#2`, `#3`, … behind the address of every further item. The crawl fetches an address
once, so only imports bring such items. A fragment is in no canonical URL otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from classifier.document import Verdict
from storage.database.statements import one_of
from storage.records import ArticleReading
from storage.register.compare.near_copy import estimate_similarity, read_signature, sign_text
from storage.tables.schema import article, signature

# Two texts under one address are one item from this likeness.
SAME_ITEM = 0.3
MAX_ITEMS = 50


def number_newsletter_items(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]]
) -> list[tuple[ArticleReading, Verdict]]:
    """Numbers imported items that share an address (a newsletter's items): the second becomes `…#2`, and so on."""
    imports = {reading.canonical_url for reading, _ in batch if reading.read_from == "import"}
    if not imports:
        return list(batch)
    known = _load_items(connection, imports)
    settled = []
    for reading, verdict in batch:
        number = 1
        if reading.read_from == "import":
            number = _number_of(known.setdefault(reading.canonical_url, []), reading)
        url = reading.canonical_url if number == 1 else f"{reading.canonical_url}#{number}"
        settled.append((replace(reading, canonical_url=url), verdict))
    return settled


@dataclass(frozen=True, slots=True)
class _NewsletterItem:
    number: int
    title: str
    minhash: bytes


def _load_items(connection: Connection, urls: Collection[str]) -> dict[str, list[_NewsletterItem]]:
    found: dict[str, list[_NewsletterItem]] = {}
    asked = select(article.c.canonical_url, article.c.title, signature.c.minhash).outerjoin(
        signature, signature.c.article_id == article.c.id
    )
    for url, title, minhash in connection.execute(asked.where(one_of(article.c.canonical_url, urls))):
        found[url] = [_NewsletterItem(1, title, minhash or b"")]
    further = [f"{url}#{number}" for url in found for number in range(2, MAX_ITEMS + 1)]
    for url, title, minhash in connection.execute(asked.where(one_of(article.c.canonical_url, further))):
        base, _, number = url.rpartition("#")
        found[base].append(_NewsletterItem(int(number), title, minhash or b""))
    return found


def _number_of(items: list[_NewsletterItem], reading: ArticleReading) -> int:
    signed = sign_text(f"{reading.title}\n{reading.text}")
    for item in items:
        is_alike = (
            bool(item.minhash)
            and signed is not None
            and estimate_similarity(read_signature(item.minhash), signed) >= SAME_ITEM
        )
        if item.title == reading.title or is_alike or len(items) >= MAX_ITEMS:
            return item.number
    number = max((item.number for item in items), default=0) + 1
    items.append(_NewsletterItem(number, reading.title, b"" if signed is None else signed.tobytes()))
    return number
