"""Registering on both databases: each article, story and project once, whatever the order and the batches."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import select

from storage.database.engine import Database
from storage.projects.listing import list_projects
from storage.projects.projects import get_project
from storage.tables.schema import article_text, signature
from tests.support.register_world import (
    DAY,
    LAUNCH,
    NOW,
    count,
    event,
    judged,
    launch,
    read,
    retelling,
    tell,
)
from tests.support.stated_claims import stated_claims


def test_an_announcement_makes_a_project_with_its_claims(database: Database) -> None:
    [made] = tell(database, launch())
    assert made.outcome == "new-project"
    with database.reading() as connection:
        [project] = list_projects(connection)
        claims = [(one.field, one.shown) for one in stated_claims(connection)]
    assert project.public_id == made.project_id
    assert project.facts.facts.name == "Lantern Bridge"
    assert ("amount", "USD 2,340,000") in claims
    assert project.facts.name[0].sentences[0]["text"] == LAUNCH[:40]


def test_the_same_batch_again_changes_nothing(database: Database) -> None:
    first = tell(database, launch(), event())
    again = tell(database, launch(), event(), at=NOW + DAY)
    assert [one.outcome for one in again] == ["known-article", "known-article"]
    assert [(one.article_id, one.project_id) for one in again] == [(one.article_id, one.project_id) for one in first]
    with database.reading() as connection:
        assert count(connection) == (1, 1)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("is_one_batch", [True, False])
def test_tellings_of_one_project_meet_in_any_order(
    database: Database, order: tuple[int, ...], is_one_batch: bool
) -> None:
    tellings = [
        launch(),
        retelling(),
        launch("copy", host="mirror.example", title="Norway pays for Lantern Bridge - M"),
    ]
    ordered = [tellings[at] for at in order]
    for batch in [ordered] if is_one_batch else [[one] for one in ordered]:
        tell(database, *batch)
    with database.reading() as connection:
        [project] = list_projects(connection)
    assert len(project.sources) == 3


def test_every_join_says_why_in_words(database: Database) -> None:
    tell(database, launch())
    [joined] = tell(database, retelling())
    assert joined.outcome == "known-project"
    assert joined.reason is not None
    assert "same name" in joined.reason


def test_a_copy_joins_by_its_text_and_adds_no_voice(database: Database) -> None:
    [first] = tell(database, launch(stated={"duration_months": 36}))
    [copy] = tell(database, launch("copy", host="mirror.example", stated={"duration_months": 36}))
    assert (copy.outcome, copy.project_id) == ("near-copy", first.project_id)
    with database.reading() as connection:
        [project] = list_projects(connection)
    assert [source.copy_of_id for source in project.sources] == [None, first.article_id]


def test_a_second_phase_is_a_new_project_that_points_to_the_first(database: Database) -> None:
    [first] = tell(database, launch())
    [second] = tell(
        database,
        launch(
            "second", title="Lantern Bridge II opens", text="Another three years begin in Manica and Sofala.",
            on=NOW + 200 * DAY, stated={"name": "Lantern Bridge II", "amount": 4_100_000.0},
        ),
    )  # fmt: skip
    assert second.outcome == "new-project"
    assert second.project_id is not None
    with database.reading() as connection:
        project = get_project(connection, second.project_id)
    assert project is not None
    assert [(link.kind, link.public_id) for link in project.links] == [("follows", first.project_id)]


def test_the_second_phase_follows_the_first_though_it_was_told_first(database: Database) -> None:
    [second] = tell(database, launch("second", stated={"name": "Lantern Bridge II", "amount": 3.1e6}))
    [first] = tell(database, launch("first", title="Six doors", text="Nothing of it was known.", on=NOW - 700 * DAY))
    assert first.outcome == second.outcome == "new-project"
    assert first.project_id is not None
    assert second.project_id is not None
    with database.reading() as connection:
        one, two = get_project(connection, first.project_id), get_project(connection, second.project_id)
    assert one is not None
    assert two is not None
    assert [(link.kind, link.public_id) for link in two.links] == [("follows", first.project_id)]
    assert one.links == ()


def test_what_could_be_either_stays_apart_and_is_shown_as_perhaps_the_same(database: Database) -> None:
    little = {"name": None, "amount": None, "implementers": ()}
    [first] = tell(database, launch(stated=little))
    [other] = tell(
        database,
        launch(
            "other", title="Norway and Maputo agree", text="They agreed to work together from now on.",
            on=NOW + 20 * DAY, stated=little,
        ),
    )  # fmt: skip
    assert other.outcome == "new-project"
    assert first.project_id is not None
    assert other.project_id is not None
    with database.reading() as connection:
        one, two = get_project(connection, first.project_id), get_project(connection, other.project_id)
    assert one is not None
    assert two is not None
    assert [(link.kind, link.public_id) for link in one.links] == [("perhaps-same", two.public_id)]
    assert [(link.kind, link.public_id) for link in two.links] == [("perhaps-same", one.public_id)]


# --- updates


def test_a_fact_that_was_lacking_and_another_sum_are_an_update_not_a_project(database: Database) -> None:
    tell(database, launch(stated={"amount": None}))
    [lacked] = tell(database, retelling(stated={"amount": 2_340_000.0, "duration_months": 36}))
    [changed] = tell(
        database, retelling("third", host="third.example", stated={"amount": 6_800_000.0}, on=NOW + 3 * DAY)
    )
    assert {lacked.outcome, changed.outcome} <= {"known-project", "near-copy"}
    with database.reading() as connection:
        [project] = list_projects(connection)
    assert project.facts.facts.duration_months == 36
    assert {c.shown for c in project.facts.conflicts["amount"]} == {"USD 2,340,000", "USD 6,800,000"}


NEWS = (
    "A year on, the Lantern Bridge Coast Project of the Harbour Light Foundation has helped 412 children, said Amina "
    "Cossa."
)
NAMED = {"name": "Lantern Bridge Coast Project"}


@pytest.mark.parametrize("is_news_first", [True, False])
def test_news_of_a_known_project_joins_it_whichever_comes_first(database: Database, is_news_first: bool) -> None:
    news = event("news", title="412 children helped", text=NEWS, on=NOW + 10 * DAY)
    told = launch(stated=NAMED)
    for one in [news, told] if is_news_first else [told, news]:
        tell(database, one)
    with database.reading() as connection:
        [project] = list_projects(connection)
        assert count(connection) == (1, 0)
    assert len(project.sources) == 2


# --- stories and what is ruled out


def test_two_tellings_of_one_event_are_one_story(database: Database) -> None:
    raid = "Police freed 23 girls in Kayole. Officer Wanjala led 47 men; Otieno and Barasa go to Makadara court."
    retold = "In a house in Kayole 23 girls were found by Wanjala. Otieno and Barasa face Makadara court."
    [one] = tell(database, event("a", title="Girls freed in Kayole", text=raid))
    [two] = tell(database, event("b", title="Kayole girls freed", text=retold, host="b.example", on=NOW + DAY))
    assert (two.outcome, two.story_id) == ("known-story", one.story_id)


def test_what_is_ruled_out_keeps_no_text_and_no_place(database: Database) -> None:
    [out] = tell(database, (read("cars", title="Traffic on the ring road"), judged(None, new="no", is_relevant=False)))
    assert (out.outcome, out.project_id, out.story_id) == ("ruled-out", None, None)
    with database.reading() as connection:
        assert connection.execute(select(article_text)).all() == []
        assert connection.execute(select(signature)).all() == []
        assert count(connection) == (0, 0)


def test_several_pieces_of_one_imported_page_are_articles_of_their_own(database: Database) -> None:
    other = "In Lima the ministry opened a shelter for 30 women from Loreto, paid for by the Faro Fund of Spain."
    first, second, again = tell(
        database,
        launch("letter", read_from="import"),
        event("letter", title="Shelter in Lima", text=other, read_from="import"),
        launch("letter", read_from="import"),
    )
    assert len({first.article_id, second.article_id}) == 2
    assert again.article_id == first.article_id


def test_ids_do_not_depend_on_what_else_is_stored(database: Database, tmp_path: object) -> None:
    [made] = tell(database, launch())
    with Database.open(f"sqlite:///{tmp_path}/other.sqlite3") as other:
        tell(other, event())
        [again] = tell(other, launch())
    assert again.project_id == made.project_id
