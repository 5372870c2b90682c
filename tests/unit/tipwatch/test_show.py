"""Tables follow the terminal's width, and nothing in them is lost."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime, timedelta
from os import terminal_size

import pytest

from tipwatch.cli.show import ago, print_table, until, width_of

ROWS = [
    ("failing", "news.example.org/rss/search?q=human+trafficking+shelter", "no answer within 30 s"),
    ("broken", "news.example.org/rss/search?q=human+trafficking+training", "名前が見つかりません 名前が見つかりません"),
]


@pytest.mark.parametrize("columns", [40, 60, 100, 200])
def test_a_table_is_as_wide_as_the_terminal_and_no_two_sources_read_alike(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *_: terminal_size((columns, 24)))
    print_table(("state", "source", "reason"), ROWS, empty="none")
    printed = capsys.readouterr().out.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(map(width_of, printed.splitlines())) <= columns
    heading, *lines = printed.splitlines()
    begins, ends = heading.index("source"), heading.index("reason")
    assert "".join(line[begins:ends].strip() for line in lines) == "".join(name for _, name, _ in ROWS)


def test_in_a_pipe_a_row_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("state", "source", "reason"), ROWS, empty="none")
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(ROWS)


def test_what_should_have_been_done_by_now_is_due() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert until(now - timedelta(days=3), now) == "due"
    assert until(now + timedelta(hours=3), now) == "in 3 h"
    assert until(None, now) == "never"


@pytest.mark.parametrize(
    ("days", "words"), [(59, "59 d ago"), (2819, "2019-03-14"), (-3, "in 3 d"), (-400, "2028-01-05")]
)
def test_what_is_months_away_has_its_date(days: int, words: str) -> None:
    assert ago(datetime(2026, 12, 1, tzinfo=UTC) - timedelta(days=days), datetime(2026, 12, 1, tzinfo=UTC)) == words
