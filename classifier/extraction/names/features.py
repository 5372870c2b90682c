"""What the words of a candidate, the headline and the next sentence say of its being a project's name.

In: the tokens of a sentence and the candidate's place. Out: named features. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from classifier.entities.name_words import load_name_words
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token

_FEW = 3  # words


def is_odd_word(word: str) -> bool:
    """Whether a word is an acronym or has a capital inside (`COMPASS`, `SaferKidsPH`), as projects often do."""
    if len(word) < _FEW or word[1:].islower() or (word[-1] == "s" and word[:-1].isupper()):
        return False  # NGOs is a plural, no name
    return sum(map(str.isupper, word)) >= 2


def is_taken_up(following: Sequence[Token], projects: PhraseMatcher[bool]) -> bool:
    """Whether the next sentence begins with `the six-year programme`, `ce projet`: what went before is that project."""
    return (
        bool(following)
        and following[0].folded in load_name_words().takes_up
        and any(projects.match(following, at) is not None for at in range(1, min(_TAKEN_UP_TOKENS, len(following))))
    )


_TAKEN_UP_TOKENS = 6


def title_share(words: Sequence[Token], title_words: AbstractSet[str]) -> list[str]:
    """How much of a candidate the headline says too, in thirds: headlines retell a project, not its name."""
    told = [word.folded for word in words if word.kind == "w" and len(word.text) > _FEW]
    return [f"title-share:{3 * sum(word in title_words for word in told) // len(told)}"] if told else []
