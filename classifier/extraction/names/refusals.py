"""What is never a project's name, whatever stands beside it.

In: tokens of a sentence and a candidate's place, the organisations and places there. Out: yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from classifier.entities.mention import Mention, name_key
from classifier.entities.name_form import agency_book
from classifier.entities.name_labels import label_words
from classifier.entities.name_words import currency_words, load_name_words, months_of, multipliers_of, region_keys
from classifier.text.tokens import Token
from classifier.text.word_books import project_book

BY_CAPITALS = frozenset(["run", "project-run"])
"""Kinds of candidates that only their capitals show."""


def is_refused(
    tokens: Sequence[Token],
    first: int,
    last: int,
    kind: str,
    lang: str,
    *,
    bodies: Sequence[Mention],
    places: AbstractSet[int],
    is_named: bool,
) -> bool:
    """Whether a candidate is an agency, a place, a sum, a law, a mere description, or what somebody did and who.

    `places` are where the words of places begin; `is_named` says that a word of naming stands before it.
    """
    agencies = [body for body in bodies if body.agency is not None]
    if not is_named and any(_is_known_body(body, tokens, first, last) for body in agencies):
        return True
    if any(_is_branch(body, tokens, first, last, lang) for body in bodies):
        return True
    if tokens[first].text == "(" and tokens[last - 1].text == ")":  # a short form that the name before it has
        return True
    if kind in BY_CAPITALS and (_is_kind_of_body(tokens, first, last) or _is_done_by(bodies, tokens, first, last)):
        return True
    if kind not in ("quote", "line") and _is_no_name(tokens[first:last], places, lang):
        return True
    return kind != "quote" and (_is_described(tokens, first, lang) or _is_cut_or_law(tokens, first, last, lang))


def _is_kind_of_body(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a word says what bodies are in general: `ONG`, `Ministries`."""
    return last - first == 1 and tokens[first].folded in load_name_words().kinds_of_bodies


def _is_described(tokens: Sequence[Token], first: int, lang: str) -> bool:
    """Whether a noun for a project has an indefinite article: `Ein Projekt zur Vorbeugung`, with capitals in German."""
    is_indefinite = first + 1 < len(tokens) and tokens[first].folded in load_name_words().indefinites
    return is_indefinite and project_book(lang).match(tokens, first + 1) is not None


def _is_known_body(body: Mention, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a candidate is a body of the gazetteer, an article before it or not; a fund may be the project itself."""
    return (
        (body.kind in ("agency", "ngo", "state", "body") or last - first == 1)
        and body.last == last
        and (body.first == first or (body.first == first + 1 and tokens[first].folded == "the"))
    )


def _is_branch(body: Mention, tokens: Sequence[Token], first: int, last: int, lang: str) -> bool:
    """Whether a candidate is a body of the gazetteer with a word after it for its branch, as in `Caritas Malta`."""
    if body.first != first or body.last != last or body.kind not in ("agency", "ngo"):
        return False
    hit = agency_book(lang).match(tokens, first)
    return hit is not None and hit.last == last - 1 and project_book(lang).match(tokens, hit.last) is None


def _is_done_by(bodies: Sequence[Mention], tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a run goes on over `by` to the body that did it: `Kano State by the National Agency`."""
    by = load_name_words().agents
    return any(
        first < body.first < last
        and any(token.folded in by for token in tokens[max(first, body.first - 2) : body.first])
        for body in bodies
    )


def _is_cut_or_law(tokens: Sequence[Token], first: int, last: int, lang: str) -> bool:
    """Whether a run is the rest of a sum (`$1 Million for Shelters`, `$535K Award`), or a law or another paper."""
    words = load_name_words()
    is_rest = (
        first > 0
        and tokens[first - 1].kind == "n"
        and (
            tokens[first].folded in multipliers_of(lang)
            or (tokens[first].folded in _LETTERS_OF_SUMS and tokens[first - 1].end == tokens[first].start)
        )
    )
    is_paper = tokens[first].folded in words.papers and all(
        token.folded in words.papers or token.folded in words.genitives for token in tokens[first:last]
    )
    laws = [at for at in (first, last - 1) if tokens[at].folded in words.laws and not tokens[at].text.isupper()]
    is_law = last - 1 in laws or (first in laws and tokens[first + 1].text.islower())  # `the X Act foresees`
    return is_rest or is_paper or is_law


_LETTERS_OF_SUMS = frozenset("kmb")
"""Letters for thousands and more right behind the digits of a sum."""


def _is_no_name(tokens: Sequence[Token], places: AbstractSet[int], lang: str) -> bool:
    """Whether a run is only countries, a region, a date, a sum or the subject itself (`Human Trafficking`)."""
    words = load_name_words()
    months = months_of(lang)
    if any(token.text in "$€£%" or token.text.startswith("//") or token.folded in words.weekdays for token in tokens):
        return True
    if name_key(" ".join(token.text for token in tokens)) in region_keys():
        return True
    labels = label_words()
    if all(token.kind == "n" or token.folded in labels for token in tokens):
        return True
    told = [token for token in tokens if token.kind != "s" and token.folded not in words.title_joiners]
    return all(
        token.kind == "n"
        or token.start in places
        or token.folded in months
        or token.folded in words.weekdays
        or token.folded in currency_words()
        or token.folded in _BARE_SUBJECT
        for token in told
    )


_BARE_SUBJECT = frozenset(
    [
        "trafficking",
        "human",
        "persons",
        "slavery",
        "modern",
        "people",
        "trata",
        "personas",
        "traite",
        "trafico",
        "pessoas",
        "victims",
        "forced",
        "labour",
        "labor",
        "child",
    ]
)
"""Words of the subject, which alone name no project."""
