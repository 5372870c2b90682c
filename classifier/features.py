"""Reads a text once into what the models weigh: its words, and where the lexicon's concepts stand.

What enters: title and text, and the language's lexicon. What leaves: a `Reading` (words; hits of concepts, sentence by
sentence), from which `knowledge` and `ngrams` make numbers. What it promises: pure, no position is lost between title,
lead and body, and a text of 3 kB is read in well under a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import CONCEPTS, FALSE_FRIENDS, GAP_WORDS, NOT_MEANT, UNKNOWN, ConceptLexicon, Phrase, Word

__all__ = ["TAGS", "Hit", "Reading", "locate_words", "match_phrase", "read_text"]

_HELPERS = (NOT_MEANT, "million", "currency", "year_unit", "day_unit", "number_word")
"""Concepts that only help to recognise sums and lengths of time, or what is not meant."""

TAGS: tuple[str, ...] = (
    *(c for c in CONCEPTS if c not in _HELPERS),
    *("money", "duration", "days", "year", "years", "number"),
)
"""What a hit may be: the concepts, and what is recognised from figures: a sum, a length in years or months, in days
or weeks, a year, a span of years, another number."""

_T = len(TAGS)
_TAG = {name: i for i, name in enumerate(TAGS)}
_OF_CONCEPT = tuple(_T if c == NOT_MEANT else _TAG.get(c, -1) for c in CONCEPTS)
_TAGS_AT_A_WORD = _T + 1  # what is not meant is kept beside the tags until a sentence is read
_CONCEPT = {name: i for i, name in enumerate(CONCEPTS)}
_CURRENCY = _CONCEPT["currency"]
_TIP, _WEAK = _TAG["tip"], _TAG["tip_weak"]
_FRIENDS = frozenset(_TAG[name] for name in FALSE_FRIENDS)
_RULING_TAGS = frozenset([_TIP, _T])
"""Those beside which others do not count."""
_SIGNS = frozenset("$€£¥₹")

# First all that begins no word, in one go, then the word: nothing where what follows is none after all (an underscore),
# so that no long run is gone through twice.
_WORD = re.compile(
    r"[^\w$€£¥₹]*+("
    r"[A-Za-z]++(?![^\x00-\x7f])"  # most words, sooner than by the next line
    r"|(?:[^\W\d_]++[\u0300-\u036f\u064b-\u065f\u0670]*+)++"  # words, with combining accents and Arabic vowel marks
    r"|\d+(?:[.,٫٬’]\d+)*"
    r"|[$€£¥₹]|)"
)
_ASCII_WORD = re.compile(r"[^A-Za-z\d$]*+([A-Za-z]+|\d+(?:[.,]\d+)*|\$|)", re.ASCII)

# One look at a character passes over most of a text. Of a run of stops the first is tried and none is given back, for
# the same reason as above.
_MARK = re.compile(r"[.!?؟。…\n](?:(?<=\n)\n*+|(?<![.!?؟。…][.!?؟。…])(?<!\n)[.!?؟。…]*+(?=[\s\"'”’»)\]]|$))")
_ASCII_MARK = re.compile(r"[.!?\n](?:(?<=\n)\n*+|(?<![.!?][.!?])(?<!\n)[.!?]*+(?=[\s\"')\]]|$))")

_SHORT = 2
"""A full stop after so few letters ends an abbreviation or an initial ("U.S.", "Mr.", "St."), not a sentence."""


class Hit(NamedTuple):
    """A tag seen in a sentence (0 is the title): words `first` to `last` of that sentence."""

    tag: int
    sentence: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: `sentences[0]` is the title's words, the others the body's, none empty; hits in text order.

    `starts` tells `locate_words` where to look for each sentence; `table` holds the hits as numbers: hits x (tag,
    sentence, first, last); `counts` how often each sentence has each tag: sentences x `TAGS`.
    """

    sentences: tuple[tuple[str, ...], ...]
    hits: tuple[Hit, ...]
    starts: tuple[int, ...]
    table: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    counts: NDArray[np.intp] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lays the hits out once for all who count them."""
        numbers = np.fromiter(chain.from_iterable(self.hits), np.intp, len(Hit._fields) * len(self.hits))
        object.__setattr__(self, "table", numbers.reshape(-1, len(Hit._fields)))
        places = self.table[:, 1] * _T + self.table[:, 0]
        counts = np.bincount(places, minlength=len(self.sentences) * _T).reshape(-1, _T)
        object.__setattr__(self, "counts", counts)

    @property
    def words(self) -> int:
        """Number of words in title and body."""
        return sum(map(len, self.sentences))


def _word_pattern(text: str) -> re.Pattern[str]:
    return _ASCII_WORD if text.isascii() else _WORD


def _split(text: str) -> Iterator[tuple[int, list[str]]]:
    """Where each sentence begins to be looked for, and its words; no sentence is empty."""
    words_in = _word_pattern(text).findall
    sentence: list[str] = []
    start = at = 0
    for mark in (_ASCII_MARK if text.isascii() else _MARK).finditer(text):
        sentence += filter(None, words_in(text, at, mark.start()))
        at = mark.end()
        if not sentence:
            start = at
        elif text[mark.start()] != "." or len(sentence[-1]) > _SHORT or sentence[-1].isdigit():
            yield start, sentence
            sentence, start = [], at
    sentence += filter(None, words_in(text, at))
    if sentence:
        yield start, sentence


def locate_words(text: str, start: int, first: int, last: int) -> tuple[int, int]:
    """Where the words `first` to `last` of the sentence that is looked for at `start` begin and end in the text."""
    matches = (match for match in _word_pattern(text).finditer(text, start) if match[1])
    words = [*islice(matches, first, last + 1)]
    return words[0].start(1), words[-1].end(1)


def read_text(title: str, text: str, lexicon: ConceptLexicon | None) -> Reading:
    """Reads title and body; without a lexicon only figures are recognised."""
    sentences = [(*filter(None, _word_pattern(title).findall(title)),)]
    starts = [0]
    for start, words in _split(text):
        starts.append(start)
        sentences.append((*words,))
    hits: list[Hit] = []
    for number, sentence in enumerate(sentences):
        hits += _hits(sentence, number, lexicon)
    return Reading(tuple(sentences), tuple(hits), tuple(starts))


def _hits(sentence: tuple[str, ...], number: int, lexicon: ConceptLexicon | None) -> list[Hit]:
    known = [*map(lexicon.word, sentence)] if lexicon else []
    found: dict[int, int] = {}  # by first word and tag, in one number, the last word
    numbers = [] if lexicon else [at for at, token in enumerate(sentence) if token[0].isdigit()]
    for first, (word, following) in enumerate(pairwise((*known, UNKNOWN))):
        if word.is_silent:
            continue
        if word.is_number:
            numbers.append(first)
        for concept in word.concepts:
            if (tag := _OF_CONCEPT[concept]) >= 0:
                found[first * _TAGS_AT_A_WORD + tag] = first
        if word.leads_to.isdisjoint(following.atoms) and not word.gapped:
            continue  # nearly all phrases are ruled out here, before anything is called
        for phrase in _may_follow(word, known, first + 1):
            last = match_phrase(known, first + 1, phrase.items)
            if last >= 0 and (tag := _OF_CONCEPT[phrase.concept]) >= 0:
                key = first * _TAGS_AT_A_WORD + tag
                found[key] = max(last, found.get(key, last))
    for at in numbers:
        _add_number(sentence, known, at, found)
    hits = [(*divmod(key, _TAGS_AT_A_WORD), found[key]) for key in sorted(found)]
    if not _RULING_TAGS.isdisjoint([tag for _, tag, _ in hits]):
        strong = [(first, last) for first, tag, last in hits if tag == _TIP]
        not_meant = [(first, last) for first, tag, last in hits if tag == _T]
        hits = [
            (first, tag, last)
            for first, tag, last in hits
            # "human trafficking" is not weak too
            if tag != _T
            and not (strong and tag == _WEAK and _is_within(first, strong))
            and not (not_meant and tag in _FRIENDS and _is_within(first, not_meant))
        ]
    make = tuple.__new__  # the constructor of a named tuple takes longer, for a hundred hits an article
    return [make(Hit, (tag, number, first, last)) for first, tag, last in hits]


def _is_within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= place <= last for first, last in spans)


def _may_follow(word: Word, known: Sequence[Word], at: int) -> list[Phrase]:
    """The phrases that a word begins whose second word is there: right after it, at `at`, or within a gap."""
    may: list[Phrase] = []
    followed, gapped = word.followed, word.gapped
    if followed and at < len(known) and not followed.keys().isdisjoint(atoms := known[at].atoms):
        for atom in atoms:
            may += followed.get(atom, ())
    if gapped:
        for near in known[at : at + GAP_WORDS + 1]:
            if not gapped.keys().isdisjoint(near.atoms):
                for atom in near.atoms:
                    may += gapped.get(atom, ())
    return may


def match_phrase(known: Sequence[Word], at: int, items: tuple[int | None, ...]) -> int:
    """Index of the last word of the rest of a phrase that goes on at `at`; -1 where it does not."""
    end = at + 1
    for item in items:
        if item is None:
            end = at + GAP_WORDS + 1
            continue
        for place in range(at, min(end, len(known))):
            if item in known[place].atoms:
                at, end = place + 1, place + 2
                break
        else:
            return -1
    return at - 1


def _add_number(sentence: tuple[str, ...], known: list[Word], at: int, found: dict[int, int]) -> None:
    """Adds what a figure or a word for a number is: a sum, a length of time, a year or another number."""
    is_figure = sentence[at][0].isdigit()
    if is_figure and _stands_by_currency(sentence, known, at):
        found[at * _TAGS_AT_A_WORD + _TAG["money"]] = at
        return
    after = [concept for word in known[at + 1 : at + 3] for concept in word.concepts]
    if _CONCEPT["year_unit"] in after:
        found[at * _TAGS_AT_A_WORD + _TAG["duration"]] = at + 1
    elif _CONCEPT["day_unit"] in after:
        found[at * _TAGS_AT_A_WORD + _TAG["days"]] = at + 1
    elif is_figure:
        found[at * _TAGS_AT_A_WORD + _TAG[_kind_of_number(sentence, at)]] = at


def _stands_by_currency(sentence: tuple[str, ...], known: list[Word], at: int) -> bool:
    """Whether a figure is a sum: `in 2019 USAID gave $3 million` holds a year, `$2000` a sum."""
    back, ahead = (1, 1) if _is_year(sentence[at]) else (2, 4)
    near = slice(max(at - back, 0), at + ahead + 1)
    if not _SIGNS.isdisjoint(sentence[near]):
        return True
    return any(_CURRENCY in word.concepts for word in known[near] if word.concepts)


def _is_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and 1990 <= int(token) <= 2099


def _kind_of_number(sentence: tuple[str, ...], at: int) -> str:
    if not _is_year(sentence[at]):
        return "number"
    return "years" if any(_is_year(w) for w in sentence[at + 1 : at + 3]) else "year"
