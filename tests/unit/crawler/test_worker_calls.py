"""The worker processes load what reading needs and nothing of what fetches, stores or schedules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOR_OTHERS = ("aiohttp", "asyncio", "scrapy", "sqlalchemy", "yarl")

CALLS = [
    "crawler.feeds.links:find_feed_links",
    "crawler.feeds.parse:parse_feed",
    "crawler.sources.gdelt.read:read_gdelt",
    "crawler.sources.reliefweb.read:read_reliefweb",
    "crawler.sources.listing.read:read_listing",
    "crawler.pages.read:read_page",
    "crawler.sources.sitemap.read:read_sitemap",
]
"""What `crawler.workers.pool.WorkerPool.run` is given anywhere."""

SCRIPT = """
import importlib, json, sys
import crawler.workers.process
for call in json.loads(sys.argv[1]):
    module, name = call.split(":")
    getattr(importlib.import_module(module), name)
from crawler.warm_up import prepare_worker
prepare_worker()
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.slow
def test_a_worker_loads_neither_the_http_library_nor_the_databases() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(CALLS)], capture_output=True, text=True, check=True, cwd=root
    )
    loaded = set(json.loads(done.stdout))
    assert {"trafilatura", "feedparser", "classifier.judge"} <= loaded
    assert not loaded & set(FOR_OTHERS)


LOADED_FOR_JUDGING = """
import json, sys
from classifier.languages import load_lexicon
from classifier.extraction.linear import load_models
from crawler.pages import read
from crawler.warm_up import prepare_worker
def loaded():
    caches = [load_lexicon.cache_info().currsize > 0, load_models.cache_info().currsize > 0]
    return [*caches, "onnxruntime" in sys.modules, "google.protobuf" in sys.modules]
passed = prepare_worker()
before = loaded()
read.judge_page(passed)
print(json.dumps([before, loaded()]))
"""


@pytest.mark.slow
def test_what_judging_needs_is_loaded_by_the_first_page_judged() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", LOADED_FOR_JUDGING], capture_output=True, text=True, check=True, cwd=root
    )
    assert json.loads(done.stdout) == [[False, False, False, False], [True, True, True, False]]


REHEARSED = """
import json
from classifier.judge import Judge
from crawler.pages.read import rehearse_judging
read = rehearse_judging(Judge.load_prefilter())
print(json.dumps([read.is_ruled_out, read.reading.read_from, read.verdict.facts is not None]))
"""


@pytest.mark.slow
def test_what_is_rehearsed_goes_all_the_way_to_the_facts() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", REHEARSED], capture_output=True, text=True, check=True, cwd=root)
    assert json.loads(done.stdout) == [False, "page", True]
