"""Reads the facts of a project from an article.

In: a `Document` and its language. Out: `Facts`, each with the sentences that state it; empty rather than guessed. Pure:
no I/O but the lexicons, read once; never fails on any text.
"""

from __future__ import annotations

from classifier.document import Document, Facts, Sum
from classifier.facts.countries import find_countries
from classifier.facts.dates import find_times
from classifier.facts.money import BARE_DOLLAR, find_money
from classifier.facts.reading import lay_out

__all__ = ["read_facts"]


def read_facts(document: Document, lang: str) -> Facts:
    """The project's facts as the document states them; `lang` is an ISO 639-1 code, known to the lexicons or not."""
    reading = lay_out(document, lang)
    sums = find_money(reading)
    times = find_times(reading)
    countries: dict[str, list] = {}
    for mention in find_countries(reading):
        if mention.kind == "name":
            countries.setdefault(mention.code, []).append(mention)
    evidence = {}
    stated = [
        Sum(s.amount, "USD" if s.currency == BARE_DOLLAR else s.currency, "project", s.sentence.evidence(document), s.currency == BARE_DOLLAR)
        for s in sums
    ]
    chosen = stated[0] if stated else None
    if chosen:
        evidence["amount"] = (chosen.evidence,)
    codes = tuple(code for code, mentions in countries.items() if mentions[0].sentence.index <= 3)
    if codes:
        evidence["countries"] = tuple(countries[code][0].sentence.evidence(document) for code in codes)
    ranges = [r for r in times.ranges if len(r.start) >= 4]
    length = times.lengths[0] if times.lengths else None
    return Facts(
        countries=codes,
        amount=chosen.amount if chosen else None,
        currency=chosen.currency if chosen else None,
        is_currency_uncertain=bool(chosen and chosen.is_uncertain),
        start=ranges[0].start if ranges else None,
        end=ranges[0].end if ranges else None,
        duration_months=length.months if length else None,
        sums=tuple(stated),
        evidence=evidence,
    )
