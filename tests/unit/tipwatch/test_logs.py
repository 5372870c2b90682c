"""A log line is one line, holds no secret, and can be read by people and machines."""

from __future__ import annotations

import ast
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tipwatch
from tipwatch.logs import LOG_FILE, Formatter, log_file, set_up_logging


def record(message: str, **values: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "crawler.sources.feed.visit", "levelno": logging.WARNING, "levelname": "WARNING", "msg": message}
    )
    vars(made).update(values)
    return made


@pytest.fixture
def clean_logging() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_a_line_is_time_level_logger_event_and_values() -> None:
    line = Formatter().format(record("poll_failed", source="Example news", tries=3))
    assert line.endswith('Z warning crawler.sources.feed.visit: poll_failed source="Example news" tries=3')


def test_values_that_are_none_are_left_out_and_the_others_are_the_same_in_either_form() -> None:
    event = record("crawl.done", error=None, is_stopped=True, seconds=0.5)
    assert Formatter().format(event).endswith(": crawl.done is_stopped=true seconds=0.5")
    read = json.loads(Formatter(is_json=True).format(event))
    assert {key: value for key, value in read.items() if key not in ("at", "level", "logger")} == {
        "event": "crawl.done", "is_stopped": True, "seconds": 0.5,
    }  # fmt: skip


def test_every_event_is_named_once_and_for_all() -> None:
    package = Path(tipwatch.__file__).parent
    calls = [
        (file.name, node.lineno, node.args[0])
        for file in package.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"debug", "info", "warning", "error", "exception"}
        and ast.unparse(node.func.value) in {"log", "logging.getLogger(__name__)"}
    ]  # fmt: skip
    assert calls
    for file, line, event in calls:
        assert isinstance(event, ast.Constant), (file, line)
        assert re.fullmatch(r"(?:[a-z]+|%s)\.[a-z_]+", str(event.value)), (file, line)


def test_what_comes_from_outside_stays_on_its_line_and_paints_nothing() -> None:
    line = Formatter().format(record("page_read", title="News\n2026-11-25 error forged\x1b[31m\u202e\u2028x"))
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert "\\n2026-11-25 error forged\\x1b[31m\\u202e\\u2028x" in line


def test_secrets_and_addresses_are_blotted_out() -> None:
    formatter = Formatter({"s3cret-word", "", "abc"})
    line = formatter.format(
        record("sent", to="Analyst <analyst@example.org>", url="postgresql://u:pw@db/x", key="xs3cret-wordx")
    )
    assert "analyst@" not in line
    assert "a***@example.org" in line
    assert "s3cret-word" not in line
    assert ":pw@" not in line


def test_json_lines_hold_the_same() -> None:
    line = Formatter({"s3cret"}, is_json=True).format(record("poll_failed", source='A "b"\n', tries=3, why="s3cret"))
    assert "\n" not in line
    read = json.loads(line)
    assert read | {"at": ""} == {
        "at": "", "level": "warning", "logger": "crawler.sources.feed.visit", "event": "poll_failed",
        "source": 'A "b"\\n', "tries": 3, "why": "***",
    }  # fmt: skip


def test_a_traceback_goes_to_the_file_and_not_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clean_logging: None
) -> None:
    set_up_logging(folder=tmp_path)
    try:
        raise ValueError("boom\nforged")
    except ValueError:
        logging.getLogger("tipwatch.test").exception("work.failed")
    shown = capsys.readouterr().err
    assert 'work.failed error="ValueError: boom\\nforged"' in shown
    assert "Traceback" not in shown
    kept = (tmp_path / LOG_FILE).read_text()
    assert "Traceback" in kept
    assert log_file() == tmp_path / LOG_FILE


def test_setting_up_again_replaces_what_was_set_up(tmp_path: Path, clean_logging: None) -> None:
    set_up_logging(folder=tmp_path)
    set_up_logging(folder=tmp_path, is_shown=False, level="error")
    logging.getLogger("tipwatch.test").warning("quiet")
    logging.getLogger("tipwatch.test").error("loud")
    assert [line.split(": ")[1] for line in (tmp_path / LOG_FILE).read_text().splitlines()] == ["loud"]


def test_a_folder_that_cannot_be_written_costs_the_file_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clean_logging: None
) -> None:
    (tmp_path / "file").write_text("")
    set_up_logging(folder=tmp_path / "file" / "below")
    logging.getLogger("tipwatch.test").warning("still told")
    err = capsys.readouterr().err
    assert "log.unwritable" in err
    assert "still told" in err


def test_a_full_disk_under_the_log_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], clean_logging: None
) -> None:
    (tmp_path / LOG_FILE).symlink_to("/dev/full")
    set_up_logging(folder=tmp_path, is_shown=False)
    for _ in range(3):
        logging.getLogger("tipwatch.test").warning("lost")
    assert capsys.readouterr().err.count("the log cannot be written") == 1
    assert sys.exc_info()[1] is None
