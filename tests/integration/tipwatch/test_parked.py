"""Parked pages as an operator sees them: why each is parked, and how it is let loose again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.articles.pages import pending_pages, record_page_failures
from storage.database.engine import Database
from storage.records import PageFailure
from tests.support.crawl_records import seen, wait
from tipwatch.__main__ import main

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
KINDS = ("too-large", "fault", "refused-address")

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A database with three parked pages and one that waits; runs `tipwatch parked …` on it."""
    (tmp_path / "config.yaml").write_text("contact: ops@example.org\n")
    (tmp_path / "data").mkdir()
    with Database.open(f"sqlite:///{tmp_path / 'data' / 'tipwatch.sqlite3'}") as database:
        wait(database, *(seen(number) for number in range(1, 5)))
        pages = sorted(database.write_now(pending_pages, NOW, limit=10), key=lambda page: page.entry_ids)
        failures = [
            PageFailure(page.entry_ids, kind, f"because\x1b[31m of {kind}", None)
            for page, kind in zip(pages, KINDS, strict=False)
        ]
        database.write_now(record_page_failures, failures, NOW)

    def call(*arguments: str) -> str:
        assert main(["--config", str(tmp_path / "config.yaml"), "parked", *arguments]) == 0
        return capsys.readouterr().out

    return call


def parked(run: Run) -> dict[str, int]:
    return {one["error_kind"]: one["id"] for one in json.loads(run("list", "--json"))}


def test_what_is_parked_is_told_with_its_reason_and_paints_no_terminal(run: Run) -> None:
    assert set(parked(run)) == set(KINDS)
    shown = run("list")
    for kind in KINDS:
        assert kind in shown
        assert f"of {kind}" in " ".join(shown.split())
    assert "\x1b" not in shown


def test_a_parked_page_can_be_let_loose_by_its_number_or_its_kind_or_with_all(run: Run) -> None:
    ids = parked(run)
    assert run("retry", str(ids["too-large"])).startswith("1 page will be tried again")
    assert set(parked(run)) == {"fault", "refused-address"}
    assert run("retry", "--kind", "fault").startswith("1 page will be tried again")
    assert set(parked(run)) == {"refused-address"}
    assert run("retry").startswith("1 page will be tried again")
    assert parked(run) == {}
    assert run("retry") == "No parked page matches.\n"
