"""How a text counts its projects: `two projects`, `The first …`, `The second …`.

In: a `ParsedText`, and the section `enumeration` of its language's lexicon. Out: the sentences that count, those
that begin with a number, and those that tell of all projects together.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property

from classifier.languages import load_lexicon
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import fold
from classifier.text.word_books import small_words

_COUNT_TOKENS = 7  # between a number and the noun it counts: `two new anti-trafficking projects`
_MOST_COUNTED = 20  # more projects than this are told of by number only
_LATEST_START = 2  # tokens before the words of counting: a quotation mark, `But`
_PAIR = 2
_BREAKS = frozenset(",;:.()'’%")  # signs after which another thing is spoken of, or whose it is
_LEAD_SENTENCES = 4  # index of the last sentence that says what the news is: the headline is 0, the text begins at 2


@cache
def _book(lang: str, section: str) -> PhraseMatcher[bool]:
    phrases = load_lexicon(lang).enumeration.get(section, [])
    return PhraseMatcher(((phrase, True) for phrase in phrases), is_arabic=lang == "ar")


@cache
def number_words(lang: str) -> dict[str, float]:
    """The numbers that a language has words for, by the folded word."""
    return {fold(word): number for word, number in load_lexicon(lang).numbers.items()}


class Counting:
    """What a text says of how many projects it tells of."""

    def __init__(self, reading: ParsedText) -> None:
        self._reading = reading
        self._lang = reading.lang

    @cached_property
    def heads(self) -> list[Sentence]:
        """The sentences that begin `The first …`, `The second …`; empty where the text does not count so."""
        text = [one for one in self._reading.sentences if one.part == "text"]
        seconds = [one for one in text if self._begins(one, "second")]
        if not seconds:
            return []
        firsts = [one for one in text if self._begins(one, "first")]
        if not firsts and not self.counts:
            return []
        laters = [one for one in text if self._begins(one, "later")]
        return [*firsts, *seconds, *laters]

    @property
    def is_enumerated(self) -> bool:
        """Whether the text goes through its projects one by one."""
        return bool(self.heads)

    @cached_property
    def counts(self) -> list[Sentence]:
        """The sentences that say `two projects`."""
        return [one for one in self._reading.sentences if self.count_in(one)]

    @cached_property
    def number(self) -> int | None:
        """How many projects headline and lead say the text tells of, where they say one number only."""
        numbers = {self.count_in(sentence) for sentence in self.counts if sentence.index <= _LEAD_SENTENCES}
        return int(numbers.pop()) if len(numbers) == 1 else None

    def is_shared(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of all projects together."""
        return bool(_book(self._lang, "shared").find_all(sentence.tokens))

    def is_noun_at(self, sentence: Sentence, places: Iterable[int]) -> bool:
        """Whether a noun for a project that is counted begins at one of these tokens."""
        counted = _book(self._lang, "counted")
        return any(counted.match(sentence.tokens, at) is not None for at in places)

    def _begins(self, sentence: Sentence, section: str) -> bool:
        tokens = sentence.tokens
        for at in range(min(_LATEST_START, len(tokens))):
            hit = _book(self._lang, section).match(tokens, at)
            if hit is not None and hit.last < len(tokens):
                return self._is_of_project(sentence, hit)
        return False

    def _is_of_project(self, sentence: Sentence, hit: Match[bool]) -> bool:
        """Whether a project is counted, and no phase, year or step: a noun for one follows, or a verb or comma."""
        tokens = sentence.tokens
        return (
            self.is_noun_at(sentence, range(hit.first, hit.last + 1))
            or tokens[hit.last].text in ",:"
            or _book(self._lang, "follows").match(tokens, hit.last) is not None
        )

    def count_in(self, sentence: Sentence) -> float:
        """The number in `two projects`, `three new grants`, `both projects`; 0 where none are counted."""
        tokens = sentence.tokens
        if _book(self._lang, "pairs").find_all(tokens):
            return _PAIR
        numbers = number_words(self._lang)
        for at, token in enumerate(tokens):
            number = numbers.get(token.folded) or (float(token.text) if token.text.isdecimal() else 0)
            if _PAIR <= number <= _MOST_COUNTED and self._is_counted(sentence, at):
                return number
        return 0

    def _is_counted(self, sentence: Sentence, at: int) -> bool:
        """Whether the number at a token counts projects: the noun comes soon, nothing else is counted before it, and
        they are not other projects."""
        tokens = sentence.tokens
        besides = _book(self._lang, "besides")
        if any(besides.match(tokens, place) is not None for place in (at - 1, at + 1) if 0 <= place < len(tokens)):
            return False
        for place in range(at + 1, min(at + _COUNT_TOKENS, len(tokens))):
            if self.is_noun_at(sentence, [place]):
                return True
            if tokens[place].folded in small_words(self._lang) or tokens[place].text in _BREAKS:
                return False
        return False
