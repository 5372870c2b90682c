"""Phrases are found in a text as an analyst would find them: the longest that stands there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from classifier.text.phrase_matcher import PhraseMatcher, split_phrase
from classifier.text.tokens import tokenise

WORDS = st.sampled_from(["ministry", "minister", "of", "labour", "labours", "min*", "lab*", "o*"])
PHRASES = st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=12)
TEXTS = st.lists(st.sampled_from(["ministry", "minister", "of", "labour", "labours", "on"]), min_size=1, max_size=6)


def stands(words: tuple[str, ...], text: list[str]) -> bool:
    """Whether a phrase stands at the beginning of a text, said as plainly as can be."""
    return len(words) <= len(text) and all(
        seen.startswith(word[:-1]) if word.endswith("*") else word == seen
        for word, seen in zip(words, text, strict=False)
    )


@given(PHRASES, TEXTS)
def test_no_longer_phrase_stands_where_one_of_its_first_word_was_found(phrases: list[str], text: list[str]) -> None:
    phrases = [phrase for phrase in phrases if not phrase.split()[0].endswith("*")]
    found = PhraseMatcher((phrase, phrase) for phrase in phrases).match(tokenise(" ".join(text)), 0)
    lengths = [len(words) for words in map(split_phrase, phrases) if stands(words, text)]
    assert (found.last - found.first if found else 0) == max(lengths, default=0)


def test_where_a_text_ends_within_a_phrase_a_shorter_one_is_found() -> None:
    found = PhraseMatcher([("ministry of labour", 1), ("ministry of", 2)]).match(tokenise("ministry of"), 0)
    assert found is not None
    assert (found.last, found.value) == (2, 2)


def test_a_phrase_added_again_stands_for_what_was_said_last() -> None:
    book = PhraseMatcher([("red cross", 1), ("red", 2), ("red cross", 3)])
    found = book.find_all(tokenise("the red cross is red"))
    assert [(one.first, one.last, one.value) for one in found] == [(1, 3, 3), (4, 5, 2)]


def test_of_a_word_and_its_stem_the_longer_phrase_counts() -> None:
    book = PhraseMatcher([("ministry", "word"), ("minist* of labour", "stem"), ("ministry of", "both")])
    assert [one.value for one in book.find_all(tokenise("ministry of labour, ministry of health, ministry"))] == [
        "both",  # two words as written come before any stem
        "both",
        "word",
    ]


def test_arabic_writes_small_words_in_one_with_what_follows() -> None:
    book = PhraseMatcher([("وزارة العمل", "ministry")], is_arabic=True)
    assert [one.value for one in book.find_all(tokenise("أعلنت ووزارة العمل ولوزارة العمل"))] == ["ministry"]
    assert book.may_begin("anything")


def test_what_is_added_to_a_copy_of_a_book_leaves_the_book_as_it_was() -> None:
    book = PhraseMatcher([("red cross", 1), ("red", 2), ("minist*", 3)])
    copy = book.copy(is_arabic=False)
    copy.add("red crescent", 4)
    copy.add("minister", 5)
    tokens = tokenise("red crescent, red cross, ministry, minister")
    assert [one.value for one in book.find_all(tokens)] == [2, 1, 3, 3]
    assert [one.value for one in copy.find_all(tokens)] == [4, 1, 3, 5]


def test_a_phrase_taken_out_of_a_copy_is_found_in_the_book_only() -> None:
    book = PhraseMatcher([("red cross", 1), ("red", 2), ("minist*", 3)])
    copy = book.copy(is_arabic=False)
    for phrase in ("Red Cross", "minist*", "red crescent", "..."):
        copy.remove(phrase)
    tokens = tokenise("the red cross, a ministry")
    assert [one.value for one in book.find_all(tokens)] == [1, 3]
    assert [(one.value, one.last - one.first) for one in copy.find_all(tokens)] == [(2, 1)]
    assert copy.begins_with("red")


@given(PHRASES, PHRASES, TEXTS)
def test_a_book_without_some_phrases_finds_what_one_that_never_had_them_does(
    kept: list[str], others: list[str], text: list[str]
) -> None:
    book = PhraseMatcher((phrase, phrase) for phrase in [*kept, *others])
    for phrase in set(others) - set(kept):
        book.remove(phrase)
    without = PhraseMatcher((phrase, phrase) for phrase in [*kept, *(one for one in others if one in kept)])
    assert book.find_all(tokenise(" ".join(text))) == without.find_all(tokenise(" ".join(text)))
