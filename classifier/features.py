"""Reads a text once into what the models weigh: its words, and where the lexicon's concepts stand.

What enters: title and text, and the language's lexicon. What leaves: a `Reading` (words; hits of concepts, sentence by
sentence), from which `knowledge` and `ngrams` make numbers. What it promises: pure, no position is lost between title,
lead and body, and a text of 3 kB is read in well under a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classifier.concepts import CONCEPTS, GAP_WORDS, ConceptLexicon, Phrase, Word

__all__ = ["TAGS", "Hit", "Reading", "locate_words", "match_phrase", "read_text"]

_HELPERS = ("million", "currency", "year_unit", "day_unit", "number_word")
"""Concepts that only help to recognise sums and lengths of time."""

TAGS: tuple[str, ...] = (
    *(c for c in CONCEPTS if c not in _HELPERS),
    *("money", "duration", "days", "year", "years", "number"),
)
"""What a hit may be: the concepts, and what is recognised from figures: a sum, a length in years or months, in days
or weeks, a year, a span of years, another number."""

_TAG = {name: i for i, name in enumerate(TAGS)}
_OF_CONCEPT = tuple(_TAG.get(c, -1) for c in CONCEPTS)
_CONCEPT = {name: i for i, name in enumerate(CONCEPTS)}
_NUMBER_WORD = _CONCEPT["number_word"]

# Of a run of stops the first is tried and none is given back: a long run would else take quadratic time.
_TOKEN = re.compile(
    r"(?:[^\W\d_]+[\u0300-\u036f\u064b-\u065f\u0670]*)+"  # words, with combining accents and Arabic vowel marks
    r"|\d+(?:[.,٫٬’]\d+)*"
    r"|[$€£¥₹]"
    r"|(?<![.!?؟。…])[.!?؟。…]++(?=[\s\"'”’»)\]]|$)|\n+"
)
_ASCII_TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\$|(?<![.!?])[.!?]++(?=[\s\"')\]]|$)|\n+")

_SHORT = 2
"""A full stop after so few letters ends an abbreviation or an initial ("U.S.", "Mr.", "St."), not a sentence."""

_MARKS = frozenset(".!?؟。…\n")
"""What a token that is no word begins with."""


class Hit(NamedTuple):
    """A tag seen in a sentence (0 is the title): words `first` to `last` of that sentence."""

    tag: int
    sentence: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `sentences[0]` is the title's words, the others the body's, none empty; hits in text order."""

    sentences: tuple[tuple[str, ...], ...]
    hits: tuple[Hit, ...]

    @property
    def words(self) -> int:
        """Number of words in title and body."""
        return sum(map(len, self.sentences))


def _pattern(text: str) -> re.Pattern[str]:
    return _ASCII_TOKEN if text.isascii() else _TOKEN


def _ends(token: str, sentence: Sequence[str]) -> bool:
    """Whether a mark of punctuation or a line break ends the sentence before it."""
    return bool(sentence) and (token[0] != "." or len(sentence[-1]) > _SHORT or sentence[-1].isdigit())


def _split(text: str) -> Iterator[list[str]]:
    """The words of each sentence."""
    sentence: list[str] = []
    for token in _pattern(text).findall(text):
        if token[0] not in _MARKS:
            sentence.append(token)
        elif _ends(token, sentence):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def locate_words(text: str) -> Iterator[list[tuple[int, int]]]:
    """Where the words that `read_text` finds in a body stand: (start, end) of each, sentence by sentence."""
    sentence: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _pattern(text).finditer(text):
        token = match.group()
        if token[0] not in _MARKS:
            sentence.append(token)
            places.append(match.span())
        elif _ends(token, sentence):
            yield places
            sentence, places = [], []
    if places:
        yield places


def read_text(title: str, text: str, lexicon: ConceptLexicon | None) -> Reading:
    """Reads title and body; without a lexicon only figures are recognised."""
    sentences = [tuple(w for s in _split(title) for w in s)]
    sentences += [tuple(s) for s in _split(text)]
    hits: list[Hit] = []
    for number, sentence in enumerate(sentences):
        hits += _hits(sentence, number, lexicon)
    return Reading(tuple(sentences), tuple(hits))


def _hits(sentence: tuple[str, ...], number: int, lexicon: ConceptLexicon | None) -> list[Hit]:
    known = [lexicon.word(w) for w in sentence] if lexicon else []
    found: dict[tuple[int, int], int] = {}  # by first word and tag, the last word
    for first, word in enumerate(known):
        for concept in word.concepts:
            found[(first, _OF_CONCEPT[concept])] = first
        for phrase in _may_follow(word, known, first + 1) if word.phrases else ():
            last = match_phrase(known, first + 1, phrase.items)
            if last >= 0:
                key = (first, _OF_CONCEPT[phrase.concept])
                found[key] = max(last, found.get(key, last))
    _add_figures(sentence, known, found)
    strong = [(first, last) for (first, tag), last in found.items() if tag == 0]
    return [
        Hit(tag, number, first, found[first, tag])
        for first, tag in sorted(found)
        if tag >= 0
        and not (tag == 1 and any(a <= first <= b for a, b in strong))  # "human trafficking" is not weak too
    ]


def _may_follow(word: Word, known: Sequence[Word], at: int) -> list[Phrase]:
    """The phrases that a word begins whose second word is there: right after it, at `at`, or within a gap."""
    may: list[Phrase] = []
    if word.followed and at < len(known):
        for atom in known[at].atoms:
            may += word.followed.get(atom, ())
    if word.gapped:
        for near in known[at : at + GAP_WORDS + 1]:
            for atom in near.atoms:
                may += word.gapped.get(atom, ())
    return may


def match_phrase(known: Sequence[Word], at: int, items: tuple[int | None, ...]) -> int:
    """Index of the last word of the rest of a phrase that goes on at `at`; -1 where it does not."""
    gap = 0
    for item in items:
        if item is None:
            gap = GAP_WORDS
            continue
        end = min(at + gap + 1, len(known))
        at = next((i for i in range(at, end) if item in known[i].atoms), -1)
        if at < 0:
            return -1
        at += 1
        gap = 0
    return at - 1


def _add_figures(sentence: tuple[str, ...], known: list[Word], found: dict[tuple[int, int], int]) -> None:
    """Adds sums, lengths of time, years and other numbers."""
    places = [at for at, token in enumerate(sentence) if token[0].isdigit()]
    if any(_NUMBER_WORD in word.concepts for word in known if word.concepts):
        places = sorted({*places, *(at for at, word in enumerate(known) if _NUMBER_WORD in word.concepts)})
    for at in places:
        token = sentence[at]
        is_figure = token[0].isdigit()
        back, ahead = (1, 1) if _is_year(token) else (2, 4)  # "in 2019 USAID gave $3 million" is a year, "$2000" a sum
        near = range(max(at - back, 0), min(at + ahead + 1, len(sentence)))
        if is_figure and any(_is_currency(sentence[i], known, i) for i in near):
            found[(at, _TAG["money"])] = at
            continue
        after = [known[i].concepts for i in range(at + 1, min(at + 3, len(known)))]
        if any(_CONCEPT["year_unit"] in c for c in after):
            found[(at, _TAG["duration"])] = at + 1
        elif any(_CONCEPT["day_unit"] in c for c in after):
            found[(at, _TAG["days"])] = at + 1
        elif is_figure:
            found[(at, _TAG[_kind_of_number(sentence, at)])] = at


def _is_currency(word: str, known: list[Word], at: int) -> bool:
    return word in "$€£¥₹" or bool(known and _CONCEPT["currency"] in known[at].concepts)


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and 1990 <= int(token) <= 2099


def _kind_of_number(sentence: tuple[str, ...], at: int) -> str:
    if not _is_year(sentence[at]):
        return "number"
    return "years" if any(_is_year(w) for w in sentence[at + 1 : at + 3]) else "year"
