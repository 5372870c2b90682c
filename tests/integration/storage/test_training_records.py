"""What people corrected, as records to train on: only what they said, and only where there is a text to learn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from storage.articles.store import forget_texts
from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project
from storage.corrections.training_records import read_corrections
from storage.database.engine import Database
from storage.decisions import DecidedBy
from tests.support.register_world import LAUNCH, NOW, event, facts, judged, launch, retelling, tell


def lessons_of(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return list(read_corrections(connection).records)


def label(database: Database, article_id: int, *, relevant: bool | None = None, new: bool | None = None) -> None:
    database.write_now(
        label_article, article_id, is_relevant=relevant, is_new_project=new, by=DecidedBy("amina", "", NOW)
    )


def fix(database: Database, project_id: str | None, field: str, value: str | None) -> None:
    database.write_now(fix_fact, project_id or "", field, value, by=DecidedBy("amina", "grant agreement", NOW))


def test_nothing_is_taught_where_nobody_said_anything(database: Database) -> None:
    tell(database, launch(), event())
    assert lessons_of(database) == []


def test_a_labelled_article_is_a_record_of_the_corpus_with_its_text(database: Database) -> None:
    tell(database, event())
    label(database, 1, relevant=False, new=False)
    [record] = lessons_of(database)
    assert record["id"] == "article-1"
    assert (record["relevant"], record["new_project"], record["project"]) == (False, False, None)
    assert (record["title"], record["text"], record["lang"]) == ("Two arrested", "Little is known.", "en")
    assert record["published"] == "2026-11-25"
    assert "teaches" not in record


def test_who_says_only_that_it_is_no_new_project_lets_its_subject_stand(database: Database) -> None:
    tell(database, launch())
    label(database, 1, new=False)
    [record] = lessons_of(database)
    assert (record["relevant"], record["new_project"]) == (True, False)


def test_who_says_only_that_it_is_relevant_teaches_nothing_of_new_projects(database: Database) -> None:
    tell(database, event())
    label(database, 1, relevant=True)
    [record] = lessons_of(database)
    assert (record["relevant"], record["teaches"]) == (True, "relevance")


def test_fixed_facts_teach_on_every_article_of_the_project_and_others_are_left_open(database: Database) -> None:
    [made, _] = tell(database, launch(), retelling())
    fix(database, made.project_id, "amount", "USD 3000000")
    fix(database, made.project_id, "funders", "Norway; Sweden")
    fix(database, made.project_id, "name", None)
    records = lessons_of(database)
    assert [record["id"] for record in records] == ["article-1", "article-2"]
    for record in records:
        assert record["project"] == {
            "name": None, "funders": ["Norway", "Sweden"], "amount": 3_000_000, "currency": "USD",
        }  # fmt: skip
        assert record["teaches"] == "facts"
    assert records[0]["story"] == records[1]["story"]


def test_dates_and_lengths_are_taught_as_they_were_typed(database: Database) -> None:
    [made] = tell(database, launch())
    for field, value in (("start", "2026-04"), ("end", "2029"), ("duration_months", "36"), ("countries", "mz; tz")):
        fix(database, made.project_id, field, value)
    [record] = lessons_of(database)
    assert record["project"] == {"countries": ["MZ", "TZ"], "start": "2026-04", "end": "2029", "duration_months": 36}


def test_a_project_labelled_as_one_with_a_fixed_fact_teaches_both(database: Database) -> None:
    [made] = tell(database, launch())
    fix(database, made.project_id, "implementers", "Harbour Light")
    database.write_now(label_project, made.project_id or "", is_new_project=True, by=DecidedBy("amina", "", NOW))
    [record] = lessons_of(database)
    assert (record["new_project"], record["project"]) == (True, {"implementers": ["Harbour Light"]})
    assert "teaches" not in record


def test_an_article_whose_text_is_gone_is_counted_and_left_out(database: Database) -> None:
    tell(database, event())
    label(database, 1, relevant=False, new=False)
    database.write_now(forget_texts, NOW + timedelta(days=1))
    with database.reading() as connection:
        lessons = read_corrections(connection)
    assert (lessons.records, lessons.without_text) == ((), 1)


def test_an_article_of_several_projects_is_taught_once_and_without_the_facts_of_one(database: Database) -> None:
    reading, verdict = launch()
    other = judged(facts(name="Open Gate", implementers="Caritas", funders="Japan", amount=None))
    tell(database, (reading, replace(verdict, others=(other,))))
    with database.reading() as connection:
        from storage.projects.listing import list_projects

        ids = [one.public_id for one in list_projects(connection)]
    assert len(ids) == 2
    for public_id in ids:
        fix(database, public_id, "amount", "USD 5")
    assert lessons_of(database) == []
    label(database, 1, new=True, relevant=True)
    [record] = lessons_of(database)
    assert (record["project"], record["text"]) == ({}, LAUNCH)
