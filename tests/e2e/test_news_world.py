"""The main job on the bundled news world: the real crawl, judgement, register and digest over three mornings."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from storage.database.engine import Database
from storage.projects.listing import list_projects
from storage.projects.projects import Project
from storage.register.compare.organisations import read_organisation
from storage.urls import canonicalise_url
from tests.support.newsroom_expected import expected_articles, expected_projects
from tipwatch.cli.demo_run import demo_configuration
from tipwatch.cli.progress import showing
from tipwatch.config.load import Configuration, load_config
from tipwatch.demo.newsroom import Newsroom
from tipwatch.engine.runner import Runner

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Morning:
    """What one morning brought, beside what there was to find.

    `expected` and `found` map each project (the news world's key; the register's id) to the addresses of its articles.
    `announced` are the ids of the projects a digest of this morning called new.
    """

    expected: dict[str, frozenset[str]]
    found: dict[str, frozenset[str]]
    projects: dict[str, Project]
    pages_asked: list[str]
    feed_statuses: list[int]
    announced: list[str]
    letters: list[str]


@dataclass(frozen=True)
class Mornings:
    first: Morning
    second: Morning
    third: Morning


async def live_through(database: Database, configuration: Configuration, newsroom: Newsroom) -> Morning:
    before = len(newsroom.requests)
    outbox = Path(configuration.mail.folder)
    letters_before = set(outbox.glob("*.eml"))
    began = time.monotonic()
    with showing() as progress:
        work = Runner(
            database,
            configuration,
            # the news world's day, on which time passes as it does here
            now=lambda: newsroom.now + timedelta(seconds=time.monotonic() - began),
            progress=progress,
        )
        try:
            await work.crawl(asyncio.Event())
            await work.deliver()
        finally:
            await work.close()
    asked = newsroom.requests[before:]
    pages = {"/" + article.url.split("/", 3)[3] for article in expected_articles(newsroom)}
    with database.reading() as connection:
        projects = {project.public_id: project for project in list_projects(connection, limit=1000)}
    letters = [read_letter(path) for path in sorted(set(outbox.glob("*.eml")) - letters_before)]
    new_parts = [letter.split("Updates to known projects")[0] for letter in letters]
    return Morning(
        expected={
            one.key: frozenset(canonicalise_url(url) for url in one.articles) for one in expected_projects(newsroom)
        },
        found={id_: frozenset(canonicalise_url(source.url) for source in one.sources) for id_, one in projects.items()},
        projects=projects,
        pages_asked=[one.path for one in asked if one.path in pages],
        feed_statuses=[one.status for one in asked if one.path not in pages and "robots" not in one.path],
        announced=[id_ for part in new_parts for id_ in re.findall(r"^  (P-\w+) · ", part, re.MULTILINE)],
        letters=letters,
    )


def read_letter(path: Path) -> str:
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    return "" if body is None else str(body.get_content())


@pytest.fixture(scope="module")
def mornings(tmp_path_factory: pytest.TempPathFactory) -> Mornings:
    folder = tmp_path_factory.mktemp("news-world")

    async def live() -> Mornings:
        async with Newsroom.load() as newsroom:
            file = folder / "config.yaml"
            file.write_text(demo_configuration(newsroom.sources, newsroom.hosts))
            configuration = load_config(file, {})
            configuration.data_folder.mkdir()
            with Database.open(configuration.database_url) as database:
                first = await live_through(database, configuration, newsroom)
                newsroom.advance()
                second = await live_through(database, configuration, newsroom)
                newsroom.advance()
                third = await live_through(database, configuration, newsroom)
        return Mornings(first, second, third)

    return asyncio.run(live())


def test_the_first_crawl_finds_exactly_the_projects_there_are_each_once(mornings: Mornings) -> None:
    assert sorted(map(sorted, mornings.first.found.values())) == sorted(map(sorted, mornings.first.expected.values()))


def test_the_second_crawl_asks_for_no_page_and_finds_nothing_new(mornings: Mornings) -> None:
    assert mornings.second.pages_asked == []
    assert mornings.second.feed_statuses.count(304) >= 10
    assert mornings.second.found == mornings.first.found
    [letter] = mornings.second.letters
    assert "No new counter-trafficking project" in letter


def test_on_the_third_morning_one_project_gains_a_source_and_one_is_new(mornings: Mornings) -> None:
    first, third = mornings.first, mornings.third
    assert sorted(map(sorted, third.found.values())) == sorted(map(sorted, third.expected.values()))
    assert len(set(third.found) - set(first.found)) == 1
    assert len([id_ for id_ in first.found if third.found[id_] > first.found[id_]]) == 1
    assert set(first.found) <= set(third.found)


def test_each_project_is_announced_as_new_exactly_once_but_for_one_of_years_ago(mornings: Mornings) -> None:
    projects = mornings.first.projects.items()
    older = {id_ for id_, one in projects if all(at.year < 2019 for s in one.sources if (at := s.published_at))}
    assert len(older) == 1
    assert sorted(mornings.first.announced) == sorted(set(mornings.first.found) - older)
    assert mornings.second.announced == []
    assert sorted(mornings.third.announced) == sorted(set(mornings.third.found) - set(mornings.first.found))


def test_the_launch_in_burundi_is_told_with_its_facts_by_three_outlets(mornings: Mornings) -> None:
    [project] = [one for one in mornings.first.projects.values() if one.facts.facts.countries == ("BI",)]
    facts = project.facts.facts
    assert facts.name == "Burundi Counter-Trafficking 2019-2022"
    assert [read_organisation(name).key for name in facts.implementers] == ["@IOM"]
    assert [read_organisation(name).government for name in facts.funders] == ["NL"]
    assert (facts.amount, facts.currency, facts.countries) == (3_000_000, "USD", ("BI",))
    assert facts.start is not None
    assert facts.start.startswith("2019")  # to the year, or as one outlet knows it, to the day
    assert facts.end is not None
    assert facts.end.startswith("2022")
    assert facts.duration_months == 36
    assert len(project.sources) == 3
    assert "fr" in {source.language for source in project.sources}


def test_the_second_phase_in_nigeria_follows_the_first(mornings: Mornings) -> None:
    second, first = (
        next(one for one in mornings.first.projects.values() if one.facts.facts.name == name)
        for name in ("Pathways Home II", "Pathways Home")
    )
    assert [(link.kind, link.public_id) for link in second.links] == [("follows", first.public_id)]
    [letter] = mornings.first.letters
    assert f"{first.public_id}), which it follows" in " ".join(letter.split())
