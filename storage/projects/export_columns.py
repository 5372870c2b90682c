"""The columns of exports: each a value of a project with its type, one row a project, and one row a value of a fact.

Projects go in; rows of plain values, JSON-ready, come out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from classifier.schema import FACTS, FactKind, FactSpec
from storage.codes import country_names
from storage.projects.projects import Project
from storage.projects.quotations import find_quotation
from storage.register.compare.organisations import GOVERNMENT, canonical_organisation
from storage.register.compare.rates import to_dollars
from storage.register.merge.values import Claim

ColumnType = Literal["string", "number", "integer", "boolean", "datetime"]
"""As Frictionless' Table Schema calls them. A partial date (`2026`, `2026-11`) is a string: no type takes it."""

SEPARATOR = "; "  # between the values of a list in a cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type, what it holds, and how many characters wide a sheet shows it."""

    name: str
    type: ColumnType
    description: str
    width: int = 16


_TYPES: dict[FactKind, ColumnType] = {"amount": "number", "number": "integer"}


def _columns_of(spec: FactSpec) -> Iterator[Column]:
    what = spec.name.replace("_", " ").capitalize()
    described = f"{what} of the project, as its articles state {'them' if spec.is_list else 'it'}"
    yield Column(spec.name, _TYPES.get(spec.kind, "string"), described, 20)
    if spec.kind == "organisations":
        yield Column(f"{spec.name}_canonical", "string", "The same, each by its canonical name, if it has one", 30)
        yield Column(f"{spec.name}_ids", "string", "In the same order, their identifiers (iati:, wikidata:, ror:)", 20)
    if spec.kind == "amount":
        yield Column("currency", "string", "ISO 4217", 9)
        yield Column(
            "currency_is_uncertain", "boolean", "Whether the articles leave open which dollars, say, are meant"
        )
        yield Column("amount_usd", "number", "The amount in US dollars, at the approximate average rate of the year")
        yield Column("amount_usd_year", "integer", "The year whose rate was used: that of the announcement")


COLUMNS: tuple[Column, ...] = (
    Column("id", "string", "The project's id, which stays", 12),
    Column("title", "string", "The headline of the article that announces it", 60),
    *(column for spec in FACTS for column in _columns_of(spec)),
    Column("confidence", "number", "The probability that it is a new counter-trafficking project", 11),
    Column("conflicts", "string", "Facts that articles state differently, with all their values", 30),
    Column("announced_at", "datetime", "When its first article was published"),
    Column("first_seen_at", "datetime", "When its first article was read"),
    Column("last_seen_at", "datetime", "When its latest article was read"),
    Column("last_changed_at", "datetime", "When an article or a person's correction last changed it"),
    Column("sources", "integer", "How many articles report it", 9),
    Column("urls", "string", "Their addresses", 40),
    Column("sentence", "string", "A sentence of an article that says what it does, in English where one does", 60),
    Column("iati_id", "string", "Its IATI activity identifier, where known"),
    Column("former_ids", "string", "Ids of projects that were merged into it, which keep working"),
)

FACT_COLUMNS: tuple[Column, ...] = (
    Column("project", "string", "The project's id", 12),
    Column("fact", "string", "Which fact: the name of its column", 16),
    Column("value", "string", "The value, as stated", 30),
    Column("is_by_person", "boolean", "Whether a person set it by hand", 12),
    Column("probability", "number", "The probability that it was read correctly, if that was measured", 11),
    Column("article", "integer", "The number of an article that states it", 9),
    Column("url", "string", "That article's address", 40),
    Column("sentence", "string", "The sentence that states it, where the article's text has one", 80),
)


def project_row(one: Project) -> dict[str, Any]:
    """The values of `COLUMNS`; lists stay lists, times are ISO 8601 in UTC."""
    facts = one.facts.facts
    plain = facts.as_project()
    quotation = find_quotation(one, "en")
    announced_at = one.announced_at
    year = (announced_at or one.first_seen_at).year
    dollars = to_dollars(facts.amount, facts.currency, year) if facts.amount and facts.currency else None
    values = {
        "id": one.public_id,
        "title": one.title,
        **plain,
        "currency_is_uncertain": facts.is_currency_uncertain,
        "amount_usd": None if dollars is None else round(dollars),
        "amount_usd_year": None if dollars is None else year,
        "confidence": round(one.confidence, 3),
        "conflicts": {name: [claim.shown for claim in claims] for name, claims in one.facts.conflicts.items()},
        "announced_at": announced_at.isoformat() if announced_at else None,
        "first_seen_at": one.first_seen_at.isoformat(),
        "last_seen_at": one.last_seen_at.isoformat(),
        "last_changed_at": one.last_changed_at.isoformat(),
        "sources": len(one.sources),
        "urls": [source.url for source in one.sources],
        "sentence": quotation.text if quotation else "",
        "iati_id": one.iati_id,
        "former_ids": list(one.former_ids),
    }
    for spec in FACTS:
        if spec.kind == "organisations":
            known = [canonical(claim) for claim in getattr(one.facts, spec.name)]
            values[f"{spec.name}_canonical"] = [name for name, _ in known]
            values[f"{spec.name}_ids"] = [" ".join(f"{a}:{id_}" for a, id_ in ids.items()) for _, ids in known]
    return {column.name: values[column.name] for column in COLUMNS}


def canonical(organisation: Claim) -> tuple[str, dict[str, str]]:
    """The name that an organisation is known by, a government by its country's in English, and its identifiers by
    register; where it is not known, its name as stated and none."""
    government = GOVERNMENT.fullmatch(organisation.value)
    name = country_names().get(government[1], organisation.shown) if government else organisation.shown
    return canonical_organisation(organisation.shown) or (name, {})


def fact_rows(one: Project) -> Iterator[dict[str, Any]]:
    """The values of `FACT_COLUMNS`: each value of each fact once for every article that states it."""
    urls = {source.id: source.url for source in one.sources}
    for spec in FACTS:
        for claim in getattr(one.facts, spec.name):
            said: dict[int, str] = {}
            for sentence in claim.sentences:
                said.setdefault(sentence["article"], sentence["text"])
            for article in claim.articles or (None,):
                yield {
                    "project": one.public_id,
                    "fact": spec.name,
                    "value": claim.shown,
                    "is_by_person": claim.is_by_person,
                    "probability": claim.probability,
                    "article": article,
                    "url": urls.get(article) if article is not None else None,
                    "sentence": said.get(article) if article is not None else None,
                }


def flatten(value: Any) -> str | int | float | bool | None:
    """A cell's value: lists and conflicts as one text."""
    if isinstance(value, dict):
        return SEPARATOR.join(f"{name}: {' | '.join(values)}" for name, values in value.items())
    if isinstance(value, list):
        return SEPARATOR.join(value) if any(value) else ""
    return value  # type: ignore[no-any-return]  # what a row holds beside lists and dictionaries
