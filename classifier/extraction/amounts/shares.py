"""Whether a sum is one project's or of several things: `one of six that share £4m`, `$20,000 each`, `since 2001`.

In: a `ParsedText` and sums in it. Out: names of features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, cached_property

from classifier.extraction.counting import Counting
from classifier.languages import load_lexicon
from classifier.lexicon import read_yaml
from classifier.quantities.money import Money
from classifier.quantities.numerals import numerals_of
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import fold

_LEAD_SENTENCES = 4  # the headline and the first of the text
_NUMBER_TOKENS = 3  # from `one of` to how many they are: `one of the only six`
_LEAST_MANY, _MOST_MANY = 2, 2_000  # things that share a sum; a larger number is a year or persons
_YEAR_TOKENS = 3  # from `since` to its year
_YEARS = range(1980, 2100)
_PAST_YEARS = 2  # before the article: what has been spent since then is no new project's
_UP_TO_TOKENS = 4  # before a sum: `as much as`
MOST_RECIPIENTS = 60  # bodies that get as much each; more are persons or cases
_ROUNDED = 0.05  # a stated whole may be rounded by so much
_NEAR = 4  # tokens between a sum and the words about it that speak of it for certain


class Shares:
    """What the sentences of a document say of how many things a sum is shared by."""

    def __init__(self, reading: ParsedText) -> None:
        self._reading = reading
        self._numbers = numerals_of(reading.lang).numbers
        self._counting = Counting(reading)
        self._is_arabic = reading.lang == "ar"
        self._units = frozenset(fold(one) for names in load_lexicon(reading.lang).durations.values() for one in names)
        self._known: dict[int, list[str]] = {}
        self._found: dict[tuple[str, int], list[Match[bool]]] = {}
        self._places = {sentence.index: at for at, sentence in enumerate(reading.sentences)}

    def for_all(self, money: Money, stated: Sequence[Money]) -> Money:
        """The whole of a sum that each of so many gets: `$700,000 each for ten groups`. A stated whole stays alone."""
        told = self._beside(money)
        if "for_each:R:near" not in told or "up-to" in told:
            return money
        alike = [one.amount for one in stated if one.currency == money.currency]
        times = self._recipients(money.sentence, stated)
        if times == 0 and len(set(alike)) == 1:
            times = self._recipients(self._reading.sentences[0], stated)
        whole = money.amount * times
        is_stated = any(abs(one - whole) <= _ROUNDED * whole for one in alike)
        return money if times == 0 or is_stated else replace(money, amount=whole)

    def _recipients(self, sentence: Sentence, stated: Sequence[Money]) -> int:
        """The one number of bodies in a sentence; 0 where it has none or several."""
        tokens = sentence.tokens
        within = {at for one in stated if one.sentence is sentence for at in range(one.first, one.last)}
        found = set()
        for at in range(len(tokens) - 1):
            if at not in within and self._is_many(sentence, at) and tokens[at + 1].kind == "w":
                if tokens[at + 1].folded in self._units:
                    continue
                token = tokens[at]
                found.add(int(token.text) if token.text.isdecimal() else int(self._numbers[token.folded]))
        return found.pop() if len(found) == 1 and max(found) <= MOST_RECIPIENTS else 0

    def features(self, money: Money) -> list[str]:
        """Features of one sum."""
        sentence = money.sentence
        features = [f"{name}:here" for name in self._of(sentence)]
        at = self._places[sentence.index]
        if at:
            features += [f"{name}:before" for name in self._of(self._reading.sentences[at - 1])]
        if self._is_lead_one_of:
            features += ["one-of:lead", *(f"one-of:lead&{name}" for name in features)]
        return [*features, *self._beside(money)]

    @cached_property
    def _is_lead_one_of(self) -> bool:
        """Whether headline or lead say that what they tell of is one of so many."""
        return any("one-of" in self._of(sentence) for sentence in self._reading.sentences[:_LEAD_SENTENCES])

    def _of(self, sentence: Sentence) -> list[str]:
        found = self._known.get(sentence.index)
        if found is None:
            found = self._known[sentence.index] = self._read(sentence)
        return found

    def _read(self, sentence: Sentence) -> list[str]:
        features = []
        tokens = sentence.tokens
        for hit in _book("one_of", is_arabic=self._is_arabic).find_all(tokens):
            if any(self._is_many(sentence, at) for at in range(hit.last, min(hit.last + _NUMBER_TOKENS, len(tokens)))):
                features.append("one-of")
                break
        if self._counting.count_in(sentence):
            features.append("counted")
        elif any(self._is_many(sentence, at) and self._counts(sentence, at) for at in range(len(tokens) - 1)):
            features.append("many")
        return features

    def _counts(self, sentence: Sentence, at: int) -> bool:
        """Whether projects or bodies are what a number counts."""
        after = range(at + 1, min(at + 1 + _NUMBER_TOKENS, len(sentence.tokens)))
        return self._counting.is_noun_at(sentence, after)

    def _is_many(self, sentence: Sentence, at: int) -> bool:
        token = sentence.tokens[at]
        number = float(token.text) if token.text.isdecimal() else self._numbers.get(token.folded, 0)
        return _LEAST_MANY <= number <= _MOST_MANY and number == int(number) and number not in _YEARS

    def _beside(self, money: Money) -> list[str]:
        tokens, features = money.sentence.tokens, []
        for hit in self._hits("since", money.sentence):
            years = [token.text for token in tokens[hit.last : hit.last + _YEAR_TOKENS] if token.kind == "n"]
            if any(year.isdecimal() and int(year) in _YEARS and self._is_past(int(year)) for year in years):
                features.append("since-year")
                break
        before = range(max(0, money.first - _UP_TO_TOKENS), money.first)
        limit = next((at for at in before if _book("up_to", is_arabic=self._is_arabic).match(tokens, at)), None)
        if limit is not None:
            features.append("up-to")
        for section in ("sought", "for_each"):
            for hit in self._hits(section, money.sentence):
                side = "L" if hit.last <= money.first else "R"
                begin = money.first if limit is None else max(limit, hit.last)  # each may receive as much as $20,000
                distance = min(begin, money.first) - hit.last if side == "L" else hit.first - money.last
                if distance >= 0:
                    features += [f"{section}:{side}", f"{section}:{side}:{'near' if distance <= _NEAR else 'far'}"]
        return list(dict.fromkeys(features))

    def _hits(self, section: str, sentence: Sentence) -> list[Match[bool]]:
        """The phrases of a section in a sentence, looked for once: a table may hold a thousand sums in one."""
        key = section, sentence.index
        if key not in self._found:
            self._found[key] = _book(section, is_arabic=self._is_arabic).find_all(sentence.tokens)
        return self._found[key]

    def _is_past(self, year: int) -> bool:
        published = (self._reading.document.published or "")[:4]
        return not published.isdecimal() or year <= int(published) - _PAST_YEARS


def is_nobodys(told: Sequence[str]) -> bool:
    """Whether a sum of these features is no one project's: spent over the years, or what each of several gets."""
    return "since-year" in told or "for_each:R:near" in told or ("for_each:L:near" in told and "up-to" in told)


def is_sought(told: Sequence[str]) -> bool:
    """Whether nobody has given a sum of these features yet: it is asked for, to be raised, or missing."""
    return "sought:L:near" in told or "sought:R:near" in told


@cache
def _book(section: str, *, is_arabic: bool) -> PhraseMatcher[bool]:
    return PhraseMatcher(((phrase, True) for phrase in read_yaml("sums.yaml")[section]), is_arabic=is_arabic)
