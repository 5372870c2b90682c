"""What registering costs as the register grows: `python -m benchmarks.register [--sizes 10000,100000] [--url URL]`.

Made articles go in, every one of them relevant (the dear case: a real crawl rules out nine of ten before), four of ten
telling of a new project with facts, the rest of events; a project or event is told by one to four articles, some of them near
copies, the others in other words. For every size the register is filled by the register itself, then a further 2,000
articles are timed: articles a second, the slowest batch, peak memory, and bytes of database an article beyond its text.
Beside it, where datasketch is installed, its LSH over the same texts, which answers only "much the same text".
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from classifier.document import Facts, Verdict
from storage.engine import Database
from storage.records import ArticleReading
from storage.register import register_articles
from storage.schema import article, article_text, project, story

BATCH = 100
TIMED = 2_000
START = datetime(2026, 1, 1, tzinfo=UTC)
COUNTRIES = [
    "KE",
    "UG",
    "TZ",
    "RW",
    "BI",
    "ET",
    "SO",
    "SD",
    "SS",
    "NG",
    "GH",
    "CI",
    "BF",
    "ML",
    "NE",
    "TD",
    "CM",
    "GA",
    "CD",
    "AO",
    "ZM",
    "MW",
    "MZ",
    "ZA",
    "NA",
    "BW",
    "LS",
    "SZ",
    "MG",
    "MU",
]
COUNTRIES += [
    "IN",
    "NP",
    "BD",
    "LK",
    "PK",
    "AF",
    "KH",
    "LA",
    "VN",
    "TH",
    "MM",
    "ID",
    "PH",
    "MY",
    "CN",
    "MN",
    "KZ",
    "KG",
    "TJ",
    "UZ",
    "AM",
    "GE",
    "AZ",
    "TR",
    "UA",
    "MD",
    "RO",
    "BG",
    "RS",
    "AL",
    "MK",
    "BA",
]
FUNDERS = (
    "European Union",
    "USAID",
    "Netherlands",
    "Norway",
    "United Kingdom",
    "Canada",
    "Japan",
    "Sweden",
    "Switzerland",
)
AGENCIES = ("IOM", "UNODC", "UNICEF", "ILO", "Save the Children", "World Vision", "Caritas")
TEXT_WORDS = 300
VOCABULARY = 20_000


@dataclass(frozen=True)
class Made:
    """One made article with what the judge would say of it."""

    reading: ArticleReading
    verdict: Verdict


def make_articles(seed: int) -> Iterator[Made]:
    """Made articles without end, the same for a seed; tellings of one project come within some dozens of each other."""
    rng = random.Random(seed)
    words = [_make_word(rng) for _ in range(VOCABULARY)]
    pending: list[tuple[int, Made]] = []
    number = 0
    while True:
        is_project = rng.random() < 0.4
        base = _make_world(rng, words, is_project=is_project)
        for telling in range(rng.choice((1, 1, 2, 3, 4))):
            made = _tell(
                rng, words, base, f"{seed}-{number}-{telling}", number, is_copy=telling > 0 and rng.random() < 0.4
            )
            pending.append((number + telling * rng.randint(1, 40), made))
        number += 1
        due = [made for at, made in pending if at <= number]
        pending = [(at, made) for at, made in pending if at > number]
        yield from due


def _make_word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def _make_world(rng: random.Random, words: list[str], *, is_project: bool) -> dict[str, Any]:
    places = [rng.choice(words).capitalize() for _ in range(8)]
    figures = [str(rng.randint(11, 99_999)) for _ in range(4)]
    own = " ".join(rng.choice(words).capitalize() for _ in range(2))
    return {
        "is_project": is_project,
        "places": places,
        "figures": figures,
        "name": f"{own} Initiative" if rng.random() < 0.6 else None,
        "country": rng.choice(COUNTRIES),
        "funder": rng.choice(FUNDERS),
        "agency": rng.choice((*AGENCIES, f"{own} Foundation")),
        "amount": float(rng.randint(50, 9_999) * 1_000),
        "start": f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}",
        "body": [rng.choice(words) for _ in range(TEXT_WORDS)],
    }


def _tell(rng: random.Random, words: list[str], world: dict[str, Any], key: str, number: int, *, is_copy: bool) -> Made:
    body = list(world["body"]) if is_copy else [rng.choice(words) for _ in range(TEXT_WORDS)]
    for at in rng.sample(range(TEXT_WORDS), 3 if is_copy else 0):
        body[at] = rng.choice(words)
    marks = [*world["places"], *world["figures"]]
    for at, mark in enumerate(marks):
        body[at * (TEXT_WORDS // len(marks))] = mark
    sentences = [" ".join(body[i : i + 15]) for i in range(0, TEXT_WORDS, 15)]
    title = f"{rng.choice(words).capitalize()} {world['places'][0]} {' '.join(rng.sample(words, 4))}"
    facts = Facts(
        name=world["name"],
        implementers=(world["agency"],),
        funders=(world["funder"],),
        countries=(world["country"],),
        amount=world["amount"] if rng.random() < 0.7 else None,
        currency="USD",
        start=world["start"] if rng.random() < 0.5 else None,
    )
    is_project = bool(world["is_project"])
    verdict = Verdict(
        lang="en",
        relevance=0.95,
        is_relevant=True,
        relevance_band="yes",
        new_project_probability=0.9 if is_project else 0.1,
        is_new_project=is_project,
        new_project_band="yes" if is_project else "no",
        topic="project" if is_project else "crime-case",
        facts=facts if is_project else None,
    )
    url = f"https://outlet{number % 97}.example/news/{key}"
    at = START + timedelta(hours=number / 4)
    reading = ArticleReading((), url, url, title, ". ".join(sentences), "en", f"outlet{number % 97}", at, "page")
    return Made(reading, verdict)


def measure(url: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fills the register to each size in turn and times the next articles; one row a size."""
    rows = []
    articles = make_articles(7)
    stored = 0
    with Database.open(url) as database:
        for size in sizes:
            while stored < size:
                stored += _register(database, articles, min(BATCH * 5, size - stored))
            _settle(database)
            slowest, began, cpu = 0.0, time.perf_counter(), time.process_time()
            for _ in range(TIMED // BATCH):
                at = time.perf_counter()
                stored += _register(database, articles, BATCH)
                slowest = max(slowest, time.perf_counter() - at)
            wall = time.perf_counter() - began
            rows.append(
                {
                    "stored": size,
                    "articles_a_second": round(TIMED / wall),
                    "ms_an_article": round(1000 * wall / TIMED, 2),
                    "cpu_ms_an_article": round(1000 * (time.process_time() - cpu) / TIMED, 2),
                    "slowest_batch_ms": round(1000 * slowest),
                    "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                    **_weigh(database),
                }
            )
            print(json.dumps({"database": database.dialect, **rows[-1]}), flush=True)
    return rows


def _register(database: Database, articles: Iterator[Made], count: int) -> int:
    batch = [(made.reading, made.verdict) for made, _ in zip(articles, range(count), strict=False)]
    with database.writing() as connection:
        register_articles(connection, batch, max(reading.published_at or START for reading, _ in batch))
    return count


def _settle(database: Database) -> None:
    """As a nightly upkeep would: the planner must know the tables' sizes, and no old log be measured."""
    with database.writing() as connection:
        connection.execute(text("ANALYZE"))


def _weigh(database: Database) -> dict[str, Any]:
    with database.reading() as connection:
        articles = connection.execute(select(func.count()).select_from(article)).scalar_one()
        if database.dialect == "sqlite":
            pages, size = (
                connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size")
            )
            whole = pages * size
            texts = connection.execute(select(func.sum(func.length(article_text.c.text)))).scalar_one()
        else:
            whole = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            texts = connection.execute(text("SELECT pg_total_relation_size('article_text')")).scalar_one()
        return {
            "bytes_an_article_beyond_text": round((whole - texts) / articles),
            "projects": connection.execute(select(func.count()).select_from(project)).scalar_one(),
            "stories": connection.execute(select(func.count()).select_from(story)).scalar_one(),
        }


def measure_datasketch(sizes: list[int]) -> None:
    """datasketch's MinHash LSH over the same texts, in memory, for comparison; silent where it is not installed."""
    try:
        from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]  # not a dependency
    except ImportError:
        print("datasketch is not installed: no comparison", file=sys.stderr)
        return
    index = MinHashLSH(threshold=0.6, num_perm=128)
    articles = make_articles(7)
    stored = 0
    for size in sizes:
        while stored < size + TIMED:
            if stored == size:
                began = time.perf_counter()
            words = next(articles).reading.text.split()
            signed = MinHash(num_perm=128)
            signed.update_batch([" ".join(words[i : i + 3]).encode() for i in range(len(words) - 2)])
            index.query(signed)
            index.insert(stored, signed)
            stored += 1
        wall = time.perf_counter() - began
        peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        print(
            json.dumps(
                {"datasketch": True, "stored": size, "ms_an_article": round(1000 * wall / TIMED, 2), "peak_mb": peak}
            )
        )


def main() -> None:
    """Reads the arguments and prints one JSON line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", default="10000,100000", help="numbers of stored articles, rising")
    parser.add_argument("--url", help="a PostgreSQL database that may be filled; default: a SQLite file of its own")
    parser.add_argument("--datasketch", action="store_true", help="measure datasketch's LSH instead")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.datasketch:
        measure_datasketch(sizes)
    elif options.url:
        measure(options.url, sizes)
    else:
        with tempfile.TemporaryDirectory(prefix="tipwatch-register-") as folder:
            measure(f"sqlite:///{Path(folder) / 'register.sqlite3'}", sizes)


if __name__ == "__main__":
    main()
