"""Fills a database with stored articles and their entries, so that a cycle can be measured over many.

The rows are as the register leaves them (article, text, entry, signature, 8 bands, words for searching), spread over
the sources that are there, but inserted in bulk: what they say is of no matter, only how many there are. Bands are
random, so no stored article is a copy of another.

    python -m benchmarks.crawl_fill DATABASE-URL ARTICLES
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, select, text

from storage.database.engine import Database
from storage.tables.schema import BANDS, article, article_text, entry, signature, source

BATCH = 20_000  # rows a transaction: bounds memory, and a commit costs nothing beside so many
SENTENCES = " ".join(
    ["Officials said on Tuesday that the matter would be looked into and that a report would follow."] * 6
)
OLDEST = datetime(2025, 1, 1, tzinfo=UTC)


def fill(database: Database, wanted: int, verdict: dict[str, Any]) -> None:
    """Brings the number of stored articles up to `wanted`."""
    with database.reading() as connection:
        there = connection.execute(select(func.count()).select_from(article)).scalar_one()
        first = (connection.execute(select(func.max(article.c.id))).scalar_one() or 0) + 1
        sources = list(connection.execute(select(source.c.id).order_by(source.c.id)).scalars())
    chance = np.random.default_rng(first)
    numbers = range(first, first + max(0, wanted - there))
    owners = {number: sources[index * len(sources) // len(numbers)] for index, number in enumerate(numbers)}
    for start in range(0, len(numbers), BATCH):
        ids = numbers[start : start + BATCH]
        with database.writing() as connection:
            connection.execute(article.insert(), [article_row(number, verdict) for number in ids])
            connection.execute(
                article_text.insert(),
                [{"article_id": number, "stored_at": OLDEST, "text": SENTENCES} for number in ids],
            )
            connection.execute(entry.insert(), [entry_row(number, owners[number]) for number in ids])
            minhashes = chance.bytes(64 * len(ids))
            bands = chance.integers(-(2**31), 2**31, (len(ids), len(BANDS)))
            rows = [
                {
                    "article_id": number,
                    **dict(zip(BANDS, bands[at].tolist(), strict=True)),
                    "minhash": minhashes[at * 64 : at * 64 + 64],
                    "details": "tuesday",
                    "claims": None,
                }
                for at, number in enumerate(ids)
            ]
            connection.execute(signature.insert(), rows)
            connection.execute(
                text("INSERT INTO article_search (rowid, title, words) VALUES (:id, :title, :words)"),
                [{"id": number, "title": f"story {number}", "words": f"officials report {number}"} for number in ids],
            )


def article_row(number: int, verdict: dict[str, Any]) -> dict[str, Any]:
    at = OLDEST + timedelta(seconds=number)
    return {
        "id": number,
        "canonical_url": f"https://filled.example/story/{number:09}",
        "url": f"https://filled.example/story/{number:09}",
        "host": "filled.example",
        "title": f"Officials promise a report, the {number}th",
        "language": "en",
        "outlet": "Filled",
        "published_at": at,
        "published_precision": "day",
        "registered_at": at,
        "read_from": "page",
        "is_news": True,
        "is_relevant": False,
        "relevance": 0.01,
        "relevance_band": "no",
        "is_new_project": False,
        "new_project_probability": 0.0,
        "new_project_band": "no",
        "topic": "other",
        "verdict": verdict,
        "outcome": "new-story",
    }


def entry_row(number: int, source_id: int) -> dict[str, Any]:
    at = OLDEST + timedelta(seconds=number)
    return {
        "source_id": source_id,
        "identity": f"filled-{number:09}",
        "url": f"https://filled.example/story/{number:09}",
        "canonical_url": f"https://filled.example/story/{number:09}",
        "host": "filled.example",
        "title": f"Officials promise a report, the {number}th",
        "summary": SENTENCES[:300],
        "content_hash": f"{number:032x}",
        "seen_at": at,
        "state": "done",
        "attempts": 0,
        "next_at": at,
        "article_id": number,
    }


def main() -> None:
    url, wanted = sys.argv[1], int(sys.argv[2])
    with Database.open(url) as database:
        with database.reading() as connection:  # a real verdict, of whatever was stored last
            row = connection.execute(select(article.c.verdict).order_by(article.c.id.desc()).limit(1)).first()
        if row is None:
            sys.exit("crawl first: the rows take their verdict from one that is stored")
        fill(database, wanted, row.verdict)


if __name__ == "__main__":
    main()
