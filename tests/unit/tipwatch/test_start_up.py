"""A command loads what it needs: `tipwatch --help` none of the large libraries, which would make it feel slow."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LARGE = (
    "aiohttp",
    "alembic",
    "classifier",
    "crawler",
    "numpy",
    "scipy",
    "scrapy",
    "sqlalchemy",
    "trafilatura",
    "twisted",
)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["crawl", "--help"]])
def test_help_loads_none_of_the_large_libraries(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tipwatch", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "typer" in loaded
    assert not loaded & set(LARGE)


def test_the_configuration_knows_every_kind_of_source_without_loading_what_visits_them() -> None:
    script = "import json, sys, tipwatch.config.load as load; load.json_schema(); print(json.dumps([*sys.modules]))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "crawler.sources.gdelt.kind" in loaded
    assert not loaded & {"aiohttp", "lxml", "numpy", "scrapy", "sqlalchemy", "trafilatura", "twisted"}
