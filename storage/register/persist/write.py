"""Writes down what was resolved: new projects and stories, places, merges, relations.

Called within the register's transaction, once a batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, update

from storage.articles.store import ArticlePlace
from storage.database.statements import insert
from storage.register.blocking.key_index import OWNER_KINDS, add_keys
from storage.register.compare.details import pack_details
from storage.register.compare.near_copy import split_band
from storage.register.persist.merged_view import fixes_of, refresh_projects
from storage.register.persist.project_rows import confirm_projects, create_projects, create_stories
from storage.register.persist.rule_decisions import write_merges, write_relations, write_splits
from storage.register.resolve.batch_resolver import BatchResolver
from storage.register.resolve.groups import BatchArticle, Group
from storage.tables.schema import BANDS, project, signature


def make_groups(
    connection: Connection, resolver: BatchResolver, now: datetime, *, reusable: Mapping[int, int | None]
) -> None:
    """Makes the resolver's new projects and stories, so that their articles can point to them; `reusable` as in
    `registration.resolve`."""
    _reuse_projects(resolver, reusable)
    alive = [group for group in resolver.new_groups if group.merged_into is None and group.members]
    projects = [group for group in alive if group.kind == "project" and group.id is None]
    made = create_projects(connection, [_name_first(group) for group in projects], now)
    for group, id_ in zip(projects, made, strict=True):
        group.id = id_
    stories = [group for group in alive if group.kind == "story"]
    firsts = [(one.reading, one.verdict) for one in (group.new_items[0] for group in stories)]
    rows = [{"title": r.title, "topic": verdict.topic, "language": r.language} for r, verdict in firsts]
    for group, id_ in zip(stories, create_stories(connection, rows, now), strict=True):
        group.id = id_


def write_down(connection: Connection, resolver: BatchResolver, items: Sequence[BatchArticle], now: datetime) -> None:
    """Stores all that follows from where the articles went; that itself stands in their rows."""
    _write_comparison(connection, items)
    owners = [(item, item.group.kind, id_) for item in items if (id_ := item.group.id) is not None]
    for kind in OWNER_KINDS:
        add_keys(connection, kind, [(id_, key) for item, of, id_ in owners if of == kind for key in item.keys])
    projects = {item: id_ for item, kind, id_ in owners if kind == "project"}
    confirm_projects(connection, [id_ for item, id_ in projects.items() if _is_announcement(item)], now)
    merged, parted = write_merges(connection, resolver, now), write_splits(connection, resolver, now)
    refresh_projects(connection, {*projects.values(), *merged, *parted})
    _write_iati_ids(connection, {id_: item.claims.iati_id for item, id_ in projects.items() if item.claims.iati_id})
    write_relations(connection, resolver, now)


def _is_announcement(item: BatchArticle) -> bool:
    """Whether an article makes news of its project: it announces it, and is news itself."""
    assert item.place is not None
    return item.reading.is_news and (item.is_new_project or item.place.outcome == "new-project")


def _reuse_projects(resolver: BatchResolver, reusable: Mapping[int, int | None]) -> None:
    """New projects take the rows, and so the ids, of their articles' former projects; each row once."""
    taken = {group.id for group in resolver.groups.values() if group.kind == "project"}
    for group in resolver.new_groups:
        if group.kind == "project" and group.merged_into is None:
            former = (reusable.get(item.article_id) for item in group.new_items)
            group.id = next((id_ for id_ in former if id_ is not None and id_ not in taken), None)
            taken.add(group.id)


def _name_first(group: Group) -> tuple[str, str, str]:
    """The canonical URL, title and language by which a new project is made; of one that left another its id is made
    from the article's number too, since the address may have named that other. Its title follows."""
    if group.new_items:
        first = group.new_items[0].reading
        return first.canonical_url, first.title, first.language
    left = group.members[0]
    return f"{left.claims.address} split {left.article_id}", "", left.claims.language


def place_of(item: BatchArticle) -> ArticlePlace:
    """Where an article went in the end, whatever its group was merged into meanwhile."""
    place, group = item.place, item.group
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
            "details": pack_details(item.marks),
            "claims": item.stated,
        }
        for item in items
    ]
    connection.execute(insert(connection, signature), rows)


def _write_iati_ids(connection: Connection, stated: Mapping[int, str]) -> None:
    """The identifier that an article states becomes its project's, unless it has one or a person said which."""
    fixes = fixes_of(connection, stated) if stated else {}
    fixed = {id_ for id_, facts in fixes.items() if "iati_id" in facts}
    for id_ in stated.keys() - fixed:
        lacking = (project.c.id == id_) & project.c.iati_id.is_(None)
        connection.execute(update(project).where(lacking).values(iati_id=stated[id_]))
