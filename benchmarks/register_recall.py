"""Whether the register still finds what a new report belongs to: `python -m benchmarks.register_recall [--sizes N,…]`.

The register stores so many made articles, all of them registered, none copied. Then a new report, in other words, is
made of each of a thousand stored projects and events, and asked for without being stored. One JSON line says for which
share the true owner is still there: among the owners that share a blocking key (`found`: of a key only the newest are
looked up), among those loaded and then compared (`loaded`, `compared`: bounds again), and `joined`; `old` are those of
the first two thousand articles. Names are drawn from 20,000 words whatever the size, so that rare ones grow common
sooner than in the world.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select

from benchmarks.made_articles import Made, make_articles, make_report, make_words
from benchmarks.register import BATCH, emptied, register
from storage.database.engine import Database
from storage.register.blocking.key_index import Owner, find_by_keys
from storage.register.resolve.load import choose_owners, load_resolver
from storage.register.resolve.prepare import prepare
from storage.tables.schema import article

SEED = 7
ASKED = 1_000
OLD = 1_000  # projects and events, some two thousand articles


def measure(url: str, sizes: Sequence[int]) -> None:
    """Registers to each size, and asks."""
    made = make_articles(SEED)
    firsts: list[Made] = []
    with emptied(url) as database:
        stored = 0
        for size in sizes:
            while stored < size:
                batch = list(islice(made, BATCH))
                register(database, batch)
                stored += BATCH
                firsts += [one for one in batch if one.reading.canonical_url.endswith("-0")]
            for which, among in (("all", firsts), ("old", [one for one in firsts if one.world["number"] < OLD])):
                sample = random.Random(size).sample(among, min(ASKED, len(among)))
                for kind in ("project", "story"):
                    asked = [one for one in sample if one.world["is_project"] == (kind == "project")]
                    found = ask(database, asked)
                    row: dict[str, object] = {"stored": stored, "owner": kind, "which": which, "asked": len(asked)}
                    row |= {step: round(count / len(asked), 3) for step, count in found.items()}
                    print(json.dumps(row), flush=True)


def ask(database: Database, asked: Sequence[Made]) -> Counter[str]:
    """Of how many new reports of these stored ones' worlds the owner was still there, step by step."""
    rng = random.Random(SEED + 1)
    words = make_words(rng)
    counts: Counter[str] = Counter(found=0, loaded=0, compared=0, joined=0)
    with database.reading() as connection:
        for number, one in enumerate(asked, 1):
            owner = _owner_of(connection, one)
            report = make_report(rng, words, one.world, f"late-{number}", is_copy=False)
            counts.update(_find(connection, report, owner))
    return counts


def _find(connection: Connection, report: Made, owner: Owner) -> dict[str, int]:
    kind, id_ = owner
    item = prepare(-1, report.reading, report.verdict)
    found = find_by_keys(connection, kind, {*item.keys, *item.lookup_keys})
    resolver = load_resolver(connection, [item])
    compared = [group.id for group in resolver.list_candidates(kind, item)]
    place = resolver.place(item)
    return {
        "found": any(id_ in ids for ids in found.values()),
        "loaded": owner in choose_owners([item], {kind: found}),
        "compared": id_ in compared,
        "joined": (place.group.settle().kind, place.group.settle().id) == owner,
    }


def _owner_of(connection: Connection, made: Made) -> Owner:
    asked = select(article.c.project_id, article.c.story_id)
    its = connection.execute(asked.where(article.c.canonical_url == made.reading.canonical_url)).one()
    return ("project", its.project_id) if its.project_id is not None else ("story", its.story_id)


def main() -> None:
    """Reads the arguments and prints one JSON line a size and kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000", help="numbers of stored articles, rising; 100000: half an hour")
    sizes = [int(size) for size in parser.parse_args().sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="tipwatch-recall-") as folder:
        measure(f"sqlite:///{Path(folder) / 'register.sqlite3'}", sizes)


if __name__ == "__main__":
    main()
