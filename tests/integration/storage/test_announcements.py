"""What a digest should hold, over merges, late transactions and new subscriptions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.articles.store import ArticlePlace, set_places
from storage.database.engine import Database
from storage.digests.announcements import maybe_articles, other_stories, stream_updates, unannounced_ids
from storage.projects.projects import load_projects
from storage.tables.schema import article, project, story
from tests.support.announcing import announce_projects
from tests.support.crawl_records import DAY, HOUR, NOW, add_project, reading, store_articles, verdict

LONG_AGO = NOW - 30 * DAY


def new_to(
    database: Database, subscription: str, *, since_at: datetime = LONG_AGO, until_at: datetime = NOW
) -> list[str]:
    with database.reading() as connection:
        found = load_projects(
            connection, unannounced_ids(connection, subscription, since_at=since_at, until_at=until_at)
        )
        return [one.public_id for one in found]


def updates_of(database: Database, subscription: str) -> dict[str, tuple[int, ...]]:
    with database.reading() as connection:
        found = stream_updates(connection, subscription, since_at=LONG_AGO, until_at=NOW + 30 * DAY)
        return {one.project.public_id: one.article_ids for one in found}


def announce(
    database: Database, subscription: str, *project_ids: int, slot: str = "1", articles: tuple[int, ...] | None = None
) -> None:
    database.write_now(
        announce_projects, project_ids, subscription=subscription, slot_key=slot, slot_at=NOW, articles=articles
    )


def make(database: Database, public_id: str, *, confirmed_at: datetime | None = NOW - HOUR) -> int:
    return database.write_now(add_project, public_id, confirmed_at=confirmed_at)


def merge(database: Database, loser: int, winner: int) -> None:
    with database.writing() as connection:
        connection.execute(update(project).where(project.c.id == loser).values(merged_into_id=winner))


def tell(database: Database, number: int, project_id: int, *, at: datetime = NOW - HOUR) -> int:
    """An article of a project."""

    def work(connection: Connection) -> int:
        (stored,) = store_articles(connection, [(reading(number), verdict(new="yes", topic="project"))], at)
        set_places(connection, [ArticlePlace(stored.article_id, "known-project", project_id=project_id)])
        return stored.article_id

    return database.write_now(work)


def test_a_project_is_new_to_each_subscription_once(database: Database) -> None:
    first = make(database, "P-AAAAAA")
    assert new_to(database, "morning") == ["P-AAAAAA"]
    announce(database, "morning", first)
    make(database, "P-BBBBBB")
    assert new_to(database, "morning") == ["P-BBBBBB"]
    assert new_to(database, "weekly") == ["P-AAAAAA", "P-BBBBBB"]


def test_a_project_held_only_perhaps_is_not_announced_until_it_is_sure(database: Database) -> None:
    doubtful = make(database, "P-AAAAAA", confirmed_at=None)
    assert new_to(database, "morning") == []
    with database.writing() as connection:
        sure = {"band": "yes", "confirmed_at": NOW - HOUR}
        connection.execute(update(project).where(project.c.id == doubtful).values(sure))
    assert new_to(database, "morning") == ["P-AAAAAA"]


def test_a_period_includes_its_beginning_and_not_its_end(database: Database) -> None:
    make(database, "P-AAAAAA", confirmed_at=NOW - DAY)
    make(database, "P-BBBBBB", confirmed_at=NOW)
    assert new_to(database, "morning", since_at=NOW - DAY) == ["P-AAAAAA"]
    assert new_to(database, "morning", since_at=NOW, until_at=NOW + DAY) == ["P-BBBBBB"]


def test_a_new_subscription_looks_back_no_further_than_it_is_told(database: Database) -> None:
    make(database, "P-AAAAAA", confirmed_at=NOW - 10 * DAY)
    make(database, "P-BBBBBB", confirmed_at=NOW - DAY)
    assert new_to(database, "weekly", since_at=NOW - 7 * DAY) == ["P-BBBBBB"]


def test_a_project_that_swallows_an_announced_one_is_not_new(database: Database) -> None:
    old, new = make(database, "P-AAAAAA"), make(database, "P-BBBBBB")
    announce(database, "morning", old)
    merge(database, old, new)
    assert new_to(database, "morning") == []
    assert new_to(database, "weekly") == ["P-BBBBBB"]


def test_a_project_merged_into_an_announced_one_is_not_new(database: Database) -> None:
    old, new = make(database, "P-AAAAAA"), make(database, "P-BBBBBB")
    announce(database, "morning", old)
    merge(database, new, old)
    assert new_to(database, "morning") == []


def test_an_announcement_is_remembered_over_merges_of_merges(database: Database) -> None:
    one, two, three = (make(database, name) for name in ("P-AAAAAA", "P-BBBBBB", "P-CCCCCC"))
    announce(database, "morning", one)
    merge(database, one, two)
    merge(database, two, three)
    assert new_to(database, "morning") == []
    assert new_to(database, "weekly") == ["P-CCCCCC"]


def test_a_merge_undone_announces_nothing_twice(database: Database) -> None:
    old, new = make(database, "P-AAAAAA"), make(database, "P-BBBBBB")
    announce(database, "morning", old)
    merge(database, old, new)
    with database.writing() as connection:
        connection.execute(update(project).where(project.c.id == old).values(merged_into_id=None))
    assert new_to(database, "morning") == ["P-BBBBBB"]


def test_news_of_an_announced_project_is_an_update_once(database: Database) -> None:
    known, unknown = make(database, "P-AAAAAA"), make(database, "P-BBBBBB")
    tell(database, 1, known)
    announce(database, "morning", known)
    assert updates_of(database, "morning") == {}
    second = tell(database, 2, known, at=NOW + HOUR)
    tell(database, 3, unknown, at=NOW + HOUR)
    assert updates_of(database, "morning") == {"P-AAAAAA": (second,)}
    assert updates_of(database, "weekly") == {}
    announce(database, "morning", slot="2", articles=(second,))
    assert updates_of(database, "morning") == {}


def test_an_article_that_came_too_late_for_the_announcement_is_an_update(database: Database) -> None:
    """Its transaction ended after the digest was composed, though its time lies within the digest's period."""
    known = make(database, "P-AAAAAA")
    told, late = tell(database, 1, known), tell(database, 2, known)
    announce(database, "morning", known, articles=(told,))
    assert updates_of(database, "morning") == {"P-AAAAAA": (late,)}


def test_news_of_a_merged_project_is_an_update_of_the_whole(database: Database) -> None:
    old, new = make(database, "P-AAAAAA"), make(database, "P-BBBBBB")
    announce(database, "morning", old)
    merge(database, old, new)
    late = tell(database, 1, new, at=NOW + HOUR)
    stray = tell(database, 2, old, at=NOW + HOUR)
    assert updates_of(database, "morning") == {"P-BBBBBB": (late, stray)}


def test_the_middle_band_is_listed_the_likeliest_first(database: Database) -> None:
    sure, doubtful = make(database, "P-AAAAAA"), make(database, "P-BBBBBB", confirmed_at=None)
    batch = [
        (reading(1), verdict(new="maybe", topic="project")),
        (reading(2), verdict(relevant="maybe")),
        (reading(3), verdict(new="maybe", topic="project")),
        (reading(4), verdict(new="maybe", topic="project")),
        (reading(5), verdict()),
        (reading(6), verdict(new="maybe", topic="project")),
    ]
    database.write_now(store_articles, batch, NOW)
    places = [
        ArticlePlace(3, "known-project", project_id=sure),
        ArticlePlace(4, "new-project", project_id=doubtful),
        ArticlePlace(6, "near-copy", copy_of_id=1),
    ]
    database.write_now(set_places, places)
    with database.reading() as connection:
        found = maybe_articles(connection, since_at=NOW, until_at=NOW + HOUR)
        assert [one.id for one in found] == [1, 4, 2]
        assert maybe_articles(connection, since_at=NOW - DAY, until_at=NOW) == []
        assert len(maybe_articles(connection, since_at=NOW, until_at=NOW + HOUR, limit=1)) == 1


def test_other_stories_are_each_told_once_with_their_outlets(database: Database) -> None:
    sure = make(database, "P-AAAAAA")
    with database.writing() as connection:
        rows = [
            {"title": title, "topic": "crime-case", "language": "en", "first_seen_at": at}
            for title, at in (("One outlet", NOW), ("Two outlets", NOW), ("Yesterday's", NOW - DAY), ("A project", NOW))
        ]
        connection.execute(insert(story), rows)
        ids = dict(connection.execute(select(story.c.title, story.c.id)).all())
    batch = [
        (reading(1, outlet="Herald"), verdict()),
        (reading(2, outlet="Herald"), verdict()),
        (reading(3, outlet="Courier"), verdict()),
        (reading(4), verdict()),
        (reading(5), verdict(new="yes", topic="project")),
        (reading(6), verdict(relevant="no")),
    ]
    database.write_now(store_articles, batch, NOW)
    places = [
        ArticlePlace(1, "new-story", story_id=ids["One outlet"]),
        ArticlePlace(2, "new-story", story_id=ids["Two outlets"]),
        ArticlePlace(3, "known-story", story_id=ids["Two outlets"]),
        ArticlePlace(4, "known-story", story_id=ids["Yesterday's"]),
        ArticlePlace(5, "new-project", story_id=ids["A project"], project_id=sure),
        ArticlePlace(6, "known-story", story_id=ids["One outlet"]),
    ]
    database.write_now(set_places, places)
    with database.reading() as connection:
        found = other_stories(connection, since_at=NOW, until_at=NOW + HOUR)
        assert connection.execute(select(article.c.id).where(article.c.story_id.is_not(None))).all()
    assert [(one.title, one.outlets, one.article_ids) for one in found] == [
        ("Two outlets", ("Herald", "Courier"), (2, 3)),
        ("One outlet", ("Herald",), (1,)),
    ]
