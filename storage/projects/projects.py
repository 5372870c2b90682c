"""The register's projects as people see them: one by its id, many by theirs, with all their sources and links.

The id of a project that was merged into another answers with that other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.database.statements import in_chunks, one_of, read_record
from storage.dates import DatePrecision
from storage.register.compare.ties import TIE_KINDS
from storage.register.merge.facts import MergedFacts
from storage.register.persist.families import find_families, find_roots
from storage.register.persist.public_ids import normalise_public_id
from storage.tables.schema import article, decision, project, project_relation, signature

STREAMED_AT_ONCE = 100
"""Projects of a slice: some 10 kB each with their articles and claims; larger slices are hardly faster."""


@dataclass(frozen=True, slots=True)
class ProjectSource:
    """An article that reports a project. `reason` says why it was held to; `copy_of_id` names the article it
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
    is_announcement: bool = True


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
    `last_changed_at` is when an article or a decision last changed it.
    `confidence` is the highest probability (0 to 1) of a new project among them; 1 where a person says so. `sentence`
    is an article's own, empty where none says it.
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
    last_changed_at: datetime
    iati_id: str | None = None
    former_ids: tuple[str, ...] = ()
    links: tuple[ProjectLink, ...] = ()

    @property
    def announced_at(self) -> datetime | None:
        """When its first article was published; None where no article has a date."""
        return min((source.published_at for source in self.sources if source.published_at), default=None)

    @property
    def is_labelled(self) -> bool:
        """Whether a person says that it is a new project."""
        return self.confidence == 1

    @property
    def is_title_only(self) -> bool:
        """Whether it is known by headlines alone: nothing else of its articles could be read."""
        return bool(self.sources) and all(source.is_title_only for source in self.sources)

    @property
    def is_refuted(self) -> bool:
        """Whether people said of all its articles that they announce no project."""
        return bool(self.sources) and not any(source.is_announcement for source in self.sources)


def find_project_id(connection: Connection, public_id: str) -> int | None:
    """The internal id behind a public one, as typed; that of the project it was merged into, if it was. None where
    unknown."""
    read = normalise_public_id(public_id)
    if read is None:
        return None
    found = connection.execute(select(project.c.id).where(project.c.public_id == read)).scalar()
    return None if found is None else find_roots(connection, [found])[found]


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
    rows = connection.execute(select(project).where(one_of(project.c.id, ids))).all()
    loaded = {one.id: one for one in _assemble(connection, rows)}
    return [loaded[id_] for id_ in ids if id_ in loaded]


def stream_projects(connection: Connection, ids: Iterable[int]) -> Iterator[Project]:
    """The same one after the other, never more than a slice of them in memory: for lists of any length."""
    for chunk in in_chunks(ids, STREAMED_AT_ONCE):
        yield from load_projects(connection, chunk)


def _assemble(connection: Connection, rows: Sequence[Row[Any]]) -> list[Project]:
    ids = [row.id for row in rows]
    sources = load_sources(connection, ids)
    former = _former_ids_of(connection, ids)
    links = _links_of(connection, ids)
    decided = _decided_at(connection, ids)
    return [
        read_record(
            Project,
            row,
            facts=MergedFacts.from_json(row.facts),
            sources=tuple(sources.get(row.id, ())),
            last_changed_at=max(row.last_seen_at, decided.get(row.id, row.last_seen_at)),
            former_ids=tuple(former.get(row.id, ())),
            links=tuple(links.get(row.id, ())),
        )
        for row in rows
    ]


def load_sources(connection: Connection, ids: Sequence[int]) -> dict[int, list[ProjectSource]]:
    """The articles of each of these projects (internal ids), the first registered first."""
    asked = (
        select(
            article.c.project_id, article.c.id, article.c.title, article.c.url, article.c.outlet, article.c.host,
            article.c.language, article.c.published_at, article.c.registered_at, article.c.reason, article.c.copy_of_id,
            # what has a text to be compared has a signature of it; what a person brought is as long as it is
            (func.coalesce(func.length(signature.c.minhash), 1) == 0) & (article.c.read_from != "import"),
            article.c.published_precision, article.c.new_project_band != "no",
        )
        .outerjoin(signature, signature.c.article_id == article.c.id)
        .where(one_of(article.c.project_id, ids))
        .order_by(article.c.registered_at, article.c.id)
    )  # fmt: skip
    found: dict[int, list[ProjectSource]] = {}
    for project_id, *columns in connection.execute(asked):
        found.setdefault(project_id, []).append(ProjectSource(*columns))
    return found


def _former_ids_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    root_of = {member: root for root, member in find_families(connection, ids) if member != root}
    asked = select(project.c.id, project.c.public_id).where(one_of(project.c.id, root_of)).order_by(project.c.public_id)
    found: dict[int, list[str]] = {}
    for id_, public_id in connection.execute(asked):
        found.setdefault(root_of[id_], []).append(public_id)
    return found


def _decided_at(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    asked = select(decision.c.project_id, func.max(decision.c.at)).where(one_of(decision.c.project_id, ids))
    return {id_: at for id_, at in connection.execute(asked.group_by(decision.c.project_id)) if id_ is not None}


def _links_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[ProjectLink]]:
    """Both ends see a link, but for those that have a direction: that one follows another is said by the follower
    alone."""
    relation = project_relation.c
    found: dict[int, list[ProjectLink]] = {}
    for near, far in ((relation.project_id, relation.other_id), (relation.other_id, relation.project_id)):
        asked = (
            select(near, relation.kind, relation.reason, project.c.public_id, project.c.title)
            .join(project, project.c.id == far)
            .where(one_of(near, ids), project.c.merged_into_id.is_(None))
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
