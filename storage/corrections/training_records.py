"""What people corrected, as records to train on: articles they labelled, and those of projects whose facts they fixed.

The records have the form of the labelled corpus (`seeds/corpus/GUIDE.md`), but hold only what a person said: a project
has the facts that were fixed and no others, and `teaches` says where an answer is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY
from classifier.schema import FACTS
from storage.articles.labels import PersonsLabel, last_word, read_labels
from storage.articles.parts import article_url, part_number, part_url
from storage.database.statements import one_of
from storage.dates import state_date
from storage.register.merge.facts import MergedFacts
from storage.register.merge.values import Claim
from storage.register.persist.families import find_roots
from storage.register.persist.merged_view import fixes_of
from storage.tables.schema import article, article_text, decision


@dataclass(frozen=True, slots=True)
class Corrections:
    """Records to train on, and how many articles are left out since their text is not kept."""

    records: tuple[dict[str, Any], ...]
    without_text: int


def read_corrections(connection: Connection) -> Corrections:
    """Every labelled article, and every article of a project with a fixed fact, in the order of their ids.

    Copies of another article teach nothing that it does not, and of an article that reports several projects only the
    labels are taken: a fact of one of them is none of the whole text.
    """
    labelled = read_labels(connection)
    facts = _fixed_facts(connection)
    records, without_text = [], 0
    for row in _rows(connection, set(labelled) | set(facts)):
        if part_number(row.canonical_url) > 1 or (row.copy_of_id is not None and row.id not in labelled):
            continue
        if not row.text:
            without_text += 1
            continue
        fixed = {} if _has_further_projects(connection, row.canonical_url) else facts.get(row.id, {})
        record = _record(row, labelled.get(row.id, ()), fixed)
        if record is not None:
            records.append(record)
    return Corrections(tuple(records), without_text)


def _record(row: Any, labels: Sequence[PersonsLabel], fixed: Mapping[str, Any]) -> dict[str, Any] | None:
    """One record; None where nothing was said that can be learnt."""
    is_new, is_relevant = last_word(labels, "is_new_project"), last_word(labels, "is_relevant")
    teaches = None
    if is_new is None and is_relevant is None:
        if not fixed:
            return None
        is_new, teaches = True, FACTS_ONLY
    elif is_new is None:
        is_new, teaches = False, None if is_relevant is False else RELEVANCE_ONLY
    if is_relevant is None:  # who says only that it is no new project lets stand that it is about the subject
        is_relevant = is_new or row.is_relevant
    record = {
        "id": f"article-{row.id}",
        "is_readers": True,
        "url": article_url(row.canonical_url),
        "outlet": row.outlet or None,
        "lang": row.language,
        "published": state_date(row.published_at, row.published_precision) if row.published_at else None,
        "title": row.title,
        "text": row.text,
        "relevant": is_relevant,
        "new_project": is_new,
        "project": dict(fixed) if is_new else None,
        "story": f"project-{row.project_id}" if row.project_id else f"article-{row.id}",
    }
    return record if teaches is None else {**record, "teaches": teaches}


def _rows(connection: Connection, ids: set[int]) -> Iterator[Any]:
    asked = select(
        article.c.id, article.c.canonical_url, article.c.outlet, article.c.language, article.c.published_at,
        article.c.published_precision, article.c.title, article.c.is_relevant, article.c.project_id,
        article.c.copy_of_id, article_text.c.text,
    ).outerjoin(article_text, article_text.c.article_id == article.c.id)  # fmt: skip
    yield from connection.execute(asked.where(one_of(article.c.id, ids)).order_by(article.c.id))


def _has_further_projects(connection: Connection, canonical_url: str) -> bool:
    second = part_url(article_url(canonical_url), 2)
    return connection.execute(select(article.c.id).where(article.c.canonical_url == second)).first() is not None


def _fixed_facts(connection: Connection) -> dict[int, dict[str, Any]]:
    """The fixed facts of each article that announces a project with some."""
    ids = set(connection.execute(select(decision.c.project_id).where(decision.c.kind == "fix")).scalars())
    roots = find_roots(connection, {id_ for id_ in ids if id_ is not None})
    fixes = fixes_of(connection, {*roots.values()})
    found: dict[int, dict[str, Any]] = {}
    for project_id, claims in fixes.items():
        facts = _facts(claims)
        members = select(article.c.id).where(article.c.project_id == project_id, article.c.is_new_project == True)  # noqa: E712
        found.update(dict.fromkeys(connection.execute(members).scalars(), facts) if facts else {})
    return found


def _facts(claims: Mapping[str, Sequence[Claim]]) -> dict[str, Any]:
    """Facts in the corpus' form: those that were fixed, None or an empty list where they were fixed to be empty."""
    plain = MergedFacts({name: tuple(values) for name, values in claims.items() if values}).facts
    return {
        field: list(value) if isinstance(value := getattr(plain, field), tuple) else value
        for spec in FACTS
        if spec.name in claims
        for field in spec.fields
    }
