"""What articles claim, by way of the facts that would be read from them. All projects, bodies and sums are made up."""

from __future__ import annotations

from typing import Any

import pytest

from classifier.document import Evidence, Facts, Sum
from storage.dates import read_stated_date
from storage.records import ArticleReading
from storage.register.compare.claims import Claims
from storage.register.compare.match import MatchDecision, compare_claims
from storage.register.compare.names import fold_words
from storage.register.compare.near_copy import Signature, sign_text
from storage.register.compare.read_claims import facts_for_comparison, read_claims, read_marks

FILLER = (
    "Officials said on the day that the work will be done with the help of those who know the matter and that people "
    "who need help should come forward without fear because nobody will be asked for papers"
)
LISTS = ("implementers", "funders", "partners", "countries")


def read(
    title: str, text: str, on: str | None, facts: Facts | None, *, language: str = "en",
    url: str = "https://herald.example/a", signature: Signature | None = None,
) -> Claims:  # fmt: skip
    """The claims of an article that states these facts."""
    published_at, precision = read_stated_date(on or "")
    given = ArticleReading((), url, url, title, text, language, "", published_at, "page", None, precision)
    stated = facts_for_comparison(facts, title, text, language)
    return read_claims(given, stated, read_marks(title, text, fold_words(f"{title}\n{text}")), signature)


def as_listed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of which those with many values are given as one."""
    return {name: (value,) if isinstance(value, str) and name in LISTS else value for name, value in facts.items()}


def claim(
    *,
    title: str = "New project starts",
    text: str = "",
    on: str | None = "2026-03-02",
    language: str = "en",
    url: str = "https://herald.example/a",
    sums: tuple[tuple[float, str, str], ...] = (),
    **facts: Any,
) -> Claims:
    """The claims of an article with a text that can be compared."""
    stated = tuple(Sum(a, c, s, Evidence("…", "text", 0, 1)) for a, c, s in sums)  # type: ignore[arg-type]
    signature = sign_text(f"{title}\n{text}")
    return read(
        title, text, on, Facts(**as_listed(facts), sums=stated), language=language, url=url, signature=signature
    )


def lantern(**changes: Any) -> Claims:
    """The claims of an article on one project that it states in full."""
    return claim(
        **{
            "name": "Lantern Bridge",
            "implementers": "Harbour Light Foundation",
            "funders": "Kingdom of Norway",
            "countries": "MZ",
            "amount": 2_340_000.0,
            "currency": "USD",
            **changes,
        }
    )


def compare(one: Claims, other: Claims) -> MatchDecision:
    """The decision, which must not depend on which comes first."""
    match = compare_claims(one, other)
    back = compare_claims(other, one)
    assert back.decision == match.decision
    assert back.points == pytest.approx(match.points)
    return match
