"""The YAML in the pages for users is what the program takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tipwatch.config.load import read_config

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = [
    pytest.param(example, id=f"{page.name}-{number}")
    for page in PAGES
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.DOTALL), 1)
]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_working_configuration(example: str) -> None:
    given: dict[str, Any] = yaml.safe_load(example)
    text = example if "contact" in given else f"contact: you@example.org\n{example}"
    if "sources" not in given:
        text += "\nsources: [https://example.org/feed.xml]\n"
    environment = dict.fromkeys(re.findall(r"\$\{(\w+)", text), "x")
    configuration = read_config(text.encode(), Path("config.yaml"), environment)
    assert configuration.sources
