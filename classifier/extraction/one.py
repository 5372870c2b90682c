"""Reads the facts of one project from what was gathered of an article.

In: an `Extracted`. Out: `Facts`, each with the sentences that state it; empty rather than guessed. Method: readers of
one kind each (money, dates, countries, organisations, names) found what the text states, and small linear models over
cues of the lexicon weigh which of it is the project's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from classifier.document import Document, Evidence, Facts, Sum
from classifier.entities.mention import name_key
from classifier.extraction.amounts.candidates import choose_amount
from classifier.extraction.amounts.features import sum_value
from classifier.extraction.amounts.scopes import scope_of
from classifier.extraction.candidates import Candidate, choose
from classifier.extraction.countries.candidates import choose_countries
from classifier.extraction.encoder_evidence import Scorer
from classifier.extraction.extractor import Extracted, extract_candidates
from classifier.extraction.linear import Models, load_models
from classifier.extraction.names.choice import choose_name
from classifier.extraction.names.organisations import probability_as_organisation
from classifier.extraction.roles.choice import classify_roles
from classifier.extraction.roles.entities import Entity
from classifier.schema import ROLES, FactName

if TYPE_CHECKING:
    from classifier.text.parsed_text import Sentence

_PROBABILITY_DECIMALS = 6  # as many as `log_odds` tells apart
_MAX_EVIDENCE = 3  # sentences kept for one fact: a reader checks one or two


def read_facts(document: Document, lang: str, models: Models | None = None, scorer: Scorer | None = None) -> Facts:
    """The project's facts as the document states them; of several projects those of the document as a whole.

    Args:
        document: the article.
        lang: ISO 639-1 code; a language without a lexicon is read by signs, digits and names alone.
        models: the weights; the shipped ones if None.
        scorer: what the encoder says of candidates in this document.
    """
    models = load_models() if models is None else models
    return read_gathered(extract_candidates(document, lang, models, scorer), models)


def read_gathered(gathered: Extracted, models: Models) -> Facts:
    """The facts that the models choose among the candidates."""
    document = gathered.reading.document
    evidence: dict[FactName, tuple[Evidence, ...]] = {}

    def note(fact: FactName, sentences: Iterable[Sentence]) -> None:
        first = list({sentence.index: sentence for sentence in sentences}.values())[:_MAX_EVIDENCE]
        if first:
            evidence[fact] = tuple(sentence.evidence(document) for sentence in first)

    probabilities: dict[FactName, dict[str, float]] = {}

    def rate(fact: FactName, value: object, features: Iterable[str]) -> None:
        probability = models[fact].probability_if_taken(features)
        if probability is not None:
            probabilities.setdefault(fact, {})[str(value)] = round(probability, _PROBABILITY_DECIMALS)

    countries = choose_countries(gathered.countries, models["countries"])
    for one in countries:
        rate("countries", one.value, one.features)
    note("countries", (one.sentences[0] for one in countries))
    as_body = probability_as_organisation(gathered.entities, models)
    name = choose_name(gathered.names, models["name"], models["name_among"], as_body)
    cast = classify_roles([entity for entity in gathered.entities if not _is_project(entity, name)], models)
    names: dict[str, tuple[str, ...]] = {}
    for role in ROLES:
        names[role] = tuple(entity.name for entity in cast[role])
        note(role, (entity.best_sentence(models[role]) for entity in cast[role]))  # type: ignore[arg-type]
        for entity in cast[role]:
            rate(role, entity.name, entity.features)  # type: ignore[arg-type]
    chosen: dict[str, Candidate | None] = {
        "amount": choose_amount(gathered.sums, models["amount"]),
        "duration_months": choose(gathered.lengths, models["duration_months"]),
        "start": choose([one for one in gathered.starts if not _is_of_the_page(one)], models["start"]),
        "end": choose(gathered.ends, models["end"]),
        "people": choose(gathered.people, models["people"]),
        "name": name,
    }
    _complete_dates(chosen, gathered, models)
    _date_by_name(chosen, gathered)
    _agree(chosen)
    start, end = _text(chosen["start"]), _text(chosen["end"])
    for fact, candidate in chosen.items():
        if candidate is not None:
            note(fact, candidate.sentences)  # type: ignore[arg-type]
            value = sum_value(candidate).amount if fact == "amount" else candidate.value
            rate(fact, value, candidate.features)  # type: ignore[arg-type]
    amount = sum_value(chosen["amount"]) if chosen["amount"] else None
    length = chosen["duration_months"].value if chosen["duration_months"] else None
    people = chosen["people"].value if chosen["people"] else None
    return Facts(
        name=_text(chosen["name"]),
        implementers=names["implementers"],
        funders=names["funders"],
        partners=names["partners"],
        countries=tuple(str(one.value) for one in countries),
        amount=amount.amount if amount else None,
        currency=amount.currency if amount else None,
        is_currency_uncertain=amount is not None and amount.is_uncertain,
        start=start,
        end=end,
        duration_months=length if isinstance(length, int) else None,
        people=people if isinstance(people, int) else None,
        sums=_sums(document, gathered, chosen["amount"], models),
        evidence=evidence,
        probabilities=probabilities,
    )


def _is_of_the_page(date: Candidate) -> bool:
    """Whether a date is the article's, not the project's: in a dateline, or by itself on a line without a label."""
    return "wire" in date.features or ("alone" in date.features and "labelled" not in date.features)


def _text(candidate: Candidate | None) -> str | None:
    return None if candidate is None else str(candidate.value)


def _is_project(entity: Entity, name: Candidate | None) -> bool:
    """Whether what was taken for an organisation is the project itself or a part of its name; a body of the gazetteer
    never is."""
    if name is None or any(mention.agency for mention in entity.mentions):
        return False
    return name_key(entity.name) == name_key(str(name.value)) or all(
        mention.kind in _KINDS_WITHIN_NAMES
        and any(
            sentence is mention.sentence and first <= mention.first and mention.last <= last
            for sentence, first, last in name.places
        )
        for mention in entity.mentions
    )


_KINDS_WITHIN_NAMES = frozenset(["proper", "acronym", "ngo", "fund", "state"])
"""Kinds of bodies that words of a project's name look like; a donor or a government in it is meant as such."""


def _complete_dates(chosen: dict[str, Candidate | None], gathered: Extracted, models: Models) -> None:
    """The other date of the range or of the sentence from which one was chosen: the two are seldom of different things.

    `From 2019 to 2023, phase VI will …`: who starts then ends then. `Begun in 2016, it ends in 2020`: less will do.
    """
    for missing, known, others in (("end", "start", gathered.ends), ("start", "end", gathered.starts)):
        candidate = chosen[known]
        if chosen[missing] is not None or candidate is None:
            continue
        here = {place[0].index for place in candidate.places if place[0].part == "text"}
        beside = [
            one
            for one in others
            if any(place in candidate.places for place in one.places)
            or (
                not _is_of_the_page(one)
                and any(place[0].index in here and not _is_of_a_span(place, gathered) for place in one.places)
            )
        ]
        ordered = [one for one in beside if _is_ordered(one, candidate, missing)]
        same = [one for one in ordered if any(place in candidate.places for place in one.places)]
        chosen[missing] = choose(ordered, models[missing], _BESIDE) or choose(same, models[missing], _SAME_SPAN)


_SAME_SPAN = 0.2
"""Share of its threshold at which the other date of one span is taken: whose end it states, its start it states too."""


def _is_of_a_span(place: tuple[Sentence, int, int], gathered: Extracted) -> bool:
    """Whether a date is one of a span, whose two go together: `it lasts to 2021; the first, from 2017 to 2019, …`."""
    sentence, first, last = place
    return any(span.sentence is sentence and (span.first, span.last) == (first, last) for span in gathered.times.ranges)


_BESIDE = 0.6
"""Share of its threshold at which a date is taken in the sentence of the other one."""


def _is_ordered(found: Candidate, known: Candidate, missing: str) -> bool:
    """Whether a start lies before an end, as far as both are stated."""
    one, other = str(found.value), str(known.value)
    shared = min(len(one), len(other))
    before, after = (one, other) if missing == "start" else (other, one)
    return before[:shared] < after[:shared]


def _date_by_name(chosen: dict[str, Candidate | None], gathered: Extracted) -> None:
    """Start and end from the years in the project's own name, where the text states no start but its dateline."""
    name, start, end = chosen["name"], chosen["start"], chosen["end"]
    is_dateline = start is not None and "wire" in start.features
    if name is None or (start is not None and not is_dateline):
        return
    within = [
        span
        for span in gathered.times.ranges
        if any(span.sentence is place[0] and place[1] <= span.first and span.last <= place[2] for place in name.places)
    ]
    if within:
        places = [(within[0].sentence, within[0].first, within[0].last)]
        chosen["start"] = Candidate(within[0].start, places)
        chosen["end"] = end or Candidate(within[0].end, places)


def _agree(chosen: dict[str, Candidate | None]) -> None:
    """An end before its start was misread: the end is dropped, since starts are stated more often."""
    start, end = _text(chosen["start"]), _text(chosen["end"])
    if start and end:
        shared = min(len(start), len(end))
        if end[:shared] < start[:shared]:
            chosen["end"] = None


def _sums(document: Document, gathered: Extracted, chosen: Candidate | None, models: Models) -> tuple[Sum, ...]:
    """Every stated sum once, with its scope."""
    found = []
    for candidate in gathered.sums:
        amount, currency, is_uncertain = sum_value(candidate)
        scope = "project" if candidate is chosen else scope_of(candidate, chosen, models["amount"])
        found.append(Sum(amount, currency, scope, candidate.sentences[0].evidence(document), is_uncertain))
    return tuple(found)
