"""When the operator is alerted: by numbers, not by every slip."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.operator import Situation, list_troubles
from storage.digests.digests import DeliveryRecord
from tests.support.source_health import NOW, health

WELL = Situation((health(state="ok"),), (), NOW - timedelta(hours=1), 10**12, timedelta(days=1))
STUCK = DeliveryRecord(
    7, 3, "morning", "ana@example.org", "<7@example.org>", "pending", 4, NOW, NOW, None, False, "no connection"
)  # fmt: skip


def sources(*states: Any) -> tuple[Any, ...]:
    return tuple(health(id=number, name=f"Source {number}", state=state) for number, state in enumerate(states))


def test_nothing_is_said_while_all_is_well() -> None:
    assert list_troubles(WELL, NOW) == {}
    assert list_troubles(replace(WELL, sources=(), crawled_at=None), NOW) == {}


@pytest.mark.parametrize(
    ("states", "is_alarming"),
    [
        (["broken"] * 3 + ["ok"] * 3, True),
        (["failing", "gone"], True),
        (["broken"] * 2 + ["ok"] * 4, False),
        (["broken"] * 3 + ["ok"] * 30, False),
        (["broken"] * 10 + ["ok"] * 30, True),
        (["silent", "moved", "silent", "moved"], False),
    ],
)
def test_sources_alarm_in_numbers(states: list[str], is_alarming: bool) -> None:
    assert ("sources" in list_troubles(replace(WELL, sources=sources(*states)), NOW)) is is_alarming


def test_each_trouble_is_said_in_a_sentence_that_names_it() -> None:
    situation = Situation(
        sources("broken", "gone", "failing"), (STUCK,), NOW - timedelta(hours=25), 5 * 10**8, WELL.quiet_for
    )
    assert list_troubles(situation, NOW) == {
        "sources": "3 of 3 sources cannot be read: Source 0, Source 1, Source 2.",
        "disk": "The disk is filling up: 500 MB are free where tipwatch writes.",
        "mail": "Messages cannot be sent. The first has been tried 4 times: no connection.",
        "crawl": "Nothing has been crawled since 2026-11-24 05:00 UTC.",
    }
