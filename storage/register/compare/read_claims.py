"""From a reading and its verdict to claims fit for comparison, and to the keys they are found by.

An article with facts goes in; `Claims` come out, and a handful of text keys. Two articles of one project share at
least one key nearly always, and a key is shared by few: what is compared stays small however much is stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from classifier.document import Facts
from classifier.schema import FactName
from storage.articles.parts import part_number
from storage.dates import DatePrecision
from storage.register.compare.claims import Claims, Money
from storage.register.compare.details import read_details
from storage.register.compare.frequent import BUSY_COUNTRIES
from storage.register.compare.headlines import key_of_headline, read_headline
from storage.register.compare.iati import find_iati_id
from storage.register.compare.names import ProjectName, complete_name, fold_words, read_name, read_title_phase
from storage.register.compare.near_copy import Signature
from storage.register.compare.organisations import (
    Organisation,
    countries_in,
    name_words,
    read_organisation,
    settle_government,
)
from storage.register.compare.ties import Tie, is_background, is_housed, is_planned, read_ties
from storage.register.compare.words import COMMON_WORDS

__all__ = ["build_claims", "facts_for_comparison", "list_asked_keys", "list_keys", "marks_of", "read_claims"]

PLACE = "@"
"""What stands before a country among an article's stored marks."""

STATES_THE_PROJECT: tuple[FactName, ...] = ("name", "amount", "start")

# Keys of one kind an article contributes at most: a grant round's list of thirty grantees would flood the index.
MAX_KEYS_OF_A_KIND = 6

# Of an article's details ten are kept as keys and more are asked for: a short telling that has six of its eight details
# in common with a long one would else meet none of the long one's ten.
SAMPLED_DETAILS = 10
ASKED_DETAILS = 40


def read_claims(
    *,
    title: str,
    text: str,
    language: str,
    published_at: datetime | None,
    canonical_url: str,
    stated: Mapping[str, Any] | None,
    signature: Signature | None,
    outlet: str = "",
    words: Sequence[str] | None = None,
    published_precision: DatePrecision = "day",
) -> Claims:
    """Reads a new article's claims; without facts only its details, headline, signature and date speak.

    `stated` are its facts as `facts_for_comparison` gives them. `words` are those of title and
    text, folded, where they are at hand.
    """
    said = fold_words(f"{title}\n{text}") if words is None else words
    return build_claims(
        stated,
        title=title,
        language=language,
        published_at=published_at,
        published_precision=published_precision,
        canonical_url=canonical_url,
        marks=read_details(title, text) | {f"{PLACE}{code}" for code in countries_in(said)},
        signature=signature,
        outlet=outlet,
    )


def build_claims(
    given: Mapping[str, Any] | None,
    *,
    title: str,
    language: str,
    published_at: datetime | None,
    canonical_url: str,
    marks: frozenset[str],
    signature: Signature | None,
    outlet: str = "",
    published_precision: DatePrecision = "day",
) -> Claims:
    """Builds claims from facts as `facts_for_comparison` keeps them, and from the article's own columns.

    `marks` are its details and, with an @ before them, the countries its words name.
    """
    stated = given or {}
    places = [mark for mark in marks if mark[0] == PLACE]
    countries = frozenset(stated.get("countries", ()))
    name = _read_telling_name(stated["name"]) if stated.get("name") else None
    headline, outlet_name = _read_headline(title, outlet, canonical_url)
    said_phase = read_title_phase(title) or stated.get("phase")
    return Claims(
        name=name,
        phase=(name.phase if name else None) or said_phase,
        is_phase_said=said_phase is not None or (name is not None and name.is_phase_said),
        is_housed=stated.get("is_housed", False),
        ties=tuple(Tie(*tie) for tie in stated.get("ties", ())),
        implementers=_read_organisations(tuple(stated.get("implementers", ())), countries),
        funders=_read_organisations(tuple(stated.get("funders", ())), countries),
        partners=_read_organisations(tuple(stated.get("partners", ())), countries),
        countries=countries,
        sums=tuple(Money(amount, currency, bool(is_main)) for amount, currency, is_main in stated.get("sums", ())),
        start=stated.get("start"),
        end=stated.get("end"),
        duration_months=stated.get("duration_months"),
        iati_id=stated.get("iati_id"),
        published_on=published_at.date() if published_at else None,
        published_precision=published_precision,
        language=language,
        details=marks.difference(places),
        named_countries=frozenset([mark[1:] for mark in places]),
        title_words=_read_title(title),
        signature=signature,
        address=canonical_url.partition("#")[0],
        part=part_number(canonical_url),
        headline=headline,
        outlet=outlet_name,
    )


def marks_of(claims: Claims) -> frozenset[str]:
    """The marks of an article as they are stored; `build_claims` reads them back."""
    return claims.details | {f"{PLACE}{code}" for code in claims.named_countries}


def facts_for_comparison(facts: Facts | None, title: str, text: str, language: str) -> dict[str, Any] | None:
    """The facts that comparison needs, JSON-ready and short (no evidence), with what the text says beside them: an IATI
    identifier, a phase, ties to other projects; None where there are none.

    A project that is named only as the one before is not its name.
    """
    if facts is None:
        return None
    name = facts.name and not is_background(facts.name, title, text, language) and complete_name(facts.name, text)
    sums = [[money.amount, money.currency, int(money.is_main)] for money in _list_sums(facts)]
    stated: dict[str, Any] = {
        "name": name,
        "is_housed": bool(name) and is_housed(facts.name or "", text, language),
        "phase": _read_stated_phase(facts, language),
        "ties": [[tie.kind, tie.sentence, tie.named_in] for tie in read_ties(title, text, language)],
        "implementers": list(facts.implementers),
        "funders": list(facts.funders),
        "partners": list(facts.partners),
        "countries": list(facts.countries),
        "sums": sums,
        "start": facts.start,
        "end": facts.end,
        "duration_months": facts.duration_months,
        "iati_id": find_iati_id(text),
    }
    return {field: value for field, value in stated.items() if value}


def _read_stated_phase(facts: Facts, language: str) -> int | None:
    """A later phase of which a sentence speaks that states the project's name, sum or start; none that is planned."""
    for fact in STATES_THE_PROJECT:
        for sentence in facts.evidence.get(fact, ())[:1]:
            phase = read_title_phase(sentence.text)
            if phase is not None and phase > 1 and not is_planned(sentence.text, language):
                return phase
    return None


@lru_cache(maxsize=4096)
def _read_telling_name(name: str) -> ProjectName:
    read = read_name(name)
    bodies, places = name_words(read.words | read.acronyms)
    return read.without(bodies, places)


@lru_cache(maxsize=4096)
def _read_title(title: str) -> frozenset[str]:
    return frozenset(fold_words(title))


_read_headline = lru_cache(maxsize=4096)(read_headline)


@lru_cache(maxsize=4096)  # members of the same few projects are read again and again
def _read_organisations(names: tuple[str, ...], countries: frozenset[str]) -> tuple[Organisation, ...]:
    return tuple(settle_government(read_organisation(name), countries) for name in names)


def _list_sums(facts: Facts) -> Iterator[Money]:
    if facts.amount is not None and facts.currency is not None:
        yield Money(facts.amount, facts.currency)
    for stated in facts.sums:
        is_main = stated.amount == facts.amount and stated.currency == facts.currency
        if stated.scope in ("project", "share") and not is_main:
            yield Money(stated.amount, stated.currency, is_main=False)


def list_keys(claims: Claims) -> list[str]:
    """The keys an article's project is found by, the most telling first, each once."""
    found = [f"i:{claims.iati_id}"] if claims.iati_id else []
    found += [f"h:{key_of_headline(claims.headline)}"] if claims.headline else []
    found += [*_name_keys(claims.name), *_sum_keys(claims), *_organisation_keys(claims), *_detail_keys(claims.details)]
    found += [f"p:{word}" for word in _tied_words(claims)]
    return list(dict.fromkeys(found))


def _name_keys(name: ProjectName | None) -> Iterator[str]:
    if name is None:
        return
    if name.telling:
        yield f"n:{name.key}"
        for word in _telling_words(name):
            yield f"w:{word}"
    for acronym in sorted(name.acronyms)[:MAX_KEYS_OF_A_KIND]:
        yield f"w:{acronym}"
    if not name.telling and len(name.words) > 1:
        yield f"n:{name.key}"


def _sum_keys(claims: Claims) -> Iterator[str]:
    """A sum to two figures, with its neighbours on both sides of the rounding; its converted forms meet by country
    and body."""
    for money in claims.sums[:MAX_KEYS_OF_A_KIND]:
        if money.amount > 0:
            rounded = float(f"{money.amount:.1e}")
            yield f"m:{money.currency}:{rounded:.0f}"


def _organisation_keys(claims: Claims) -> Iterator[str]:
    """Pairs of a body and a country; a family of bodies (a government, a parent) stands beside each."""
    bodies = dict.fromkeys(_body_names(claims.funders + claims.implementers))
    places = sorted(claims.countries)[:MAX_KEYS_OF_A_KIND]
    for body in list(bodies)[: 2 * MAX_KEYS_OF_A_KIND]:
        for place in places or ["?"]:
            yield f"o:{body}:{place}"
        if len(claims.countries) != 1 and not places:
            yield f"o:{body}:?"
    if claims.published_on is not None and claims.published_precision != "year" and len(claims.countries) <= 2:
        month = claims.published_on.year * 12 + claims.published_on.month
        for place in places:
            if place not in BUSY_COUNTRIES:
                yield f"t:{place}:{month}"


def _body_names(organisations: tuple[Organisation, ...]) -> Iterator[str]:
    for organisation in organisations:
        if organisation.is_known:
            yield f"@gov:{organisation.government}" if organisation.government else organisation.key
        else:
            words = fold_words(organisation.key)
            if words:
                yield max(words, key=lambda w: (len(w), w))
            yield from sorted(organisation.acronyms)


def list_asked_keys(claims: Claims) -> list[str]:
    """Further keys that an article is looked for by and not kept under."""
    asked = [f"d:{mark}" for mark in _order_details(claims.details)[SAMPLED_DETAILS:ASKED_DETAILS]]
    asked += [f"w:{word}" for word in _tied_words(claims)]
    asked += [f"p:{word}" for word in _telling_words(claims.name)] if claims.name else []
    return asked


def _tied_words(claims: Claims) -> list[str]:
    """Words that may be the name of a project to which an article ties its own: the first with a capital."""
    found = (word for tie in claims.ties for word in tie.list_names())
    telling = dict.fromkeys(w for word in found for w in fold_words(word) if w not in COMMON_WORDS and len(w) > 2)
    return list(telling)[:MAX_KEYS_OF_A_KIND]


def _telling_words(name: ProjectName) -> list[str]:
    return sorted(name.telling, key=lambda w: (-len(w), w))[:MAX_KEYS_OF_A_KIND]


def _detail_keys(details: frozenset[str]) -> Iterator[str]:
    """A fixed sample of the details, the same for both tellings: those whose hash is smallest (a bottom-k sketch)."""
    for mark in _order_details(details)[:SAMPLED_DETAILS]:
        yield f"d:{mark}"


def _order_details(details: frozenset[str]) -> list[str]:
    return sorted(details, key=lambda mark: zlib.crc32(mark.encode()))
