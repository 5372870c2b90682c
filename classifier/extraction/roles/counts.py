"""Whether an article says how many bodies get something: `Ten organizations share $3.2 million`.

In: a `ParsedText`. Out: yes where headline or lead counts bodies. Pure.
"""

from __future__ import annotations

from classifier.entities.name_words import load_name_words
from classifier.extraction.counting import Counting, number_words
from classifier.text.parsed_text import ParsedText, Sentence

_LEAD_SENTENCES = 5  # index of the last sentence that says what the news is: the headline is 0, the text begins at 2
_COUNT_TOKENS = 5  # from a number to the noun it counts: `ten Toronto-area groups`
_FEWEST, _MOST = 2, 200  # bodies: one is none of several, and thousands are no grantees
_BREAKS = frozenset(",;:.()")


def counted_organisations(reading: ParsedText) -> list[str]:
    """What headline or lead counts: `several-bodies`, `several-projects`, both or neither."""
    numbers, bodies = number_words(reading.lang), load_name_words().counted_bodies
    lead = [sentence for sentence in reading.sentences if sentence.index <= _LEAD_SENTENCES]
    counting = Counting(reading)
    told = []
    if any(_counts(sentence, numbers, bodies) for sentence in lead):
        told.append("several-bodies")
    if any(counting.count_in(sentence) > _FEWEST for sentence in lead):
        told.append("several-projects")
    return told


def _counts(sentence: Sentence, numbers: dict[str, float], bodies: frozenset[str]) -> bool:
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        number = numbers.get(token.folded) or (float(token.text) if token.text.isdecimal() else 0)
        if _FEWEST <= number <= _MOST:
            for near in tokens[at + 1 : at + 1 + _COUNT_TOKENS]:
                if near.text in _BREAKS:
                    break
                if near.folded in bodies:
                    return True
    return False
