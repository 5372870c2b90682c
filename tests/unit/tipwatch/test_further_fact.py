"""A new fact is a row and a field: it is claimed, merged, stored, told, exported, printed and scored without more."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Where the fact of `further_fact` comes out."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.tipwatch.further_fact"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_it_is_a_line_of_the_card_with_what_others_say(told: dict[str, Any]) -> None:
    assert told["card"] == [["Shelters", "1,200", ["900 (The Herald)"]]]


def test_it_is_a_column_of_exports(told: dict[str, Any]) -> None:
    [row] = csv.DictReader(told["csv"].splitlines())
    assert (row["shelters"], row["conflicts"]) == ("1200", "shelters: 1200 | 900")
    assert told["json"] == 1200


def test_the_command_line_shows_and_sets_it(told: dict[str, Any]) -> None:
    assert "shelters    1200  (articles 2, 3)" in told["shown"]
    assert "  shelters: 1200 (articles 2, 3) · 900 (article 1)" in told["shown"]
    assert told["fixable"]


def test_it_is_scored(told: dict[str, Any]) -> None:
    assert told["right"] == 1
