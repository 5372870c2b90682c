"""A mention of a country: where it stands and how it names the country.

In: a sentence, tokens and an ISO code. Out: a `CountryMention`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from classifier.text.parsed_text import Sentence

MentionKind = Literal["name", "adjective", "place"]


@dataclass(slots=True)
class CountryMention:
    """A country at `tokens[first:last]` of its sentence."""

    sentence: Sentence
    first: int
    last: int
    code: str
    kind: MentionKind
