"""The words about a length, a date or a sum: the clause it stands in, and the label of a page that lists facts.

In: a value found in a sentence. Out: names of features. They are the words themselves, so that what no list of cues
foresees is learned from examples.
"""

from __future__ import annotations

from typing import Protocol

from classifier.text.parsed_text import Sentence


class Match(Protocol):
    """A value as stated: `tokens[first:last]` of its sentence."""

    @property
    def sentence(self) -> Sentence: ...

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...


def label_of(found: Match) -> list[str]:
    """Features of the words that a page puts before a value on a line of its own: `Start date: 2019`."""
    tokens, first = found.sentence.tokens, found.first
    colon = next((at for at in range(first - 1, max(0, first - 1 - _VALUE_TOKENS), -1) if tokens[at].text == ":"), None)
    if colon is None:
        return []
    features = ["labelled"]
    for token in reversed(tokens[max(0, colon - _LABEL_TOKENS) : colon]):
        if token.kind == "s" and token.text not in "()":
            break
        features.append(f"label={token.folded}")
    return features


_LABEL_TOKENS = 5
_VALUE_TOKENS = 3  # from a label's colon to its value: a sign, `about`, `from`


def words_around(found: Match, most: int) -> list[str]:
    """Features of up to `most` words and signs on each side, in any order."""
    tokens = found.sentence.tokens
    before, after = tokens[max(0, found.first - most) : found.first], tokens[found.last : found.last + most]
    return [f"<{token.folded}" for token in before] + [f">{token.folded}" for token in after]
