"""Names that a headline gives before a colon or after a dash, found again word for word in the text.

In: the sentences of a document. Out: spans of tokens. Pure. A name may hold small words that no name is cut at or goes
on over (`Growing up Free: four years …`); that the headline parts it off tells where it begins and ends in the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.extraction.names.spans import title_parts
from classifier.text.parsed_text import Sentence
from classifier.text.tokens import Token

Parts = Mapping[str, Sequence[tuple[str, ...]]]
"""The parts of a headline in folded words, by their first word."""

_FEWEST, _MOST = 2, 8  # tokens of such a part: a word alone is found as it is, a longer part is a sentence


def parts_to_echo(sentences: Sequence[Sentence]) -> Parts:
    """What stands before or after a colon or dash in the headline."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for sentence in sentences:
        if sentence.part != "title":
            continue
        for first, last, kind in title_parts(sentence.tokens, is_sheet=False):
            words = tuple(token.folded for token in sentence.tokens[first:last])
            if kind == "title-part" and _FEWEST <= len(words) <= _MOST:
                found.setdefault(words[0], []).append(words)
    return found


def echoed(tokens: Sequence[Token], parts: Parts) -> list[tuple[int, int]]:
    """Where a sentence of the text has a part of the headline with a capital."""
    return [
        (at, at + len(words))
        for at, token in enumerate(tokens)
        if token.folded in parts and token.text[0].isupper()
        for words in parts[token.folded]
        if tuple(one.folded for one in tokens[at : at + len(words)]) == words
    ]
