"""All faulty sources of all groups in one crawl: it ends, within its bounds, and the healthy ones bring what they do
alone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.support.crawled_farm import Crawled, crawl_farm
from tests.support.farm import HEALTHY, Case
from tests.support.postgresql import POSTGRESQL_URL
from tests.support.program import essence

pytestmark = pytest.mark.slow

MEMORY_BYTES = 400_000_000
"""Promised for all processes together."""


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_source_brings_the_same_as_alone(crawled: Crawled, undisturbed: Crawled, name: str) -> None:
    assert essence(crawled.left[name]) == essence(undisturbed.left[name])
    assert len(undisturbed.left[name].articles) == 3
    assert all(one.verdict.is_new_project for one in undisturbed.left[name].articles)


def test_the_crawl_ends_and_says_that_something_needs_a_person(crawled: Crawled, undisturbed: Crawled) -> None:
    assert (crawled.said.code, undisturbed.said.code) == (1, 0)
    assert "Traceback" not in crawled.said.out + crawled.said.err
    assert not any("Traceback" in line for line in crawled.program.log())


def test_memory_stays_within_its_bound(crawled: Crawled) -> None:
    print(f"{crawled.said.peak_bytes / 1e6:.0f} MB at most")
    assert crawled.said.peak_bytes < MEMORY_BYTES


def test_what_is_printed_and_logged_paints_no_terminal(crawled: Crawled) -> None:
    said = crawled.said.out + crawled.said.err + "\n".join(crawled.program.log())
    assert [character for character in set(said) if not character.isprintable() and character != "\n"] == []


def test_status_and_log_name_the_same_failed_sources(crawled: Crawled) -> None:
    failed = {name for name, left in crawled.left.items() if left.health.error_kind is not None}
    status = asyncio.run(crawled.program.run("status", "--json"))
    told = {one["name"]: one["error_kind"] for one in json.loads(status.out)["stored"]["ailing"]}
    assert set(told) == failed
    assert all(told[name] == crawled.health(name).error_kind for name in failed)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_holds_the_same(
    crawled: Crawled, every_case: dict[str, Case], database_url: str, tmp_path: Path
) -> None:
    assert POSTGRESQL_URL
    there = asyncio.run(crawl_farm(tmp_path, every_case, database_url))
    assert set(there.left) == set(crawled.left)
    kinds = {name: left.health.error_kind for name, left in there.left.items()}
    assert kinds == {name: left.health.error_kind for name, left in crawled.left.items()}
    assert {name: left.titles for name, left in there.left.items()} == {
        name: left.titles for name, left in crawled.left.items()
    }
