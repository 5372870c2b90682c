"""Finding articles and projects by words: the same on both databases, in every script, by any query."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.articles.store import forget_texts
from storage.database.engine import Database
from storage.search.search import Searchable, find, index, unindex_projects
from tests.support.crawl_records import NOW, add_project, reading, store_articles, verdict

TEXTS = {
    1: ("Žena z Ústí", "Obchod s lidmi: nový projekt začíná."),
    2: ("Lutte contre la traite des êtres humains", "Un projet de 3 ans à Niamey, financé par l’Union européenne."),
    3: ("مكافحة الاتجار بالبشر", "مشروعٌ جديد في النيجر"),
    4: ("打击人口贩运", "新项目启动"),
    5: ("Shelter opens", "Human trafficking survivors get counter-trafficking support from U.N. staff."),
    6: ("Trafficking of humans", "A report about drugs and humans, human beings trafficking."),
}


@pytest.fixture
def filled(database: Database) -> Database:
    batch = [(reading(number, title=title, text=words), verdict()) for number, (title, words) in TEXTS.items()]
    for one in batch:
        database.write_now(store_articles, [one], NOW)
    return database


FOUND: dict[str, set[int]] = {
    "zena": {1},
    "ŽENA": {1},
    "etres humains": {2},
    "europeenne l'union": {2},
    "الاتجار": {3},
    "مشروع": {3},
    "人口": {4},
    "口人": set(),
    "human": {5, 6},
    '"human trafficking"': {5},
    '"trafficking human"': set(),
    "human -drugs": {5},
    "counter-trafficking": {5},
    "traffick*": {5, 6},
    "traffick": set(),
    "niamey projet": {2},
    "niamey shelter": set(),
    "": set(),
    "-human": set(),
}


def test_words_find_what_people_mean(filled: Database) -> None:
    with filled.reading() as connection:
        assert {query: set(find(connection, "article_search", query)) for query in FOUND} == FOUND


def test_texts_that_are_gone_are_found_by_their_words_still(filled: Database) -> None:
    filled.write_now(forget_texts, NOW + timedelta(days=1))
    with filled.reading() as connection:
        assert find(connection, "article_search", "drugs") == [6]
        assert set(find(connection, "article_search", "traffick*")) == {5, 6}
        assert find(connection, "article_search", '"human trafficking"') == [5]
        assert find(connection, "article_search", '"etres humains"') == [2]


def test_beginnings_short_and_long_find_all_that_begin_so(filled: Database) -> None:
    asked = {
        "su*": {5}, "human su*": {5}, "h*": {2, 5, 6}, "traffickin*": {5, 6}, "traffickers*": set(), "人*": {4},
        "-traffickin* huma*": {2},
    }  # fmt: skip
    with filled.reading() as connection:
        assert {query: set(find(connection, "article_search", query)) for query in asked} == asked


def test_words_of_the_title_weigh_more(filled: Database) -> None:
    with filled.reading() as connection:
        assert find(connection, "article_search", "trafficking") == [6, 5]


ODD = [
    'foo"bar', "a OR", "NEAR(", "title:x", "^x", "x AND NOT", "'", "a:*b", "!a", "a & | b", "<->", "{}", "\\",
    "a" * 5000,
    "\0", "%", "x " * 500, '"""', "*", "-", "\ud800",
]  # fmt: skip


def test_no_query_is_an_error(filled: Database) -> None:
    with filled.reading() as connection:
        for query in ODD:
            assert isinstance(find(connection, "article_search", query), list)


def test_projects_are_found_by_their_own_words(database: Database) -> None:
    with database.writing() as connection:
        first, second = add_project(connection, "P-AAAAAA"), add_project(connection, "P-BBBBBB")
        index(connection, "project_search", [Searchable(first, "Protéger les enfants", "UNODC Niger")])
        index(connection, "project_search", [Searchable(second, "Safe journeys", "IOM Fiji")])
    with database.reading() as connection:
        assert find(connection, "project_search", "proteger niger") == [first]
    database.write_now(unindex_projects, [Searchable(second, "Safe journeys", "IOM Fiji")])
    with database.reading() as connection:
        assert find(connection, "project_search", "fiji") == []


def test_a_very_long_text_and_a_very_long_word_are_taken(database: Database) -> None:
    texts = ["x" * 3_000_000, " ".join(f"word{number}" for number in range(200_000))]
    batch = [(reading(number, text=words), verdict()) for number, words in enumerate(texts)]
    database.write_now(store_articles, batch, NOW)
    with database.reading() as connection:
        assert len(find(connection, "article_search", "word17")) == 1
