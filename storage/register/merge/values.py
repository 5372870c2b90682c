"""The values of a project's facts, as storage takes them by their kind: stated by an article, compared, given back.

Facts go in, a `Claim` for each value comes out, and of merged ones plain facts again. Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classifier.document import DOUBTFUL, Facts
from classifier.schema import FACTS, FactName, FactSpec
from storage.register.compare.names import compare_names, read_name
from storage.register.compare.organisations import compare_organisations, read_organisation

# Sentences kept with a value: a reader needs one, a doubter two.
MAX_SENTENCES = 2
# Two sums are one within this: 24.3 million and 24.30001 million.
SUM_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Claim:
    """One value of a fact: the articles that state it (by id, the first first; one before claims are merged).

    `value` is what claims are compared by, `shown` the words for people, `details` the value in parts where one word
    does not hold it (a sum: amount, currency, whether uncertain), `sentences` what states it, `probability` how likely
    it was read right, the highest of its articles'; None where that was not measured. `is_by_person` marks a value a
    person fixed, which no article states.
    """

    value: str
    shown: str
    articles: tuple[int, ...] = ()
    sentences: tuple[Mapping[str, Any], ...] = ()
    details: Mapping[str, Any] | None = None
    is_by_person: bool = False
    probability: float | None = None

    @property
    def is_doubtful(self) -> bool:
        """Whether it is told with a word of caution."""
        return self.probability is not None and self.probability < DOUBTFUL


def list_claims(article_id: int, facts: Facts) -> list[tuple[FactName, Claim]]:
    """What an article states, one claim a value of a fact; its sentences from the facts' evidence."""
    claims: list[tuple[FactName, Claim]] = []

    def add(name: FactName, value: str, shown: str, details: Mapping[str, Any] | None = None) -> None:
        given = facts.evidence.get(name, ())
        about = [e for e in given if shown in e.text] or list(given)
        sentences = tuple(
            {"text": e.text, "part": e.part, "start": e.start, "end": e.end, "article": article_id}
            for e in about[:MAX_SENTENCES]
        )
        measured = facts.probabilities.get(name, {})
        # a sum is stated by its number alone, and is the only one
        probability = next(iter(measured.values()), None) if details else measured.get(shown)
        claims.append((name, Claim(value, shown, (article_id,), sentences, details, probability=probability)))

    for spec in FACTS:
        stated = getattr(facts, spec.name)
        if stated in (None, ""):
            continue
        if spec.kind == "amount":
            if facts.currency is not None:
                details = {"amount": stated, "currency": facts.currency, "is_uncertain": facts.is_currency_uncertain}
                add(spec.name, f"{facts.currency} {stated:.0f}", f"{facts.currency} {stated:,.0f}", details)
            continue
        for shown in map(str, stated if spec.is_list else (stated,)):
            add(spec.name, key_of(spec, shown), shown)
    return claims


def key_of(spec: FactSpec, shown: str) -> str:
    """What a value in words is compared by first: the distinctive words of a name, the key of an organisation."""
    if spec.kind == "text":
        return read_name(shown).key or shown
    if spec.kind == "organisations":
        return read_organisation(shown).key or shown
    return shown


def is_same_value(spec: FactSpec, one: Claim, other: Claim) -> bool:
    """Whether two values of a fact are one."""
    if one.value == other.value:
        return True
    if spec.kind == "organisations":
        ours, theirs = read_organisation(one.shown), read_organisation(other.shown)
        likeness = compare_organisations(ours, theirs)
        # "the Netherlands" beside its ministry is one payer, named more and less fully
        is_bare = ours.key.startswith("@gov:") or theirs.key.startswith("@gov:")
        return likeness == "same" or (likeness == "family" and is_bare)
    if spec.kind == "text":
        return compare_names(read_name(one.shown), read_name(other.shown)).kind == "same"
    if spec.kind == "amount" and one.details and other.details:
        a, b = float(one.details["amount"]), float(other.details["amount"])
        return bool(one.details["currency"] == other.details["currency"]) and abs(a - b) <= SUM_TOLERANCE * max(a, b)
    if spec.kind == "date":  # 2024 and 2024-03 do not contradict each other
        n = min(len(one.value), len(other.value))
        return one.value[:n] == other.value[:n]
    return False


def plain_fields(spec: FactSpec, values: Sequence[Claim]) -> dict[str, Any]:
    """The shown ones of a fact's merged values, at least one, as fields of `Facts`."""
    first = values[0]
    if spec.is_list:
        return {spec.name: tuple(one.shown for one in values)}
    if spec.kind == "amount":
        parts = first.details or {"amount": None, "currency": None}
        is_uncertain = bool(parts.get("is_uncertain"))
        return {spec.name: parts["amount"], "currency": parts["currency"], "is_currency_uncertain": is_uncertain}
    return {spec.name: int(first.value) if spec.kind == "number" else first.shown}
