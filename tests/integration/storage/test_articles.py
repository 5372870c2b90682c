"""Articles: stored once a canonical URL, listed by what people ask, kept without their text when that is to go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage.articles.articles import ArticleFilter, get_article, list_articles
from storage.articles.labels import last_word, read_labels
from storage.articles.pages import pending_pages
from storage.articles.store import ArticlePlace, StoredAs, forget_texts, set_places
from storage.corrections.labels import label_article
from storage.database.engine import Database
from storage.database.statements import read_counters
from storage.decisions import DecidedBy
from storage.sources.sources import record_polls
from storage.tables.schema import entry
from tests.support.crawl_records import (
    DAY,
    NOW,
    KilledError,
    add_project,
    poll,
    reading,
    seen,
    spec,
    store_articles,
    verdict,
    wait,
    watch,
    write_and_die,
)


def test_an_article_comes_back_as_it_was_read_and_judged(database: Database) -> None:
    wait(database, seen(1))
    (page,) = database.write_now(pending_pages, NOW, limit=1)
    judged = verdict(new="yes", topic="project")
    stored = database.write_now(store_articles, [(reading(1, entry_ids=page.entry_ids, text="Words."), judged)], NOW)
    assert stored == [StoredAs(1, True)]
    with database.reading() as connection:
        article = get_article(connection, 1)
        assert get_article(connection, 2) is None
    assert article is not None
    assert (article.title, article.text, article.verdict) == ("A title", "Words.", judged)
    assert (article.host, article.outlet, article.read_from) == ("herald.example", "The Herald", "page")
    assert article.registered_at == NOW
    assert [(one.source_name, one.url) for one in article.entries] == [
        ("herald", "https://herald.example/news/1?utm_source=rss")
    ]


def test_a_canonical_url_is_one_article_however_often_it_is_read(database: Database) -> None:
    batch = [(reading(1), verdict()), (reading(1, title="Again"), verdict()), (reading(2), verdict())]
    assert database.write_now(store_articles, batch, NOW) == [StoredAs(1, True), StoredAs(1, False), StoredAs(2, True)]
    assert database.write_now(store_articles, batch, NOW + DAY) == [StoredAs(n, False) for n in (1, 1, 2)]
    with database.reading() as connection:
        assert [one.title for one in list_articles(connection)] == ["A title", "A title"]
        assert read_counters(connection) == {"articles": 2, "relevant": 2}


def test_every_entry_that_leads_to_an_article_is_done_with_it(database: Database) -> None:
    herald, courier = watch(database, spec("herald"), spec("courier"))
    database.write_now(record_polls, [poll(herald.id, seen(1)), poll(courier.id, seen(1))])
    database.write_now(store_articles, [(reading(1, entry_ids=(1,)), verdict())], NOW)
    with database.reading() as connection:
        assert set(connection.execute(select(entry.c.state)).scalars()) == {"done"}
        article = get_article(connection, 1)
    assert article is not None
    assert [one.source_name for one in article.entries] == ["herald", "courier"]


def test_nothing_is_stored_of_a_batch_that_fails_halfway(database: Database) -> None:
    wait(database, seen(1))
    with pytest.raises(KilledError):
        write_and_die(database, store_articles, [(reading(1, entry_ids=(1,)), verdict())], NOW)
    with database.reading() as connection:
        assert list_articles(connection) == []
        assert connection.execute(select(entry.c.state)).scalars().all() == ["waiting"]
        assert read_counters(connection) == {}


def test_articles_are_listed_by_what_people_ask(database: Database) -> None:
    readings = [
        (reading(1, title="A project in Niger", outlet="IOM"), verdict(new="yes", topic="project")),
        (reading(2, title="An arrest"), verdict()),
        (reading(3, title="Football"), verdict(relevant="no", topic="sport-business")),
        (reading(4, title="Perhaps"), verdict(relevant="yes", new="maybe", topic="project")),
    ]
    for number, one in enumerate(readings):
        database.write_now(store_articles, [one], NOW + timedelta(minutes=number))
    with database.writing() as connection:
        set_places(
            connection, [ArticlePlace(1, "new-project", "first", project_id=add_project(connection, "P-AAAAAA"))]
        )

    def found(**asked: object) -> list[int]:
        with database.reading() as connection:
            return [one.id for one in list_articles(connection, ArticleFilter(**asked))]  # type: ignore[arg-type]

    assert found() == [4, 3, 2, 1]
    assert found(is_relevant=True) == [4, 2, 1]
    assert found(is_relevant=False) == [3]
    assert found(is_new_project=True) == [1]
    assert found(band="maybe") == [4]
    assert found(topic="project") == [4, 1]
    assert found(language="en", host="herald.example", topic="project", is_new_project=True) == [1]
    assert found(since_at=NOW + timedelta(minutes=1)) == [4, 3, 2]
    assert found(text="niger") == [1]
    assert found(text="arrest", is_new_project=True) == []
    assert found(source="herald") == []
    with database.reading() as connection:
        assert [one.id for one in list_articles(connection, limit=2, offset=1)] == [3, 2]
        placed = get_article(connection, 1)
    assert placed is not None
    assert (placed.outcome, placed.reason, placed.project_id) == ("new-project", "first", "P-AAAAAA")


def test_articles_of_a_source_are_those_it_told_of(database: Database) -> None:
    wait(database, seen(1))
    database.write_now(store_articles, [(reading(1, entry_ids=(1,)), verdict()), (reading(2), verdict())], NOW)
    with database.reading() as connection:
        assert [one.id for one in list_articles(connection, ArticleFilter(source="herald"))] == [1]


def test_forgotten_text_leaves_the_article_its_verdict_and_its_words(database: Database) -> None:
    database.write_now(store_articles, [(reading(1, text="Shelter in Niamey"), verdict())], NOW)
    database.write_now(store_articles, [(reading(2, text="Later"), verdict())], NOW + DAY)
    assert database.write_now(forget_texts, NOW + DAY) == 1
    with database.reading() as connection:
        old, new = get_article(connection, 1), get_article(connection, 2)
        assert [one.id for one in list_articles(connection, ArticleFilter(text="niamey"))] == [1]
    assert old is not None
    assert new is not None
    assert (old.text, old.verdict, new.text) == (None, verdict(), "Later")


def test_a_ruled_out_article_keeps_no_text(database: Database) -> None:
    database.write_now(store_articles, [(reading(1, text=""), verdict(relevant="no"))], NOW)
    with database.reading() as connection:
        article = get_article(connection, 1)
    assert article is not None
    assert article.text is None


def test_a_persons_label_is_followed_by_lists_and_kept_for_training(database: Database) -> None:
    database.write_now(store_articles, [(reading(1, text="Body"), verdict(new="maybe", topic="project"))], NOW)

    def label(**said: bool | None) -> bool:
        whole: dict[str, Any] = {"is_relevant": None, "is_new_project": None} | said
        return database.write_now(label_article, 1, **whole, by=DecidedBy("ana", "a workshop", NOW))

    assert label(is_new_project=True)
    assert label(is_new_project=False, is_relevant=False)
    assert label(is_relevant=True)
    with database.reading() as connection:
        assert list_articles(connection, ArticleFilter(band="maybe")) == []
        assert [one.id for one in list_articles(connection, ArticleFilter(is_relevant=True))] == [1]
        [labels] = read_labels(connection).values()
        assert read_counters(connection) == {"articles": 1, "relevant": 1, "maybe": 0}
        article = get_article(connection, 1)
    assert (last_word(labels, "is_relevant"), last_word(labels, "is_new_project")) == (True, False)
    assert article is not None
    assert article.text == "Body"
    assert article.verdict.new_project_band == "maybe"
    missing: dict[str, Any] = {"is_relevant": True, "is_new_project": None}
    assert not database.write_now(label_article, 99, **missing, by=DecidedBy("ana", "", NOW))
