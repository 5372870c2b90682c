"""Only news is news: what is old, or imported as history, fills the register without being announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from storage.corrections.labels import label_article
from storage.corrections.projects import merge_projects, split_article
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.dates import is_news
from storage.decisions import DecidedBy
from storage.digests.announcements import maybe_articles, other_stories, stream_updates, unannounced_ids
from storage.digests.coverage import count_older_projects
from storage.digests.week import updated_projects
from storage.projects.projects import load_projects
from storage.register.reprocess import reprocess_articles
from tests.support.announcing import announce_projects
from tests.support.register_world import DAY, NOW, Telling, event, launch, retelling, tell

WEEK: dict[str, Any] = {"since_at": NOW - DAY, "until_at": NOW + 7 * DAY}
SIXTY_DAYS = 60 * 86_400
PERSON = DecidedBy("ana", "known", NOW)


def old(telling: Telling) -> Telling:
    return replace(telling[0], is_news=False), telling[1]


def another(key: str = "another", **changes: Any) -> Telling:
    stated = {"name": "Safe Harvest", "implementers": "Field Trust", "countries": "PE", "amount": 75_000.0}
    text = "Field Trust begins Safe Harvest in Loreto, against forced labour on plantations, for eighteen months."
    return launch(key, title="Safe Harvest begins in Loreto", text=text, stated=stated, **changes)


def announced(database: Database) -> list[str]:
    with database.reading() as connection:
        return [one.public_id for one in load_projects(connection, unannounced_ids(connection, "morning", **WEEK))]


def older(database: Database) -> int:
    with database.reading() as connection:
        return count_older_projects(connection, **WEEK)


def test_an_old_article_fills_the_register_and_is_counted_not_announced(database: Database) -> None:
    [made] = tell(database, old(launch()))
    assert made.outcome == "new-project"
    assert (announced(database), older(database)) == ([], 1)


def test_imported_history_is_not_counted_either(database: Database) -> None:
    tell(database, old(launch(read_from="import")))
    assert (announced(database), older(database)) == ([], 0)


def test_what_is_old_or_imported_is_neither_a_maybe_nor_other_news(database: Database) -> None:
    tell(
        database,
        *(old(event(key, read_from=key)) for key in ("import", "page")),
        old(launch("m", new="maybe", read_from="import")),
        old(launch("o", new="maybe", title="Centres in Nampula", on=NOW - 900 * DAY)),
        event("fresh", title="Three rescued in Tete", text="The police freed three women."),
    )
    with database.reading() as connection:
        assert maybe_articles(connection, **WEEK) == []
        [story] = other_stories(connection, **WEEK)
    assert story.url == "https://herald.example/news/fresh"


def test_a_fresh_maybe_is_shown_though_an_old_one_of_its_story_came_before(database: Database) -> None:
    tell(database, old(launch("old", new="maybe")))
    tell(database, retelling("fresh", new="maybe"), at=NOW + DAY)
    with database.reading() as connection:
        assert [one.url for one in maybe_articles(connection, **WEEK)] == ["https://herald.example/news/fresh"]


def test_an_old_article_of_a_known_project_is_no_update(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.project_id
    with database.writing() as connection:
        [id_] = unannounced_ids(connection, "morning", **WEEK)
        announce_projects(connection, [id_], slot_at=NOW)
    for is_old, articles in ((True, 0), (False, 1)):
        telling = retelling(f"again-{is_old}")
        [joined] = tell(database, old(telling) if is_old else telling, at=NOW + DAY)
        assert joined.project_id == made.project_id
        with database.reading() as connection:
            updates = list(stream_updates(connection, "morning", **WEEK))
            assert [len(one.article_ids) for one in updates] == [1] * articles
            assert len(list(updated_projects(connection, since_at=NOW + DAY, until_at=NOW + 2 * DAY))) == articles


def test_a_fresh_article_announces_a_project_that_was_silent(database: Database) -> None:
    [made] = tell(database, old(launch()))
    [joined] = tell(database, retelling(), at=NOW + 2 * DAY)
    assert joined.project_id == made.project_id
    assert (announced(database), older(database)) == ([made.project_id], 0)


def test_a_fresh_article_that_announces_nothing_leaves_it_silent(database: Database) -> None:
    [made] = tell(database, old(launch()))
    [joined] = tell(database, retelling(new="no"), at=NOW + 2 * DAY)
    assert joined.project_id == made.project_id
    assert announced(database) == []


def test_in_one_batch_the_fresh_one_of_two_announces(database: Database) -> None:
    first, second = tell(database, old(launch()), retelling())
    assert first.project_id == second.project_id
    assert announced(database) == [first.project_id]


def test_a_silent_project_into_which_a_new_one_is_merged_is_news_until_that_is_undone(database: Database) -> None:
    [silent], [news] = tell(database, old(launch())), tell(database, another())
    assert silent.project_id
    assert news.project_id
    database.write_now(merge_projects, silent.project_id, news.project_id, by=PERSON)
    assert announced(database) == [silent.project_id]
    with database.writing() as connection:
        [merge] = list_decisions(connection, 5)
        undo_decision(connection, merge.id, by=PERSON)
    assert announced(database) == [news.project_id]


def test_what_is_split_off_a_silent_project_is_silent(database: Database) -> None:
    [made], [joined] = tell(database, old(launch())), tell(database, old(retelling()))
    assert made.project_id
    database.write_now(split_article, made.project_id, joined.article_id, by=PERSON)
    assert announced(database) == []


def test_who_labels_an_old_article_as_a_new_project_has_it_announced(database: Database) -> None:
    [made] = tell(database, old(launch()))
    labels: dict[str, Any] = {"is_relevant": True, "is_new_project": True}
    database.write_now(label_article, made.article_id, **labels, by=PERSON)
    assert announced(database) == [made.project_id]


@pytest.mark.parametrize("read_from", ["import", "page"])
def test_reprocessing_makes_no_news_of_what_is_old_or_imported(database: Database, read_from: str) -> None:
    on = NOW if read_from == "import" else NOW - 90 * DAY
    [made] = tell(database, old(launch(new="no", read_from=read_from, on=on)))
    assert announced(database) == []
    database.write_now(reprocess_articles, {made.article_id: launch()[1]}, NOW)
    assert announced(database) == []
    with database.reading() as connection:
        assert unannounced_ids(connection, "morning", **WEEK) == []


def test_fresh_is_what_its_date_may_still_mean() -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    august, october = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
    assert is_news(None, "day", now, SIXTY_DAYS)
    assert is_news(october, "month", now, SIXTY_DAYS)
    assert not is_news(datetime(2026, 9, 30, tzinfo=UTC), "day", now, SIXTY_DAYS)
    assert not is_news(august, "month", now, SIXTY_DAYS)
    assert is_news(datetime(2026, 1, 1, tzinfo=UTC), "year", now, SIXTY_DAYS)
    assert is_news(august, "day", now, 0)
