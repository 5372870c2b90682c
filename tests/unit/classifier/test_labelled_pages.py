"""The labelled pages say what the guide promises: each value stands in its text, each role is a body of the text's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classifier.schema import ROLES

PAGES = Path(__file__).parents[3] / "seeds" / "corpus" / "announcements" / "own-announcements.jsonl"


@pytest.fixture(scope="module")
def pages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in PAGES.read_text(encoding="utf-8").splitlines()]


def unbroken(page: dict[str, Any]) -> str:
    return " ".join(f"{page['title']} {page['text']}".split())


def test_every_form_of_a_body_and_every_name_of_a_project_stands_in_its_page(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        names = [form for body in page["organisations"] for form in body["forms"]]
        names += [name for name in [(page["project"] or {}).get("name")] if name]
        assert [name for name in names if " ".join(name.split()) not in unbroken(page)] == [], page["id"]


def test_a_project_has_the_bodies_that_are_said_to_have_a_role_in_it(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        for role in ROLES:
            of_role = [body["forms"][0] for body in page["organisations"] if role in body["roles"]]
            assert of_role == (page["project"] or {}).get(role, []), page["id"]


def test_a_later_report_is_of_a_story_that_was_announced(pages: list[dict[str, Any]]) -> None:
    announced = {page["story"] for page in pages if page["new_project"]}
    later = {page["id"]: page["story"] for page in pages if page["life"] in ("reported", "closed")}
    assert later
    assert {one for one, story in later.items() if story not in announced} == set()
    assert len({page["id"] for page in pages}) == len(pages)
