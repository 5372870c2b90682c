"""Sheets of projects, as databases show them: lines of a label and its value (`Budget: EUR 200,000`).

In: sentences or their tokens. Out: whether a text is such a sheet, where the label of a line ends, and the part that it
says bodies play. Pure. On a sheet
the headline is as a rule the project's name, and a label's value says by the label what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from classifier.lexicon import read_yaml
from classifier.text.parsed_text import Sentence
from classifier.text.tokens import Token, fold


@cache
def label_words() -> frozenset[str]:
    """Words of headings and of counted parts, which by themselves name no project (`Project Start`, `Phase Two`)."""
    return frozenset(fold(word) for word in read_yaml("labels.yaml")["words"])


def label_end(tokens: Sequence[Token]) -> int:
    """Where the label of a line of a project's sheet ends (`Project partners: …`, `Budget: …`); 0 where it has none."""
    for at, token in enumerate(tokens[: _LONGEST_LABEL + 1]):
        if token.text == ":":
            return at if 0 < at < len(tokens) - 1 and tokens[0].text[0].isupper() else 0
        if token.kind != "w" and token.text not in "-/'’":
            return 0
    return 0


_LONGEST_LABEL = 5  # tokens


_REMEMBERED = 512  # labels: every mention of a line asks for its label's part


@cache
def _role_stems() -> tuple[tuple[str, str], ...]:
    return tuple((fold(stem), role) for role, stems in read_yaml("labels.yaml")["roles"].items() for stem in stems)


def labelled_role(tokens: Sequence[Token], end: int) -> str | None:
    """The part that bodies play after the label `tokens[:end]` of a line, where it says one: `Funding agency`."""
    return _role_of(tuple(token.folded for token in tokens[:end] if token.kind == "w"))


@lru_cache(maxsize=_REMEMBERED)
def _role_of(words: tuple[str, ...]) -> str | None:
    phrase = " ".join(words)
    for stem, role in _role_stems():
        if phrase.startswith(stem) or any(word.startswith(stem) for word in words):
            return role
    return None


def is_sheet(sentences: Sequence[Sentence]) -> bool:
    """Whether a text begins as a project's sheet does in a database: with lines of a label and its value."""
    first = [sentence for sentence in sentences if sentence.part == "text"][:_SHEET_LINES]
    return sum(label_end(sentence.tokens) > 0 for sentence in first) >= _LEAST_LABELS


_SHEET_LINES = 8
_LEAST_LABELS = 2
