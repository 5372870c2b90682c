"""Projects for tests of cards, as the register would hold them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from classifier.schema import FACT_NAMES
from storage.projects.projects import Project, ProjectSource
from storage.register.merge.facts import MergedFacts
from storage.register.merge.values import Claim

SEEN_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def source(
    id_: int, outlet: str, language: str = "en", title: str = "Shelters for women freed at sea"
) -> ProjectSource:
    host = f"{outlet.casefold().replace(' ', '-')}.example"
    return ProjectSource(id_, title, f"https://{host}/{id_}", outlet, host, language, SEEN_AT, SEEN_AT)


def claim(value: str, *articles: int, sentence: str = "", details: dict[str, Any] | None = None) -> Claim:
    sentences = tuple({"article": id_, "part": "text", "text": sentence} for id_ in articles if sentence)
    return Claim(value, value, articles, sentences, details)


def euros(amount: float, *articles: int, sentence: str = "") -> Claim:
    details = {"amount": amount, "currency": "EUR"}
    return Claim(f"{amount} EUR", "euros", articles, claim("", *articles, sentence=sentence).sentences, details)


def project(*sources: ProjectSource, **changes: Any) -> Project:
    facts: dict[str, Any] = {name: changes.pop(name) for name in FACT_NAMES if name in changes}
    values: dict[str, Any] = {
        "id": 1,
        "public_id": "P-7K2M4Q",
        "title": "Shelters for women freed at sea",
        "sentence": "",
        "language": "en",
        "confidence": 0.97,
        "facts": MergedFacts(facts, changes.pop("doubted", {})),
        "sources": sources or (source(1, "The Herald"),),
        "first_seen_at": SEEN_AT,
        "last_seen_at": SEEN_AT,
        "last_changed_at": SEEN_AT,
    }
    return Project(**(values | changes))
