"""Mentions of countries: names, adjectives, and places that tell their country.

In: a `Reading`. Out: `CountryMention`s in order. Which of them the project works in is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from classifier.facts.phrases import Found, PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold
from classifier.lexicon import (
    load_countries,
    load_other_phrases,
    load_places,
    load_state_codes,
    load_surnames,
    load_words_before_places,
)

MentionKind = Literal["name", "adjective", "place"]


@dataclass(slots=True)
class CountryMention:
    """A country at `tokens[first:last]` of its sentence."""

    sentence: Sentence
    first: int
    last: int
    code: str
    kind: MentionKind


@cache
def _book(lang: str) -> PhraseBook[tuple[str, MentionKind]]:
    book: PhraseBook[tuple[str, MentionKind]] = PhraseBook(is_arabic=lang == "ar")
    for code, places in load_places().items():
        for place in places:
            book.add(place, (code, "place"))
    for language in dict.fromkeys(("en", lang)):
        for code, names in load_countries(language).items():
            for name in names:
                book.add(name, (code, "adjective" if _is_adjective(name, language) else "name"))
        for phrase in load_other_phrases(language)[0]:
            book.add(phrase, ("", "place"))
    return book


@cache
def _first_names() -> frozenset[str]:
    return load_other_phrases("en")[1]


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
    return (name[0].islower() and lang not in ("uk", "ru", "tr", "id")) or (
        name.startswith("ال") and name.endswith("ي*")
    )


def find_countries(reading: Reading) -> list[CountryMention]:
    """Every mention of a country, in order.

    A name in a Latin or Cyrillic script counts only with a capital first letter, unless it is an adjective of a
    language that writes those small.
    """
    book = _book(reading.lang)
    has_states = reading.lang == "en"  # elsewhere two capitals are a state of Brazil or a province of Italy
    found: list[CountryMention] = []
    for sentence in reading.sentences:
        here = []
        for hit in book.find_all(sentence.tokens):
            code, kind = hit.value
            if not code or not _is_written_as_name(sentence, hit, kind) or _is_person(sentence, hit):
                continue
            if kind == "place" and has_states and _is_before_state(sentence, hit.last):
                code = "US"  # St. Petersburg, Fla.
            here.append(CountryMention(sentence, hit.first, hit.last, code, kind))
        states = _states_behind_commas(sentence) if has_states else []
        found += sorted([*here, *states], key=_first_of) if states else here
    return _tell_omans(_tell_congos(_tell_georgias(reading, found)))


def _is_written_as_name(sentence: Sentence, hit: Found[tuple[str, MentionKind]], kind: MentionKind) -> bool:
    at = hit.first
    first = sentence.tokens[at]
    if first.text == "Para":  # Pará has an accent, the preposition has none
        return False
    last = sentence.tokens[hit.last - 1].text
    if kind == "place" and hit.last - at > 1 and last.islower() and first.text[0].isascii():
        return False  # "Son la ..." is no province
    if kind != "adjective" and first.text[0].islower() and first.text[0].upper() != first.text[0]:
        return False
    if first.text in ("US", "U") and _is_before_dollars(sentence, at):
        return False
    if first.text == "AS" and at and sentence.tokens[at - 1].folded == "dolar":
        return False  # Indonesian `2 juta dolar AS`: the money, not the country
    return first.text != "us"


def _is_before_dollars(sentence: Sentence, at: int) -> bool:
    """Whether a sum follows: `US $2 million`, `two million US dollars`."""
    tokens = sentence.tokens
    return at + 1 < len(tokens) and (tokens[at + 1].text == "$" or tokens[at + 1].folded.startswith("dollar"))


def _is_person(sentence: Sentence, hit: Found[tuple[str, MentionKind]]) -> bool:
    """Whether a country's name is a person's first name or surname: `Acting Secretary Chad Wolf`, `Marcelo Colombo`."""
    tokens = sentence.tokens
    if sentence.part != "text" or hit.last - hit.first != 1:
        return False
    word = tokens[hit.first].text
    if word in _first_names() and hit.last < len(tokens) and _is_capitalised(tokens[hit.last]):
        return True
    return (
        word in load_surnames()
        and hit.first > 1
        and _is_capitalised(tokens[hit.first - 1])
        and tokens[hit.first - 1].folded not in load_words_before_places()
    )


def _is_capitalised(token: Token) -> bool:
    return token.kind == "w" and token.text[0].isupper() and not token.text.isupper()


def _is_before_state(sentence: Sentence, last: int) -> bool:
    """Whether `, Fla.` or `, NC` follows a place."""
    tokens = sentence.tokens
    if last + 1 >= len(tokens) or tokens[last].text != "," or tokens[last + 1].text not in load_state_codes():
        return False
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


def _tell_georgias(reading: Reading, mentions: list[CountryMention]) -> list[CountryMention]:
    """Georgia is the American state where the United States or a county are named and nothing of the Caucasus is.

    Its people are `Georgians` in both, but only the country's affairs are called `Georgian`.
    """
    codes = {mention.code for mention in mentions}
    if "GE" not in codes:
        return mentions
    is_caucasus = bool(codes & _CAUCASUS) or any(
        mention.code == "GE" and mention.sentence.tokens[mention.first].text not in ("Georgia", "Georgians")
        for mention in mentions
    )
    if not is_caucasus and ("US" in codes or _names_county(reading)):
        for mention in mentions:
            if mention.code == "GE":
                mention.code, mention.kind = "US", "place"
    return mentions


def _names_county(reading: Reading) -> bool:
    return any(token.folded in _COUNTIES for sentence in reading.sentences for token in sentence.tokens)


_COUNTIES = frozenset(["county", "counties", "statewide", "sheriff", "gbi"])
_CAUCASUS = frozenset(["AM", "AZ", "UA", "MD", "TR", "RU"])
"""Countries a text on Georgia in the Caucasus is likely to name as well."""


def _tell_congos(mentions: list[CountryMention]) -> list[CountryMention]:
    """Congo alone is the one whose full name, people or cities the text names, where it names only one."""
    if any(mention.code == "CD" for mention in mentions):
        for mention in mentions:
            if mention.code == "CG" and mention.last - mention.first == 1 and mention.kind == "name":
                mention.code = "CD"
    return mentions


def _tell_omans(mentions: list[CountryMention]) -> list[CountryMention]:
    """In Arabic Oman and Amman are written alike: it is Amman with a doubled m, in a dateline, and beside Jordan."""
    bare = [mention for mention in mentions if mention.sentence.tokens[mention.first].folded.endswith(_OMAN)]
    if not bare:
        return mentions
    others = [mention for mention in mentions if not any(mention is one for one in bare)]
    is_oman = any(mention.code == "OM" for mention in others)
    is_jordan = any(mention.code == "JO" for mention in others)
    for mention in bare:
        if mention.last - mention.first > 1:
            continue
        text = mention.sentence.tokens[mention.first].text
        opens = mention.first == 0 and mention.sentence.part == "text" and mention.sentence.index <= _OPENING
        if "عمّ" in text or (not is_oman and "عُ" not in text and (is_jordan or opens)):
            mention.code, mention.kind = "JO", "place"
    if any(mention.code == "JO" for mention in bare) and not is_oman:
        for mention in bare:
            mention.code, mention.kind = "JO", "place"
    return mentions


_OMAN = "عمان"
_OPENING = 1  # the sentence a dateline stands in
