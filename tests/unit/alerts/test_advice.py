from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from alerts.digest.advice import ADVICE, CAUSES, is_worth_mentioning
from alerts.digest.cards import make_trouble
from alerts.i18n.translator import translator_for
from tests.support.source_health import NOW, YESTERDAY, health


def say(language: str = "en", **changes: Any) -> tuple[str, str, str]:
    told = make_trouble(health(**changes), translator_for(language), period_from_at=YESTERDAY, now=NOW)
    return told.state, told.reason, told.advice


def test_a_source_newly_broken_is_told_apart_from_one_that_still_is() -> None:
    since = {"error_kind": "http-404", "error_text": "there is nothing at this address; look for the new one"}
    advice = ("There is nothing at this address.", "Look for its new address, or remove it.")
    assert say(since_at=NOW - timedelta(hours=30), **since) == ("broken", *advice)
    assert say(since_at=NOW - timedelta(days=12), **since) == ("broken for 12 days", *advice)


def test_the_cause_is_said_in_the_readers_language() -> None:
    changes = {"since_at": NOW - timedelta(days=12), "error_kind": "http-404", "error_text": "there is nothing there"}
    assert say("fr", **changes)[:2] == ("en panne depuis 12 jours", "Son adresse ne mène à aucune page.")
    assert say("es", error_kind="http-503", error_text="x")[1] == "Su servidor responde con el error 503."
    assert say("es", error_kind="unheard-of", error_text="x")[1] == "No se pudo leer."


def test_silence_a_move_and_an_end_are_said_as_such() -> None:
    assert say(state="silent", since_at=NOW - timedelta(days=40))[0] == "silent for 40 days"
    assert say(state="moved", redirect_to="https://new.example/feed") == (
        "moved",
        "It has moved to https://new.example/feed for good.",
        "Write the new address into config.yaml.",
    )
    assert say(state="gone", since_at=NOW, error_kind="http-410", error_text="gone")[0] == "gone for good"


def test_one_that_is_well_again_asks_nothing_of_anybody() -> None:
    recovered: dict[str, Any] = {"state": "ok", "recovered_at": NOW, "failed_from_at": NOW - timedelta(days=3)}
    assert say(**recovered) == ("working again", "", "")


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"state": "broken"}, True),
        ({"state": "failing"}, False),
        ({"state": "ok"}, False),
        ({"state": "ok", "recovered_at": NOW, "failed_from_at": NOW - timedelta(days=3)}, True),
        ({"state": "ok", "recovered_at": NOW, "failed_from_at": NOW - timedelta(hours=3)}, False),
        ({"state": "ok", "recovered_at": NOW - timedelta(days=2), "failed_from_at": NOW - timedelta(days=9)}, False),
    ],
)
def test_only_what_a_reader_was_or_should_be_told_of_is_told(changes: dict[str, Any], is_told: bool) -> None:
    assert is_worth_mentioning(health(**changes), YESTERDAY) is is_told


def test_what_to_do_is_only_said_where_the_cause_is() -> None:
    assert set(ADVICE) <= set(CAUSES)
