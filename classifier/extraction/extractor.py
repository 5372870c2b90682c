"""One pass over a document: every candidate for every fact.

In: a `Document` and its language. Out: an `Extracted`, for the reader of facts and for learning alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.document import Document
from classifier.entities.countries import find_countries
from classifier.entities.currency import Currencies, resolve_sums
from classifier.entities.mention import Mention
from classifier.entities.organisations import find_organisations
from classifier.extraction.amounts.candidates import sum_candidates
from classifier.extraction.candidates import Candidate
from classifier.extraction.context import Context
from classifier.extraction.countries.candidates import choose_countries, country_candidates
from classifier.extraction.encoder_evidence import Scorer, add_evidence
from classifier.extraction.linear import Models
from classifier.extraction.names.candidates import find_names
from classifier.extraction.people import people_candidates
from classifier.extraction.persons import without_persons
from classifier.extraction.roles.context import BodyContext
from classifier.extraction.roles.entities import Entity, gather
from classifier.extraction.times.candidates import date_candidates, length_candidates
from classifier.languages import LANGUAGES
from classifier.quantities.dates import Times, find_times
from classifier.quantities.money import Money, find_money
from classifier.schema import ROLES
from classifier.text.parsed_text import ParsedText, parse_text

MOST_MENTIONS = 500
"""Mentions of bodies that are weighed: articles have some dozens, and each is compared with all others beside it."""


@dataclass(slots=True)
class Extracted:
    """All candidates of a document. `entities` are gathered once the countries of work are known."""

    reading: ParsedText
    money: list[Money]
    times: Times
    mentions: list[Mention]
    countries: list[Candidate]
    sums: list[Candidate]
    lengths: list[Candidate]
    starts: list[Candidate]
    ends: list[Candidate]
    people: list[Candidate]
    names: list[Candidate]
    entities: list[Entity]


def extract_candidates(
    document: Document, lang: str, models: Models | None = None, scorer: Scorer | None = None
) -> Extracted:
    """Every candidate. Countries of work are those the model takes, or, while learning, the most named ones.

    `scorer` gives what the encoder says of candidates; without it nothing is said of them. Names that it finds itself
    are candidates in languages without a lexicon: in others rules find those and more, and nothing is gained.
    """
    reading = parse_text(document, lang)
    context = Context(reading)
    places = find_countries(reading)
    stated = find_money(reading)
    tags = scorer.tags if scorer is not None and lang not in LANGUAGES else ()
    mentions = find_organisations(reading, places, stated, tags)[:MOST_MENTIONS]
    mentions, names = without_persons(reading, mentions, find_names(reading, context, mentions, tags))
    times = find_times(reading)
    money = resolve_sums(stated, Currencies(reading, places, mentions))
    countries = country_candidates(reading, context, places, mentions)
    starts, ends = date_candidates(reading, context, times)
    if scorer is not None:
        add_evidence([(("countries",), countries)], document.title, scorer)
    if models is None:
        work = [str(one.value) for one in countries if "top" in one.features]
    else:
        work = [str(one.value) for one in choose_countries(countries, models["countries"])]
    gathered = Extracted(
        reading=reading,
        money=money,
        times=times,
        mentions=mentions,
        countries=countries,
        sums=sum_candidates(context, money, times.lengths),
        lengths=length_candidates(context, times),
        starts=starts,
        ends=ends,
        people=people_candidates(context, money, times, mentions),
        names=names,
        entities=gather(BodyContext(context), mentions, work, money),
    )
    if scorer is not None:
        groups: list[tuple[Sequence[str], Sequence[Candidate | Entity]]] = [
            (("amount",), gathered.sums),
            (("duration_months",), gathered.lengths),
            (("start",), gathered.starts),
            (("end",), gathered.ends),
            (("people",), gathered.people),
            (("name",), gathered.names),
            (ROLES, gathered.entities),
        ]
        add_evidence(groups, document.title, scorer)
    return gathered
