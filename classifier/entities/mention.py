"""A mention of an organisation, and the key by which mentions of one organisation are known.

In: a place in a sentence and what is known of it. Out: `Mention`. Pure data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from classifier.text.parsed_text import Sentence
from classifier.text.tokens import fold

_ARTICLES = ("the", "la", "le", "el", "l", "les", "los")


@dataclass(slots=True)
class Mention:
    """An organisation at `tokens[first:last]` of its sentence.

    `kind` is a gazetteer's or a head word's kind, `government`, `country`, `acronym` or `proper`; `home` the country it
    belongs to where that is known.
    """

    sentence: Sentence
    first: int
    last: int
    name: str
    key: str
    kind: str
    home: str | None = None
    agency: str | None = None
    acronym: str | None = None
    group: int = 0
    quoted: bool = False
    heads: tuple[str, ...] = field(default=())
    is_told: bool = False  # by an adjective (`Dutch-funded`): the name is the country's, not the text's


def name_key(name: str) -> str:
    """A name in folded words, without a leading article."""
    words = re.findall(r"\w+", fold(name))
    while words and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)
