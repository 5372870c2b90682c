"""Where the name of a body begins and ends in Russian and Ukrainian, which write all but its first word small.

In: tokens of a sentence, a `NameForm`. Out: the run of the name and the kind of its head word. Pure. The words that
follow the head are told from the verb after them by their endings: they stand in a case that no subject has.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.capitals import is_capital
from classifier.entities.name_form import MAX_NAME_TOKENS, NameForm
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token

LANGUAGES = frozenset(["ru", "uk"])
_MOST_ADJECTIVES = 3  # before the head word: `Главное следственное управление`
_LONGEST_ENDING = 5  # letters of `ского`
_SHORTEST = 3  # letters of a word that has an ending to judge


def is_adjective(word: Token) -> bool:
    """Whether a word made from a country's name is an adjective: `Белорусская`, `Український`."""
    return any(mark in word.folded[-_LONGEST_ENDING:] for mark in ("ск", "ськ"))


class SlavicNames:
    """Names of bodies in Russian or Ukrainian: adjectives, a head word and what it governs."""

    def __init__(self, form: NameForm) -> None:
        self._form = form
        words = form.words
        self._adjectives = tuple(words.slavic_adjectives)
        self._cases = tuple(words.slavic_cases)
        self._after_prepositions = tuple(words.slavic_objects)
        self._stops = words.slavic_stops
        self._prepositions = words.slavic_prepositions

    def find(self, tokens: Sequence[Token], at: int) -> Match[str] | None:
        """The name that begins at `at` with a capital and goes on in small letters, or None."""
        if not is_capital(tokens[at]):
            return None
        head_at = at
        while (
            head_at - at < _MOST_ADJECTIVES
            and head_at + 1 < len(tokens)
            and self._form.heads.match(tokens, head_at) is None
            and tokens[head_at].folded.endswith(self._adjectives)
            and tokens[head_at + 1].kind == "w"
        ):
            head_at += 1
        head = self._form.heads.match(tokens, head_at)
        if head is None or head.value in ("government", "embassy") or tokens[head_at].text.isupper():
            return None
        if head_at > at and is_capital(tokens[head_at]):
            return None  # runs of capitals are read as in other languages
        last = self._end(tokens, at, head.last)
        return Match(at, last, head.value) if last - at > 1 else None

    def _end(self, tokens: Sequence[Token], first: int, last: int) -> int:
        """Where what the head word governs ends."""
        is_object = False  # behind a preposition, where every case but a subject's may stand
        end = start = last
        while last < len(tokens) and last - first < MAX_NAME_TOKENS:
            word = tokens[last]
            if word.kind != "w":
                break
            if word.folded in self._prepositions:
                if word.folded in ("с", "з", "із") and not is_object and self._form.lang == "ru":
                    break
                is_object = True
            elif word.folded in self._form.words.conjunctions:
                if end == start or end < last:
                    break
            elif is_capital(word):
                if end < last:
                    break
                end = last + 1
            elif self._is_governed(word, is_object=is_object):
                end = last + 1
            else:
                break
            last += 1
        return end

    def _is_governed(self, word: Token, *, is_object: bool) -> bool:
        """Whether a small word stands in a case that a name's inner words have."""
        text = word.folded
        if len(text) < _SHORTEST or text in self._stops:
            return False
        return text.endswith(self._cases) or (is_object and text.endswith(self._after_prepositions))
