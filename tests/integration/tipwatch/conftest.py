"""A folder with a configuration, commands called in it, and a register with two articles."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.article_lines import BURUNDI, CONFIG
from tests.support.commands import FOOTBALL, Run, Said
from tipwatch.__main__ import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    root = logging.getLogger()
    before = list(root.handlers)

    def call(*arguments: str) -> Said:
        code = main(arguments)
        said = capsysbinary.readouterr()
        assert b"Traceback" not in said.err
        return Said(code, said.out.decode("utf-8", "replace"), said.err.decode())

    yield call
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture
def filled(run: Run, folder: Path) -> Run:
    """A register with an article about a project and one about football."""
    (folder / "articles.jsonl").write_text(f"{json.dumps(BURUNDI)}\n{json.dumps(FOOTBALL)}\n")
    said = run("import", "articles.jsonl", "--announce", "--json")
    assert said.code == 0
    assert said.json()["articles"] == 2
    return run
