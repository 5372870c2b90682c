"""A digest's content for tests: small, but with every section and with hostile text."""

from __future__ import annotations

from datetime import UTC, datetime

from alerts.digest.content import (
    Coverage,
    DigestContent,
    FactLine,
    ProjectCard,
    SourceLink,
    SourceTrouble,
    StoryLine,
)
from storage.projects.quotations import Quotation

SLOT_AT = datetime(2026, 11, 25, 6, tzinfo=UTC)
HOSTILE = 'Click <script>alert(1)</script> here\r\nBcc: spy@example.org\u2028\u202e"x'


def source_link(**changes: object) -> SourceLink:
    values: dict[str, object] = {
        "outlet": "The Herald",
        "host": "herald.example",
        "url": "http://herald.example/news/1",
        "title": "A shelter project starts in Fiji",
        "language": "en",
        "published_at": SLOT_AT,
    }
    return SourceLink(**(values | changes))  # type: ignore[arg-type]


def card(title: str = "Safe Harbour Fiji", places: tuple[str, ...] = ("Fiji",), **changes: object) -> ProjectCard:
    values: dict[str, object] = {
        "public_id": "P-7K2M4Q",
        "title": title,
        "places": places,
        "facts": (
            FactLine("Runs it", "Pacific Shelter Trust"),
            FactLine("How much", "FJD 900,000", ("FJD 950,000 (Gazette)",), kind="sum"),
        ),
        "quotation": Quotation("The trust will run two shelters for three years.", "en", "The Herald"),
        "links": (source_link(),),
        "confidence": "sure",
    }
    return ProjectCard(**(values | changes))  # type: ignore[arg-type]


def digest(**changes: object) -> DigestContent:
    values: dict[str, object] = {
        "subscription": "morning",
        "slot_key": "2026-11-25",
        "timezone": "Europe/Vienna",
        "slot_at": SLOT_AT,
        "period_from_at": datetime(2026, 11, 24, 6, tzinfo=UTC),
        "period_to_at": SLOT_AT,
        "new_projects": (card(),),
        "updates": (card("Rede Segura", ("Brazil",), public_id="P-3XW9TB", note="One more outlet tells it."),),
        "maybe": (StoryLine(12, "event", source_link(title="Talks on a new centre"), 1, "a plan, not yet funded"),),
        "news": (StoryLine(13, "crime case", source_link(title="Three arrested"), 3),),
        "sources": (SourceTrouble("Gazette", "failing", SLOT_AT, "The server answers 404.", "Replace its address."),),
        "coverage": Coverage(14, ("Gazette",), 66),
    }
    return DigestContent(**(values | changes))  # type: ignore[arg-type]
