"""Mentions of countries: names, adjectives, and places that tell their country.

In: a `ParsedText`. Out: `CountryMention`s in order. Which of them the project works in is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from classifier.entities.country_languages import without_languages
from classifier.entities.country_mention import CountryMention, MentionKind
from classifier.entities.toponyms import disambiguate_toponyms
from classifier.languages import load_countries, load_lookalikes
from classifier.lexicon import load_places
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token, fold
from classifier.text.word_books import head_book


@cache
def _places_book() -> PhraseMatcher[tuple[str, MentionKind]]:
    """Towns and provinces, which are the same in all languages and most of what each knows."""
    book: PhraseMatcher[tuple[str, MentionKind]] = PhraseMatcher()
    for code, places in load_places().places.items():
        value: tuple[str, MentionKind] = (code, "place")
        for place in places:
            book.add(place, value)
    return book


@cache
def _book(lang: str) -> PhraseMatcher[tuple[str, MentionKind]]:
    book = _places_book().copy(is_arabic=lang == "ar")
    for language in dict.fromkeys(("en", lang)):
        for code, names in load_countries(language).items():
            for name in names:
                if language != lang and name in _ENGLISH_ONLY:
                    continue
                book.add(name, (code, "adjective" if _is_adjective(name, language) else "name"))
        for phrase in load_lookalikes(language):
            book.add(phrase, ("", "place"))
    return book


@cache
def _names_and_adjectives(lang: str) -> frozenset[str]:
    """Folded words of a language that are a country's name with a capital and its adjective without: `Suisse`."""
    both: set[str] = set()
    for entries in load_countries(lang).values():
        adjectives = {fold(entry) for entry in entries if _is_adjective(entry, lang)}
        stems = tuple(word[:-1] for word in adjectives if word.endswith("*"))
        names = [fold(entry) for entry in entries if " " not in entry and not _is_adjective(entry, lang)]
        both.update(name for name in names if name in adjectives or name.startswith(stems))
    return frozenset(both)


_ENGLISH_ONLY = frozenset(["DRC", "CAR"])
"""Abbreviations of countries in English alone: elsewhere DRC is the Danish Refugee Council, CAR a refugee house."""
_ADJECTIVE_ENDS = ("an", "ans", "ian", "ese", "ish", "i", "is", "ch")
_NOUNS_THAT_LOOK_ADJECTIVE = frozenset(
    [
        "japan",
        "bhutan",
        "oman",
        "sudan",
        "jordan",
        "iran",
        "pakistan",
        "afghanistan",
        "azerbaijan",
        "taiwan",
        "turkmenistan",
        "kazakhstan",
        "kyrgyzstan",
        "tajikistan",
        "uzbekistan",
        "mali",
        "haiti",
        "fiji",
        "burundi",
        "malawi",
        "djibouti",
        "kiribati",
        "brunei",
        "hawaii",
        "eswatini",
    ]
)


def _is_adjective(name: str, lang: str) -> bool:
    """Whether an entry is an adjective or an inhabitant: in English by its ending, elsewhere where it is a stem."""
    if lang == "en":
        word = fold(name)
        return (
            " " not in word
            and word not in _NOUNS_THAT_LOOK_ADJECTIVE
            and (
                word.endswith(_ADJECTIVE_ENDS)
                or word
                in {
                    "dutch",
                    "french",
                    "swiss",
                    "thai",
                    "greek",
                    "filipino",
                    "filipinos",
                    "czech",
                    "kyrgyz",
                    "lao",
                    "german",
                    "germans",
                    "afghan",
                }
            )
        )
    return (name[0].islower() and lang not in ("uk", "ru", "tr", "id")) or (lang == "ar" and name.endswith("ي*"))


def find_countries(reading: ParsedText) -> list[CountryMention]:
    """Every mention of a country, in order.

    A name in a Latin or Cyrillic script counts only with a capital first letter, unless it is an adjective of a
    language that writes those small.
    """
    book = _book(reading.lang)
    heads = head_book(reading.lang)
    has_states = reading.lang == "en"  # elsewhere two capitals are a state of Brazil or a province of Italy
    found: list[CountryMention] = []
    for sentence in reading.sentences:
        here = []
        for hit in book.find_all(sentence.tokens):
            code, kind = hit.value
            if not code or _is_person(sentence, hit, heads):
                continue
            if kind != "place":
                kind = _kind_by_capital(sentence.tokens[hit.first : hit.last], kind, reading.lang)
            if not _is_written_as_name(sentence, hit, kind):
                continue
            if kind == "place" and has_states and _is_before_state(sentence, hit.last):
                code = "US"  # St. Petersburg, Fla.
            here.append(CountryMention(sentence, hit.first, hit.last, code, kind))
        here = without_languages(here, reading.lang) if here else here
        states = _states_behind_commas(sentence) if has_states else []
        found += sorted([*here, *states], key=_first_of) if states else here
    return disambiguate_toponyms(reading, found)


_SMALL_ADJECTIVES = frozenset(["ru", "uk"])
"""Languages whose lexicon has stems for both: `румын*` begins `Румыния`, with a capital, and `румынский`, without."""
_ADJECTIVE_SUFFIX = re.compile(r"(?:[сзц]ь?к)(?:[а-яіїє]{1,4}|)$")


def _kind_by_capital(tokens: Sequence[Token], kind: MentionKind, lang: str) -> MentionKind:
    """What names a country, where it may be its name or its adjective: only the name has a capital."""
    first = tokens[0]
    if len(tokens) == 1 and first.folded in _names_and_adjectives(lang):
        return "adjective" if first.text[0].islower() else "name"
    return "adjective" if lang in _SMALL_ADJECTIVES and kind == "name" and _is_small_adjective(first) else kind


def _is_small_adjective(token: Token) -> bool:
    """Whether a small word that begins like a country is its adjective (`казахстанські`) and not some other word."""
    return token.text[0].islower() and _ADJECTIVE_SUFFIX.search(token.folded) is not None


def _is_written_as_name(sentence: Sentence, hit: Match[tuple[str, MentionKind]], kind: MentionKind) -> bool:
    at = hit.first
    first = sentence.tokens[at]
    if first.text == "Para":  # Pará has an accent, the preposition has none
        return False
    last = sentence.tokens[hit.last - 1].text
    if kind == "place" and _is_amid_hyphens(sentence, hit):
        return False  # `Con-Trat-TO` is a project
    if kind == "place" and hit.last - at > 1 and last.islower() and first.text[0].isascii():
        return False  # "Son la ..." is no province
    if kind != "adjective" and first.text[0].islower() and first.text[0].upper() != first.text[0]:
        return kind == "name" and hit.last - at > 1 and last[0].isupper()  # `eastern Congo`
    if first.text in ("US", "U") and _is_before_dollars(sentence, at):
        return False
    if first.text == "AS" and at and sentence.tokens[at - 1].folded == "dolar":
        return False  # Indonesian `2 juta dolar AS`: the money, not the country
    return first.text != "us"


def _is_amid_hyphens(sentence: Sentence, hit: Match[tuple[str, MentionKind]]) -> bool:
    """Whether hyphens without spaces stand on both sides."""
    tokens, first, last = sentence.tokens, hit.first, hit.last
    if first == 0 or last >= len(tokens) or tokens[first - 1].text != "-" or tokens[last].text != "-":
        return False
    return tokens[first - 1].end == tokens[first].start and tokens[last - 1].end == tokens[last].start


def _is_before_dollars(sentence: Sentence, at: int) -> bool:
    """Whether a sum follows: `US $2 million`, `two million US dollars`."""
    tokens = sentence.tokens
    return at + 1 < len(tokens) and (tokens[at + 1].text == "$" or tokens[at + 1].folded.startswith("dollar"))


def _is_person(sentence: Sentence, hit: Match[tuple[str, MentionKind]], heads: PhraseMatcher[str]) -> bool:
    """Whether a country's name is a person's first name or surname: `Acting Secretary Chad Wolf`, `Marcelo Colombo`.

    A body's name may begin with its place: `Kenya Police`, `Virginia Department of Health`.
    """
    tokens = sentence.tokens
    if sentence.part != "text" or hit.last - hit.first != 1:
        return False
    word = tokens[hit.first].text
    if word in load_places().first_names and hit.last < len(tokens) and _is_capitalised(tokens[hit.last]):
        return not _is_body(sentence, hit.last, heads)
    return (
        word in load_places().surnames
        and hit.first > 1
        and _is_capitalised(tokens[hit.first - 1])
        and tokens[hit.first - 1].folded not in load_places().before_places
    )


_MAX_BODY_TOKENS = 4  # from the place to the last word of a body's name: `Kenya National Police Service`


def _is_body(sentence: Sentence, at: int, heads: PhraseMatcher[str]) -> bool:
    """Whether the capitals from token `at` on name a body and no person."""
    tokens = sentence.tokens
    if tokens[at].folded in load_places().after_places:
        return True
    for step in range(at, min(at + _MAX_BODY_TOKENS, len(tokens))):
        if not (_is_capitalised(tokens[step]) or tokens[step].text.isupper()):
            return False
        head = heads.match(tokens, step)
        if head is not None:
            return step == at or head.value in ("state", "government", "university")
    return False


def _is_capitalised(token: Token) -> bool:
    return token.kind == "w" and token.text[0].isupper() and not token.text.isupper()


_POINTED = 4  # tokens of a state's two letters with points: `N.C.`


def _is_before_state(sentence: Sentence, last: int) -> bool:
    """Whether `, Fla.`, `, NC` or `, N.C.` follows a place."""
    tokens = sentence.tokens
    if last + 1 >= len(tokens) or tokens[last].text != ",":
        return False
    if tokens[last + 1].text not in load_places().state_codes:
        signs = [token.text for token in tokens[last + 1 : last + 1 + _POINTED]]
        return signs[1::2] == [".", "."] and signs[0] + signs[2] in load_places().state_codes
    short, after = tokens[last + 1].text, tokens[last + 2] if last + 2 < len(tokens) else None
    if short.isupper():
        return after is None or not (after.kind == "w" and after.text.isupper())  # not `, IN PARTNERSHIP`
    return after is not None and after.text == "."


def _first_of(mention: CountryMention) -> int:
    return mention.first


def _states_behind_commas(sentence: Sentence) -> list[CountryMention]:
    """States of the United States behind a city and a comma, each a place there."""
    tokens = sentence.tokens
    return [
        CountryMention(sentence, at + 1, at + 2, "US", "place")
        for at, token in enumerate(tokens)
        if token.text == "," and at and _is_before_state(sentence, at) and tokens[at - 1].text[0].isupper()
    ]
