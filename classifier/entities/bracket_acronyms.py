"""Takes the acronym in brackets after an organisation's name, and the words before it that it shows to belong to it.

In: a mention just found. Out: where to read on; the mention is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Container

from classifier.entities.acronyms import first_spelt
from classifier.entities.mention import Mention, name_key
from classifier.text.parsed_text import Sentence
from classifier.text.tokens import fold

_LONGEST_BRACKETS = 6  # tokens from the opening bracket on: an acronym may have hyphens and stops
_LONGEST_ACRONYM = 14  # characters


def take_acronym(mention: Mention, joiners: Container[str], name_of: Callable[[Sentence, int, int], str]) -> int:
    """Takes an acronym in brackets, after a closing quotation mark too; gives the token where to read on.

    `name_of` gives a run of tokens as the document writes it, `joiners` are small words that names hold.
    """
    tokens, at = mention.sentence.tokens, mention.last
    if at + 1 < len(tokens) and tokens[at].text in "\"”»’'":
        at += 1
    if at + 2 >= len(tokens) or tokens[at].text != "(":
        return mention.last
    end = next(
        (end for end in range(at + 2, min(at + _LONGEST_BRACKETS, len(tokens))) if tokens[end].text == ")"), None
    )
    if end is None:
        return mention.last
    inside = name_of(mention.sentence, at + 1, end)
    is_short = len(inside) <= _LONGEST_ACRONYM and " " not in inside.strip()
    if not (is_short and any(letter.isalpha() for letter in inside)):
        return mention.last
    mention.acronym = inside
    _complete(mention, joiners, name_of)
    return end + 1


def _complete(mention: Mention, joiners: Container[str], name_of: Callable[[Sentence, int, int], str]) -> None:
    """Carries a name back over `and` where the acronym after it says so: `Safe Homes and Roads Fund (SHRF)`."""
    wanted = fold(mention.acronym or "")
    if mention.agency or not wanted.isalpha():
        return
    first = first_spelt(mention.sentence.tokens, mention.first, mention.last, wanted, joiners)
    if first < mention.first:
        mention.first = first
        mention.name = name_of(mention.sentence, first, mention.last)
        mention.key = f"name:{name_key(mention.name)}"
