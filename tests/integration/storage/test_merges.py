"""What becomes of news, labels, facts and ties when projects are merged, and when that is undone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project, merge_projects, split_article
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.projects.listing import ProjectFilter, list_projects
from storage.tables.schema import project_relation
from tests.support.correcting import (
    NEW,
    NOT_NEW,
    OTHER,
    SIGNED,
    listed,
    send,
    show,
    to_announce,
    two_projects,
    undo_last,
)
from tests.support.register_world import DAY, NOW, launch, retelling, tell


def test_a_merge_is_undone_with_the_old_id_its_articles_and_what_it_is_found_by(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(merge_projects, kept, gone, **SIGNED)
    undo_last(database)
    assert [one.title for one in show(database, gone).sources] == ["Mountain Watch begins"]
    assert show(database, gone).facts.facts.countries == ("AM",)
    assert show(database, kept).former_ids == ()
    assert set(listed(database)) == {kept, gone}
    with database.reading() as connection:
        assert [one.public_id for one in list_projects(connection, ProjectFilter(text="Mountain"))] == [gone]
    again = launch("more", title="Mountain Watch grows", text="Rooms in Gyumri.", stated=OTHER, on=NOW + 3 * DAY)
    [more] = tell(database, again, at=NOW + 3 * DAY)
    assert more.project_id == gone


def test_a_merge_that_is_undone_at_once_costs_nobody_the_news(database: Database) -> None:
    kept, gone = two_projects(database)
    send(database, "1", new=(kept,))
    database.write_now(merge_projects, kept, gone, **SIGNED)
    assert to_announce(database) == []
    undo_last(database)
    assert to_announce(database) == [gone]


def test_who_got_news_of_a_merged_project_is_not_told_again_once_it_is_undone(database: Database) -> None:
    kept, gone = two_projects(database)
    send(database, "1", new=(kept,))
    [its] = show(database, gone).sources
    database.write_now(merge_projects, kept, gone, **SIGNED)
    send(database, "2", articles=(its.id,))
    undo_last(database)
    assert to_announce(database) == []


def test_a_split_after_a_merge_announces_what_nobody_was_told_of(database: Database) -> None:
    kept, gone = two_projects(database)
    send(database, "1", new=(kept,))
    [its] = show(database, gone).sources
    database.write_now(merge_projects, kept, gone, **SIGNED)
    database.write_now(split_article, kept, its.id, **SIGNED)
    assert to_announce(database) == [gone]


def test_a_project_that_is_none_is_announced_no_more_by_way_of_one_it_is_merged_into(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(label_project, gone, is_new_project=False, **SIGNED)
    database.write_now(merge_projects, kept, gone, by=DecidedBy("bo", "one grant", NOW + 2 * DAY))
    assert to_announce(database) == []
    undo_last(database)
    assert to_announce(database) == [kept]


def test_of_two_words_on_merged_projects_that_on_the_kept_one_holds(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(label_project, kept, is_new_project=True, **SIGNED)
    database.write_now(label_project, gone, is_new_project=False, **SIGNED)
    database.write_now(merge_projects, kept, gone, by=DecidedBy("bo", "one grant", NOW + 2 * DAY))
    assert to_announce(database) == [kept]


def test_an_article_labelled_after_a_merge_is_that_in_its_own_project_too(database: Database) -> None:
    kept, gone = two_projects(database)
    [its] = show(database, gone).sources
    database.write_now(merge_projects, kept, gone, **SIGNED)
    with database.reading() as connection:
        [merge] = list_decisions(connection, 1)
    database.write_now(label_article, its.id, **NOT_NEW, by=DecidedBy("eve", "an old one", NOW + 2 * DAY))
    database.write_now(undo_decision, merge.id, by=DecidedBy("bo", "", NOW + 3 * DAY))
    assert to_announce(database) == listed(database) == [kept]
    undo_last(database)
    assert set(to_announce(database)) == set(listed(database)) == {kept, gone}


def test_a_projects_label_that_is_undone_after_a_merge_was_is_undone_of_both(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(merge_projects, kept, gone, **SIGNED)
    with database.reading() as connection:
        [merge] = list_decisions(connection, 1)
    label = DecidedBy("eve", "an old one", NOW + 2 * DAY)
    database.write_now(label_project, kept, is_new_project=False, by=label)
    database.write_now(undo_decision, merge.id, by=DecidedBy("bo", "", NOW + 3 * DAY))
    assert listed(database) == []
    undo_last(database)
    assert set(to_announce(database)) == set(listed(database)) == {kept, gone}


def test_a_label_that_is_undone_after_its_article_moved_leaves_nothing_of_it(database: Database) -> None:
    kept, gone = two_projects(database)
    [its] = show(database, gone).sources
    database.write_now(merge_projects, kept, gone, **SIGNED)
    with database.reading() as connection:
        [merge] = list_decisions(connection, 1)
    database.write_now(label_article, its.id, **NEW, by=DecidedBy("eve", "", NOW + 2 * DAY))
    database.write_now(undo_decision, merge.id, by=DecidedBy("bo", "", NOW + 3 * DAY))
    assert show(database, gone).is_labelled
    undo_last(database)
    assert not show(database, gone).is_labelled


def test_what_is_said_after_a_merge_outlasts_its_undoing(database: Database) -> None:
    kept, gone = two_projects(database)
    database.write_now(label_project, gone, is_new_project=False, **SIGNED)
    database.write_now(merge_projects, kept, gone, by=DecidedBy("bo", "one grant", NOW + 2 * DAY))
    with database.reading() as connection:
        [merge, _] = list_decisions(connection, 2)
    database.write_now(label_project, kept, is_new_project=False, by=DecidedBy("eve", "an old one", NOW + 3 * DAY))
    database.write_now(undo_decision, merge.id, by=DecidedBy("bo", "", NOW + 4 * DAY))
    assert to_announce(database) == []


def test_a_fix_goes_with_the_project_that_is_merged_and_comes_back_with_it(database: Database) -> None:
    kept, gone = two_projects(database)
    before = show(database, kept).facts.facts.start
    database.write_now(fix_fact, gone, "start", "2026-05", **SIGNED)
    database.write_now(fix_fact, gone, "iati_id", "XM-DAC-41304-7", **SIGNED)
    database.write_now(merge_projects, kept, gone, by=DecidedBy("bo", "one grant", NOW + 2 * DAY))
    assert show(database, kept).facts.facts.start == "2026-05"
    assert show(database, kept).iati_id == "XM-DAC-41304-7"
    undo_last(database)
    assert show(database, kept).facts.facts.start == before
    assert show(database, kept).iati_id is None
    assert show(database, gone).facts.facts.start == "2026-05"


def test_a_split_after_a_merge_restores_the_old_id(database: Database) -> None:
    kept, gone = two_projects(database)
    merged = database.write_now(merge_projects, kept, gone, **SIGNED)
    article_id = next(one.id for one in merged.sources if one.title.startswith("Mountain"))
    fresh = database.write_now(split_article, kept, article_id, **SIGNED)
    assert fresh is not None
    assert fresh.public_id == gone


def relations(database: Database) -> set[tuple[Any, ...]]:
    with database.reading() as connection:
        return {tuple(row) for row in connection.execute(select(project_relation))}


def relate(database: Database, kind: str, one: str, other: str) -> None:
    row = {"project_id": show(database, one).id, "other_id": show(database, other).id, "kind": kind}
    with database.writing() as connection:
        connection.execute(project_relation.insert(), {**row, "reason": "so it says", "at": NOW})


def test_a_merge_that_is_undone_gives_back_the_ties_to_other_projects(database: Database) -> None:
    kept, gone = two_projects(database)
    third, fourth = (
        made.project_id or ""
        for made in tell(
            database,
            launch(
                "third",
                title="Open Road",
                text="In Lagos.",
                stated={
                    **OTHER,
                    "name": "Open Road",
                    "countries": "NG",
                    "amount": 7e6,
                    "implementers": "Oxfam",
                    "funders": "Canada",
                },
            ),
            launch(
                "fourth",
                title="Safe Harbour",
                text="In Lima.",
                stated={
                    **OTHER,
                    "name": "Safe Harbour",
                    "countries": "PE",
                    "amount": 3e5,
                    "implementers": "Tearfund",
                    "funders": "Chile",
                },
            ),
        )
    )
    relate(database, "follows", gone, third)
    relate(database, "follows", kept, fourth)
    relate(database, "follows", gone, fourth)
    before = relations(database)
    database.write_now(merge_projects, kept, gone, **SIGNED)
    assert {link.public_id for link in show(database, kept).links} == {third, fourth}
    undo_last(database)
    assert relations(database) == before


def test_two_that_were_kept_apart_are_again_once_their_merge_is_undone(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(database, retelling())
    assert first.project_id is not None
    fresh = database.write_now(split_article, first.project_id, second.article_id, **SIGNED)
    assert fresh is not None
    before = relations(database)
    assert {row[2] for row in before} == {"apart"}
    database.write_now(merge_projects, first.project_id, fresh.public_id, **SIGNED)
    assert relations(database) == set()
    undo_last(database)
    assert relations(database) == before
