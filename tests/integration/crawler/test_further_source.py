"""A further kind of source is a folder: what docs/extend/source.md has one write is configured, crawled and stored."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
MODULE = re.compile(r"`(crawler/sources/wordpress/\w+\.py)`\n\n( *)```python\n(.*?)\n *```", re.DOTALL)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a crawler with the modules of the page says and stores."""
    folder = tmp_path_factory.mktemp("further")
    shutil.copytree(ROOT / "crawler", folder / "crawler")
    (folder / "crawler/sources/wordpress").mkdir()
    (folder / "crawler/sources/wordpress/__init__.py").write_text('"""Sites that run WordPress."""\n')
    for name, _, code in MODULE.findall((ROOT / "docs/extend/source.md").read_text()):
        (folder / name).write_text(textwrap.dedent(code) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.further_source", str(folder)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.slow
def test_it_is_visited_and_its_entries_are_stored(told: dict[str, Any]) -> None:
    assert told["asked"] == ["/wp-json/wp/v2/posts?per_page=50&categories=7"]
    assert (told["entries"], told["titles"]) == (2, ["A project begins", "A shelter opens"])
    assert told["kinds"] == ["wordpress"]


@pytest.mark.slow
def test_what_goes_wrong_with_it_is_named(told: dict[str, Any]) -> None:
    assert told["failed"] == ["not-wordpress"]


@pytest.mark.slow
def test_the_configuration_knows_it(told: dict[str, Any]) -> None:
    assert told["sound"] == []
    assert told["broken"] == [
        "sources.0.category: must be a whole number",
        "sources.1: category: belongs to kind: wordpress",
    ]
    assert "category" in told["keys"]
