"""Mentions of countries: names, adjectives, and places that tell their country.

In: a `Reading`. Out: `CountryMention`s in order. Which of them the project works in is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from classifier.facts.phrases import Found, PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import fold
from classifier.lexicon import load_countries, load_other_phrases, load_places

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
    found = []
    for sentence in reading.sentences:
        for hit in book.find_all(sentence.tokens):
            code, kind = hit.value
            if not code or not _is_written_as_name(sentence, hit.first, kind) or _is_first_name(sentence, hit):
                continue
            if "عمّ" in sentence.tokens[hit.first].text:
                code, kind = "JO", "place"  # with a doubled m it is Amman, without one Oman
            found.append(CountryMention(sentence, hit.first, hit.last, code, kind))
    return _tell_georgias(found)


def _is_written_as_name(sentence: Sentence, at: int, kind: MentionKind) -> bool:
    first = sentence.tokens[at]
    if kind != "adjective" and first.text[0].islower() and first.text[0].upper() != first.text[0]:
        return False
    if first.text in ("US", "U") and _is_before_dollars(sentence, at):
        return False
    return first.text != "us"


def _is_before_dollars(sentence: Sentence, at: int) -> bool:
    """Whether a sum follows: `US $2 million`, `two million US dollars`."""
    tokens = sentence.tokens
    return at + 1 < len(tokens) and (tokens[at + 1].text == "$" or tokens[at + 1].folded.startswith("dollar"))


def _is_first_name(sentence: Sentence, hit: Found[tuple[str, MentionKind]]) -> bool:
    """Whether a country's name is a person's first name: `Acting Secretary Chad Wolf`."""
    tokens = sentence.tokens
    return (
        sentence.part == "text"
        and hit.last - hit.first == 1
        and tokens[hit.first].text in _first_names()
        and hit.last < len(tokens)
        and tokens[hit.last].kind == "w"
        and tokens[hit.last].text[0].isupper()
        and not tokens[hit.last].text.isupper()
    )


def _tell_georgias(mentions: list[CountryMention]) -> list[CountryMention]:
    """Georgia is the American state where the United States are named and nothing of the Caucasus is."""
    codes = {mention.code for mention in mentions}
    is_caucasus = bool(codes & _CAUCASUS) or any(
        mention.code == "GE" and mention.sentence.tokens[mention.first].text != "Georgia" for mention in mentions
    )
    if "US" in codes and not is_caucasus:
        for mention in mentions:
            if mention.code == "GE":
                mention.code, mention.kind = "US", "place"
    return mentions


_CAUCASUS = frozenset(["AM", "AZ", "UA", "MD", "TR", "RU"])
"""Countries a text on Georgia in the Caucasus is likely to name as well."""
