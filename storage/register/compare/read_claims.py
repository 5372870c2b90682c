"""From a reading and its verdict to claims fit for comparison, and from what is stored of an article back to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from classifier.document import Facts
from classifier.schema import FactName
from storage.articles.parts import part_number
from storage.records import ArticleReading
from storage.register.compare.claims import Claims, Money
from storage.register.compare.details import read_details
from storage.register.compare.gazetteer import countries_in, name_words
from storage.register.compare.headlines import read_headline
from storage.register.compare.iati import find_iati_id
from storage.register.compare.names import ProjectName, complete_name, fold_words, read_name, read_title_phase
from storage.register.compare.near_copy import Signature
from storage.register.compare.organisations import Organisation, read_organisation, settle_government
from storage.register.compare.ties import Tie, is_background, is_housed, is_planned, read_ties

PLACE = "@"  # what stands before a country among an article's marks

STATES_THE_PROJECT: tuple[FactName, ...] = ("name", "amount", "start")


def read_marks(title: str, text: str, words: Sequence[str]) -> frozenset[str]:
    """An article's details and, with an @ before them, the countries that its words (folded) name, as they are
    stored."""
    return read_details(title, text) | {f"{PLACE}{code}" for code in countries_in(words)}


def read_claims(
    article: ArticleReading, facts: Mapping[str, Any] | None, marks: frozenset[str], signature: Signature | None
) -> Claims:
    """Reads an article's claims; without facts only its marks, headline, signature and date speak.

    Args:
        article: as it was read, or a row of its table that says the same beside text and facts.
        facts: as `facts_for_comparison` gives them.
        marks: as `read_marks` gives them.
    """
    stated = facts or {}
    places = [mark for mark in marks if mark[0] == PLACE]
    countries = frozenset(stated.get("countries", ()))
    name = _read_distinctive_name(stated["name"]) if stated.get("name") else None
    headline, outlet = _read_headline(article.title, article.outlet, article.canonical_url)
    said_phase = read_title_phase(article.title) or stated.get("phase")
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
        published_on=article.published_at.date() if article.published_at else None,
        published_precision=article.published_precision,
        language=article.language,
        details=marks.difference(places),
        named_countries=frozenset([mark[1:] for mark in places]),
        title_words=_read_title(article.title),
        signature=signature,
        address=article.canonical_url.partition("#")[0],
        part=part_number(article.canonical_url),
        headline=headline,
        outlet=outlet,
    )


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
def _read_distinctive_name(name: str) -> ProjectName:
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
