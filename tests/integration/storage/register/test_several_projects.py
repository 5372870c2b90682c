"""An article that tells of several projects is one source of each of them."""

from __future__ import annotations

from dataclasses import replace

from classifier.document import Verdict
from storage.articles.articles import get_article
from storage.database.engine import Database
from storage.digests.coverage import count_articles_read
from storage.projects.listing import list_projects
from storage.records import ArticleReading
from storage.register.reprocess import reprocess_articles
from tests.support.register_world import DAY, LAUNCH, NOW, event, facts, judged, launch, read, tell

DOORS_TEXT = "In Kenya, Japan pays for Open Doors, which the Baobab Trust will run with a million dollars."
BOTH = f"{LAUNCH} {DOORS_TEXT}"
OF_BRIDGE, OF_DOORS = (0, len(LAUNCH)), (len(LAUNCH) + 1, len(BOTH))
DOORS = {"name": "Open Doors", "countries": "KE", "funders": "Japan", "implementers": "Baobab Trust", "amount": 1e6}


def both(key: str = "both", title: str = "Two projects") -> tuple[ArticleReading, Verdict]:
    """An article that tells of Lantern Bridge and of Open Doors."""
    other = replace(judged(facts(**DOORS)), elsewhere=(OF_BRIDGE,))
    return read(key, title=title, text=BOTH), replace(judged(facts()), elsewhere=(OF_DOORS,), others=(other,))


def names(database: Database) -> dict[str | None, list[int]]:
    """The projects there are, with the articles that tell of each."""
    with database.reading() as connection:
        found = list_projects(connection)
    return {one.facts.facts.name: [source.id for source in one.sources] for one in found}


def test_each_project_has_its_own_facts_and_the_article_as_its_source(database: Database) -> None:
    [made] = tell(database, both())
    (other,) = made.others
    assert (made.outcome, other.outcome) == ("new-project", "new-project")
    with database.reading() as connection:
        projects = {one.facts.facts.name: one for one in list_projects(connection)}
    assert {name: one.facts.facts.amount for name, one in projects.items()} == {
        "Lantern Bridge": 2_340_000,
        "Open Doors": 1e6,
    }
    assert {name: one.facts.facts.countries for name, one in projects.items()} == {
        "Lantern Bridge": ("MZ",),
        "Open Doors": ("KE",),
    }
    assert {source.url for one in projects.values() for source in one.sources} == {both()[0].url}


def test_each_is_found_again_by_who_tells_of_one_alone(database: Database) -> None:
    [made] = tell(database, both())
    [later] = tell(database, launch("doors", title="Doors open", text=DOORS_TEXT, stated=DOORS), at=NOW + DAY)
    assert later.project_id == made.others[0].project_id


def test_a_reprint_of_the_article_joins_both(database: Database) -> None:
    [made] = tell(database, both())
    [again] = tell(database, both("reprint", title="A pair of projects"), at=NOW + DAY)
    assert (again.project_id, again.others[0].project_id) == (made.project_id, made.others[0].project_id)
    assert sorted(map(len, names(database).values())) == [2, 2]


def test_projects_of_one_article_are_never_one_however_alike(database: Database) -> None:
    reading, verdict = both()
    twin = replace(verdict, others=(replace(verdict, others=()),))
    [made] = tell(database, (reading, twin))
    assert made.project_id != made.others[0].project_id


def test_the_same_article_again_changes_nothing(database: Database) -> None:
    [made] = tell(database, both())
    before = names(database)
    [again] = tell(database, both(), at=NOW + DAY)
    assert (again.outcome, [one.outcome for one in again.others]) == ("known-article", ["known-article"])
    assert (again.article_id, again.others[0].article_id) == (made.article_id, made.others[0].article_id)
    assert names(database) == before


def test_it_counts_as_one_article_that_was_read(database: Database) -> None:
    tell(database, both(), event())
    with database.reading() as connection:
        assert count_articles_read(connection, since_at=NOW, until_at=NOW + DAY) == 2


def test_each_tells_which_others_stand_beside_it(database: Database) -> None:
    [made] = tell(database, both())
    first, second = made.article_id, made.others[0].article_id
    with database.reading() as connection:
        found = {id_: get_article(connection, id_) for id_ in (first, second)}
    assert {id_: one and one.beside for id_, one in found.items()} == {first: (second,), second: (first,)}


def test_an_article_read_better_later_tells_of_its_second_project_too(database: Database) -> None:
    reading, verdict = both()
    [made] = tell(database, (reading, replace(verdict, elsewhere=(), others=())))
    changes = database.write_now(reprocess_articles, {made.article_id: verdict}, NOW + 30 * DAY)
    assert set(names(database)) == {"Lantern Bridge", "Open Doors"}
    assert [one.was for one in changes if "Open Doors" in one.is_now] == ["not a separate project"]
    with database.reading() as connection:
        assert {one.first_seen_at for one in list_projects(connection)} == {NOW}


def test_judged_again_each_keeps_its_own_project(database: Database) -> None:
    reading, verdict = both()
    [made] = tell(database, (reading, verdict))
    before = names(database)
    again = {made.article_id: verdict, made.others[0].article_id: verdict}
    assert database.write_now(reprocess_articles, again, NOW + 30 * DAY) == []
    assert names(database) == before


def test_a_project_that_is_not_read_in_it_any_more_goes(database: Database) -> None:
    reading, verdict = both()
    [made] = tell(database, (reading, verdict))
    alone = replace(verdict, others=())
    database.write_now(reprocess_articles, {made.article_id: alone, made.others[0].article_id: alone}, NOW + DAY)
    assert set(names(database)) == {"Lantern Bridge"}
