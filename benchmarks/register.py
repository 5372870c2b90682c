"""What registering costs as the register grows: `python -m benchmarks.register [--sizes 10000] [--url URL]`.

Made articles (`made_articles`) go in, every one of them relevant: the dear case, as a real crawl rules out nine of ten
before. The register itself stores a first block of articles, `register_fill` copies it to each size, and then a further
2,000 articles are timed: articles a second, CPU and kB of database an article beyond its text, the slowest batch, peak
memory. With `--url` PostgreSQL after SQLite; `--datasketch` times datasketch's LSH over the same texts in memory, which
answers only "much the same text"; `benchmarks.register_recall` asks whether the partners of new reports are found.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH
from sqlalchemy import func, select, text

from benchmarks.made_articles import START, Made, make_articles
from benchmarks.register_fill import fill
from storage.database.engine import Database
from storage.register.registration import register_articles
from storage.tables.schema import article, project, story

BATCH = 100
TIMED = 2_000
# datasketch keeps all signatures in memory: some 5 kB an article.
MOST_IN_MEMORY = 100_000
# What the register writes itself before it is copied: large enough that a copy's keys are as mixed as the whole's.
BLOCK = 10_000


def measure(url: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fills the register to each size and times the next articles; one row a size."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        articles = make_articles(7)
        with emptied(url) as database:
            for _ in range(min(size, BLOCK) // BATCH):
                register(database, list(islice(articles, BATCH)))
        fill(url, size)
        with Database.open(url) as database:
            _settle(database)
            # made beforehand: their making is no part of what is measured
            batches = [list(islice(articles, BATCH)) for _ in range(TIMED // BATCH)]
            slowest, began, cpu = 0.0, time.perf_counter(), time.process_time()
            for batch in batches:
                at = time.perf_counter()
                register(database, batch)
                slowest = max(slowest, time.perf_counter() - at)
            wall = time.perf_counter() - began
            rows.append(
                {
                    "database": database.dialect,
                    "stored": size,
                    "articles_a_second": round(TIMED / wall),
                    "ms_an_article": round(1000 * wall / TIMED, 2),
                    "cpu_ms_an_article": round(1000 * (time.process_time() - cpu) / TIMED, 2),
                    "slowest_batch_ms": round(1000 * slowest),
                    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                    **_weigh(database),
                }
            )
            if len(rows) > 1:
                rows[-1]["times_the_smallest"] = round(rows[-1]["ms_an_article"] / rows[0]["ms_an_article"], 2)
            print(json.dumps(rows[-1]), flush=True)
    return rows


def emptied(url: str) -> Database:
    """A database with nothing in it; whatever was in it is gone."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        for ending in ("", "-wal", "-shm"):
            Path(path + ending).unlink(missing_ok=True)
    else:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
    return Database.open(url)


def register(database: Database, made: list[Made]) -> None:
    """Registers one batch."""
    batch = [(one.reading, one.verdict) for one in made]
    now = max(reading.published_at or START for reading, _ in batch)
    database.write_now(register_articles, batch, now)


def _settle(database: Database) -> None:
    """PostgreSQL's autovacuum would have counted the tables by then, and made its checkpoint; SQLite has neither."""
    if database.dialect == "postgresql":
        with database.session() as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


def _weigh(database: Database) -> dict[str, Any]:
    with database.reading() as connection:
        articles = connection.execute(select(func.count()).select_from(article)).scalar_one()
        if database.dialect == "sqlite":
            pages, size = (
                connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size")
            )
            whole = pages * size
            # with the room that half-filled pages leave, as on PostgreSQL: how full they are depends on texts' lengths
            texts = connection.execute(text("SELECT sum(pgsize) FROM dbstat WHERE name = 'article_text'")).scalar_one()
        else:
            whole = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            texts = connection.execute(text("SELECT pg_total_relation_size('article_text')")).scalar_one()
        return {
            "kb_an_article_beyond_text": round((whole - texts) / articles / 1000, 2),
            "projects": connection.execute(select(func.count()).select_from(project)).scalar_one(),
            "stories": connection.execute(select(func.count()).select_from(story)).scalar_one(),
        }


def measure_datasketch(sizes: list[int]) -> None:
    """datasketch's MinHash LSH over the same texts, in memory, for comparison; it answers only "much the same text"."""
    index = MinHashLSH(threshold=0.6, num_perm=128)
    articles = make_articles(7)
    stored = 0
    for size in sizes:
        while stored < size:
            index.insert(stored, _sign(next(articles)))
            stored += 1
        texts = list(islice(articles, TIMED))
        began, cpu = time.perf_counter(), time.process_time()
        for made in texts:
            signed = _sign(made)
            index.query(signed)
            index.insert(stored, signed)
            stored += 1
        row = {
            "datasketch": True,
            "stored": size,
            "ms_an_article": round(1000 * (time.perf_counter() - began) / TIMED, 2),
            "cpu_ms_an_article": round(1000 * (time.process_time() - cpu) / TIMED, 2),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
        print(json.dumps(row), flush=True)


def _sign(made: Made) -> MinHash:
    words = made.reading.text.split()
    signed = MinHash(num_perm=128)
    signed.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
    return signed


def main() -> None:
    """Reads the arguments and prints one JSON line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000", help="numbers of stored articles, rising; a million takes an hour")
    parser.add_argument("--url", help="a PostgreSQL database that may be emptied, to be measured too")
    parser.add_argument("--datasketch", action="store_true", help="only datasketch's LSH")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.datasketch:
        measure_datasketch([size for size in sizes if size <= MOST_IN_MEMORY])
        return
    with tempfile.TemporaryDirectory(prefix="tipwatch-register-") as folder:
        measure(f"sqlite:///{Path(folder) / 'register.sqlite3'}", sizes)
    if options.url:
        measure(options.url, sizes)


if __name__ == "__main__":
    main()
