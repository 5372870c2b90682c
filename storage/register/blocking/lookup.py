"""Finds in the database what a new article may be the same as, by indexed keys, at a cost that does not grow with it.

Band keys and match keys go in; article ids and owners (projects, stories) come out, of each key only the newest few.
Then the articles of those owners, read for comparison.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from storage.database.statements import find_few, one_of
from storage.register.blocking.key_index import OWNER_KINDS, Owner
from storage.register.compare.claims import Member
from storage.register.compare.details import unpack_details
from storage.register.compare.names import fold_words
from storage.register.compare.near_copy import read_signature, split_band
from storage.register.compare.read_claims import read_claims
from storage.tables.schema import BANDS, article, article_text, signature

# Of one band only a few articles are looked at: they are copies of one another, and their cost would grow with what is
# stored.
ARTICLES_A_BAND = 8
# A project's first articles say what it is; a hundred rewrites of them add nothing to compare with.
MEMBERS_AN_OWNER = 6


@dataclass(slots=True, eq=False)
class StoredMember(Member):
    """An article of a project or story, which is its `owner`, read for comparison."""

    owner: Owner


def find_by_bands(connection: Connection, bands: Collection[int]) -> dict[int, list[int]]:
    """Articles by band key: of each band a few, in no order; bands nobody has are left out."""
    hashes: dict[int, dict[int, int]] = {}
    for band in bands:
        number, hash_ = split_band(band)
        hashes.setdefault(number, {})[hash_] = band
    found: dict[int, list[int]] = {}
    for number, wanted in sorted(hashes.items()):
        table = {"table": "signature", "where": BANDS[number], "kind": "integer", "order": BANDS[number]}
        for hash_, ids in find_few(connection, wanted, ARTICLES_A_BAND, id="article_id", **table):
            found[wanted[hash_]] = ids
    return found


def places_of(connection: Connection, article_ids: Collection[int]) -> dict[int, Owner | None]:
    """The project or story of each of these articles; None where it has neither."""
    asked = select(article.c.id, article.c.project_id, article.c.story_id).where(one_of(article.c.id, article_ids))
    return {id_: _owner_of(project_id, story_id) for id_, project_id, story_id in connection.execute(asked)}


def load_members(
    connection: Connection, owners: Collection[Owner], *, with_words: Collection[int] = ()
) -> list[StoredMember]:
    """The articles of these projects and stories, of each the first few that were registered.

    `with_words` are stories whose articles' words are wanted too.
    """
    ids: list[int] = []
    for kind in OWNER_KINDS:
        wanted = [id_ for owner_kind, id_ in owners if owner_kind == kind]
        table = {"table": "article", "where": f"{kind}_id", "kind": "bigint", "order": "registered_at, id"}
        for _, few in find_few(connection, wanted, MEMBERS_AN_OWNER, id="id", **table):
            ids += few
    members = read_members(connection, ids)
    named = [m.article_id for m in members if m.owner[0] == "story" and m.owner[1] in with_words]
    if not named:
        return members
    words = _load_words(connection, named)
    return [replace(m, words=words[m.article_id]) if m.article_id in words else m for m in members]


def read_members(connection: Connection, article_ids: Collection[int]) -> list[StoredMember]:
    """These articles of projects and stories, in the order of their ids."""
    asked = select(
        article.c.id, article.c.canonical_url, article.c.title, article.c.language, article.c.published_at,
        article.c.published_precision, article.c.outlet, article.c.project_id, article.c.story_id,
        signature.c.minhash, signature.c.details, signature.c.claims,
    ).join(signature, signature.c.article_id == article.c.id)  # fmt: skip
    rows = connection.execute(asked.where(one_of(article.c.id, article_ids)).order_by(article.c.id))
    return [_read_member(row) for row in rows]


def _load_words(connection: Connection, article_ids: list[int]) -> dict[int, str]:
    """The folded words of articles whose text is still kept."""
    asked = (
        select(article.c.id, article.c.title, article_text.c.text)
        .join(article_text, article_text.c.article_id == article.c.id)
        .where(one_of(article.c.id, article_ids))
    )
    return {id_: join_words(title, body) for id_, title, body in connection.execute(asked)}


def join_words(title: str, body: str) -> str:
    """The folded words of an article in order, with a space between and at both ends, so that phrases can be looked
    for."""
    return " " + " ".join(fold_words(f"{title}\n{body}")) + " "


def _owner_of(project_id: int | None, story_id: int | None) -> Owner | None:
    if project_id is not None:
        return ("project", project_id)
    return ("story", story_id) if story_id is not None else None


def _read_member(row: Any) -> StoredMember:
    owner = _owner_of(row.project_id, row.story_id)
    assert owner is not None  # it was found by it
    signed = read_signature(bytes(row.minhash)) if row.minhash else None
    claims = read_claims(row, row.claims, unpack_details(row.details), signed)
    return StoredMember(row.id, claims, row.claims is not None, "", owner)
