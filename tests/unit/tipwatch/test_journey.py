"""The journey of an entry, as docs/design.md tells it, is one that the code makes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MOST_FILES = 30
STOP = re.compile(r"`([\w/]+\.py)`: ((?:`[\w.]+`(?:, )?)+)")


def stops() -> list[tuple[str, str]]:
    """The files and names on the way."""
    text = (ROOT / "docs/design.md").read_text()
    journey = text.partition("## The journey of an entry\n")[2].partition("\n## ")[0]
    return [(file, name) for file, names in STOP.findall(journey) for name in re.findall(r"[\w.]+", names)]


def names_in(file: Path) -> set[str]:
    """Functions and classes of a module, and the methods of its classes as `Class.method`."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{node.name}.{each.name}" for each in inner}
    return found


def test_it_leads_from_the_schedule_to_the_outbox_by_few_files() -> None:
    files = list(dict.fromkeys(file for file, _ in stops()))
    assert (files[0], files[-1]) == ("tipwatch/daemon/schedule.py", "alerts/delivery/deliver.py")
    assert 20 <= len(files) <= MOST_FILES


@pytest.mark.parametrize(("file", "name"), stops())
def test_every_name_on_the_way_exists(file: str, name: str) -> None:
    assert name in names_in(ROOT / file)
