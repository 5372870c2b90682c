"""What registering costs as the register grows: `python -m benchmarks.register [--sizes 10000,100000] [--url URL]`.

Made articles go in, every one of them relevant (the dear case: a real crawl rules out nine of ten before), four of ten
telling of a new project with facts, the rest of events; a project or event is told by one to four articles, some of
them near copies, the others in other words; verdicts hold reasons and evidence as the classifier gives them, and words
are as unevenly common as in a language. The register itself stores a first block of articles, `register_fill` copies
it to each size, and then a further 2,000 articles are timed: articles a second, the slowest batch, peak memory, and
bytes of database an article beyond its text. Beside it datasketch's LSH over the same texts in memory, which answers
only "much the same text".
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH
from sqlalchemy import func, select, text

from benchmarks.register_fill import fill
from classifier.document import Evidence, Facts, Reason, Verdict
from storage.database.engine import Database
from storage.records import ArticleReading
from storage.register.registration import register_articles
from storage.tables.schema import article, project, story

BATCH = 100
TIMED = 2_000
# datasketch keeps all signatures in memory: some 5 kB an article.
MOST_IN_MEMORY = 100_000
START = datetime(2026, 1, 1, tzinfo=UTC)
_CODES = (
    "KE UG TZ RW BI ET SO SD SS NG GH CI BF ML NE TD CM GA CD AO ZM MW MZ ZA NA BW LS SZ MG MU IN NP BD LK PK AF KH LA "
    "VN TH MM ID PH MY CN MN KZ KG TJ UZ AM GE AZ TR UA MD RO BG RS AL MK BA"
)
COUNTRIES = _CODES.split()
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
# What the register writes itself before it is copied: large enough that a copy's keys are as mixed as the whole's.
BLOCK = 10_000
REASONS = 12  # what the classifier gives on average, half of them with a sentence of their own


@dataclass(frozen=True)
class Made:
    """One made article with what the judge would say of it."""

    reading: ArticleReading
    verdict: Verdict


def make_articles(seed: int) -> Iterator[Made]:
    """Made articles without end, the same for a seed; tellings of one project come within some dozens of each other."""
    rng = random.Random(seed)
    words = Words([_make_word(rng) for _ in range(VOCABULARY)], rng)
    pending: list[tuple[int, Made]] = []
    number = 0
    while True:
        is_project = rng.random() < 0.4
        base = _make_world(rng, words, is_project=is_project)
        for report in range(rng.choice((1, 1, 2, 3, 4))):
            made = _tell(
                rng, words, base, f"{seed}-{number}-{report}", number, is_copy=report > 0 and rng.random() < 0.4
            )
            pending.append((number + report * rng.randint(1, 40), made))
        number += 1
        due = [made for at, made in pending if at <= number]
        pending = [(at, made) for at, made in pending if at > number]
        yield from due


class Words:
    """A vocabulary drawn from as a language is: the n-th word 1/n times as often as the first (Zipf)."""

    def __init__(self, all_words: list[str], rng: random.Random) -> None:
        self._words, self._rng = all_words, rng
        self._weights = list(accumulate(1 / (n + 10) for n in range(len(all_words))))

    def draw(self, count: int) -> list[str]:
        """Words of a running text."""
        return self._rng.choices(self._words, cum_weights=self._weights, k=count)

    def name(self) -> str:
        """A proper name: any word, the rare as often as the common."""
        return self._rng.choice(self._words).capitalize()


def _make_word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def _make_world(rng: random.Random, words: Words, *, is_project: bool) -> dict[str, Any]:
    own = f"{words.name()} {words.name()}"
    return {
        "is_project": is_project,
        "places": [words.name() for _ in range(8)],
        "figures": [str(rng.randint(11, 99_999)) for _ in range(4)],
        "name": f"{own} Initiative" if rng.random() < 0.6 else None,
        "country": rng.choice(COUNTRIES),
        "funder": rng.choice(FUNDERS),
        "agency": rng.choice((*AGENCIES, f"{own} Foundation")),
        "amount": float(rng.randint(50, 9_999) * 1_000),
        "start": f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}",
        "body": words.draw(TEXT_WORDS),
    }


def _tell(rng: random.Random, words: Words, world: dict[str, Any], key: str, number: int, *, is_copy: bool) -> Made:
    body = list(world["body"]) if is_copy else words.draw(TEXT_WORDS)
    for at in rng.sample(range(TEXT_WORDS), 3 if is_copy else 0):
        body[at] = words.draw(1)[0]
    marks = [*world["places"], *world["figures"]]
    for at, mark in enumerate(marks):
        body[at * (TEXT_WORDS // len(marks))] = mark
    sentences = [" ".join(body[i : i + 15]) for i in range(0, TEXT_WORDS, 15)]
    title = f"{words.name()} {world['places'][0]} {' '.join(words.draw(4))}"
    starts = list(accumulate((len(sentence) + 2 for sentence in sentences), initial=0))
    evidence = [Evidence(s, "text", at, at + len(s)) for s, at in zip(sentences, starts, strict=False)]
    facts = Facts(
        name=world["name"],
        implementers=(world["agency"],),
        funders=(world["funder"],),
        countries=(world["country"],),
        amount=world["amount"] if rng.random() < 0.7 else None,
        currency="USD",
        start=world["start"] if rng.random() < 0.5 else None,
        evidence={"name": (evidence[0],), "funders": (evidence[0],), "amount": (evidence[1],), "start": (evidence[2],)},
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
        reasons=tuple(Reason("relevant", body[n], 1.234, evidence[n // 2]) for n in range(REASONS)),
        facts=facts if is_project else None,
    )
    url = f"https://outlet{number % 97}.example/news/{key}"
    published_at = START + timedelta(hours=number / 4)
    text = ". ".join(sentences)
    reading = ArticleReading((), url, url, title, text, "en", f"outlet{number % 97}", published_at, "page")
    return Made(reading, verdict)


def measure(url: str, sizes: list[int]) -> list[dict[str, Any]]:
    """Fills the register to each size and times the next articles; one row a size."""
    rows: list[dict[str, Any]] = []
    for size in sizes:
        articles = make_articles(7)
        with _emptied(url) as database:
            for _ in range(min(size, BLOCK) // BATCH):
                _register(database, list(islice(articles, BATCH)))
        fill(url, size)
        with Database.open(url) as database:
            _settle(database)
            # made beforehand: their making is no part of what is measured
            batches = [list(islice(articles, BATCH)) for _ in range(TIMED // BATCH)]
            slowest, began, cpu = 0.0, time.perf_counter(), time.process_time()
            for batch in batches:
                at = time.perf_counter()
                _register(database, batch)
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


def _emptied(url: str) -> Database:
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


def _register(database: Database, made: list[Made]) -> None:
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
            "bytes_an_article_beyond_text": round((whole - texts) / articles),
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
    parser.add_argument("--sizes", default="10000,100000", help="numbers of stored articles, rising")
    parser.add_argument("--url", help="a PostgreSQL database that may be filled; default: a SQLite file of its own")
    parser.add_argument("--datasketch", action="store_true", help="only datasketch's LSH")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    beside = [size for size in sizes if size <= MOST_IN_MEMORY]
    if options.datasketch:
        measure_datasketch(beside)
        return
    if beside:  # in a process of its own: its memory is none of ours
        again = [sys.executable, "-m", "benchmarks.register", "--datasketch", "--sizes", ",".join(map(str, beside))]
        subprocess.run(again, check=True)
    if options.url:
        measure(options.url, sizes)
    else:
        with tempfile.TemporaryDirectory(prefix="tipwatch-register-") as folder:
            measure(f"sqlite:///{Path(folder) / 'register.sqlite3'}", sizes)


if __name__ == "__main__":
    main()
