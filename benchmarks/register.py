"""What registering costs as the register grows, and what it still finds: `python -m benchmarks.register [--sizes N,…]`.

The first article of every labelled story (`seeds/`) is registered, `register_fill` fills the register to each size with
articles of other projects, and then the later articles of those stories come: the oldest partner among all that is
stored. Of each that announces a project, as its story's first one does, is asked whether that one's project is still
there: among the owners that share a blocking key (`found`: of a key only the newest are looked up), among those loaded
and then compared (`loaded`, `compared`: bounds again), and `joined`; `strangers` are joined to a project of the fill.
Then all are registered and timed: articles a second, CPU and kB of database an article beyond its text, the slowest
batch, peak memory. With `--url` PostgreSQL after SQLite. Judging the labelled articles takes minutes.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

from benchmarks.register_fill import fill
from classifier.document import Verdict
from classifier.judge import Judge
from storage.database.engine import Database
from storage.records import ArticleReading
from storage.register.blocking.key_index import OWNER_KINDS, find_by_keys
from storage.register.blocking.lookup import places_of
from storage.register.registration import register_articles
from storage.register.resolve.load import choose_owners, load_resolver
from storage.register.resolve.prepare import prepare
from storage.tables.schema import article
from tipwatch.evaluation.judging import in_batches, reading_of
from tipwatch.evaluation.register_training import READ_AT, LabelledTelling, judge_labelled, read_labelled

BATCH = 100

Judged = tuple[ArticleReading, Verdict]


def split_stories(told: Sequence[LabelledTelling]) -> tuple[dict[str, Judged], list[tuple[Judged, str | None]]]:
    """The first article of every story, and the later ones, each with its story where it and the first one announce a
    project and were judged relevant."""
    firsts: dict[str, tuple[LabelledTelling, Judged]] = {}
    later: list[tuple[Judged, str | None]] = []
    for one in told:
        judged = (reading_of(one.record, one.verdict, READ_AT), one.verdict)
        if one.story not in firsts:
            firsts[one.story] = (one, judged)
            continue
        is_asked = all(each.is_new_project and each.verdict.is_relevant for each in (one, firsts[one.story][0]))
        later.append((judged, one.story if is_asked else None))
    return {story: judged for story, (_, judged) in firsts.items()}, later


def register_firsts(database: Database, firsts: Mapping[str, Judged]) -> dict[str, list[int]]:
    """Registers articles; gives by story the ids of those stored: several where one reports several projects."""
    stored: dict[str, list[int]] = {}
    for batch in in_batches(firsts.items(), BATCH):
        answers = database.write_now(register_articles, [judged for _, judged in batch], READ_AT)
        for (story, _), answer in zip(batch, answers, strict=True):
            stored[story] = [one.article_id for one in (answer, *answer.others)]
    return stored


def measure(url: str, sizes: Sequence[int], told: Sequence[LabelledTelling]) -> None:
    """Fills the register to each size, asks it for the later articles and times them; prints one row a size."""
    firsts, later = split_stories(told)
    for size in sizes:
        with emptied(url) as database:
            stored = register_firsts(database, firsts)
        fill(url, size)
        with Database.open(url) as database:
            _settle(database)
            row: dict[str, Any] = {"database": database.dialect, "stored": size}
            row |= ask(database, stored, [(judged, story) for judged, story in later if story is not None])
            row |= _time(database, [judged for judged, _ in later]) | _weigh(database)
        print(json.dumps(row), flush=True)


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


def _settle(database: Database) -> None:
    """PostgreSQL's autovacuum would have counted the tables by then, and made its checkpoint; SQLite has neither."""
    if database.dialect == "postgresql":
        with database.session() as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


def ask(database: Database, stored: Mapping[str, Sequence[int]], asked: Sequence[tuple[Judged, str]]) -> dict[str, Any]:
    """For which share of these articles the owner of one of their story's stored ones is still there, step by step;
    nothing is stored."""
    counts: Counter[str] = Counter()
    with database.reading() as connection:
        labelled = set(places_of(connection, [id_ for ids in stored.values() for id_ in ids]).values())
        for judged, story in asked:
            found = _find(connection, judged)
            owners = set(places_of(connection, stored[story]).values())
            counts.update({step: bool(owners & its) for step, its in found.items()})
            counts["strangers"] += not {at for at in found["joined"] if at[1] is not None} <= labelled
    shares = {step: round(count / len(asked), 3) for step, count in counts.items() if step != "strangers"}
    return {"asked": len(asked), **shares, "joined_to_strangers": counts["strangers"]}


def _find(connection: Connection, judged: Judged) -> dict[str, set[Any]]:
    item = prepare(-1, *judged)
    by_key = {kind: find_by_keys(connection, kind, {*item.keys, *item.lookup_keys}) for kind in OWNER_KINDS}
    resolver = load_resolver(connection, [item])
    compared = {(group.kind, group.id) for kind in OWNER_KINDS for group in resolver.list_candidates(kind, item)}
    group = resolver.place(item).group.settle()
    return {
        "found": {(kind, id_) for kind, found in by_key.items() for ids in found.values() for id_ in ids},
        "loaded": choose_owners([item], by_key),
        "compared": compared,
        "joined": {(group.kind, group.id)},
    }


def _time(database: Database, judged: Sequence[Judged]) -> dict[str, Any]:
    slowest, began, cpu = 0.0, time.perf_counter(), time.process_time()
    for batch in in_batches(judged, BATCH):
        at = time.perf_counter()
        database.write_now(register_articles, batch, READ_AT)
        slowest = max(slowest, time.perf_counter() - at)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "articles_a_second": round(len(judged) / wall),
        "ms_an_article": round(1000 * wall / len(judged), 2),
        "cpu_ms_an_article": round(1000 * cpu / len(judged), 2),
        "slowest_batch_ms": round(1000 * slowest),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


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
    return {"kb_an_article_beyond_text": round((whole - texts) / articles / 1000, 2)}


def main() -> None:
    """Reads the arguments and prints one JSON line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000", help="numbers of stored articles; a million takes half an hour")
    parser.add_argument("--url", help="a PostgreSQL database that may be emptied, to be measured too")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    told = judge_labelled(read_labelled(), Judge.load())
    with tempfile.TemporaryDirectory(prefix="tipwatch-register-") as folder:
        measure(f"sqlite:///{Path(folder) / 'register.sqlite3'}", sizes, told)
    if options.url:
        measure(options.url, sizes, told)


if __name__ == "__main__":
    main()
