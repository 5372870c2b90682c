"""What articles are held to be, in words, and what judging and registering them again changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from classifier.document import Facts, Verdict
from storage.articles.verdicts import unpack_verdict
from storage.database.statements import one_of
from storage.register.registration import find_places
from storage.register.resolve.prepare import facts_of
from storage.tables.schema import article


@dataclass(frozen=True, slots=True)
class Change:
    """What judging and registering again made of an article, in words; `was` and `is_now` differ."""

    article_id: int
    title: str
    was: str
    is_now: str


def describe_articles(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Of each article its title, and in words what it is held to be."""
    places = find_places(connection, ids)
    found: dict[int, tuple[str, str]] = {}
    asked = select(article.c.id, article.c.title, article.c.verdict).where(one_of(article.c.id, ids))
    for id_, title, stored in connection.execute(asked.order_by(article.c.id)):
        verdict, at = unpack_verdict(stored), places[id_]
        words = [_say_verdict(verdict)]
        if at.project_id is not None:
            words.append(f"of {at.project_id}")
        elif at.story_id is not None:
            words.append("a story")
        words += _say_facts(facts_of(verdict))
        found[id_] = (title, ", ".join(words))
    return found


def _say_verdict(verdict: Verdict) -> str:
    if not verdict.is_relevant:
        return "maybe relevant" if verdict.relevance_band == "maybe" else "not relevant"
    return {"yes": "a new project", "maybe": "maybe a new project", "no": "relevant"}[verdict.new_project_band]


def _say_facts(facts: Facts | None) -> list[str]:
    if facts is None:
        return []
    stated = facts.as_project()
    return [
        f"{name} {'; '.join(value) if isinstance(value, list) else value}" for name, value in stated.items() if value
    ]
