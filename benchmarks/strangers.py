"""Claims of articles that nobody wrote, of other projects than those stored, with the keys they are found by.

Each takes the form of a stored article (how many organisations, figures and names it states, in what language), and
what it states is drawn anew from what all stored articles state. A thousand articles do not hold the rare words of a
million: as in a language, some of what is drawn was never seen before, and what is common stays so (Pitman and Yor,
"The two-parameter Poisson–Dirichlet distribution", 1997). Keys come of the register's own functions.
"""

from __future__ import annotations

import random
import re
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, select

from storage.records import ArticleReading
from storage.register.blocking.key_index import hash_key
from storage.register.blocking.keys import list_blocking_keys
from storage.register.compare.details import MARK_LETTERS, count_exact_figures, pack_details, unpack_details
from storage.register.compare.near_copy import list_bands, read_signature, split_band
from storage.register.compare.read_claims import PLACE, read_claims
from storage.register.compare.words import COMMON_WORDS, SMALL_WORDS
from storage.tables.schema import BANDS, article, match_key, signature
from storage.tables.types import to_json

ORGANISATIONS = ("implementers", "funders", "partners")
# Where hardly a value was seen twice nearly all that is drawn would be new, and the n-th new one beyond all numbers.
MOST_NEW = 0.9
STORIES_FROM = -(2**31)  # owners' numbers in `match_key`: projects from 0, stories from here

_WORD = re.compile(r"([^\W\d_]+)")
_SYLLABLES = [first + second for first in "bcdfghjklmnprstvwz" for second in "aeiou"]


class _Draws:
    """Values as they go on after those seen, with `invent` for the n-th value beyond them; without, none is new.

    By the posterior of Pitman and Yor: one seen n times has a share drawn from a gamma distribution of n - d, so that
    few of those seen once are common; all that were never seen have one of d for each seen. How many were seen once and
    twice estimates d.
    """

    def __init__(self, seen: Iterable[Any], rng: random.Random, invent: Callable[[int], Any] | None = None) -> None:
        counts = Counter(seen)
        often = Counter(counts.values())
        d = min(MOST_NEW, often[1] / max(1, often[1] + 2 * often[2])) if invent else 0.0
        shares = [rng.gammavariate(count - d, 1) for count in counts.values()]
        if d:
            shares.append(rng.gammavariate(d * len(counts), 1))
        self._values, self._invent, self._rng = list(counts), invent, rng
        self._sums = list(accumulate(shares))
        # the frequencies beyond those seen fall as a power of the rank, as within them
        self._fall = d / (d - 1)

    def draw(self) -> Any:
        at = bisect(self._sums, self._rng.random() * self._sums[-1])
        if at < len(self._values):
            return self._values[at]
        assert self._invent is not None
        return self._invent(int(len(self._values) * (1 - self._rng.random()) ** self._fall))


def _invent_word(number: int) -> str:
    word = ""
    while number:
        number, syllable = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
    return word.capitalize()


def _invent_sum(number: int) -> tuple[float, str]:
    return (10.0 + number % 90) * 10 ** (3 + number // 90 % 5), "USD"


@dataclass(frozen=True, slots=True)
class _Form:
    """A stored article: its id, the number of its owner in `match_key`, its columns, marks and claims; `other_keys` are
    its owner's that come of no claim (acronyms in the text)."""

    id: int
    owner: int
    row: Any
    marks: tuple[str, ...]
    stated: dict[str, Any] | None
    other_keys: tuple[int, ...]


class Strangers:
    """Draws further articles like those stored when it was made."""

    def __init__(self, connection: Connection, seed: int) -> None:
        self._rng = random.Random(seed)
        self._forms = sorted(_read_forms(connection), key=lambda form: (form.owner, form.id))
        stated = [form.stated for form in self._forms if form.stated]
        marks = [mark for form in self._forms for mark in form.marks]
        sums = [(amount, currency) for one in stated for amount, currency, _ in one.get("sums", ())]
        rng = self._rng
        self._draws: dict[str, _Draws] = {
            "key": _Draws((key for form in self._forms for key in form.other_keys), rng, lambda n: hash_key(f"w:{n}")),
            "title": _Draws((w for form in self._forms for w in _words_of(form.row.title)), rng, _invent_word),
            "name": _Draws((w for one in stated for w in _words_of(one.get("name", ""))), rng, _invent_word),
            "word": _Draws(
                (m for m in marks if m[0] not in "#@"), rng, lambda n: _invent_word(n).lower()[:MARK_LETTERS]
            ),
            "figure": _Draws((m for m in marks if m[0] == "#"), rng, lambda n: f"#{n}"),
            "sum": _Draws(sums, rng, _invent_sum),
            "country": _Draws((code for one in stated for code in one.get("countries", ())), rng),
            **{
                role: _Draws((body for one in stated for body in one.get(role, ())), rng, _invent_word)
                for role in ORGANISATIONS
            },
        }
        self._drawn: dict[tuple[str, Any], Any] = {}

    def draw(self) -> tuple[list[tuple[Any, ...]], set[tuple[int, int]]]:
        """A stranger for every stored article, with its id and owner, those of one owner about one thing: rows of
        `signature`, and of `match_key`."""
        signatures, keys, owner = [], set[tuple[int, int]](), None
        for form in self._forms:
            if form.owner != owner:
                owner, self._drawn = form.owner, {}
            row, marks, stated = form.row, frozenset(map(self._mark, form.marks)), self._restate(form.stated)
            minhash = self._rng.randbytes(len(row.minhash))
            hashes = (
                [split_band(band)[1] for band in list_bands(read_signature(minhash))]
                if minhash
                else [None] * len(BANDS)
            )
            packed = None if stated is None else to_json(stated)
            signatures.append((form.id, *hashes, minhash, pack_details(marks), packed))
            described = ArticleReading(
                (), "", "", self._rename("title", row.title), "", row.language, "", row.published_at, "page",
                published_precision=row.published_precision,
            )  # fmt: skip
            claims = read_claims(described, stated, marks, None)
            keys.update((hash_key(key), form.owner) for key in list_blocking_keys(claims))
            keys.update((self._new("key", key), form.owner) for key in form.other_keys)
        return signatures, keys

    def _new(self, kind: str, value: Any) -> Any:
        """What stands for a value, the same throughout an owner's articles."""
        known = self._drawn.get((kind, value))
        if known is None:
            known = self._drawn[kind, value] = self._draws[kind].draw()
        return known

    def _rename(self, kind: str, said: str) -> str:
        return "".join(self._new(kind, part) if is_telling else part for is_telling, part in _take_apart(said))

    def _mark(self, mark: str) -> str:
        if mark[0] == PLACE:
            return f"{PLACE}{self._new('country', mark[1:])}"
        if mark[0] == "#" and count_exact_figures(frozenset([mark]), frozenset([mark])):
            return f"#{self._rng.randrange(10 ** (len(mark) - 2), 10 ** (len(mark) - 1))}"  # no two have one by chance
        return str(self._new("figure" if mark[0] == "#" else "word", mark))

    def _restate(self, stated: dict[str, Any] | None) -> dict[str, Any] | None:
        if stated is None:
            return None
        new = {field: value for field, value in stated.items() if field not in ("iati_id", "name", "ties", "sums")}
        if name := stated.get("name"):
            new["name"] = self._rename("name", name)
        if ties := stated.get("ties"):
            new["ties"] = [[tie, *(self._rename("title", said) for said in rest)] for tie, *rest in ties]
        if sums := stated.get("sums"):
            new["sums"] = [[*self._new("sum", (amount, currency)), is_main] for amount, currency, is_main in sums]
        for kind, field in (("country", "countries"), *((role, role) for role in ORGANISATIONS)):
            if field in stated:
                new[field] = list(dict.fromkeys(self._new(kind, value) for value in stated[field]))
        return new


@cache
def _take_apart(said: str) -> list[tuple[bool, str]]:
    """A title or name in pieces, and which of them are words that tell it from others of the field."""
    parts = _WORD.split(said)  # words are the odd ones
    common = COMMON_WORDS | SMALL_WORDS
    return [(at % 2 == 1 and len(part) > 2 and part.casefold() not in common, part) for at, part in enumerate(parts)]


def _words_of(said: str) -> Iterator[str]:
    return (part for is_telling, part in _take_apart(said) if is_telling)


def _read_forms(connection: Connection) -> Iterator[_Form]:
    keys: dict[int, set[int]] = {}
    for key, owner in connection.execute(select(match_key.c.key, match_key.c.owner)):
        keys.setdefault(owner, set()).add(key)
    asked = select(article, signature.c.details, signature.c.claims, signature.c.minhash).join(signature)
    rows: Iterable[Any] = connection.execute(asked.order_by(article.c.id))
    for row in rows:
        owner = row.project_id if row.project_id is not None else STORIES_FROM + row.story_id
        marks = tuple(sorted(unpack_details(row.details)))  # the order of a set is another in each process
        claims = read_claims(row, row.claims, frozenset(marks), None)
        others = keys.pop(owner, set()).difference(map(hash_key, list_blocking_keys(claims)))
        yield _Form(row.id, owner, row, marks, row.claims, tuple(sorted(others)))
