"""What was one project and proves to be two, or was two and proves to be one: ids go on answering, what was announced
stays announced, and readers get an update and never a second "new". On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from storage.corrections.projects import merge_projects, split_article
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import stream_updates, unannounced_ids
from storage.projects.listing import list_projects
from storage.projects.projects import find_project_id, get_project, load_projects
from storage.records import Registration
from storage.register.reprocess import reprocess_articles
from tests.support.announcing import announce_projects
from tests.support.register_world import DAY, NOW, Telling, event, facts, judged, launch, retelling, tell

LATER = NOW + 3 * DAY


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database.open(database_url) as one:
        yield one


def announce(database: Database, *answers: Registration) -> None:
    """A digest tells of these projects and all their articles."""

    def work(connection: Connection) -> None:
        ids = [find_project_id(connection, answer.project_id or "") for answer in answers]
        announce_projects(connection, [id_ for id_ in ids if id_], slot_at=NOW + timedelta(hours=1))

    database.write_now(work)


def told_next(database: Database) -> tuple[list[str], dict[str, tuple[int, ...]]]:
    """What the next digest tells: new projects, and articles that are news of known ones."""
    period = {"since_at": NOW - 30 * DAY, "until_at": NOW + 30 * DAY}
    with database.reading() as connection:
        new = load_projects(connection, unannounced_ids(connection, "morning", **period))
        updates = list(stream_updates(connection, "morning", **period))
        return [one.public_id for one in new], {one.project.public_id: one.article_ids for one in updates}


# --- two that prove to be one


def two_tellings() -> tuple[Telling, Telling, Telling]:
    """Two tellings of one project with little in common, and one that has much of both."""
    one = launch(
        "one", title="Norway helps Nampula", stated={"name": None, "amount": None},
        text="Children of Nampula and Tete shall be helped by the Harbour Light Foundation.",
    )  # fmt: skip
    two = launch(
        "two", title="Six doors", text="Tete waits for the rains.", host="two.example", on=NOW + DAY,
        stated={"implementers": (), "funders": ()},
    )  # fmt: skip
    return one, two, retelling("all", host="all.example")


@pytest.mark.parametrize("announced", [(0,), (1,), (0, 1)])
def test_two_announced_projects_that_prove_to_be_one_are_updated_and_not_new(
    database: Database, announced: tuple[int, ...]
) -> None:
    one, two, whole = two_tellings()
    answers = [tell(database, one)[0], tell(database, two)[0]]
    assert answers[0].project_id != answers[1].project_id
    announce(database, *(answers[number] for number in announced))
    [joining] = tell(database, whole, at=LATER)
    with database.reading() as connection:
        [project] = list_projects(connection)
        assert {find_project_id(connection, each.project_id or "") for each in answers} == {project.id}
    assert {each.project_id for each in answers} == set(project.former_ids) | {project.public_id}
    new, updates = told_next(database)
    assert new == []
    untold = tuple(each.article_id for number, each in enumerate(answers) if number not in announced)
    assert updates == {project.public_id: (*untold, joining.article_id)}


def test_news_without_facts_that_names_two_projects_goes_to_one_and_joins_nothing(database: Database) -> None:
    one = launch(
        "one", title="Norway helps Nampula", stated={"name": None, "amount": None},
        text="Children of Nampula and Tete shall be helped by the Harbour Light Foundation.",
    )  # fmt: skip
    two = launch(
        "two", title="Six doors for Sofala", host="two.example", on=NOW + DAY,
        text="Sofala, Manica and Chimoio wait with Inspector Otieno and Barasa.",
        stated={"name": None, "implementers": (), "funders": ()},
    )  # fmt: skip
    both = event(
        "both", title="Doors visited", host="both.example", on=NOW + 2 * DAY,
        text="In Nampula and Tete the Harbour Light Foundation showed its houses; Inspector Otieno and Barasa came "
        "from Chimoio, Manica and Sofala.",
    )  # fmt: skip
    known = {tell(database, each)[0].project_id for each in (one, two)}
    assert len(known) == 2
    [visit] = tell(database, both, at=LATER)
    assert visit.project_id in known
    with database.reading() as connection:
        assert {project.public_id for project in list_projects(connection)} == known


# --- one that proves to be two


def confused() -> tuple[Telling, Telling, Telling]:
    """The first phase, an article so poor that it seems to be of it, and the second phase whose retelling it is."""
    one = launch("one", stated={"name": "Lantern Bridge", "amount": None})
    poor = launch(
        "poor", title="More doors", text="In Manica and Sofala doors will open, said Inspector Otieno.",
        on=NOW + DAY, host="poor.example", stated={"amount": 4_130_000.0, "duration_months": 36},
    )  # fmt: skip
    two = launch(
        "two", title="Second phase of Lantern Bridge", host="two.example", on=NOW + 2 * DAY,
        text="In Manica and Sofala doors will open, said Otieno, and Barasa thanked Norway.",
        stated={"amount": 4_130_000.0, "duration_months": 36},
    )  # fmt: skip
    return one, poor, two


def show(database: Database, public_id: str | None) -> Any:
    with database.reading() as connection:
        return get_project(connection, public_id or "")


@pytest.mark.parametrize("is_announced", [True, False])
@pytest.mark.parametrize("is_one_batch", [True, False])
def test_a_project_that_a_later_article_shows_to_be_two_is_parted(
    database: Database, is_announced: bool, is_one_batch: bool
) -> None:
    one, poor, two = confused()
    before = tell(database, one, poor) if is_one_batch else [tell(database, one)[0], tell(database, poor)[0]]
    assert before[0].project_id == before[1].project_id
    if is_announced:
        announce(database, before[0])
    [after] = tell(database, two, at=LATER)
    first, second = show(database, before[0].project_id), show(database, after.project_id)
    assert first.public_id == before[0].project_id != second.public_id
    assert [source.id for source in first.sources] == [before[0].article_id]
    assert [source.id for source in second.sources] == [before[1].article_id, after.article_id]
    assert first.facts.amount == ()
    assert second.facts.facts.amount == 4_130_000.0
    new, updates = told_next(database)
    if is_announced:
        assert (new, updates) == ([], {second.public_id: (after.article_id,)})
    else:
        assert (set(new), updates) == ({first.public_id, second.public_id}, {})


def test_the_parted_projects_find_their_later_news(database: Database) -> None:
    one, poor, two = confused()
    [first] = tell(database, one)
    tell(database, poor)
    [second] = tell(database, two)
    [again] = tell(database, retelling("again", host="again.example", on=NOW + 4 * DAY))
    assert again.project_id == first.project_id != second.project_id


def test_what_a_person_splits_off_an_announced_project_is_an_update(database: Database) -> None:
    [one] = tell(database, launch())
    [two] = tell(database, retelling())
    announce(database, one)
    new = database.write_now(
        split_article, one.project_id or "", two.article_id, by=DecidedBy("ana", "it is another", LATER)
    )
    assert new is not None
    assert told_next(database) == ([], {new.public_id: (two.article_id,)})


def test_what_is_parted_when_it_is_judged_again_is_not_announced_again(database: Database) -> None:
    [one] = tell(database, launch())
    [two] = tell(database, retelling())
    assert one.project_id == two.project_id
    announce(database, one)
    other = facts(name="Faro", countries="PE", funders="Japan", implementers="Caritas Lima", amount=9e5)
    verdicts = {one.article_id: judged(facts()), two.article_id: judged(other)}
    database.write_now(reprocess_articles, verdicts, LATER)
    with database.reading() as connection:
        assert len(list_projects(connection)) == 2
    assert told_next(database) == ([], {})


SIGNED: dict[str, Any] = {"by": DecidedBy("ana", "two after all", LATER)}


def another() -> Telling:
    stated = {"name": "Safe Harvest", "implementers": "Field Trust", "countries": "PE", "amount": 75_000.0}
    text = "Field Trust begins Safe Harvest in Loreto, against forced labour on plantations."
    return launch("another", title="Safe Harvest begins", text=text, stated=stated)


@pytest.mark.parametrize("parted", [0, 1])
def test_whichever_article_is_split_off_a_merge_both_ids_mean_what_they_meant(database: Database, parted: int) -> None:
    both = kept, gone = tell(database, launch(), another())
    announce(database, kept, gone)
    database.write_now(merge_projects, kept.project_id or "", gone.project_id or "", **SIGNED)
    found = database.write_now(split_article, kept.project_id or "", both[parted].article_id, **SIGNED)
    assert found is not None
    assert found.public_id == both[parted].project_id
    for one in both:
        assert [source.id for source in show(database, one.project_id).sources] == [one.article_id]
    assert told_next(database) == ([], {})


def test_a_split_that_gave_an_old_id_back_is_undone(database: Database) -> None:
    kept, gone = tell(database, launch(), another())
    database.write_now(merge_projects, kept.project_id or "", gone.project_id or "", **SIGNED)
    database.write_now(split_article, kept.project_id or "", kept.article_id, **SIGNED)
    with database.reading() as connection:
        split = next(one for one in list_decisions(connection, 10) if one.kind == "split")
    database.write_now(undo_decision, split.id, **SIGNED)
    whole = show(database, gone.project_id)
    assert whole.public_id == kept.project_id
    assert [source.id for source in whole.sources] == [kept.article_id, gone.article_id]
