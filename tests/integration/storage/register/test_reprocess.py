"""Judging and registering again from what is stored: ids stay, what people decided stands, nothing is mailed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from classifier.document import Verdict
from storage.corrections.projects import merge_projects, split_article
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import stream_updates, unannounced_ids
from storage.projects.listing import list_projects
from storage.projects.projects import get_project
from storage.register.reprocess import Change, list_documents, reprocess_articles
from storage.tables.schema import BANDS, article, match_key, signature, story
from tests.support.announcing import announce_projects
from tests.support.crawl_records import KilledError, write_and_die
from tests.support.register_world import DAY, NOW, count, event, facts, judged, launch, retelling, tell
from tests.support.stated_claims import stated_claims

LATER = NOW + 30 * DAY
FARO = {"name": "Faro", "countries": "PE"}
DOORS = {"name": "Doors", "countries": "KE", "funders": "Japan", "amount": 1e6}
NONE_ANY_MORE = judged(None, new="no", topic="event")


def again(database: Database, verdicts: dict[int, Verdict]) -> list[Change]:
    return database.write_now(reprocess_articles, verdicts, LATER)


def announce_all(database: Database) -> None:
    """One digest to one subscription that told of all there is."""
    with database.writing() as connection:
        ids = [project.id for project in list_projects(connection)]
        announce_projects(connection, ids, subscription="daily", slot_key="2026-11-26", slot_at=NOW + DAY)


def _articles_of_stories(connection: Connection) -> Sequence[int]:
    counted = select(func.count(article.c.id)).select_from(story).outerjoin(article, article.c.story_id == story.c.id)
    return connection.execute(counted.group_by(story.c.id).order_by(story.c.id)).scalars().all()


def contents(connection: Connection) -> dict[str, Any]:
    """What the register holds but for row numbers and times."""
    return {
        "projects": [(p.public_id, p.facts.facts, [s.id for s in p.sources]) for p in list_projects(connection)],
        "signatures": connection.execute(select(signature.c.article_id).order_by(signature.c.article_id)).all(),
        "bands": sorted(map(repr, connection.execute(select(*signature.c["article_id", *BANDS])))),
        "claims": sorted((one.article_id, one.field, one.value) for one in stated_claims(connection)),
        "keys": sorted(connection.execute(select(match_key.c.key).where(match_key.c.owner > 0)).scalars()),
        "stories": _articles_of_stories(connection),
    }


def test_the_same_verdicts_again_change_nothing(database: Database) -> None:
    faro = launch("other", title="Faro", text="In Lima.", stated=FARO)
    told = [launch(), retelling(), event(), faro]
    made = tell(database, *told)
    with database.reading() as connection:
        before = contents(connection)
    assert again(database, {at.article_id: verdict for at, (_, verdict) in zip(made, told, strict=True)}) == []
    with database.reading() as connection:
        assert contents(connection) == before


def test_a_better_reading_of_facts_shows_in_the_project_that_keeps_its_id(database: Database) -> None:
    [made] = tell(database, launch(stated={"amount": None}))
    [change] = again(database, {made.article_id: judged(facts(amount=5e6))})
    assert change.was != change.is_now
    assert "5000000" in change.is_now
    with database.reading() as connection:
        [project] = list_projects(connection)
    assert (project.public_id, project.facts.facts.amount) == (made.project_id, 5e6)


def test_two_projects_that_a_better_reading_shows_to_be_one_become_one_and_both_ids_answer(database: Database) -> None:
    one, two = tell(database, launch(), retelling(stated=DOORS))
    assert one.project_id != two.project_id
    assert two.project_id is not None
    again(database, {one.article_id: judged(facts()), two.article_id: judged(facts())})
    with database.reading() as connection:
        [project] = list_projects(connection)
        old = get_project(connection, two.project_id)
    assert len(project.sources) == 2
    assert old == project
    assert {project.public_id, *project.former_ids} == {one.project_id, two.project_id}


def test_one_project_that_a_better_reading_shows_to_be_two_is_parted(database: Database) -> None:
    one, two = tell(database, launch(), retelling())
    other = judged(facts(name="Lantern Bridge II", amount=9.1e6))
    again(database, {one.article_id: judged(facts()), two.article_id: other})
    with database.reading() as connection:
        assert count(connection) == (2, 0)
        first = get_project(connection, one.project_id or "")
    assert first is not None
    assert [source.id for source in first.sources] == [one.article_id]


def test_a_false_alarm_goes_and_its_article_becomes_a_story(database: Database) -> None:
    [made] = tell(database, launch())
    [change] = again(database, {made.article_id: NONE_ANY_MORE})
    assert change.is_now == "relevant, a story"
    with database.reading() as connection:
        assert count(connection) == (0, 1)
        assert get_project(connection, made.project_id or "") is None


def test_what_was_missed_becomes_a_project_dated_when_its_news_came(database: Database) -> None:
    [missed] = tell(database, event())
    [change] = again(database, {missed.article_id: judged(facts())})
    assert change.is_now.startswith("a new project")
    with database.reading() as connection:
        [project] = list_projects(connection)
        assert count(connection) == (1, 0)
        assert unannounced_ids(connection, "daily", since_at=NOW + DAY, until_at=LATER + DAY) == []
    assert project.first_seen_at == NOW


def test_rolled_back_it_is_a_dry_run(database: Database) -> None:
    [made] = tell(database, launch())
    with database.reading() as connection:
        before = contents(connection)

    with pytest.raises(KilledError):
        write_and_die(database, reprocess_articles, {made.article_id: NONE_ANY_MORE}, LATER)
    with database.reading() as connection:
        assert contents(connection) == before


# --- what people decided, and what was mailed


def test_what_people_merged_and_split_stays(database: Database) -> None:
    one, two = tell(database, launch(), launch("faro", title="Faro", text="In Lima.", stated=FARO))
    three, four = tell(
        database,
        launch("c", title="Third", text="In Tunis doors open.", stated={"name": "Aman", "countries": "TN"}),
        retelling("d", title="Aman too", text="Tunis again.", stated={"name": "Aman", "countries": "TN"}),
    )
    assert one.project_id is not None
    assert two.project_id is not None
    assert three.project_id == four.project_id
    assert three.project_id is not None
    signed: dict[str, Any] = {"by": DecidedBy("amina", "I know", NOW + DAY)}
    database.write_now(merge_projects, one.project_id, two.project_id, **signed)
    database.write_now(split_article, three.project_id, four.article_id, **signed)
    with database.reading() as connection:
        before = contents(connection)["projects"]
    verdicts = {
        one.article_id: judged(facts()),
        two.article_id: judged(facts(**FARO)),
        three.article_id: judged(facts(name="Aman", countries="TN")),
        four.article_id: judged(facts(name="Aman", countries="TN")),
    }
    assert again(database, verdicts) == []
    with database.reading() as connection:
        assert contents(connection)["projects"] == before


def test_nothing_is_mailed_again(database: Database) -> None:
    one, two = tell(database, launch(), retelling(stated=DOORS))
    announce_all(database)
    again(database, {one.article_id: judged(facts()), two.article_id: judged(facts())})
    with database.reading() as connection:
        assert len(list_projects(connection)) == 1
        assert unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=LATER + DAY) == []
        assert list(stream_updates(connection, "daily", since_at=NOW - DAY, until_at=LATER + DAY)) == []


def test_an_announced_project_that_is_none_stays_empty_so_that_its_id_answers(database: Database) -> None:
    [made] = tell(database, launch())
    announce_all(database)
    again(database, {made.article_id: NONE_ANY_MORE})
    with database.reading() as connection:
        assert list_projects(connection) == []
        kept = get_project(connection, made.project_id or "")
    assert kept is not None
    assert kept.sources == ()


def test_documents_are_those_of_stored_texts_since_a_time(database: Database) -> None:
    tell(database, launch())
    [late] = tell(database, event(text="Seen later."), at=LATER)
    with database.reading() as connection:
        found = list(list_documents(connection, LATER - DAY))
    assert [(id_, document.text) for id_, document in found] == [(late.article_id, "Seen later.")]


def test_a_date_that_is_a_month_alone_is_one_after_judging_again(database: Database) -> None:
    reading, verdict = launch()
    [made] = tell(database, (replace(reading, published_precision="month"), verdict))
    again(database, {made.article_id: judged(facts(amount=5e6))})
    with database.reading() as connection:
        [(_, document)] = list_documents(connection, NOW - DAY)
        [project] = list_projects(connection)
    assert document.published == f"{NOW:%Y-%m}"
    assert [source.published_precision for source in project.sources] == ["month"]
