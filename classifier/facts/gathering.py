"""One pass over a document: every candidate for every fact.

In: a `Document` and its language. Out: a `Gathered`, for the reader of facts and for learning alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from classifier.document import Document
from classifier.facts.candidates import Candidate
from classifier.facts.context import Context
from classifier.facts.countries import find_countries
from classifier.facts.dates import Times, find_times
from classifier.facts.linear import Models
from classifier.facts.money import Money, find_money
from classifier.facts.names import find_names
from classifier.facts.organisations import Mention, find_organisations
from classifier.facts.reading import Reading, lay_out
from classifier.facts.roles import Entity, gather
from classifier.facts.selection import (
    country_candidates,
    date_candidates,
    length_candidates,
    resolve_dollar,
    sum_candidates,
)


@dataclass(slots=True)
class Gathered:
    """All candidates of a document. `entities` are gathered once the countries of work are known."""

    reading: Reading
    money: list[Money]
    times: Times
    mentions: list[Mention]
    dollar: str
    countries: list[Candidate]
    sums: list[Candidate]
    lengths: list[Candidate]
    starts: list[Candidate]
    ends: list[Candidate]
    names: list[Candidate]
    entities: list[Entity]


def gather_all(document: Document, lang: str, models: Models | None = None) -> Gathered:
    """Every candidate. Countries of work are those the model takes, or, while learning, the most named ones."""
    reading = lay_out(document, lang)
    context = Context(reading)
    places = find_countries(reading)
    mentions = find_organisations(reading, places)
    money = find_money(reading)
    times = find_times(reading)
    dollar = resolve_dollar(reading, places, mentions)
    countries = country_candidates(reading, context, places, mentions)
    starts, ends = date_candidates(reading, context, times)
    if models is None:
        work = [str(one.value) for one in countries if "top" in one.features and "donor&not-top" not in one.features]
    else:
        model = models["countries"]
        work = [str(one.value) for one in countries if model.probability(one.features) >= model.threshold]
    return Gathered(
        reading=reading,
        money=money,
        times=times,
        mentions=mentions,
        dollar=dollar,
        countries=countries,
        sums=sum_candidates(context, money, dollar),
        lengths=length_candidates(context, times),
        starts=starts,
        ends=ends,
        names=find_names(reading, context, mentions),
        entities=gather(context, mentions, work, money),
    )
