"""A person's label decides at once, and every decision can be taken back: what was there comes back, ids included."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypedDict

import pytest
from sqlalchemy import select

from storage.articles.articles import get_article
from storage.articles.labels import read_labels
from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project, merge_projects, split_article
from storage.corrections.requests import CorrectionRefused
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import unannounced_ids
from storage.digests.outbox import claim_digest, freeze_digest
from storage.projects.history import list_history
from storage.projects.listing import ProjectFilter, list_projects
from storage.projects.projects import Project, get_project
from storage.tables.schema import project, project_relation
from tests.support.register_world import DAY, NOW, count, event, facts, judged, launch, retelling, tell

OTHER: dict[str, Any] = {
    "name": "Mountain Watch",
    "implementers": "Caritas Ararat",
    "funders": "Japan",
    "countries": "AM",
    "amount": 90_500.0,
}


class Signed(TypedDict):
    by: DecidedBy


SIGNED: Signed = {"by": DecidedBy("amina", "seen on site", NOW + DAY)}
NOT_NEW: dict[str, Any] = {"is_relevant": None, "is_new_project": False}
NEW: dict[str, Any] = {"is_relevant": True, "is_new_project": True}


def show(database: Database, public_id: str | None) -> Project:
    assert public_id is not None
    with database.reading() as connection:
        found = get_project(connection, public_id)
    assert found is not None
    return found


def listed(database: Database, *, is_refuted: bool = False) -> list[str]:
    with database.reading() as connection:
        return [one.public_id for one in list_projects(connection, ProjectFilter(is_refuted=is_refuted))]


def to_announce(database: Database) -> list[str]:
    with database.reading() as connection:
        ids = unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=NOW + 30 * DAY)
        return list(connection.execute(select(project.c.public_id).where(project.c.id.in_(ids))).scalars())


def undo_last(database: Database, why: str = "") -> None:
    with database.reading() as connection:
        last = next(one for one in list_decisions(connection, 50) if not one.is_undone)
    database.write_now(undo_decision, last.id, by=DecidedBy("bo", why, NOW + 2 * DAY))


def two_projects(database: Database) -> tuple[str, str]:
    first, second = tell(
        database,
        launch(),
        launch("other", title="Mountain Watch begins", text="In Yerevan a shelter opens.", stated=OTHER),
    )
    assert first.project_id is not None
    assert second.project_id is not None
    return first.project_id, second.project_id


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


def send(database: Database, slot: str, *, new: tuple[str, ...] = (), articles: tuple[int, ...] = ()) -> None:
    """A digest to `daily` that announces projects with all their articles, or articles of known ones."""
    digest_id = database.write_now(claim_digest, "daily", slot, NOW, now=NOW)
    projects = [show(database, one) for one in new]
    database.write_now(
        freeze_digest, digest_id or 0, summary={}, deliveries=[], now=NOW, project_ids=[one.id for one in projects],
        article_ids=[*articles, *(source.id for one in projects for source in one.sources)],
    )  # fmt: skip


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
