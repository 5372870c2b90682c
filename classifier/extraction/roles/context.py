"""The cues around organisations: those of the lexicon, but of small words that also speak of time only where they do.

In: a document's `Context`. Out: another for what surrounds its bodies. `By`, `on` and `to` tell when something ends or
begins before a date; before anything else they say nothing of time, and nearly every sentence has one.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.name_words import joiners_of, months_of
from classifier.extraction.context import Context
from classifier.text.parsed_text import Sentence
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token
from classifier.text.word_books import small_words

_SHORTEST_CUE = 4  # letters: shorter words of time are small ones in some language (`am`, `op`, `pe`)
_REACH = 2  # tokens behind a small word, an article among them: `by the 31st`


class BodyContext(Context):
    """The cues of a document without those of small words that stand before no time."""

    def __init__(self, whole: Context) -> None:
        super().__init__(whole.reading)
        self._whole = whole
        lang = whole.reading.lang
        self._small = small_words("en") | small_words(lang) | joiners_of(lang)
        self._months = months_of(lang)

    def cues(self, sentence: Sentence) -> list[Match[tuple[str, ...]]]:
        """The cues of a sentence from left to right."""
        found = self._cues.get(sentence.index)
        if found is None:
            cues = self._whole.cues(sentence)
            found = [cue for cue in cues if not self._is_bare_time(sentence.tokens, cue)]
            self._cues[sentence.index] = found
        return found

    def _is_bare_time(self, tokens: Sequence[Token], cue: Match[tuple[str, ...]]) -> bool:
        """Whether a cue is a small word that only speaks of time, with none right behind it."""
        word = tokens[cue.first].folded
        if cue.last - cue.first > 1 or not (word in self._small or len(word) < _SHORTEST_CUE):
            return False
        if not all(name.startswith("time-") for name in cue.value):
            return False
        for at in range(cue.last, min(cue.last + _REACH, len(tokens))):
            if tokens[at].kind == "n" or tokens[at].folded in self._months:
                return False
            if tokens[at].folded not in self._small:
                break
        return True
