"""The bundled news world is as large and as unambiguous as it says."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from classifier.document import TOPICS
from tests.support.newsroom_labels import read_labels, read_projects
from tipwatch.demo.newsroom import NewsroomError, World, load_world
from tipwatch.resources import seeds_folder

FOLDER = seeds_folder() / "newsroom"
IRRELEVANT_TOPICS = TOPICS[11:]
LABELS = read_labels(FOLDER)
PROJECTS = read_projects(FOLDER)


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(FOLDER)


def test_the_world_is_large_enough(world: World) -> None:
    assert len([outlet for outlet in world.outlets if outlet.is_working]) >= 12
    assert len(world.articles) >= 66
    assert len({LABELS[article.key].project for article in world.articles if LABELS[article.key].is_new_project}) >= 14
    assert {article.lang for article in world.articles} == {"en", "fr", "es", "pt", "ar"}


def test_every_kind_of_source_and_of_trouble_is_there(world: World) -> None:
    formats = {outlet.format for outlet in world.outlets}
    assert formats == {"rss2", "rdf", "atom", "json-feed", "google-news", "listing", "sitemap", "html"}
    outlets = world.outlets
    assert any(outlet.encoding != outlet.declared_encoding for outlet in outlets)
    assert {outlet.status for outlet in outlets} == {200, 404, 410}
    assert any(outlet.is_malformed for outlet in outlets)
    assert any(outlet.is_gzipped for outlet in outlets)
    assert any(outlet.moved_from for outlet in outlets)
    assert any(outlet.delay_seconds for outlet in outlets)
    assert any(outlet.validators == "none" for outlet in outlets)
    assert any(outlet.disallow for outlet in outlets)


def test_every_working_outlet_has_news_and_only_those(world: World) -> None:
    telling = {article.host for article in world.articles}
    assert telling == {outlet.host for outlet in world.outlets if outlet.is_working and not outlet.wraps}


def test_each_project_is_told_by_one_to_four_different_outlets(world: World) -> None:
    told = Counter(LABELS[article.key].project for article in world.articles if LABELS[article.key].project)
    pairs = {(LABELS[article.key].project, article.host) for article in world.articles if LABELS[article.key].project}
    assert set(told) == set(PROJECTS)
    assert all(1 <= count <= 4 for count in told.values())
    assert len(pairs) == sum(told.values())


def test_the_launch_in_burundi_is_told_by_three_outlets_one_in_french(world: World) -> None:
    launch = [article for article in world.articles if LABELS[article.key].project == "burundi-counter-trafficking"]
    assert sorted(article.lang for article in launch) == ["en", "en", "fr"]
    for article in launch:
        facts = LABELS[article.key].facts
        assert facts is not None
        assert (facts["amount"], facts["currency"], facts["countries"]) == (3_000_000, "USD", ["BI"])
        assert (facts["start"], facts["end"], facts["duration_months"]) == ("2019", "2022", 36)
        assert "Burundi Counter-Trafficking 2019-2022" in article.text


def test_topics_agree_with_relevance(world: World) -> None:
    for article in world.articles:
        labels = LABELS[article.key]
        assert labels.topic in TOPICS, article.key
        assert labels.is_relevant == (labels.topic not in IRRELEVANT_TOPICS), article.key
        assert labels.is_new_project == (labels.topic == "project"), article.key


def test_names_and_organisations_of_the_labels_are_stated_in_the_article(world: World) -> None:
    """A fact that a reader cannot see is no label. Acronyms in brackets count with the name before them."""
    for article in world.articles:
        facts = LABELS[article.key].facts or {}
        stated = [
            facts.get("name"),
            *facts.get("implementers", []),
            *facts.get("funders", []),
            *facts.get("partners", []),
        ]
        whole = f"{article.title}\n{article.text}"
        for name in filter(None, stated):
            assert _words(name) in _words(whole), (article.key, name)


def test_facts_of_an_article_behind_a_wall_are_in_its_summary(world: World) -> None:
    walled = [article for article in world.articles if article.fault and LABELS[article.key].is_new_project]
    assert walled
    for article in walled:
        facts = LABELS[article.key].facts or {}
        for name in [facts["name"], *facts["implementers"], *facts["funders"], *facts["partners"]]:
            assert name in article.summary, (article.key, name)


def test_articles_about_one_project_agree_on_countries_and_money(world: World) -> None:
    for key, project in PROJECTS.items():
        labels = [LABELS[a.key] for a in world.articles if LABELS[a.key].project == key]
        facts = [one.facts for one in labels if one.facts]
        assert len({(fact["amount"], fact["currency"]) for fact in facts}) == 1, key
        assert {tuple(fact["countries"]) for fact in facts} == {project.countries}, key


def test_project_articles_read_like_press_releases_and_news_items(world: World) -> None:
    for article in world.articles:
        if LABELS[article.key].is_new_project and not article.fault:
            fewest = 110 if article.lang == "ar" else 140  # Arabic writes articles and prepositions with their word
            assert fewest <= len(article.text.split()) <= 350, (article.key, len(article.text.split()))


def test_two_rounds_bring_a_follow_up_a_launch_and_other_news(world: World) -> None:
    late = [article for article in world.articles if article.round == 3]
    assert {article.round for article in world.articles} == {1, 3}
    told_before = {LABELS[article.key].project for article in world.articles if article.round == 1}
    assert [LABELS[a.key].project in told_before for a in late if LABELS[a.key].is_new_project].count(True) == 1
    assert [LABELS[a.key].project in told_before for a in late if LABELS[a.key].is_new_project].count(False) == 1
    assert len([article for article in late if not LABELS[article.key].is_relevant]) == 1


def test_an_outlet_that_is_not_there_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "newsroom")
    file = tmp_path / "newsroom" / "articles" / "herald.yaml"
    file.write_text(file.read_text("utf-8").replace("outlet: herald.example", "outlet: nobody.example"), "utf-8")
    with pytest.raises(NewsroomError, match=r"herald.yaml: outlet 'nobody.example'"):
        load_world(tmp_path / "newsroom")


def test_a_new_project_without_facts_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "newsroom")
    file = tmp_path / "newsroom" / "articles" / "herald.yaml"
    file.write_text(file.read_text("utf-8").replace("  facts:", "  nothing:", 1), "utf-8")
    with pytest.raises(NewsroomError, match=r"burundi-launch.*a new project needs"):
        read_labels(tmp_path / "newsroom")


def test_a_folder_without_a_world_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match=r"cannot read .*outlets.yaml"):
        load_world(tmp_path)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[«»“”\"()]", " ", text).split())
