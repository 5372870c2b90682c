"""Which articles hold which words, packed into rows of bytes that can be looked up by word or by beginning.

A word becomes a number that sorts as its first letters do, so that all words of one beginning stand together. Postings
(word, article) go in; rows come out, each with the words from its first on: how many words, how many articles each is
in, the steps from word to word, then for each word the steps from article to article; all as numbers of seven bits a
byte, the lowest first. Most steps take one byte. Beside them the ends of the words, which the numbers do not tell.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Postings", "Row", "gather", "key_of", "pack", "range_of", "unpack"]

Numbers = NDArray[np.int64]

# Four rows fill a page of PostgreSQL's 8 kB; what is larger it keeps elsewhere, in pieces.
ROW_BYTES = 1_950
# A key is as many bytes of the word, then bits of a hash of all of it: 63 bits, for a signed column. Two words share a
# key about as seldom as they would share a hash of 32 bits, since few begin alike.
BEGINNING_BYTES = 5
HASH_BITS = 23
# The commonest words are most of every text; each remembered is some 250 bytes.
WORDS_REMEMBERED = 2**14
# Neither is in any word: between the ends of the words of a row, and between those of two words that share a key.
NEXT, OR = b"\n", b"/"
# What deflating leaves of the ends, measured: rows are planned by it.
DEFLATED = 0.6


@lru_cache(WORDS_REMEMBERED)
def key_of(word: str) -> int:
    """The number of a word, the same for ever: it is stored."""
    raw = word.encode()
    return _begin(raw, b"\0") | zlib.crc32(raw) >> (32 - HASH_BITS)


def range_of(beginning: str) -> tuple[int, int]:
    """Between which keys, both included, all words with a beginning have theirs; others may too where it is long."""
    raw = beginning.encode()
    return _begin(raw, b"\0"), _begin(raw, b"\xff") | (1 << HASH_BITS) - 1


def _begin(raw: bytes, filling: bytes) -> int:
    return int.from_bytes(raw[:BEGINNING_BYTES].ljust(BEGINNING_BYTES, filling), "big") << HASH_BITS


@dataclass(frozen=True, slots=True)
class Postings:
    """Pairs of a word's key and an article's id, sorted by key, then id, none twice; and the ends of the longer words
    by their keys."""

    keys: Numbers
    ids: Numbers
    ends: Mapping[int, bytes]

    def of(self, key: int) -> Numbers:
        """The ids of the articles that hold a word, rising."""
        first, until = np.searchsorted(self.keys, [key, key + 1])
        return self.ids[first:until]

    def beginning(self, beginning: str) -> Numbers:
        """The ids of the articles that hold a word that begins so, those of two such words twice."""
        low, high = range_of(beginning)
        first, until = np.searchsorted(self.keys, [low, high + 1])
        rest = beginning.encode()[BEGINNING_BYTES:]
        if not rest:
            return self.ids[first:until]
        begin_so = [
            key
            for key, ends in self.ends.items()
            if low <= key <= high and any(end.startswith(rest) for end in ends.split(OR))
        ]
        return self.ids[first:until][np.isin(self.keys[first:until], np.array(begin_so, np.int64))]


def gather(articles: Iterable[tuple[int, Collection[str]]]) -> Postings:
    """The postings of articles, given by rising id with their words, each word once."""
    of_keys, ids = [], []
    every: set[str] = set()
    for id_, words in articles:
        of_keys.append(np.fromiter(map(key_of, words), np.int64, len(words)))
        ids.append(id_)
        every.update(words)
    keys = np.concatenate(of_keys)
    order = np.argsort(keys, kind="stable")  # so that ids stay in order
    keys, each = keys[order], np.repeat(np.array(ids, np.int64), [len(part) for part in of_keys])[order]
    is_new = _differs(keys) | _differs(each)  # two words of one key would come twice
    return Postings(keys[is_new], each[is_new], _list_ends(every))


def _list_ends(words: Iterable[str]) -> dict[int, bytes]:
    ends: dict[int, bytes] = {}
    for word in words:
        if end := word.encode()[BEGINNING_BYTES:]:
            key = key_of(word)
            ends[key] = ends[key] + OR + end if key in ends else end
    return ends


def _differs(values: Numbers) -> NDArray[np.bool_]:
    """Of each value whether it is another than the one before."""
    return np.concatenate((np.ones(min(1, len(values)), np.bool_), values[1:] != values[:-1]))


# --- rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """Postings as they are stored: the key of the first word, all of them packed, and the ends of the words."""

    first: int
    packed: bytes
    ends: bytes


def pack(postings: Postings, base: int) -> list[Row]:
    """Rows of about `ROW_BYTES` at most, but for words in more articles than fit there.

    `base` is at most the lowest id: ids are kept as their distance from it.
    """
    starts = np.flatnonzero(_differs(postings.keys))
    keys, counts = postings.keys[starts], np.diff(starts, append=len(postings.keys))
    distances = postings.ids - base
    id_steps = np.diff(distances, prepend=0)
    id_steps[starts] = distances[starts]
    key_steps = np.diff(keys, prepend=0)
    ends = [postings.ends.get(key, b"") for key in keys.tolist()]
    told = DEFLATED * np.fromiter((len(end) + 1 for end in ends), np.float64, len(ends))
    sizes = _widths(key_steps) + _widths(counts) + np.add.reduceat(_widths(id_steps), starts) + told
    filled = np.cumsum(sizes)
    rows = []
    at = 0
    while at < len(keys):
        full = (filled[at - 1] if at else 0) + ROW_BYTES
        until = max(at + 1, int(np.searchsorted(filled, full, side="right")))
        until_id = starts[until] if until < len(keys) else len(id_steps)
        parts = ([until - at], counts[at:until], [0], key_steps[at + 1 : until], id_steps[starts[at] : until_id])
        packed = _to_bytes(np.concatenate(parts).astype(np.int64))
        rows.append(Row(int(keys[at]), packed, zlib.compress(NEXT.join(ends[at:until]))))
        at = until
    return rows


def unpack(row: Row, base: int) -> Postings:
    """The postings of a row again."""
    values = _from_bytes(row.packed)
    count = int(values[0])
    counts, key_steps, id_steps = values[1 : count + 1], values[count + 1 : 2 * count + 1], values[2 * count + 1 :]
    keys = row.first + np.cumsum(key_steps)
    distances = np.cumsum(id_steps)
    before = np.concatenate(([0], distances))[np.cumsum(counts) - counts]  # where the steps of each word begin anew
    ends = zip(keys.tolist(), zlib.decompress(row.ends).split(NEXT), strict=True)
    return Postings(
        np.repeat(keys, counts), base + distances - np.repeat(before, counts), {key: end for key, end in ends if end}
    )


# Bits a byte holds beside the one that says whether another follows.
BITS = 7
MOST_BYTES = 9  # of a number of 63 bits


def _widths(values: Numbers) -> Numbers:
    """How many bytes each number takes."""
    widths = np.ones(len(values), np.int64)
    for byte in range(1, MOST_BYTES):
        is_wider = values >> (BITS * byte) > 0
        if not is_wider.any():
            break
        widths += is_wider
    return widths


def _to_bytes(values: Numbers) -> bytes:
    widths = _widths(values)
    ends = np.cumsum(widths)
    starts = ends - widths
    packed = np.zeros(int(ends[-1]), np.uint8)
    for byte in range(int(widths.max())):
        has = widths > byte
        more = np.where(widths[has] > byte + 1, 1 << BITS, 0)
        packed[starts[has] + byte] = values[has] >> (BITS * byte) & (1 << BITS) - 1 | more
    return packed.tobytes()


def _from_bytes(packed: bytes) -> Numbers:
    raw = np.frombuffer(packed, np.uint8)
    ends = np.flatnonzero(raw < 1 << BITS)
    starts = np.concatenate(([0], ends[:-1] + 1))
    widths = ends - starts + 1
    values = (raw[starts] & (1 << BITS) - 1).astype(np.int64)
    for byte in range(1, int(widths.max())):
        has = np.flatnonzero(widths > byte)
        values[has] |= (raw[starts[has] + byte] & (1 << BITS) - 1).astype(np.int64) << (BITS * byte)
    return values
