"""How a source is, for tests of what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.sources.health import SourceHealth

NOW = datetime(2026, 11, 25, 6, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def health(**changes: Any) -> SourceHealth:
    values: dict[str, Any] = dict.fromkeys(SourceHealth.__dataclass_fields__) | {
        "id": 1, "name": "Old Gazette", "kind": "feed", "url": "https://gazette.example/feed", "tags": (),
        "languages": (), "is_active": True, "state": "broken", "failures": 1, "next_due_at": NOW,
    }  # fmt: skip
    return SourceHealth(**(values | changes))
