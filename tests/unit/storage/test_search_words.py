"""Queries as people type them, in the languages of the two databases."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.query import Term, fold, fts5_query, read_query, tsquery


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("Žena & Straße", "zena strasse"),
        ("Traite des êtres-humains", "traite des etres humains"),
        ("İstanbul ŁÓDŹ", "istanbul łodz"),
        ("مُكافَحة الاتجار", "مكافحة الاتجار"),
        ("人口贩运", "人 口 贩 运"),
        ("foo_bar@example.org", "foo bar example org"),
        ("ﬁnance", "finance"),
        ("", ""),
    ],
)
def test_words_are_folded_alike_in_every_script(words: str, folded: str) -> None:
    assert fold(words) == folded


@given(st.text())
def test_folding_folded_words_changes_nothing(words: str) -> None:
    assert fold(fold(words)) == fold(words)


def test_a_query_has_words_phrases_beginnings_and_words_to_leave_out() -> None:
    assert read_query('shelter "human trafficking" -drugs traff* -"wild life"') == [
        Term(("shelter",)),
        Term(("human", "trafficking")),
        Term(("drugs",), is_wanted=False),
        Term(("traff",), is_beginning=True),
        Term(("wild", "life"), is_wanted=False),
    ]


@pytest.mark.parametrize("query", ["", "   ", '"', '""', "-", "*", "-drugs", "!!!", "&|()"])
def test_a_query_without_a_word_to_look_for_asks_nothing(query: str) -> None:
    assert fts5_query(read_query(query)) is None
    assert tsquery(read_query(query)) is None


@given(st.text())
def test_no_query_breaks_the_statement_it_becomes_part_of(query: str) -> None:
    asked = fts5_query(read_query(query))
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5(title, words, content='')")
        if asked is not None:
            assert connection.execute("SELECT rowid FROM found WHERE found MATCH ?", (asked,)).fetchall() == []
    finally:
        connection.close()
