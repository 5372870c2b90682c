"""What a digest says of its sources: who is in trouble, whether any could be read, and what outlets are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.digest.compose import count_coverage, names_by_host, with_names
from tests.support.project_examples import project, source
from tests.support.source_health import NOW, YESTERDAY, health

WELL = health(state="ok", last_success_at=NOW - timedelta(hours=2), url="https://wire.example/feed", name="Donor Wire")


def test_sources_in_trouble_are_named() -> None:
    found = count_coverage([WELL, health(), health(is_active=False, name="Left")], YESTERDAY, NOW, articles_read=3)
    assert (found.sources, found.troubled, found.is_blind) == (2, ("Old Gazette",), False)


def test_a_period_in_which_no_source_could_be_read_is_blind() -> None:
    before = replace(WELL, last_success_at=YESTERDAY - timedelta(hours=1))
    assert count_coverage([before, health()], YESTERDAY, NOW, articles_read=0).is_blind
    assert not count_coverage([], YESTERDAY, NOW, articles_read=0).is_blind, "nothing is watched, so nothing failed"


def test_a_period_in_which_no_source_was_due_is_not_blind() -> None:
    an_hour_ago = NOW - timedelta(hours=1)
    rested = replace(WELL, failures=0, next_due_at=NOW + timedelta(hours=1))
    assert not count_coverage([rested], an_hour_ago, NOW, articles_read=0).is_blind
    assert count_coverage([replace(rested, failures=1)], an_hour_ago, NOW, articles_read=0).is_blind
    assert count_coverage([replace(rested, next_due_at=NOW)], an_hour_ago, NOW, articles_read=0).is_blind, "overdue"


def test_an_outlet_that_goes_by_its_host_is_called_as_its_source_is() -> None:
    names = names_by_host([WELL])
    told = with_names(project(replace(source(1, "x"), outlet="wire.example"), source(2, "The Herald")), names)
    assert [one.outlet for one in told.sources] == ["Donor Wire", "The Herald"]


def test_a_host_of_several_sources_lends_no_name() -> None:
    assert names_by_host([WELL, replace(WELL, name="Donor Wire in French")]) == {}
