"""Loads what a batch may be the same as: stored copies, the owners that share the most and rarest blocking keys, and
what people decided of them, against which no rule goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import log

from sqlalchemy import Connection, select

from storage.database.statements import one_of
from storage.register.blocking.key_index import (
    OWNER_KINDS,
    Owner,
    OwnerKind,
    count_stored,
    estimate_owners,
    find_by_keys,
)
from storage.register.blocking.lookup import find_by_bands, load_members, places_of
from storage.register.resolve.batch_resolver import BatchResolver
from storage.register.resolve.groups import BatchArticle
from storage.tables.schema import article, decision, project_relation


def load_resolver(connection: Connection, items: Sequence[BatchArticle]) -> BatchResolver:
    """A resolver for these articles, with all that is stored and may matter to them."""
    by_band = find_by_bands(connection, {band for item in items for band in item.bands})
    copies = places_of(connection, {id_ for ids in by_band.values() for id_ in ids})
    keys = {key for item in items for key in (*item.keys, *item.lookup_keys)}
    by_key = {kind: find_by_keys(connection, kind, keys) for kind in OWNER_KINDS}
    owners = {owner for owner in copies.values() if owner is not None} | choose_owners(items, by_key)
    projects = {id_ for kind, id_ in owners if kind == "project"}
    stories = {id_ for kind, id_ in owners if kind == "story"}
    resolver = BatchResolver(
        find_kept_apart(connection, projects),
        find_split_off_stories(connection, stories),
        find_merged_by_hand(connection, projects),
    )
    named = {key for item in items if item.is_new_project for key in item.keys if key.startswith("w:")}
    may_name = {id_ for key, ids in by_key["story"].items() if key in named for id_ in ids}
    for member in load_members(connection, owners, with_words=may_name):
        resolver.add_member(member)
    for kind, found in by_key.items():
        resolver.add_keys_found(kind, found)
    resolver.add_bands_found(by_band)
    return resolver


# Of each kind; twice as many were loaded and compared at first and joined nothing more.
LOADED_OWNERS = 8


def choose_owners(items: Sequence[BatchArticle], by_key: Mapping[OwnerKind, Mapping[str, list[int]]]) -> set[Owner]:
    """Of the owners that share keys with an article those whose shared keys are the rarest together, each key weighed
    by its inverse document frequency: what the resolver would compare.

    What more owners than are loaded would share by chance is no trace of one project.
    """
    wanted: set[Owner] = set()
    for kind, found in by_key.items():
        stored = count_stored(found.values())
        rarity = {key: log(stored / estimate_owners(ids, stored)) for key, ids in found.items()}
        least = log(max(1, stored / LOADED_OWNERS))
        for item in items:
            points: dict[int, float] = {}
            for key in (*item.keys, *item.lookup_keys):
                for id_ in found.get(key, ()):
                    points[id_] = points.get(id_, 0.0) + rarity[key]
            distinctive = [id_ for id_, shared in points.items() if shared >= least]
            best = sorted(distinctive, key=lambda id_: (-points[id_], -id_))[:LOADED_OWNERS]
            wanted.update((kind, id_) for id_ in best)
    return wanted


def find_kept_apart(connection: Connection, ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Pairs among these projects that a person keeps apart."""
    asked = select(project_relation.c.project_id, project_relation.c.other_id).where(project_relation.c.kind == "apart")
    rows = connection.execute(asked.where(one_of(project_relation.c.project_id, ids)))
    return frozenset((min(a, b), max(a, b)) for a, b in rows)


def find_merged_by_hand(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Projects among these that a person merged others into."""
    asked = select(decision.c.project_id, decision.c.is_human).where(
        decision.c.kind == "merge", one_of(decision.c.project_id, ids)
    )
    return frozenset(id_ for id_, is_human in connection.execute(asked) if is_human)


def find_split_off_stories(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Stories among these that a person made by splitting an article off a project: no rule takes them back."""
    asked = (
        select(article.c.story_id)
        .join(decision, decision.c.article_id == article.c.id)
        .where(decision.c.article_id.is_not(None), decision.c.kind == "split", one_of(article.c.story_id, ids))
    )
    return frozenset(connection.execute(asked).scalars())
