"""The keys that projects and stories are found by, as the database keeps them: numbers, for there are millions.

A key (text: "d:#34083", "o:@UNODC:RS") is kept as a hash of 32 bits, an owner as its id, stories' below zero. Two
keys that share a hash make owners known to each other that have nothing in common; they are then compared and stay
apart, as those do that share a common word.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, get_args

from sqlalchemy import Connection, delete, select

from storage.database.statements import add_rows, find_few, one_of
from storage.tables.schema import match_key
from storage.tables.types import storable

OwnerKind = Literal["project", "story"]
OWNER_KINDS: tuple[OwnerKind, ...] = get_args(OwnerKind)
Owner = tuple[OwnerKind, int]

# Of a common key only its newest owners are looked at: it says little, and its cost would grow with what is stored.
OWNERS_A_KEY = 24
# A key that so few have is looked up whole: two of them in common are a trace of one project, however long ago.
RARE_OWNERS = 240


def hash_key(key: str) -> int:
    """The number that a key is kept as, 32 bits with a sign; the same for ever, since it is stored."""
    return zlib.crc32(storable(key).encode()) - 2**31


# Stories count up from the lowest number of 32 bits, so that the newest of either kind have the highest.
_FIRST = {"project": 0, "story": -(2**31)}
_SIDE = {"project": ">", "story": "<"}


def _number(kind: OwnerKind, id_: int) -> int:
    return _FIRST[kind] + id_


def find_by_keys(connection: Connection, kind: OwnerKind, keys: Collection[str]) -> dict[str, list[int]]:
    """Owners of a kind by match key, the newest first: of a rare key all, of a common one the newest few; keys nobody
    has are left out."""
    by_hash: dict[int, list[str]] = {}
    for key in keys:
        by_hash.setdefault(hash_key(key), []).append(key)
    newest = _look_up(connection, kind, by_hash, OWNERS_A_KEY)
    stored = count_stored(newest.values())
    rare = [
        hash_
        for hash_, ids in newest.items()
        if len(ids) == OWNERS_A_KEY and estimate_owners(ids, stored) <= RARE_OWNERS
    ]
    newest |= _look_up(connection, kind, rare, RARE_OWNERS)
    return {key: ids for hash_, ids in newest.items() for key in by_hash[hash_]}


def count_stored(found: Iterable[Sequence[int]]) -> int:
    """About how many owners of a kind are stored, by the newest of those found: ids rise one by one."""
    return max((ids[0] for ids in found), default=0)


def estimate_owners(newest: Sequence[int], stored: int) -> float:
    """How many of so many stored owners have a key: those found where they are few, else as many as the newest are
    dense."""
    if len(newest) < OWNERS_A_KEY:
        return len(newest)
    return min(stored, len(newest) * stored / (stored - newest[-1] + 1))


def _look_up(connection: Connection, kind: OwnerKind, hashes: Collection[int], most: int) -> dict[int, list[int]]:
    its = {"where": f'owner {_SIDE[kind]} 0 AND "key"', "kind": "integer", "order": "owner DESC"}
    found = find_few(connection, hashes, most, table="match_key", id="owner", **its)
    return {hash_: [number - _FIRST[kind] for number in numbers] for hash_, numbers in found}


def add_keys(connection: Connection, kind: OwnerKind, keys: Iterable[tuple[int, str]]) -> None:
    """Makes owners (ids of a kind) findable by keys; those they have already are left as they are."""
    _add(connection, {(hash_key(key), _number(kind, id_)) for id_, key in set(keys)})


def move_keys(connection: Connection, gone: Owner, into: Owner) -> None:
    """Makes an owner findable by the keys of another, and that one by none."""
    its = match_key.c.owner == _number(*gone)
    hashes: Sequence[int] = connection.execute(select(match_key.c.key).where(its)).scalars().all()
    _add(connection, {(hash_, _number(*into)) for hash_ in hashes})
    connection.execute(delete(match_key).where(its))


def forget_keys(connection: Connection, kind: OwnerKind, ids: Collection[int]) -> None:
    """Makes these owners findable by no key."""
    connection.execute(delete(match_key).where(one_of(match_key.c.owner, [_number(kind, id_) for id_ in ids])))


def _add(connection: Connection, rows: Collection[tuple[int, int]]) -> None:
    add_rows(connection, match_key, sorted(rows))
