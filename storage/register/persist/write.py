"""Writes down what was sorted in the resolver: new projects and stories, places, claims, merges, relations.

Called within the register's transaction, once a batch.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, literal_column, select, update

from classifier.document import Facts, Verdict
from storage.articles.store import ArticlePlace
from storage.articles.verdicts import unpack_verdict
from storage.database.statements import in_chunks, insert
from storage.records import ArticleReading
from storage.register.blocking.bands import split_band
from storage.register.blocking.key_index import OwnerKind, add_keys, move_keys
from storage.register.blocking.keys import list_blocking_keys
from storage.register.compare.details import pack_details
from storage.register.compare.read_claims import marks_of
from storage.register.compare.ties import TIE_KINDS
from storage.register.persist.families import inherit_announcements
from storage.register.persist.project_rows import (
    NewClaims,
    create_projects,
    merge_rows,
    record_decision,
    refresh_projects,
    relation_between,
    write_claims,
)
from storage.register.resolve.batch_resolver import BatchResolver
from storage.register.resolve.groups import BatchArticle, Group
from storage.register.resolve.prepare import facts_of
from storage.tables.schema import (
    BANDS,
    article,
    claim,
    decision,
    project,
    project_relation,
    signature,
    story,
)

__all__ = ["RULE", "ArticleContext", "make_groups", "place_of", "write_down"]

RULE = "register"  # who decided, where no person did
PERHAPS = "perhaps-same"


@dataclass(frozen=True, slots=True)
class ArticleContext:
    """What is written down of an item beside its place."""

    reading: ArticleReading
    verdict: Verdict
    facts: Facts | None


def make_groups(
    connection: Connection,
    resolver: BatchResolver,
    readings: Mapping[int, ArticleContext],
    now: datetime,
    *,
    reusable: Mapping[int, int | None],
) -> None:
    """Makes the resolver's new projects and stories, so that their articles can point to them; `reusable` as in
    `register.resolve`."""
    _reuse_projects(resolver, reusable)
    _create_groups(connection, resolver, readings, now)


def write_down(
    connection: Connection,
    resolver: BatchResolver,
    items: Sequence[BatchArticle],
    readings: Mapping[int, ArticleContext],
    now: datetime,
) -> None:
    """Stores all that follows from where the articles went; that itself stands in their rows."""
    _write_comparison(connection, items)
    kinds: tuple[OwnerKind, ...] = ("project", "story")
    for kind in kinds:
        keys = [
            (g.id, key) for item in items if (g := _group(item)).kind == kind and g.id is not None for key in item.keys
        ]
        add_keys(connection, kind, keys)
    stated = [
        NewClaims(id_, item.article_id, facts)
        for item in items
        if (id_ := _group(item).id) is not None
        and _group(item).kind == "project"
        and (facts := readings[item.article_id].facts)
    ]
    write_claims(connection, stated, now)
    touched = {g.id for item in items if (g := _group(item)).kind == "project" and g.id is not None}
    touched |= _write_merges(connection, resolver, now)
    touched |= _write_splits(connection, resolver, now)
    refresh_projects(connection, touched)
    _write_iati_ids(connection, items)
    _count_stories(connection, [item for item in items if _group(item).kind == "story"], now)
    _write_relations(connection, resolver, now)


def _group(item: BatchArticle) -> Group:
    assert item.place is not None
    return item.place.group.settle()


def _reuse_projects(resolver: BatchResolver, reusable: Mapping[int, int | None]) -> None:
    """New projects take the rows, and so the ids, of their articles' former projects; each row once."""
    taken = {group.id for group in resolver.groups.values() if group.kind == "project"}
    for group in resolver.new_groups:
        if group.kind == "project" and group.merged_into is None:
            former = (reusable.get(item.article_id) for item in group.new_items)
            group.id = next((id_ for id_ in former if id_ is not None and id_ not in taken), None)
            taken.add(group.id)


def _create_groups(
    connection: Connection, resolver: BatchResolver, readings: Mapping[int, ArticleContext], now: datetime
) -> None:
    alive = [group for group in resolver.new_groups if group.merged_into is None and group.members]
    projects = [group for group in alive if group.kind == "project" and group.id is None]
    made = create_projects(connection, [_name_first(group, readings) for group in projects], now)
    for group, id_ in zip(projects, made, strict=True):
        group.id = id_
    stories = [group for group in alive if group.kind == "story"]
    if stories:
        rows = []
        for group in stories:
            first = readings[group.new_items[0].article_id]
            rows.append(
                {
                    "title": first.reading.title,
                    "topic": first.verdict.topic,
                    "language": first.reading.language,
                    "first_seen_at": now,
                    "last_seen_at": now,
                    "articles": 0,
                    "facts": {},
                }
            )
        new = insert(connection, story).returning(story.c.id, sort_by_parameter_order=True)
        for group, id_ in zip(stories, connection.execute(new, rows).scalars(), strict=True):
            group.id = id_


def _name_first(group: Group, readings: Mapping[int, ArticleContext]) -> tuple[str, str, str]:
    """The canonical URL, title and language by which a new project is made; of one that left another its id is made
    from the article's number too, since the address may have named that other. Its title follows."""
    if group.new_items:
        first = readings[group.new_items[0].article_id].reading
        return first.canonical_url, first.title, first.language
    left = group.members[0]
    return f"{left.claims.address} split {left.article_id}", "", left.claims.language


def place_of(item: BatchArticle) -> ArticlePlace:
    """Where an article went in the end, whatever its group was merged into meanwhile."""
    place, group = item.place, _group(item)
    assert place is not None
    is_project = group.kind == "project"
    outcome = place.outcome
    if is_project and outcome in ("new-story", "known-story"):
        outcome = "known-project"  # a story of this batch that turned out to report a project
    return ArticlePlace(
        item.article_id,
        outcome,
        place.reason,
        project_id=group.id if is_project else None,
        story_id=None if is_project else group.id,
        copy_of_id=place.copy_of_id,
    )


def _write_comparison(connection: Connection, items: Sequence[BatchArticle]) -> None:
    rows = [
        {
            "article_id": item.article_id,
            **dict.fromkeys(BANDS),
            **{BANDS[number]: hash_ for number, hash_ in map(split_band, item.bands)},
            "minhash": b"" if item.claims.signature is None else item.claims.signature.tobytes(),
            "details": pack_details(marks_of(item.claims)),
            "claims": item.stated,
        }
        for item in items
    ]
    connection.execute(insert(connection, signature), rows)


def _write_iati_ids(connection: Connection, items: Sequence[BatchArticle]) -> None:
    """The identifier an article states becomes its project's, unless it has one or a person said which."""
    stated = {
        group.id: item.claims.iati_id
        for item in items
        if item.claims.iati_id and (group := _group(item)).kind == "project" and group.id is not None
    }
    for chunk in in_chunks(stated):
        asked = select(decision.c.project_id, decision.c.what).where(
            literal_column("decision.project_id IS NOT NULL"),
            decision.c.project_id.in_(chunk),
            decision.c.kind == "fix",
        )
        fixed = {id_ for id_, what in connection.execute(asked) if what["field"] == "iati_id"}
        for id_ in chunk:
            if id_ not in fixed:
                lacking = (project.c.id == id_) & project.c.iati_id.is_(None)
                connection.execute(update(project).where(lacking).values(iati_id=stated[id_]))


def _write_merges(connection: Connection, resolver: BatchResolver, now: datetime) -> set[int]:
    """Writes down what the resolver joined: stories that became a project's, projects that are one. Gives the projects
    changed."""
    touched: set[int] = set()
    for gone, into, reason in resolver.merges:
        target = into.settle()
        if gone.id is None or target.id is None:
            continue
        if gone.kind == "story":
            _move_story(connection, gone.id, target.id, reason, now)
        else:
            merge_rows(connection, gone.id, target.id, reason=reason, now=now)
            what = {"gone": gone.id, "into": target.id}
            record_decision(
                connection, "merge", who=RULE, why=reason, what=what, now=now, is_human=False, project_id=target.id
            )
            touched.discard(gone.id)
        touched.add(target.id)
    return touched


def _write_splits(connection: Connection, resolver: BatchResolver, now: datetime) -> set[int]:
    """Moves the articles that left a project, and what they claim; whoever knows it knows the new one too. Gives
    the projects changed."""
    touched: set[int] = set()
    members = {member.article_id: member for group in resolver.new_groups for member in group.members}
    for split in resolver.splits:
        old, new = split.group.settle().id, split.part.settle().id
        if old is None or new is None or old == new:
            continue
        its = literal_column("article.project_id IS NOT NULL") & (article.c.project_id == old)
        with_copies = article.c.id.in_(split.article_ids) | article.c.copy_of_id.in_(split.article_ids)
        moved = list(connection.execute(select(article.c.id).where(its, with_copies)).scalars())
        connection.execute(update(article).where(article.c.id.in_(moved)).values(project_id=new))
        connection.execute(update(claim).where(claim.c.article_id.in_(moved)).values(project_id=new))
        add_keys(
            connection,
            "project",
            [
                (new, key)
                for id_ in split.article_ids
                if id_ in members
                for key in list_blocking_keys(members[id_].claims)
            ],
        )
        inherit_announcements(connection, old, new)
        for id_ in (old, new):
            what = {"from": old, "to": new, "articles": moved}
            record_decision(
                connection, "split", who=RULE, why=split.reason, what=what, now=now, is_human=False, project_id=id_
            )
        touched |= {old, new}
    return touched


def _move_story(connection: Connection, story_id: int, project_id: int, reason: str, now: datetime) -> None:
    """Makes a stored story's articles a project's sources; the story itself goes, since nothing of it is left."""
    its = literal_column("article.story_id IS NOT NULL") & (article.c.story_id == story_id)
    asked = select(article.c.id, article.c.verdict).where(its)
    members = connection.execute(asked).all()
    connection.execute(
        update(article).where(its).values(project_id=project_id, story_id=None, outcome="known-project", reason=reason)
    )
    stated = [
        NewClaims(project_id, id_, facts) for id_, verdict in members if (facts := facts_of(unpack_verdict(verdict)))
    ]
    write_claims(connection, stated, now)
    move_keys(connection, ("story", story_id), ("project", project_id))
    connection.execute(delete(story).where(story.c.id == story_id))


def _count_stories(connection: Connection, items: Sequence[BatchArticle], now: datetime) -> None:
    more: dict[int, int] = {}
    for item in items:
        id_ = _group(item).id
        assert id_ is not None
        more[id_] = more.get(id_, 0) + 1
    if more:
        counted = (
            update(story)
            .where(story.c.id == bindparam("of_story"))
            .values(articles=story.c.articles + bindparam("more"), last_seen_at=bindparam("seen"))
        )
        rows = [{"of_story": id_, "more": count, "seen": now} for id_, count in sorted(more.items())]
        connection.execute(counted, rows)


def _write_relations(connection: Connection, resolver: BatchResolver, now: datetime) -> None:
    """What was said first of two projects stays; that they are perhaps the same is said only while nothing else is."""
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for relation in sorted(resolver.relations, key=lambda one: one.kind == PERHAPS):
        one, other = relation.group.settle().id, relation.other.settle().id
        if one is not None and other is not None and one != other and (other, one) not in rows:
            row = {"project_id": one, "other_id": other, "kind": relation.kind, "reason": relation.reason, "at": now}
            rows.setdefault((one, other), row)
    known = _find_related(connection, rows)
    new = {pair: row for pair, row in rows.items() if pair not in known}
    for pair, row in new.items():
        if row["kind"] != PERHAPS:
            doubted = relation_between(*pair) & (project_relation.c.kind == PERHAPS)
            connection.execute(delete(project_relation).where(doubted))
    if new:
        connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), list(new.values()))


def _find_related(connection: Connection, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs, both ways round, of which one is known to follow, belong to or add to the other."""
    asked = select(project_relation.c.project_id, project_relation.c.other_id, project_relation.c.kind)
    found: set[tuple[int, int]] = set()
    for chunk in in_chunks({one for pair in pairs for one in pair}):
        either = project_relation.c.project_id.in_(chunk) | project_relation.c.other_id.in_(chunk)
        for one, other, kind in connection.execute(asked.where(either)):
            if kind in TIE_KINDS:
                found |= {(one, other), (other, one)}
    return found
