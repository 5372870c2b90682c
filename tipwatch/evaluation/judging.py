"""Articles of a file judged and grouped as the crawl would: by the real classifier and the real register."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from classifier.document import Document, Verdict
from storage.dates import read_stated_date
from storage.records import ArticleReading, Registration
from tipwatch.records import Record

if TYPE_CHECKING:
    from classifier.judge import Judge
    from storage.database.engine import Database

T = TypeVar("T")

BATCH = (
    100  # articles registered in one transaction: large enough that commits cost nothing, small enough to see progress
)


def as_prediction(record: Record, verdict: Verdict, story: str | None) -> dict[str, Any]:
    """A verdict as one line of `tipwatch judge`; `project` is null unless it is a new project. Where the text tells of
    several, `project` is the first and `further_projects` are the rest."""
    facts = verdict.facts
    line: dict[str, Any] = {
        "id": record.id,
        "relevant": verdict.is_relevant,
        "relevance": round(verdict.relevance, 4),
        "new_project": verdict.is_new_project,
        "new_project_probability": round(verdict.new_project_probability, 4),
        "topic": verdict.topic,
        "lang": verdict.lang,
        "project": facts.as_project() if verdict.is_new_project and facts is not None else None,
    }
    if verdict.is_new_project and verdict.others:
        line["further_projects"] = [one.facts.as_project() for one in verdict.others if one.facts is not None]
    return line if story is None else {**line, "story": story}


def group_stories(judge: Judge, records: Iterable[Record]) -> Iterator[tuple[Record, Verdict, str | None]]:
    """Each record with its verdict and its story: a project's id or a story's number in a register of their own.

    Records are registered in their order, in a temporary database that is gone afterwards. A story may be None where
    the register keeps none (an article that is ruled out).
    """
    judged = [(record, judge.judge(record.document)) for record in records]
    for (record, verdict), story in zip(judged, find_stories(judged), strict=True):
        yield record, verdict, story


def find_stories(judged: Sequence[tuple[Record, Verdict]]) -> list[str | None]:
    """The story that each went to; see `group_stories`."""
    from storage.database.engine import Database
    from storage.register.registration import find_places

    with (
        tempfile.TemporaryDirectory(prefix="tipwatch-judge-") as folder,
        Database.open(f"sqlite:///{folder}/register.sqlite3") as database,
    ):
        registered = [
            one for batch in in_batches(judged, BATCH) for one in register(database, batch, datetime.now(UTC))
        ]
        # groups may still be joined by a later article, so where each went is asked only when all are in
        with database.reading() as connection:
            places = find_places(connection, [one.article_id for one in registered])
    return [_story(places.get(one.article_id)) for one in registered]


def register(database: Database, batch: Sequence[tuple[Record, Verdict]], now: datetime) -> list[Registration]:
    """Puts judged records into a register, as if crawled, in one transaction; one registration a record, in order."""
    from storage.register.registration import register_articles

    pairs = [(reading_of(record, verdict, now), verdict) for record, verdict in batch]
    return database.write_now(register_articles, pairs, now)


def reading_of(record: Record, verdict: Verdict, now: datetime) -> ArticleReading:
    """A record as an article that was read. One without an address gets one that names its file's id, which is
    fetched by nobody."""
    from storage.articles.made_address import make_address_nowhere
    from storage.urls import canonicalise_url

    document = record.document
    url = document.url or ""
    try:
        canonical = canonicalise_url(url)
    except ValueError:
        digest = hashlib.sha256(f"{record.id}\0{document.title}\0{document.text}".encode()).hexdigest()[:32]
        url = canonical = make_address_nowhere(digest)
    published_at, precision = read_stated_date(document.published or "")
    return ArticleReading(
        entry_ids=(),
        url=url,
        canonical_url=canonical,
        title=document.title,
        text=document.text,
        language=verdict.lang,
        outlet=document.outlet or "",
        published_at=published_at,
        read_from="import",
        published_precision=precision,
    )


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` items, in order."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


CERTAIN = dict.fromkeys(("relevant", "maybe", "new_project", "maybe_new_project"), 1e-9)
"""Thresholds that every article reaches: of one of which a person says what it is."""


def judge_announcement(judge: Judge, document: Document) -> Verdict:
    """The verdict on an article of which a person says that it announces a new project, with that project's facts (the
    first one's, where the text tells of several); its probabilities are what it would have been judged by."""
    certain = type(judge)(judge.model, judge.settings.model_copy(update=CERTAIN), judge.facts)
    verdict = certain.judge(document)
    return replace(
        verdict, is_relevant=True, relevance_band="yes", is_new_project=True, new_project_band="yes", others=()
    )


def _story(place: Registration | None) -> str | None:
    if place is None or place.project_id is not None:
        return None if place is None else place.project_id
    return None if place.story_id is None else f"S-{place.story_id}"
