"""What the APIs answer: a report of ReliefWeb's, an article of GDELT's."""

from __future__ import annotations

from typing import Any

REPORT: dict[str, Any] = {
    "id": "4123",
    "fields": {
        "title": "Burundi: project against trafficking begins",
        "url": "https://reliefweb.int/node/4123",
        "url_alias": "https://reliefweb.int/report/burundi/project-against-trafficking-begins",
        "date": {"created": "2026-11-01T08:00:00+00:00", "original": "2026-10-31T00:00:00+00:00"},
        "source": [{"name": "International Migration Agency", "shortname": "IMA"}],
        "country": [{"iso3": "bdi"}],
        "language": [{"code": "en"}],
        "body": "A *project* begins.\n\nIt costs 3 million dollars.",
    },
}


ARTICLE = {
    "url": "https://herald.example/world/shelter",
    "title": "Government , partners begin ( new ) project",
    "seendate": "20261101T083000Z",
    "domain": "herald.example",
    "language": "English",
    "sourcecountry": "Burundi",
}
