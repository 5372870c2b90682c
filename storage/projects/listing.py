"""Lists of projects by what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, not_, or_, select

from storage.database.statements import one_of
from storage.projects.projects import Project, load_projects
from storage.register.compare.organisations import compare_organisations, read_organisation
from storage.register.compare.rates import to_dollars
from storage.register.merge.facts import MergedFacts
from storage.register.merge.values import Claim
from storage.search import search
from storage.search.query import fold
from storage.tables.schema import article, project


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects to list; every part that is given must hold.

    `text` is a query as `storage.search.search` describes, over the projects' own words. `country` is an ISO code;
    `funder` and `implementer` are names in any language. Sums are in US dollars, at yearly rates. `language` is that
    of a source. `since_at` is of first sight. `running_in` is a year that
    the project's dates include. `is_refuted` asks for those that people say are none, which are left out else.
    """

    text: str | None = None
    country: str | None = None
    funder: str | None = None
    implementer: str | None = None
    least_dollars: float | None = None
    most_dollars: float | None = None
    language: str | None = None
    running_in: int | None = None
    since_at: datetime | None = None
    is_doubted: bool | None = None
    is_refuted: bool = False

    @property
    def asks_for_facts(self) -> bool:
        parts = (self.country, self.funder, self.implementer, self.least_dollars, self.most_dollars, self.running_in)
        return self.is_doubted is not None or any(part is not None for part in parts)


def list_projects(
    connection: Connection, asked: ProjectFilter = ProjectFilter(), limit: int = 50, offset: int = 0
) -> list[Project]:
    """The projects that match, the newest first, or the best first where words are looked for; merged ones are left
    out."""
    if asked.text is None and not asked.asks_for_facts:  # the daily question: only its page is read
        page = _query(asked).limit(limit).offset(offset)
        return load_projects(connection, list(connection.execute(page).scalars()))
    ids = _matching(connection, asked)
    return load_projects(connection, ids[offset : offset + limit])


def count_projects(connection: Connection, asked: ProjectFilter = ProjectFilter()) -> int:
    """How many projects match."""
    return len(_matching(connection, asked))


def _query(asked: ProjectFilter) -> Select[Any]:
    # without articles: announced once, and none any more since it was judged again; kept only for its id
    has_sources = or_(project.c.articles > 0, project.c.confirmed_at.is_not(None))
    conditions: list[ColumnElement[bool]] = [project.c.merged_into_id.is_(None), has_sources]
    conditions.append(_refuted() if asked.is_refuted else not_(_refuted()))
    if asked.since_at is not None:
        conditions.append(project.c.first_seen_at >= asked.since_at)
    if asked.language is not None:
        reported = article.c.project_id.is_not(None) & (article.c.language == asked.language)
        conditions.append(project.c.id.in_(select(article.c.project_id).where(reported)))
    columns = (project.c.id, project.c.facts) if asked.asks_for_facts else (project.c.id,)
    return select(*columns).where(*conditions).order_by(project.c.first_seen_at.desc(), project.c.id.desc())


def _refuted() -> ColumnElement[bool]:
    """People said of all its articles that they announce no project."""
    is_announced = exists().where(article.c.project_id == project.c.id, article.c.new_project_band != "no")
    return and_(project.c.band == "maybe", project.c.articles > 0, not_(is_announced))


def _matching(connection: Connection, asked: ProjectFilter) -> list[int]:
    query = _query(asked)
    if asked.text is None:
        rows: Iterable[Row[Any]] = connection.execute(query)
    else:
        ranked = search.find(connection, "project_search", asked.text)
        by_id = {row.id: row for row in connection.execute(query.where(one_of(project.c.id, ranked)))}
        rows = [by_id[id_] for id_ in ranked if id_ in by_id]
    if not asked.asks_for_facts:
        return [row.id for row in rows]
    return [row.id for row in rows if _holds(asked, MergedFacts.from_json(row.facts))]


def _holds(asked: ProjectFilter, facts: MergedFacts) -> bool:
    if asked.country is not None and asked.country.upper() not in {c.value for c in facts.countries}:
        return False
    if asked.funder is not None and not _names(asked.funder, facts.funders):
        return False
    if asked.implementer is not None and not _names(asked.implementer, facts.implementers):
        return False
    if asked.is_doubted is not None and asked.is_doubted != bool(facts.conflicts):
        return False
    if asked.running_in is not None and not _runs_in(facts, asked.running_in):
        return False
    return _is_within(facts, asked.least_dollars, asked.most_dollars)


def _names(name: str, claims: Sequence[Claim]) -> bool:
    wanted, words = read_organisation(name), fold(name)
    return any(
        (words and f" {words} " in f" {fold(one.shown)} ")
        or compare_organisations(wanted, read_organisation(one.shown)) == "same"
        for one in claims
    )


def _runs_in(facts: MergedFacts, year: int) -> bool:
    plain = facts.facts
    start, end = plain.start, plain.end
    if start is None:
        return end is not None and int(end[:4]) == year
    last = int(end[:4]) if end is not None else int(start[:4])
    if end is None and plain.duration_months is not None:
        months = int(start[5:7] or 1) if len(start) >= 7 else 1
        last = int(start[:4]) + (months - 1 + plain.duration_months - 1) // 12
    return int(start[:4]) <= year <= last


def _is_within(facts: MergedFacts, least: float | None, most: float | None) -> bool:
    if least is None and most is None:
        return True
    plain = facts.facts
    if plain.amount is None or plain.currency is None:
        return False
    dollars = to_dollars(plain.amount, plain.currency, int(plain.start[:4]) if plain.start else None)
    if dollars is None:
        return False
    return (least is None or dollars >= least) and (most is None or dollars <= most)
