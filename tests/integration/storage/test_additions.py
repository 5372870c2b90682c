"""A project that a person adds is in the register like any other, and leaves it again with the addition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from classifier.document import Facts
from storage.articles.articles import get_article
from storage.corrections.additions import Addition, add_project
from storage.corrections.entered_values import read_facts
from storage.corrections.requests import CorrectionRefused
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import maybe_articles, other_stories, unannounced_ids
from storage.projects.history import list_history
from storage.projects.listing import ProjectFilter, list_projects
from storage.projects.projects import Project, get_project
from storage.tables.schema import article_text
from tests.support.register_world import DAY, NOW, RETELLING, facts, judged, launch, read, tell

LATER = NOW + DAY


def add(database: Database, key: str = "added", **reading: Any) -> Addition:
    unsure = replace(judged(facts()), new_project_probability=0.03)
    page = read(key, **{"title": "Six doors for children", "text": RETELLING, **reading})
    return database.write_now(add_project, page, unsure, by=DecidedBy("amina", "a letter", LATER))


def show(database: Database, public_id: str) -> Project:
    with database.reading() as connection:
        found = get_project(connection, public_id)
    assert found is not None
    return found


def seen_by_readers(database: Database) -> list[object]:
    """All that a list or a digest would hold."""
    since_at, until_at = NOW - DAY, NOW + 30 * DAY
    with database.reading() as connection:
        return [
            *list_projects(connection, ProjectFilter()),
            *unannounced_ids(connection, "daily", since_at=since_at, until_at=until_at),
            *maybe_articles(connection, since_at=since_at, until_at=until_at),
            *other_stories(connection, since_at=since_at, until_at=until_at),
        ]


def undo_last(database: Database) -> None:
    with database.reading() as connection:
        last = list_decisions(connection, 1)[0]
    database.write_now(undo_decision, last.id, by=DecidedBy("bo", "", LATER + DAY))


def test_a_project_that_is_added_is_announced_whatever_a_machine_makes_of_it(database: Database) -> None:
    added = add(database, on=NOW - 900 * DAY)
    project = show(database, added.project_id)
    assert (added.is_made, added.was_known) == (True, False)
    assert (project.is_labelled, project.facts.facts.funders) == (True, ("Norway",))
    with database.reading() as connection:
        assert unannounced_ids(connection, "daily", since_at=NOW, until_at=LATER + DAY) == [project.id]
        labels = [one for one in list_history(connection, added.project_id) if one.kind == "label"]
        article = get_article(connection, added.article_id)
    assert [(one.who, one.why) for one in labels] == [("amina", "a letter")]
    assert article is not None
    assert [(one.who, one.is_new_project) for one in article.labels] == [("amina", True)]


def test_one_that_is_known_is_joined(database: Database) -> None:
    [known] = tell(database, launch())
    added = add(database)
    assert (added.project_id, added.is_made) == (known.project_id, False)
    assert len(show(database, added.project_id).sources) == 2


def test_an_addition_that_is_undone_leaves_nothing_to_readers(database: Database) -> None:
    added = add(database)
    undo_last(database)
    assert seen_by_readers(database) == []
    again = add(database)
    assert (again.article_id, again.was_known) == (added.article_id, True)
    assert show(database, again.project_id).is_labelled


def test_a_project_that_was_joined_is_as_it_was_once_the_addition_is_undone(database: Database) -> None:
    [known] = tell(database, launch())
    assert known.project_id is not None
    before = show(database, known.project_id)
    add(database)
    undo_last(database)
    after = show(database, known.project_id)
    assert (after.sources, after.facts, after.confidence) == (before.sources, before.facts, before.confidence)


def test_a_page_that_a_crawl_ruled_out_makes_a_project_of_what_is_read_now(database: Database) -> None:
    url_is_known = (read("added", text=RETELLING), judged(None, new="no", is_relevant=False))
    [ruled_out] = tell(database, url_is_known)
    with database.reading() as connection:
        assert connection.execute(select(article_text)).all() == []
    added = add(database)
    assert (added.article_id, added.was_known, added.is_made) == (ruled_out.article_id, True, True)
    undo_last(database)
    assert seen_by_readers(database) == []


def test_facts_entered_by_hand_are_checked_as_a_correction_is() -> None:
    entered = {"countries": "ke; TZ", "amount": "USD 3,000,000", "people": "900", "end": ""}
    found = Facts(**read_facts(entered))
    assert (found.countries, found.amount, found.currency, found.people) == (("KE", "TZ"), 3_000_000, "USD", 900)
    assert found.end is None
    for wrong in ({"countries": "UK"}, {"budget": "3"}, {"start": "soon"}):
        with pytest.raises(CorrectionRefused):
            read_facts(wrong)
