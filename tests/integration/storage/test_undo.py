"""A person's label decides at once, and every decision can be taken back: what was there comes back, ids included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from storage.articles.articles import get_article
from storage.articles.labels import read_labels
from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project, split_article
from storage.corrections.requests import CorrectionRefused
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.history import list_history
from tests.support.correcting import NEW, NOT_NEW, SIGNED, listed, send, show, to_announce, undo_last
from tests.support.register_world import DAY, NOW, count, event, facts, judged, launch, retelling, tell


def test_an_article_labelled_no_new_project_takes_its_project_out_of_list_and_digest(database: Database) -> None:
    [made] = tell(database, launch())
    assert to_announce(database) == [made.project_id]
    database.write_now(label_article, made.article_id, **NOT_NEW, **SIGNED)
    assert to_announce(database) == []
    assert listed(database) == []
    assert listed(database, is_refuted=True) == [made.project_id]
    assert show(database, made.project_id).is_refuted


def test_a_project_that_another_article_announces_stays(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(database, retelling())
    assert first.project_id == second.project_id
    database.write_now(label_article, first.article_id, **NOT_NEW, **SIGNED)
    assert listed(database) == to_announce(database) == [first.project_id]


def test_an_article_labelled_a_new_project_makes_one_that_is_announced(database: Database) -> None:
    [told] = tell(database, event("news", title="Norway pays for Lantern Bridge", text="Six centres will open."))
    assert told.project_id is None
    verdict = judged(facts())
    database.write_now(label_article, told.article_id, verdict=verdict, **NEW, **SIGNED)
    with database.reading() as connection:
        article = get_article(connection, told.article_id)
        assert count(connection) == (1, 0)
    assert article is not None
    assert to_announce(database) == [article.project_id]
    assert show(database, article.project_id).facts.facts.funders == ("Norway",)
    undo_last(database)
    assert to_announce(database) == listed(database) == []
    with database.reading() as connection:
        assert count(connection) == (0, 1)
        assert read_labels(connection) == {}


def test_what_is_labelled_undone_and_labelled_again_keeps_its_id_and_is_announced_once(database: Database) -> None:
    [told] = tell(database, event("news", title="Norway pays for Lantern Bridge", text="Six centres will open."))
    new: dict[str, Any] = {"verdict": judged(facts()), **NEW, **SIGNED}
    database.write_now(label_article, told.article_id, **new)
    [made] = to_announce(database)
    send(database, "1", new=(made,))
    undo_last(database)
    assert listed(database) == []
    database.write_now(label_article, told.article_id, **new)
    assert (listed(database), to_announce(database)) == ([made], [])
    undo_last(database)
    assert listed(database) == []


def test_an_article_labelled_a_new_project_joins_the_one_that_is_known(database: Database) -> None:
    [known] = tell(database, launch())
    [news] = tell(database, event("news", title="Doors for children", text="Little was said.", on=NOW + DAY))
    database.write_now(label_article, news.article_id, verdict=judged(facts()), **NEW, **SIGNED)
    assert [one.id for one in show(database, known.project_id).sources] == [known.article_id, news.article_id]


def test_a_label_that_is_undone_is_as_if_it_had_not_been(database: Database) -> None:
    [made] = tell(database, launch())
    database.write_now(label_article, made.article_id, **NOT_NEW, **SIGNED)
    undo_last(database)
    assert to_announce(database) == listed(database) == [made.project_id]
    with database.reading() as connection:
        assert read_labels(connection) == {}
        article = get_article(connection, made.article_id)
    assert article is not None
    assert (article.is_new_project, article.labels) == (True, ())


def test_a_projects_label_is_undone_with_those_of_its_articles(database: Database) -> None:
    [first] = tell(database, launch())
    tell(database, retelling())
    assert first.project_id is not None
    database.write_now(label_project, first.project_id, is_new_project=False, **SIGNED)
    assert listed(database) == []
    with database.reading() as connection:
        assert [(one.kind, one.about) for one in list_decisions(connection, 50)] == [("label", first.project_id)]
    undo_last(database)
    assert to_announce(database) == listed(database) == [first.project_id]
    with database.reading() as connection:
        assert read_labels(connection) == {}


def test_a_fix_is_undone_to_the_fix_before_it(database: Database) -> None:
    [made] = tell(database, launch(stated={"start": "2026-03"}))
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "start", "2026-05", **SIGNED)
    database.write_now(fix_fact, made.project_id, "start", "2026-06", by=DecidedBy("amina", "", NOW + 2 * DAY))
    with database.reading() as connection:
        decided = list_decisions(connection, 50)
    assert [(one.was, one.is_now) for one in decided] == [("2026-05", "2026-06"), ("2026-03", "2026-05")]
    with pytest.raises(CorrectionRefused, match=f"decision {decided[0].id} came after"):
        database.write_now(undo_decision, decided[1].id, by=DecidedBy("bo", "", NOW + 3 * DAY))
    undo_last(database)
    assert show(database, made.project_id).facts.facts.start == "2026-05"
    undo_last(database)
    assert show(database, made.project_id).facts.facts.start == "2026-03"


def test_a_split_is_undone(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(database, retelling())
    assert first.project_id is not None
    fresh = database.write_now(split_article, first.project_id, second.article_id, **SIGNED)
    assert fresh is not None
    undo_last(database)
    whole = show(database, fresh.public_id)
    assert whole.public_id == first.project_id
    assert [one.id for one in whole.sources] == [first.article_id, second.article_id]
    assert whole.links == ()


def test_what_a_split_leaves_without_an_announcement_is_no_project_until_it_is_undone(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(database, retelling())
    assert first.project_id is not None
    database.write_now(label_article, second.article_id, **NOT_NEW, **SIGNED)
    fresh = database.write_now(split_article, first.project_id, first.article_id, **SIGNED)
    assert fresh is not None
    assert to_announce(database) == listed(database) == [fresh.public_id]
    assert listed(database, is_refuted=True) == [first.project_id]
    undo_last(database)
    assert to_announce(database) == listed(database) == [first.project_id]


def test_news_that_was_split_off_comes_back_too(database: Database) -> None:
    named = {"name": "Lantern Bridge Coast Project"}
    text = "The Lantern Bridge Coast Project of the Harbour Light Foundation was praised by Amina Cossa in Beira."
    [first] = tell(database, launch(stated=named))
    [news] = tell(database, event("news", title="Praise", text=text, on=NOW + DAY))
    assert first.project_id is not None
    assert database.write_now(split_article, first.project_id, news.article_id, **SIGNED) is None
    undo_last(database)
    assert [one.id for one in show(database, first.project_id).sources] == [first.article_id, news.article_id]
    with database.reading() as connection:
        assert count(connection) == (1, 0)


def test_what_was_undone_stays_in_the_history_with_who_undid_it(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "countries", "TZ", **SIGNED)
    undo_last(database, why="a typing error")
    with database.reading() as connection:
        history = [(one.kind, one.who, one.why) for one in list_history(connection, made.project_id) if one.is_human]
        assert [one.is_undone for one in list_decisions(connection, 50)] == [True]
    assert history == [("undone fix", "amina", "seen on site"), ("undo", "bo", "a typing error")]


@pytest.mark.parametrize("number", [99, -1])
def test_only_a_persons_decision_can_be_undone(database: Database, number: int) -> None:
    tell(database, launch())
    with pytest.raises(CorrectionRefused, match="there is no decision"):
        database.write_now(undo_decision, number, by=DecidedBy("bo", "", NOW))


def test_nothing_is_undone_twice(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.project_id is not None
    database.write_now(fix_fact, made.project_id, "end", "2029", **SIGNED)
    undo_last(database)
    with database.reading() as connection:
        [one] = list_decisions(connection, 50)
    with pytest.raises(CorrectionRefused, match="undone already"):
        database.write_now(undo_decision, one.id, by=DecidedBy("bo", "", NOW + timedelta(days=4)))
