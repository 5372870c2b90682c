"""Packed postings give back exactly what went in, and can be looked up by word and by beginning."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.search.postings import ROW_BYTES, gather, key_of, pack, unpack

WORDS = st.text(st.characters(categories=("Ll", "Lo", "Nd")), min_size=1, max_size=12)


ARTICLES = st.dictionaries(st.integers(1, 2**40), st.sets(WORDS, min_size=1, max_size=30), min_size=1, max_size=20)


@given(ARTICLES)
def test_what_is_packed_comes_back(words_of: dict[int, set[str]]) -> None:
    base = min(words_of)
    rows = [unpack(row, base) for row in pack(gather(sorted(words_of.items())), base)]
    found = [pair for row in rows for pair in zip(row.keys.tolist(), row.ids.tolist(), strict=True)]
    assert found == sorted({(key_of(word), id_) for id_, words in words_of.items() for word in words})


@given(ARTICLES, WORDS)
def test_a_word_and_a_beginning_find_the_articles_that_hold_them(words_of: dict[int, set[str]], asked: str) -> None:
    base = min(words_of)
    rows = [unpack(row, base) for row in pack(gather(sorted(words_of.items())), base)]
    for word in {asked, *next(iter(words_of.values()))}:
        held = {id_ for row in rows for id_ in row.of(key_of(word)).tolist()}
        assert held == {id_ for id_, words in words_of.items() if word in words}
        for beginning in {word[:1], word[:4], word[:7]}:
            held = {id_ for row in rows for id_ in row.beginning(beginning).tolist()}
            assert held == {id_ for id_, words in words_of.items() if any(w.startswith(beginning) for w in words)}


def test_rows_are_small_and_each_word_stands_in_one() -> None:
    articles = [(id_, {"common", *(f"word{id_ * at % 5_003}" for at in range(200))}) for id_ in range(1, 400)]
    rows = pack(gather(articles), 1)
    keys = [set(unpack(row, 1).keys.tolist()) for row in rows]
    assert len(rows) > 10
    assert sum(map(len, keys)) == len(set().union(*keys))
    assert [row.first for row in rows] == sorted(min(row) for row in keys)
    assert max(len(row.packed) + len(row.ends) for row in rows) < 1.1 * ROW_BYTES
