"""The bundled catalogue of sources is one that the crawler takes as it is, and that people can choose from."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from tipwatch.resources import seeds_folder

FIELDS = {"name", "kind", "url", "query", "fallback", "languages", "region", "tags", "why"}
FOR_PEOPLE = {"region", "why"}


@pytest.fixture(scope="module")
def text() -> str:
    return (seeds_folder() / "sources.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def entries(text: str) -> list[dict[str, Any]]:
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert isinstance(loaded, list)
    return loaded


@pytest.fixture(scope="module")
def sources(entries: list[dict[str, Any]]) -> list[SourceSettings]:
    return [parse_source({key: value for key, value in entry.items() if key not in FOR_PEOPLE}) for entry in entries]


def test_there_are_enough_sources_of_every_kind(sources: list[SourceSettings]) -> None:
    assert len(sources) >= 150
    assert {source.kind for source in sources} == {"feed", "listing", "sitemap", "reliefweb", "gdelt"}


def test_names_and_addresses_are_unique(sources: list[SourceSettings]) -> None:
    for words in ([s.label.casefold() for s in sources], [s.key for s in sources], [s.as_spec().url for s in sources]):
        assert [word for word, count in Counter(words).items() if count > 1] == []


def test_every_entry_says_where_it_works_what_it_is_good_for_and_how_to_find_it(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        assert set(entry) <= FIELDS, entry["name"]
        assert {"name", "kind", "languages", "region", "tags", "why"} <= set(entry), entry["name"]
        assert all(isinstance(entry[field], str) and entry[field] for field in ("name", "region", "why")), entry
        assert len(entry["name"]) <= 60
        assert entry["tags"], entry["name"]
        assert all(isinstance(tag, str) and tag == tag.lower() for tag in entry["tags"]), entry["name"]
        assert all(isinstance(lang, str) and len(lang) == 2 for lang in entry["languages"]), entry["name"]
        assert "url" in entry or entry["kind"] in ("reliefweb", "gdelt"), entry["name"]


def test_no_address_is_a_template(entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        assert not set("…<>{}") & set(entry.get("url", "")), entry["name"]


def test_every_tag_is_explained_at_the_head_and_used_more_than_once(text: str, entries: list[dict[str, Any]]) -> None:
    head = text[: text.index("\n- name:")].replace("\n#", " ")
    counts = Counter(tag for entry in entries for tag in entry["tags"])
    for tag, count in counts.items():
        assert tag in head, tag
        assert count > 1, tag


def test_the_core_speaks_the_five_languages_of_the_news_world(entries: list[dict[str, Any]]) -> None:
    core = [entry for entry in entries if "core" in entry["tags"]]
    assert 20 <= len(core) <= 40
    assert {"en", "fr", "es", "pt", "ar"} <= {language for entry in core for language in entry["languages"]}
