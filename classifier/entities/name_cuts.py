"""What of a run of capitals is a body's name, and whether it is one: not a person, a law, a month or a bare word.

In: tokens of a sentence and a run in it. Out: where the name begins and ends, or what speaks against it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from classifier.entities.capitals import is_capital, is_caseless
from classifier.entities.name_form import NameForm
from classifier.entities.name_labels import label_end
from classifier.entities.name_words import APOSTROPHES, currency_words, months_of
from classifier.languages import load_lexicon
from classifier.lexicon import read_yaml
from classifier.text.parsed_text import ParsedText
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token

_ACRONYM = re.compile(r"[A-ZÀ-ÞА-ЯІЇЄ][A-ZÀ-ÞА-ЯІЇЄ0-9&/.\-]{1,11}s?$")


_DAYS = frozenset(["day", "week", "decade"])
_LONGEST_LINE = 60  # tokens of a line that gives bodies after a label (`Partners: …`)
_LEAST_OFFICE = 3  # tokens of a word for a body that a title ends: the Police and Crime Commissioner
_LONGEST_PERSON = 6  # tokens of a person's name, initials and their stops among them


@cache
def title_book() -> PhraseMatcher[bool]:
    """Titles that stand before a person's name and whose first words may be a body's (`District Attorney`)."""
    return PhraseMatcher((word, True) for word in read_yaml("persons.yaml")["titles"])


@cache
def _person_book(lang: str) -> PhraseMatcher[bool]:
    words = [word for language in dict.fromkeys(("en", lang)) for word in load_lexicon(language).cues.get("person", [])]
    return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")


class NameCuts:
    """Judges runs of capitals for one document, by which words it writes with a capital in mid-sentence."""

    def __init__(self, reading: ParsedText, form: NameForm) -> None:
        self._form = form
        self._words = form.words
        self._lang = reading.lang
        self.persons = _person_book(reading.lang)
        self._titles = title_book()
        self._months = months_of(reading.lang)
        self._known_capitals = _known_capitals(reading)

    def is_acronym(self, token: Token) -> bool:
        """Whether a word is written as acronyms are: in capitals, a plural `s` aside."""
        return bool(_ACRONYM.match(token.text))

    def trim(self, tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
        """The run without small words and signs at its end, and without months and pronouns at its beginning."""
        while last > first and (tokens[last - 1].folded in self._form.joiners or tokens[last - 1].kind == "s"):
            last -= 1
        while last - first > 1 and (
            (self._is_calendar_or_pronoun(tokens[first]) and not self._is_shouted(tokens, first))
            or self._only_leads(tokens, first)
        ):
            first += 1
            if not is_capital(tokens[first]) and not is_caseless(tokens[first]):
                return last, last  # in "Selon l'OIM" the name is looked for anew
        if last - first > 2 and tokens[first].folded in self._words.members:
            first = self._behind_members(tokens, first, last)
        return first, last

    def _only_leads(self, tokens: Sequence[Token], first: int) -> bool:
        """Whether a sentence begins with a word that is no part of the name after it: `Over 30`, `Earlier Dutch`."""
        return tokens[first].folded in self._words.leads and _is_lead(tokens, first)

    def _behind_members(self, tokens: Sequence[Token], first: int, last: int) -> int:
        """Where the body begins of which somebody is told: `Members of the League`; `first` where none is."""
        after = first + 1
        if tokens[after].folded not in self._words.genitives:
            return first
        while after < last - 1 and not is_capital(tokens[after]):
            after += 1
        return after

    def _is_shouted(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a small word is part of a name all in capitals: `BE HEARD`."""
        pair = tokens[at : at + 2]
        return all(len(token.text) > 1 and token.text.isupper() for token in pair) and not (
            at > 0 and tokens[at - 1].text.isupper()
        )

    def _is_calendar_or_pronoun(self, token: Token) -> bool:
        word = token.folded
        return word in self._words.no_names or word in self._months or word in self._words.weekdays

    def is_common(self, token: Token, kind: str | None) -> bool:
        """Whether a single word is no name: money, a month, a pronoun, or a bare word for a body (`the Foundation`)."""
        is_bare_head = kind == "ngo" and self._form.heads.match([token], 0) is not None
        is_number = token.folded in self._words.roman_numbers
        return is_bare_head or is_number or token.folded in currency_words() or self._is_calendar_or_pronoun(token)

    def is_day(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether a run is that of a day: `International Day for the Elimination of Violence against Women`."""
        of = next((at for at in range(first + 1, last) if tokens[at].folded in self._words.genitives), last)
        return of < last and tokens[of - 1].folded in _DAYS

    def is_proper(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether capitals without a word for a body tell a name: not in a sentence's first word, nor in German."""
        if first > 0 and tokens[first - 1].text in ":,;/" and 0 < label_end(tokens) < first <= _LONGEST_LINE:
            return True
        if last - first == 1:
            if not tokens[first].text.isupper() and any(letter.isupper() for letter in tokens[first].text[1:]):
                return True  # YouthCare
            if _is_lead(tokens, first) and tokens[first].folded not in self._known_capitals:
                return False
        return self._lang != "de" or _is_quoted(tokens, first, last)

    def is_person(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether a run is a person with a title (`Minister Ana Jara`, `Liaison Officer`), not their office."""
        if self.is_office(tokens, first):
            return False
        for at in range(first, last):
            title = self._titles.match(tokens, at)
            if title is not None and self._is_bare_name(tokens, title.last, last):
                return True
            if self.persons.match(tokens, at) is None or self._is_office(tokens[at]):
                continue
            rest = range(at, last)
            if any(tokens[step].text in APOSTROPHES for step in rest):
                return False  # the Prime Minister's Office
            return at == first or not any(tokens[step].folded in self._words.genitives for step in range(first, at))
        return False

    def is_office(self, tokens: Sequence[Token], first: int) -> bool:
        """Whether a word for a body of several words begins here, which a title ends: the `Crime Commissioner`."""
        office = self._form.head(tokens, first)
        return office is not None and office.last - first >= _LEAST_OFFICE

    def _is_bare_name(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether what follows a title is a name of a person: capitals and initials without a word for a body."""
        if first < last and tokens[first].text == ".":
            first += 1
        return 0 < last - first <= _LONGEST_PERSON and all(
            (is_capital(tokens[at]) and self._form.head(tokens, at) is None) or tokens[at].text in ".-'’"
            for at in range(first, last)
        )

    def _is_office(self, token: Token) -> bool:
        """Whether an accent tells an office from who holds it: Spanish `Secretaría`, Portuguese `Secretaria`."""
        word = token.text.casefold()
        return (self._lang == "es" and word.endswith("ía")) or (self._lang == "pt" and word == "secretaria")


def _is_quoted(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether quotation marks hold a run alone; a sentence that somebody says goes on behind its first nouns."""
    return first > 0 and last < len(tokens) and tokens[first - 1].text in _QUOTES and tokens[last].text in _QUOTES


_QUOTES = '«»„“”"'


def _is_lead(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word has its capital because a sentence or a quotation begins with it."""
    return at == 0 or (tokens[at - 1].kind == "s" and tokens[at - 1].text in '–—"“«:')


def _known_capitals(reading: ParsedText) -> set[str]:
    """Words with a capital in mid-sentence, and those that open two sentences and are nowhere written small."""
    found, small = set(), set()
    openers: Counter[str] = Counter()
    for sentence in reading.sentences:
        tokens = sentence.tokens
        for at, token in enumerate(tokens):
            if token.kind != "w":
                continue
            if not is_capital(token):
                small.add(token.folded)
            elif at == 0:
                openers[token.folded] += 1
            elif sentence.part == "text" and tokens[at - 1].kind == "w":
                found.add(token.folded)
    return found | {word for word, count in openers.items() if count > 1 and word not in small}
