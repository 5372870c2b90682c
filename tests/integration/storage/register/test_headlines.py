"""Headlines of which nothing more could be read: one project whoever has them, and sure only with support."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest

from storage.articles.articles import get_article
from storage.database.engine import Database
from storage.digests.announcements import maybe_articles
from storage.projects.listing import list_projects
from storage.records import ArticleReading
from tests.support.register_world import DAY, LAUNCH, NOW, Telling, count, facts, judged, launch, tell

HEADLINE = "Norway pays for Lantern Bridge in Nampula"


def headline(
    outlet: str, title: str = HEADLINE, text: str = "", *, on: datetime | None = NOW, key: str = "1"
) -> Telling:
    """What a search feed brings of an article behind a wall, judged a new project by its title alone."""
    url = f"https://search.example/articles/{outlet.replace(' ', '')}-{key}"
    reading = ArticleReading((), url, url, title, text, "en", outlet, on, "summary", "a consent wall")
    return reading, judged(None, new="maybe", awaits_support=True)


def page(**changes: Any) -> Telling:
    """The publisher's own page."""
    return launch("own", host="herald.example", **{"title": HEADLINE, "text": LAUNCH, "on": NOW + DAY, **changes})


def sources(database: Database) -> list[list[int]]:
    with database.reading() as connection:
        return [[source.id for source in one.sources] for one in list_projects(connection)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
@pytest.mark.parametrize("is_one_batch", [True, False])
def test_one_headline_of_several_outlets_and_the_publishers_page_are_one_project(
    database: Database, order: tuple[int, ...], is_one_batch: bool
) -> None:
    tellings = [headline("Daily Star"), headline("The Herald"), headline("Post", f"{HEADLINE} | Post"), page()]
    ordered = [tellings[at] for at in order]
    for batch in [ordered] if is_one_batch else [[one] for one in ordered]:
        tell(database, *batch)
    with database.reading() as connection:
        assert count(connection) == (1, 0)
        [project] = list_projects(connection)
    assert len(project.sources) == 4
    assert project.facts.facts.name == "Lantern Bridge"
    assert [source.is_title_only for source in project.sources] == [at != 3 for at in order]


def test_a_headline_alone_is_no_project_until_a_second_outlet_has_it(database: Database) -> None:
    first, again, host = (
        headline("The Herald"),
        headline("Herald", key="2"),
        launch("h", host="www.herald.example", title=HEADLINE, text=""),
    )
    of_host = (host[0], first[1])
    assert [one.outcome for one in tell(database, first, again, of_host)] == ["new-story", "known-story", "known-story"]
    assert sources(database) == []
    [second] = tell(database, headline("Daily Star"))
    assert second.outcome == "new-project"
    assert sources(database) == [[1, 2, 3, 4]]
    with database.reading() as connection:
        article = get_article(connection, 1)
    assert article is not None
    assert article.reason == "the same headline, which is all that could be read of one of them"


def test_outlets_are_told_apart_by_what_stands_behind_the_title_where_nothing_else_names_them(
    database: Database,
) -> None:
    tell(database, headline("search.example", f"{HEADLINE} - The Herald"))
    tell(database, headline("search.example", f"{HEADLINE} - Herald", key="2"))
    assert sources(database) == []
    tell(database, headline("search.example", f"{HEADLINE} - Daily Star", key="3"))
    assert sources(database) == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("title", "on"),
    [
        ("Norway pays for Stone Bridge in Nampula", NOW),
        ("Shelters along northern roads open soon - Kenya", NOW),
        (HEADLINE, NOW + 30 * DAY),
    ],
)
def test_another_headline_or_one_of_another_month_is_another_story(
    database: Database, title: str, on: datetime
) -> None:
    tell(database, headline("The Herald"), headline("Post", "Shelters along northern roads open soon - Nepal"))
    tell(database, headline("Daily Star", title, on=on))
    with database.reading() as connection:
        assert count(connection) == (0, 3)


def test_one_headline_over_another_country_is_another_project(database: Database) -> None:
    of_mozambique = judged(facts(name=None), new="maybe", awaits_support=True)
    tell(database, *[(headline(outlet)[0], of_mozambique) for outlet in ("The Herald", "Daily Star")])
    tell(database, page(stated={"name": None, "implementers": "Sunrise", "countries": "KE"}))
    assert sources(database) == [[3], [1, 2]]


def test_a_headline_of_common_words_joins_nothing(database: Database) -> None:
    common = "Government launches new project against human trafficking"
    tell(database, headline("The Herald", common), headline("Daily Star", common))
    with database.reading() as connection:
        assert count(connection) == (0, 2)


def test_headlines_without_dates_are_one_too(database: Database) -> None:
    tell(database, headline("The Herald", on=None), headline("Daily Star", on=None))
    assert sources(database) == [[1, 2]]


@pytest.mark.parametrize("is_cut_first", [True, False])
@pytest.mark.parametrize("end", ["childr…", "children of ..."])
def test_a_headline_that_was_cut_is_the_whole_one(database: Database, end: str, is_cut_first: bool) -> None:
    whole = "Norway pays for Lantern Bridge, six shelters for trafficked children of Nampula and Tete"
    cut = f"Norway pays for Lantern Bridge, six shelters for trafficked {end}"
    told = [headline("The Herald", cut), headline("Daily Star", whole)]
    tell(database, *(told if is_cut_first else told[::-1]))
    assert sources(database) == [[1, 2]]


def test_headlines_that_are_doubtful_in_themselves_support_nothing(database: Database) -> None:
    doubtful = [(reading, judged(facts(), new="maybe")) for reading, _ in (headline("Herald"), headline("Daily Star"))]
    tell(database, *doubtful)
    with database.reading() as connection:
        assert count(connection) == (0, 1)


@pytest.mark.parametrize("is_page_first", [True, False])
def test_a_text_that_is_no_project_is_not_overruled_by_headlines(database: Database, is_page_first: bool) -> None:
    text, _ = page()
    told = [(text, judged(None, new="no")), headline("Daily Star")]
    tell(database, *(told if is_page_first else told[::-1]))
    with database.reading() as connection:
        assert count(connection) == (0, 1)


def test_a_headline_of_several_outlets_is_one_maybe(database: Database) -> None:
    tell(database, headline("Herald"), headline("Herald", key="2"))
    tell(database, headline("Herald", "Norway pays for doors in Tete", key="3"))
    with database.reading() as connection:
        found = maybe_articles(connection, since_at=NOW - DAY, until_at=NOW + DAY)
    assert [one.id for one in found] == [1, 3]
