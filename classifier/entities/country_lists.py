"""Lists of countries in a sentence: `Peru, Bolivia and Chile`, `la Suisse, l'Italie et la France`.

In: the mentions of countries of one sentence, in order. Out: the same mentions, those of one list together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.country_mention import CountryMention
from classifier.entities.name_words import load_name_words
from classifier.lexicon import load_places
from classifier.text.tokens import fold

_MAX_BETWEEN = 6  # tokens between two countries of one list


@cache
def _joiners() -> frozenset[str]:
    return frozenset(fold(word) for word in load_places().between_countries)


def lists_of(mentions: Sequence[CountryMention], lang: str) -> list[list[CountryMention]]:
    """The mentions of a sentence, those of one list together."""
    words, joiners = load_name_words(lang), _joiners()
    groups: list[list[CountryMention]] = []
    for mention in mentions:
        if groups:
            before = groups[-1][-1]
            between = [token.folded for token in mention.sentence.tokens[before.last : mention.first]]
            if mention.kind == before.kind and (
                _is_and_written_with_it(mention)
                if not between
                else (
                    len(between) <= _MAX_BETWEEN
                    and all(word in words.list_words or word in joiners for word in between)
                    and any(word in ",;" or word in words.conjunctions for word in between)
                )
            ):
                groups[-1].append(mention)
                continue
        groups.append([mention])
    return groups


def _is_and_written_with_it(mention: CountryMention) -> bool:
    """Whether `and` is written in one word with the name, as Arabic does."""
    return mention.sentence.tokens[mention.first].text.startswith("و")
