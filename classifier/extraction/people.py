"""Candidates for how many people a project is to assist: the numbers of a text that count something.

In: a `ParsedText` with its sums and times. Out: candidates, one a value. A number that is a sum, a date, a length of
time or a share is none, nor a part of a larger one before it (`700 women, 300 of them`); which of the others counts
people, and whether it says what the project is to do or what was done or suffered, is learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from classifier.entities.mention import Mention
from classifier.extraction.amounts.features import unit_of
from classifier.extraction.candidates import Candidate, Pool
from classifier.extraction.context import Context
from classifier.extraction.surroundings import Match, label_of, words_around
from classifier.lexicon import read_yaml
from classifier.quantities.dates import Times
from classifier.quantities.digit_spans import year_of
from classifier.quantities.money import Money
from classifier.quantities.numerals import Numerals, digits_at, numerals_of
from classifier.quantities.spelled import spelled_at
from classifier.quantities.time_words import DIGITS
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token

_FEWEST, _MOST = 5, 10_000_000
"""Fewer are told one by one, and no project is for more: a larger number is the world's victims."""

_MOST_CANDIDATES = 40
"""Numbers that are weighed: an article has a handful, and what comes after so many is a table."""

_WORDS = 6
"""Words looked at on each side, as of dates: what is counted stands beside its number, its verb near."""

_SHARES = frozenset("%٪‰")
_ORDINAL_SIGNS = frozenset(["#", "№", "§", "/"])


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as stated: `tokens[first:last]` of its sentence."""

    sentence: Sentence
    first: int
    last: int
    value: float


def people_candidates(
    context: Context, sums: Sequence[Money], times: Times, bodies: Sequence[Mention]
) -> list[Candidate]:
    """The document's numbers that may count people, by their value."""
    reading = context.reading
    taken = _places_of(sums, times, bodies)
    pool = Pool(context)
    for found in list(_numbers(reading, taken))[:_MOST_CANDIDATES]:
        extra = [
            f"size:{unit_of(found.value):.0f}",
            *context.governors(found.sentence, found.first),
            *words_around(found, _WORDS),
            *label_of(found),
        ]
        pool.add(int(found.value), found.sentence, found.first, found.last, extra=extra, kind="people")
    return pool.candidates()


def _places_of(sums: Sequence[Money], times: Times, bodies: Sequence[Mention]) -> dict[int, set[int]]:
    """The tokens of each sentence that belong to something else."""
    taken: dict[int, set[int]] = {}
    others: list[Match] = [*sums, *times.moments, *times.ranges, *times.lengths, *times.yearless, *bodies]
    for one in others:
        taken.setdefault(one.sentence.index, set()).update(range(one.first, one.last))
    return taken


def _numbers(reading: ParsedText, taken: dict[int, set[int]]) -> Iterator[_Number]:
    words = numerals_of(reading.lang)
    for sentence in reading.sentences:
        others, at, largest = taken.get(sentence.index, set()), 0, 0.0
        while at < len(sentence.tokens):
            counted = None if at in others else _number_at(sentence.tokens, at, words)
            if counted is not None and _may_count(sentence, at, *counted):
                value, last = counted
                if value > largest or not _is_part(sentence, at, last):
                    yield _Number(sentence, at, last, value)
                largest = max(largest, value)
            at = max(at + 1, counted[1] if counted else 0)


def _number_at(tokens: Sequence[Token], at: int, words: Numerals) -> tuple[float, int] | None:
    if tokens[at].kind == "n":
        return digits_at(tokens, at, words)
    return spelled_at(tokens, at, words) if words.may_begin(tokens[at].folded) else None


def _is_part(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the words beside a number say that it is a part of another: `300 of them`, `including 300`."""
    tokens = sentence.tokens
    for at in range(max(0, first - _PART_WORDS), min(last + _PART_WORDS, len(tokens))):
        match = _parts().match(tokens, at)
        if match is not None and (match.last <= first or at >= last):
            return True
    return False


_PART_WORDS = 3
"""Tokens from a number to the words that make it a part; what is counted may stand between (`300 girls of them`)."""


@cache
def _parts() -> PhraseMatcher[bool]:
    return PhraseMatcher((phrase, True) for phrase in read_yaml("sums.yaml")["part_of"])


def _may_count(sentence: Sentence, first: int, value: float, last: int) -> bool:
    tokens = sentence.tokens
    if not _FEWEST <= value <= _MOST or value != int(value):
        return False
    if last == first + 1 and (year_of(tokens[first]) or tokens[first].text.translate(DIGITS).startswith("0")):
        return False  # a telephone's digits begin with nought
    if last < len(tokens) and tokens[last].text in _SHARES:
        return False
    return not (first > 0 and tokens[first - 1].text in _ORDINAL_SIGNS)
