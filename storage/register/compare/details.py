"""What makes one report of an event recognisable in other words: its figures and its proper names.

A title and a text go in; a small set of marks comes out: figures (not years, not single digits) and words written
with a capital inside a sentence, folded, but for countries' names, which whole fields of news share. Two reports of
one event share many of them, whatever the wording; the same template filled in for another place shares few.
Languages without capitals give their figures alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import fsum

from storage.register.compare.gazetteer import is_country
from storage.register.compare.near_copy import fold_text
from storage.register.compare.words import COMMON_WORDS, EVERYWHERE, FREQUENT_MARKS, SMALL_WORDS

# Enough for an article of 350 words (30 to 70 in ours); long features are cut, since what matters stands early.
MAX_DETAILS = 90
# Inflected names (Киеве, Київ) agree in their beginnings more than in their ends.
MARK_LETTERS = 7
# What a shared mark weighs. Two digits are an age or a day as often as a count.
EXACT_FIGURE, FIGURE, SHORT_FIGURE, ROUND_FIGURE = 2.0, 1.5, 0.7, 0.5
RARE_NAME, COMMON_NAME = 1.2, 0.5
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# A word that does not begin with a small letter, or a figure; the others, most of a text, are passed over in C.
_TOKEN = re.compile(
    r"(?<![^\W_])(?![a-zß-öø-ÿа-яёіїєґء-يｦ-ﾟ])[^\W_]+(?:[.,’'\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d{1,2})?", re.UNICODE
)
_SPACE = frozenset(" \t\u00a0\u202f")
_SENTENCE_END = frozenset('.!?:;\n»”"«“(•–—')


def read_details(title: str, text: str) -> frozenset[str]:
    """The figures and proper names of an article, at most 90, those that stand first."""
    found: dict[str, None] = {}
    headline = title.split()
    # a headline with every word in capitals tells no names
    is_shouted = sum(word[:1].isupper() for word in headline) > 0.6 * len(headline)
    for part, may_hold_names in ((title, not is_shouted), (text, True)):
        for match in _TOKEN.finditer(part):
            mark = _read_mark(match.group(), part, match.start(), may_be_name=may_hold_names)
            if mark:
                found.setdefault(mark)
                if len(found) >= MAX_DETAILS:
                    return frozenset(found)
    return frozenset(found)


def _begins_sentence(part: str, at: int) -> bool:
    at -= 1
    while at >= 0 and part[at] in _SPACE:
        at -= 1
    return at < 0 or part[at] in _SENTENCE_END


def _read_mark(token: str, part: str, at: int, *, may_be_name: bool) -> str | None:
    if token[0].isdigit():
        digits = re.sub(r"\D", "", token.translate(_DIGITS))
        is_year = len(token) == 4 and digits[:2] in ("19", "20")  # "2,042" is none
        return f"#{digits.lstrip('0')}" if len(digits) >= 2 and not is_year else None
    if not may_be_name or len(token) < 3 or not token[0].isupper():
        return None
    if not token[1].isupper() and _begins_sentence(part, at):
        return None
    word = fold_text(token)
    if word in EVERYWHERE or word in SMALL_WORDS or word in COMMON_WORDS or is_country(word):
        return None
    return word[:MARK_LETTERS]


def share_details(ours: frozenset[str], theirs: frozenset[str]) -> tuple[int, float]:
    """How many marks two articles share, and that as a share of the smaller set (0 where one is empty)."""
    shared = len(ours & theirs)
    smaller = min(len(ours), len(theirs))
    return shared, shared / smaller if smaller else 0.0


def weigh_details(ours: frozenset[str], theirs: frozenset[str]) -> tuple[float, float]:
    """What two articles share, by how distinctive each mark is, and that as a share of the lighter set (0 where one is
    empty)."""
    common = ours & theirs
    if not common:  # nearly always, and all the rest is dear
        return 0.0, 0.0
    shared = fsum(map(_weight, common))  # exact, since the order of a set is another in each process
    lighter = min(fsum(map(_weight, ours)), fsum(map(_weight, theirs)))
    return shared, shared / lighter if lighter else 0.0


def count_exact_figures(ours: frozenset[str], theirs: frozenset[str]) -> int:
    """How many figures of four digits and more that are not round two articles share: hardly by chance."""
    return sum(_weight(mark) == EXACT_FIGURE for mark in ours & theirs)


@lru_cache(maxsize=16384)
def _weight(mark: str) -> float:
    """How much sharing a mark says: an exact figure most, a rare name much, a round figure or common name little."""
    if mark[0] != "#":
        return COMMON_NAME if mark in FREQUENT_MARKS else RARE_NAME
    figures = len(mark.rstrip("0")) - 1
    return EXACT_FIGURE if figures >= 4 else FIGURE if figures == 3 else SHORT_FIGURE if figures == 2 else ROUND_FIGURE


def pack_details(details: Iterable[str]) -> str:
    """The marks as one line, to be stored."""
    return " ".join(sorted(details))


def unpack_details(stored: str) -> frozenset[str]:
    return frozenset(stored.split())
