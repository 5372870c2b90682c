"""Finds in the database what a new article may be the same as, by indexed keys, at a cost that does not grow with it.

Band keys and match keys go in; article ids and owners (projects, stories) come out, of each key only the newest few.
Then the articles of those owners, read for comparison. Every statement takes its keys as one JSON list, so it is
prepared once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, select, text

from storage.register.claims import build_claims
from storage.register.details import unpack_details
from storage.register.names import fold_words
from storage.register.near_copy import read_signature
from storage.register.same_project import Claims
from storage.schema import article, article_text
from storage.statements import in_chunks
from storage.types import from_microseconds

__all__ = ["Owner", "StoredMember", "find_by_bands", "find_by_keys", "join_words", "load_members", "places_of"]

OwnerKind = Literal["project", "story"]
Owner = tuple[OwnerKind, int]

# Of one key only its newest owners are looked at: a key with more says little, and its cost would grow with what is
# stored.
OWNERS_A_KEY = 24
ARTICLES_A_BAND = 8
# A project's first articles say what it is; a hundred rewrites of them add nothing to compare with.
MEMBERS_AN_OWNER = 10

_KEYS = {
    "sqlite": """
        SELECT wanted.value, found.owner_id FROM json_each(:keys) AS wanted JOIN match_key AS found
        ON found.owner = :owner AND found.key = wanted.value AND found.owner_id IN (
            SELECT newest.owner_id FROM match_key AS newest WHERE newest.owner = :owner AND newest.key = wanted.value
            ORDER BY newest.owner_id DESC LIMIT :most)""",
    "postgresql": """
        SELECT wanted.value, found.owner_id FROM json_array_elements_text(CAST(:keys AS json)) AS wanted (value)
        CROSS JOIN LATERAL (SELECT owner_id FROM match_key WHERE owner = :owner AND key = wanted.value
            ORDER BY owner_id DESC LIMIT :most) AS found""",
}
_BANDS = {
    "sqlite": """
        SELECT wanted.value, found.article_id FROM json_each(:keys) AS wanted JOIN near_copy_band AS found
        ON found.band = wanted.value AND found.article_id IN (
            SELECT newest.article_id FROM near_copy_band AS newest WHERE newest.band = wanted.value
            ORDER BY newest.article_id DESC LIMIT :most)""",
    "postgresql": """
        SELECT CAST(wanted.value AS bigint), found.article_id
        FROM json_array_elements_text(CAST(:keys AS json)) AS wanted (value)
        CROSS JOIN LATERAL (SELECT article_id FROM near_copy_band WHERE band = CAST(wanted.value AS bigint)
            ORDER BY article_id DESC LIMIT :most) AS found""",
}
_MEMBER_COLUMNS = """
    a.id, a.canonical_url, a.title, a.language, a.published_at, a.project_id, a.story_id,
    s.minhash, s.details, s.claims"""
_MEMBERS = {
    "sqlite": """
        SELECT {columns} FROM json_each(:keys) AS wanted JOIN article AS a ON a.id IN (
            SELECT its.id FROM article AS its WHERE its.{owner}_id = wanted.value
            ORDER BY its.registered_at, its.id LIMIT :most)
        JOIN signature AS s ON s.article_id = a.id""",
    "postgresql": """
        SELECT {columns} FROM json_array_elements_text(CAST(:keys AS json)) AS wanted (value)
        CROSS JOIN LATERAL (SELECT * FROM article AS its WHERE its.{owner}_id = CAST(wanted.value AS bigint)
            ORDER BY its.registered_at, its.id LIMIT :most) AS a
        JOIN signature AS s ON s.article_id = a.id""",
}
_PLACES = {
    "sqlite": """SELECT a.id, a.project_id, a.story_id FROM json_each(:keys) AS wanted
        JOIN article AS a ON a.id = wanted.value""",
    "postgresql": """SELECT a.id, a.project_id, a.story_id
        FROM json_array_elements_text(CAST(:keys AS json)) AS wanted (value)
        JOIN article AS a ON a.id = CAST(wanted.value AS bigint)""",
}


@dataclass(frozen=True, slots=True)
class StoredMember:
    """An article of a project or story, read for comparison.

    `has_facts` is False where no facts were read from it; `words` are its folded words, where they were asked for.
    """

    article_id: int
    owner: Owner
    claims: Claims
    has_facts: bool
    words: str = ""


def find_by_keys(connection: Connection, kind: OwnerKind, keys: Collection[str]) -> dict[str, list[int]]:
    """Owners of a kind by match key: of each key the newest few; keys nobody has are left out."""
    found: dict[str, list[int]] = {}
    if keys:
        values = {"keys": json.dumps(sorted(keys)), "owner": kind, "most": OWNERS_A_KEY}
        for key, owner_id in connection.execute(text(_KEYS[connection.dialect.name]), values):
            found.setdefault(key, []).append(owner_id)
    return found


def find_by_bands(connection: Connection, bands: Collection[int]) -> dict[int, list[int]]:
    """Articles by band key: of each the newest few; bands nobody has are left out."""
    found: dict[int, list[int]] = {}
    if bands:
        values = {"keys": json.dumps(sorted(bands)), "most": ARTICLES_A_BAND}
        for band, article_id in connection.execute(text(_BANDS[connection.dialect.name]), values):
            found.setdefault(band, []).append(article_id)
    return found


def places_of(connection: Connection, article_ids: Collection[int]) -> dict[int, Owner | None]:
    """The project or story of each of these articles; None where it has neither."""
    if not article_ids:
        return {}
    rows = connection.execute(text(_PLACES[connection.dialect.name]), {"keys": json.dumps(sorted(article_ids))})
    return {id_: _owner_of(project_id, story_id) for id_, project_id, story_id in rows}


def load_members(
    connection: Connection, owners: Collection[Owner], *, with_words: Collection[int] = ()
) -> list[StoredMember]:
    """The articles of these projects and stories, of each the first few that were registered.

    `with_words` are stories whose articles' words are wanted too.
    """
    members: list[StoredMember] = []
    kinds: tuple[OwnerKind, ...] = ("project", "story")
    for kind in kinds:
        ids = sorted(id_ for owner_kind, id_ in owners if owner_kind == kind)
        if ids:
            statement = _MEMBERS[connection.dialect.name].format(columns=_MEMBER_COLUMNS, owner=kind)
            values = {"keys": json.dumps(ids), "most": MEMBERS_AN_OWNER}
            members += [_read_member(row._mapping) for row in connection.execute(text(statement), values)]
    wanted = [m.article_id for m in members if m.owner[0] == "story" and m.owner[1] in with_words]
    if not wanted:
        return members
    words = _load_words(connection, wanted)
    return [replace(m, words=words[m.article_id]) if m.article_id in words else m for m in members]


def _load_words(connection: Connection, article_ids: list[int]) -> dict[int, str]:
    """The folded words of articles whose text is still kept."""
    words: dict[int, str] = {}
    for chunk in in_chunks(article_ids):
        asked = (
            select(article.c.id, article.c.title, article_text.c.text)
            .join(article_text, article_text.c.article_id == article.c.id)
            .where(article.c.id.in_(chunk))
        )
        for id_, title, body in connection.execute(asked):
            words[id_] = join_words(title, body)
    return words


def join_words(title: str, body: str) -> str:
    """The folded words of an article in order, with a space between and at both ends, so that phrases can be looked
    for."""
    return " " + " ".join(fold_words(f"{title}\n{body}")) + " "


def _owner_of(project_id: int | None, story_id: int | None) -> Owner | None:
    if project_id is not None:
        return ("project", project_id)
    return ("story", story_id) if story_id is not None else None


def _read_member(row: Mapping[Any, Any]) -> StoredMember:
    owner = _owner_of(row["project_id"], row["story_id"])
    assert owner is not None  # it was found by it
    given = json.loads(row["claims"]) if row["claims"] is not None else None
    claims = build_claims(
        given,
        title=row["title"],
        language=row["language"],
        published_at=from_microseconds(row["published_at"]) if row["published_at"] is not None else None,
        canonical_url=row["canonical_url"],
        details=unpack_details(row["details"]),
        signature=read_signature(bytes(row["minhash"])) if row["minhash"] else None,
    )
    return StoredMember(row["id"], owner, claims, given is not None)
