"""What an article says of how its project stands to another: that it follows one, belongs to one, adds money to one.

Title, text and language go in; the sentences that say so come out, each with its kind and where the other's name is to
be sought. Whether a project of the register is the one that is meant, `relations` decides. The words are in
`relations.yaml`, a section a language; a language without one says nothing here. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal, get_args

from classifier.document import Document
from classifier.lexicon import read_yaml
from classifier.quantities.money import find_money
from classifier.text.parsed_text import parse_text
from classifier.text.sentences import split_sentences

TieKind = Literal["follows", "part-of", "supplements"]
TIE_KINDS: tuple[TieKind, ...] = get_args(TieKind)

MAX_TIES = 4
"""Of one article: a project has a predecessor, a programme and a top-up; more is an essay on programmes."""
MAX_SENTENCE = 400
"""Characters: a longer "sentence" is a list that was torn from its lines, and names everything."""
NEAR_A_SUM = 4
"""Words between "another" and the figure of a sum: "another grant of up to $4 million"."""
BEFORE = "… "
"""What stands before words that the other's name precedes."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A sentence that ties its article's project to another; `named_in` is what may name the other: what follows the
    words that say so, or precedes them, and of money the next sentence too ("Its first shelter, …, opened in 2022")."""

    kind: TieKind
    sentence: str
    named_in: str

    def list_names(self) -> list[str]:
        """The words with a capital, or of a script without any, that stand where the other is named."""
        return [word for word in _WORD.findall(self.named_in) if word[0].isalpha() and not word[0].islower()]


@dataclass(frozen=True, slots=True)
class _Words:
    behind: Mapping[TieKind, re.Pattern[str]]
    before: Mapping[TieKind, re.Pattern[str]]
    more: re.Pattern[str] | None
    top_up: re.Pattern[str] | None
    planned: re.Pattern[str] | None
    housed: re.Pattern[str] | None


def read_ties(title: str, text: str, language: str) -> tuple[Tie, ...]:
    """The ties an article states, in the order of its text; none in a language that `relations.yaml` does not have."""
    words = _words_of(language)
    if words is None:
        return ()
    sentences = [title, *(text[start:end] for start, end in split_sentences(text, language))]
    found: dict[Tie, None] = {}
    for sentence, after in pairwise([*sentences, ""]):
        if len(sentence) <= MAX_SENTENCE:
            for tie in _read_sentence(words, sentence, after[:MAX_SENTENCE], language):
                found.setdefault(tie)
                if len(found) == MAX_TIES:
                    return tuple(found)
    return tuple(found)


def _read_sentence(words: _Words, sentence: str, after: str, language: str) -> Iterator[Tie]:
    for kind, pattern in words.behind.items():
        if match := pattern.search(sentence):
            yield Tie(kind, sentence, sentence[match.end() :])
    for kind, pattern in words.before.items():
        if match := pattern.search(sentence):
            yield Tie(kind, sentence, sentence[: match.start()])
    if (words.top_up and words.top_up.search(sentence)) or _adds_a_sum(words.more, sentence, language):
        yield Tie("supplements", sentence, f"{sentence} {after}")


def _adds_a_sum(more: re.Pattern[str] | None, sentence: str, language: str) -> bool:
    """Whether a word of adding stands beside a sum of money: "another 40 women" is none."""
    found = [] if more is None else [m.span() for m in more.finditer(sentence) if not _THAN.match(sentence, m.end())]
    if not found:
        return False
    sums = find_money(parse_text(Document("", sentence), language))
    spans = [(one.sentence.tokens[one.first].start, one.sentence.tokens[one.last - 1].end) for one in sums]
    return any(
        len(sentence[end:start].split()) < NEAR_A_SUM if start >= end else not sentence[stop:begin].strip()
        for begin, end in found
        for start, stop in spans
    )


_THAN = re.compile(r"\W+(?:than|de|di|van|als|que|dari|od|чем|ніж|من)\b")
"""What stands behind a word of adding that compares: "more than $35 million", "plus de"."""


def is_planned(sentence: str, language: str) -> bool:
    """Whether a sentence reports what may come: "a second phase is expected"."""
    words = _words_of(language)
    return words is not None and words.planned is not None and words.planned.search(sentence) is not None


def is_background(name: str, title: str, text: str, language: str) -> bool:
    """Whether an article names a project only as the one that its own follows ("builds on the X programme")."""
    words = _words_of(language)
    follows = words.behind.get("follows") if words is not None else None
    if follows is None or name.casefold() in title.casefold():
        return False
    sentences = [text[start:end] for start, end in split_sentences(text, language)]
    naming = [sentence for sentence in sentences if name.casefold() in sentence.casefold()]
    return bool(naming) and all(_stands_behind(follows, sentence, name) for sentence in naming)


def _stands_behind(words: re.Pattern[str], sentence: str, name: str) -> bool:
    match = words.search(sentence)
    return match is not None and sentence.casefold().find(name.casefold()) >= match.end()


def is_housed(name: str, text: str, language: str) -> bool:
    """Whether a name that ends in a number is a house's, a unit's or a model's: such a word stands in it before the
    number, or beside it in the text ("Harbour 2 house")."""
    words = _words_of(language)
    if words is None or words.housed is None or not _NUMBERED.search(name):
        return False
    adjacent = re.compile(rf"(\w+)?\W+{re.escape(name)}(?:\W+(\w+))?", re.IGNORECASE)
    near = [word for match in adjacent.finditer(f" {text}") for word in match.groups() if word]
    near += _WORD.findall(name)[:-1][-1:]
    return any(map(words.housed.fullmatch, near))


_NUMBERED = re.compile(r"\b(?:\d{1,2}|[IVX]{1,4})$")
_WORD = re.compile(r"\w+")


@cache
def _words_of(language: str) -> _Words | None:
    given = _read().get(language)
    if given is None:
        return None
    kinds: dict[TieKind, list[str]] = {"follows": given["follows"], "part-of": given["part_of"]}
    behind = {kind: _pattern([w for w in words if not w.startswith(BEFORE)]) for kind, words in kinds.items()}
    before = {
        kind: _pattern([w.removeprefix(BEFORE) for w in words if w.startswith(BEFORE)]) for kind, words in kinds.items()
    }
    return _Words(
        behind={kind: pattern for kind, pattern in behind.items() if pattern},
        before={kind: pattern for kind, pattern in before.items() if pattern},
        more=_pattern(given["more"]),
        top_up=_pattern(given["top_up"]),
        planned=_pattern(given["planned"]),
        housed=_pattern(given["housed"]),
    )


def _pattern(phrases: list[str]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    forms = map(_form, sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})", re.IGNORECASE)


def _form(phrase: str) -> str:
    return re.escape(phrase[:-1]) + r"\w*" if phrase.endswith("*") else re.escape(phrase) + r"(?!\w)"


@cache
def _read() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = read_yaml("relations.yaml", __package__)
    return read
