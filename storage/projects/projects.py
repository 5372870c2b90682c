"""The register's projects as people see them: lists, one with all its sources, its history, and what people correct.

Reading: `list_projects`, `get_project`, `load_projects`, `list_history`. Correcting (each written down with who, when,
why, and never undone by a later crawl): `merge_projects`, `split_article`, `fix_fact`, `label_project`, from
`storage.corrections.projects`. The id of a project that was merged into another answers with that other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal_column, or_, select

from storage.corrections.projects import CorrectionRefused, fix_fact, label_project, merge_projects, split_article
from storage.database.statements import in_chunks
from storage.dates import DatePrecision
from storage.register.compare.organisations import compare_organisations, read_organisation
from storage.register.compare.rates import to_dollars
from storage.register.compare.ties import TIE_KINDS
from storage.register.merge.facts import MergedClaim, MergedFacts
from storage.register.persist.public_ids import normalise_public_id
from storage.search import search
from storage.tables.schema import article, claim, decision, project, project_alias, project_relation, signature

__all__ = [
    "CorrectionRefused",
    "HistoryEntry",
    "MergedClaim",
    "MergedFacts",
    "Project",
    "ProjectFilter",
    "ProjectLink",
    "ProjectSource",
    "count_projects",
    "find_project_id",
    "fix_fact",
    "get_project",
    "label_project",
    "list_history",
    "list_projects",
    "load_projects",
    "merge_projects",
    "split_article",
    "stream_projects",
]


STREAMED_AT_ONCE = 100
"""Projects of a slice: some 10 kB each with their articles and claims; larger slices are hardly faster."""


@dataclass(frozen=True, slots=True)
class ProjectSource:
    """An article that tells of a project. `reason` says why it was held to; `copy_of_id` names the article it
    repeats. `is_title_only`: nothing but its title could be read."""

    id: int
    title: str
    url: str
    outlet: str
    host: str
    language: str
    published_at: datetime | None
    registered_at: datetime
    reason: str | None = None
    copy_of_id: int | None = None
    is_title_only: bool = False
    published_precision: DatePrecision = "day"


@dataclass(frozen=True, slots=True)
class ProjectLink:
    """Another project that this one may be the same as (`perhaps-same`), was parted from (`apart`), follows
    (`follows`), is part of (`part-of`) or adds money to (`supplements`)."""

    kind: str
    public_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Project:
    """A project, merged from what its articles claim.

    `public_id` never changes; `former_ids` are those of projects merged into it. `facts` holds every fact with its
    values, best first, and the articles that state them. `sources` are its articles, the first registered first.
    `confidence` is the highest probability (0 to 1) of a new project among them. `sentence` is an article's own,
    empty where none says it.
    """

    id: int
    public_id: str
    title: str
    sentence: str
    language: str
    confidence: float
    facts: MergedFacts
    sources: tuple[ProjectSource, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    iati_id: str | None = None
    former_ids: tuple[str, ...] = ()
    links: tuple[ProjectLink, ...] = ()

    @property
    def is_title_only(self) -> bool:
        """Whether it is known by headlines alone: nothing else of its articles could be read."""
        return bool(self.sources) and all(source.is_title_only for source in self.sources)

    @property
    def conflicts(self) -> dict[str, tuple[MergedClaim, ...]]:
        """Facts that articles state differently, each with all its values, the shown one first."""
        return self.facts.conflicts


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """Which projects to list; every part that is given must hold.

    `text` is a query as `storage.search.search` describes, over the projects' own words. `country` is an ISO code;
    `funder` and `implementer` are names in any language. Sums are in US dollars, at yearly rates. `language` is that
    of a source. Times are of first sight, `since_at` included, `until_at` not. `running_in` is a year that
    the project's dates include.
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
    until_at: datetime | None = None
    is_doubted: bool | None = None

    @property
    def asks_for_facts(self) -> bool:
        parts = (self.country, self.funder, self.implementer, self.least_dollars, self.most_dollars, self.running_in)
        return self.is_doubted is not None or any(part is not None for part in parts)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a project: `kind` is `created`, `joined`, `merge`, `split` or `fix`.

    `who` is a person, or `register` where a rule decided; `what` holds the details as written down.
    """

    at: datetime
    kind: str
    who: str
    is_human: bool
    why: str
    what: dict[str, Any]


# --- looking up -----------------------------------------------------------------------------------


def find_project_id(connection: Connection, public_id: str) -> int | None:
    """The internal id behind a public one, as typed; that of the project it was merged into, if it was. None where
    unknown."""
    read = normalise_public_id(public_id)
    if read is None:
        return None
    found = connection.execute(select(project_alias.c.project_id).where(project_alias.c.public_id == read)).scalar()
    if found is None:  # rows that were written without their alias
        found = connection.execute(select(project.c.id).where(project.c.public_id == read)).scalar()
    while found is not None:
        into = connection.execute(select(project.c.merged_into_id).where(project.c.id == found)).scalar()
        if into is None:
            break
        found = into
    return found


def get_project(connection: Connection, public_id: str) -> Project | None:
    """One project with its sources, former ids and links; old ids of merged projects still answer. None where
    unknown."""
    found = find_project_id(connection, public_id)
    if found is None:
        return None
    projects = load_projects(connection, [found])
    return projects[0] if projects else None


def load_projects(connection: Connection, ids: Collection[int]) -> list[Project]:
    """Projects by internal id, in the order of the ids; ids of none are left out."""
    loaded: dict[int, Project] = {}
    for chunk in in_chunks(ids):
        rows = connection.execute(select(project).where(project.c.id.in_(chunk))).all()
        loaded.update((one.id, one) for one in _assemble(connection, rows))
    return [loaded[id_] for id_ in ids if id_ in loaded]


def stream_projects(connection: Connection, ids: Iterable[int]) -> Iterator[Project]:
    """The same one after the other, never more than a slice of them in memory: for lists of any length."""
    for chunk in in_chunks(ids, STREAMED_AT_ONCE):
        yield from load_projects(connection, chunk)


def list_projects(
    connection: Connection, asked: ProjectFilter = ProjectFilter(), limit: int = 50, offset: int = 0
) -> list[Project]:
    """The projects that match, the newest first, or the best first where words are looked for; merged ones are left
    out."""
    if asked.text is None and not asked.asks_for_facts:  # the daily question: only its page is read
        page = _query(connection, asked).limit(limit).offset(offset)
        return load_projects(connection, list(connection.execute(page).scalars()))
    ids = _matching(connection, asked)
    return load_projects(connection, ids[offset : offset + limit])


def count_projects(connection: Connection, asked: ProjectFilter = ProjectFilter()) -> int:
    """How many projects match."""
    return len(_matching(connection, asked))


def _query(connection: Connection, asked: ProjectFilter) -> Select[Any]:
    # without articles: announced once, and none any more since it was judged again; kept only for its id
    has_sources = or_(project.c.articles > 0, project.c.confirmed_at.is_not(None))
    conditions: list[ColumnElement[bool]] = [project.c.merged_into_id.is_(None), has_sources]
    if asked.since_at is not None:
        conditions.append(project.c.first_seen_at >= asked.since_at)
    if asked.until_at is not None:
        conditions.append(project.c.first_seen_at < asked.until_at)
    if asked.language is not None:
        told = literal_column("article.project_id IS NOT NULL") & (article.c.language == asked.language)
        conditions.append(project.c.id.in_(select(article.c.project_id).where(told)))
    conditions += _fact_conditions(connection, asked)
    columns = (project.c.id, project.c.facts) if asked.asks_for_facts else (project.c.id,)
    return select(*columns).where(*conditions).order_by(project.c.first_seen_at.desc(), project.c.id.desc())


def _matching(connection: Connection, asked: ProjectFilter) -> list[int]:
    query = _query(connection, asked)
    if asked.text is None:
        rows: Iterable[Row[Any]] = connection.execute(query)
    else:
        ranked = search.find_projects(connection, asked.text)
        by_id: dict[int, Row[Any]] = {}
        for chunk in in_chunks(ranked):
            by_id.update((row.id, row) for row in connection.execute(query.where(project.c.id.in_(chunk))))
        rows = [by_id[id_] for id_ in ranked if id_ in by_id]
    if not asked.asks_for_facts:
        return [row.id for row in rows]
    return [row.id for row in rows if _holds(asked, MergedFacts.from_json(row.facts))]


def _fact_conditions(connection: Connection, asked: ProjectFilter) -> list[ColumnElement[bool]]:
    """Narrows by index to projects that somebody claims the fact of, or whose fact a person fixed; `_holds` decides."""
    wanted: list[ColumnElement[bool]] = []
    if asked.country is not None:
        wanted.append(_claimed("countries", claim.c.value == asked.country.upper()))
    for field, name in (("funders", asked.funder), ("implementers", asked.implementer)):
        if name is not None:
            by_key = _claimed(field, claim.c.value == read_organisation(name).key)
            by_words = search.projects_with(connection, name)  # accents and case folded, as they are indexed
            wanted.append(by_key if by_words is None else or_(by_key, project.c.id.in_(by_words)))
    if asked.least_dollars is not None or asked.most_dollars is not None:
        wanted.append(_claimed("amount"))
    return wanted


def _claimed(field: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    by_article = select(claim.c.project_id).where(claim.c.field == field, *conditions)
    by_person = select(decision.c.project_id).where(decision.c.kind == "fix", decision.c.project_id.is_not(None))
    return or_(project.c.id.in_(by_article), project.c.id.in_(by_person))


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


def _names(name: str, claims: Sequence[MergedClaim]) -> bool:
    wanted, folded = read_organisation(name), search.fold(name)
    for one in claims:
        if (folded and folded in search.fold(one.shown)) or compare_organisations(
            wanted, read_organisation(one.shown)
        ) == "same":
            return True
    return False


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


# --- putting together -----------------------------------------------------------------------------


def _assemble(connection: Connection, rows: Sequence[Row[Any]]) -> list[Project]:
    ids = [row.id for row in rows]
    sources = _sources_of(connection, ids)
    former = _former_ids_of(connection, ids)
    links = _links_of(connection, ids)
    return [
        Project(
            id=row.id,
            public_id=row.public_id,
            title=row.title,
            sentence=row.sentence,
            language=row.language,
            confidence=row.confidence,
            facts=MergedFacts.from_json(row.facts),
            sources=tuple(sources.get(row.id, ())),
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            iati_id=row.iati_id,
            former_ids=tuple(id_ for id_ in former.get(row.id, ()) if id_ != row.public_id),
            links=tuple(links.get(row.id, ())),
        )
        for row in rows
    ]


def _sources_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[ProjectSource]]:
    asked = (
        select(
            article.c.project_id, article.c.id, article.c.title, article.c.url, article.c.outlet, article.c.host,
            article.c.language, article.c.published_at, article.c.registered_at, article.c.reason, article.c.copy_of_id,
            # what has a text to be compared has a signature of it
            func.coalesce(func.length(signature.c.minhash), 1) == 0,
            article.c.published_precision,
        )
        .outerjoin(signature, signature.c.article_id == article.c.id)
        .where(literal_column("article.project_id IS NOT NULL"), article.c.project_id.in_(ids))
        .order_by(article.c.registered_at, article.c.id)
    )  # fmt: skip
    found: dict[int, list[ProjectSource]] = {}
    for project_id, *columns in connection.execute(asked):
        found.setdefault(project_id, []).append(ProjectSource(*columns))
    return found


def _former_ids_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    asked = select(project_alias.c.project_id, project_alias.c.public_id).where(project_alias.c.project_id.in_(ids))
    found: dict[int, list[str]] = {}
    for project_id, public_id in connection.execute(asked.order_by(project_alias.c.public_id)):
        found.setdefault(project_id, []).append(public_id)
    return found


def _links_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[ProjectLink]]:
    """Both ends see a link, but for those that have a direction: that one follows another is told by the follower
    alone."""
    relation = project_relation.c
    found: dict[int, list[ProjectLink]] = {}
    for near, far in ((relation.project_id, relation.other_id), (relation.other_id, relation.project_id)):
        asked = (
            select(near, relation.kind, relation.reason, project.c.public_id, project.c.title)
            .join(project, project.c.id == far)
            .where(near.in_(ids), project.c.merged_into_id.is_(None))
            .order_by(relation.at, far)
        )
        for id_, kind, reason, public_id, title in connection.execute(asked):
            if kind in TIE_KINDS and near is relation.other_id:
                continue
            link = ProjectLink(kind, public_id, title, reason)
            its = found.setdefault(id_, [])
            if all((one.kind, one.public_id) != (kind, public_id) for one in its):
                its.append(link)
    return found


def list_history(connection: Connection, public_id: str) -> list[HistoryEntry]:
    """What happened to a project, the oldest first: articles that joined and why, merges, splits, what people fixed."""
    found = find_project_id(connection, public_id)
    if found is None:
        return []
    entries: list[HistoryEntry] = []
    for number, source in enumerate(_sources_of(connection, [found]).get(found, ())):
        what = {"article": source.id, "title": source.title, "url": source.url}
        kind = "joined" if number else "created"
        entries.append(HistoryEntry(source.registered_at, kind, "register", False, source.reason or "", what))
    for chunk in in_chunks([found, *_merged_into(connection, found)]):
        decided = select(decision).where(decision.c.project_id.in_(chunk)).order_by(decision.c.id)
        entries += [
            HistoryEntry(one.at, one.kind, one.who, one.is_human, one.why, one.what)
            for one in connection.execute(decided)
        ]
    return sorted(
        entries, key=lambda entry: entry.at
    )  # stable: of one moment articles come before what was decided of them


def _merged_into(connection: Connection, project_id: int) -> list[int]:
    found: list[int] = []
    wave = [project_id]
    while wave:
        merged = literal_column("project.merged_into_id IS NOT NULL") & project.c.merged_into_id.in_(wave)
        wave = list(connection.execute(select(project.c.id).where(merged)).scalars())
        found += wave
    return found
