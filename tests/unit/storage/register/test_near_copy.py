from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.register.compare.near_copy import (
    BANDS,
    estimate_similarity,
    fold_text,
    list_bands,
    read_signature,
    sign_text,
    split_band,
)

WORDS = [f"{a}{b}{c}" for a in ("ba", "ko", "mi", "ru") for b in ("la", "te", "so", "ni") for c in ("n", "r", "s", "m")]


def make_text(seed: int, count: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=count)


def share_a_band(one: str, other: str) -> bool:
    first, second = sign_text(one), sign_text(other)
    assert first is not None
    assert second is not None
    return bool(set(list_bands(first)) & set(list_bands(second)))


def test_a_text_is_a_copy_of_itself_whatever_its_case_accents_and_punctuation() -> None:
    plain = "the centre will open in march and run for three years with money from two donors"
    shouted = "The CENTRE will open, in March — and run for three years: with money from two donörs!"
    one, other = sign_text(plain), sign_text(shouted)
    assert one is not None
    assert other is not None
    assert estimate_similarity(one, other) == 1.0


def test_a_copy_with_a_sentence_dropped_is_found_by_a_band_and_confirmed() -> None:
    for seed in range(20):
        words = make_text(seed)
        cut = words[:90] + words[104:]
        one, other = sign_text(" ".join(words)), sign_text(" ".join(cut))
        assert one is not None
        assert other is not None
        assert estimate_similarity(one, other) >= 0.6
        assert share_a_band(" ".join(words), " ".join(cut))


def test_other_texts_of_the_same_words_are_no_copies() -> None:
    for seed in range(20):
        one, other = sign_text(" ".join(make_text(seed))), sign_text(" ".join(make_text(seed + 1000)))
        assert one is not None
        assert other is not None
        assert estimate_similarity(one, other) < 0.3


def test_a_stub_has_no_signature() -> None:
    assert sign_text("Minister opens shelter") is None
    assert sign_text("") is None


def test_a_signature_comes_back_as_it_was_stored() -> None:
    signed = sign_text(" ".join(make_text(1)))
    assert signed is not None
    assert len(signed.tobytes()) == 64
    assert (read_signature(signed.tobytes()) == signed).all()
    assert [split_band(band)[0] for band in list_bands(signed)] == list(range(BANDS))
    assert all(-(2**31) <= split_band(band)[1] < 2**31 for band in list_bands(signed))


@settings(max_examples=30)
@given(st.lists(st.sampled_from(WORDS), min_size=12, max_size=60), st.integers(0, 11))
def test_signatures_are_of_the_set_of_runs_and_symmetric(words: list[str], at: int) -> None:
    changed = [*words[:at], "xx", *words[at + 1 :]]
    one, other = sign_text(" ".join(words)), sign_text(" ".join(changed))
    assert one is not None
    assert other is not None
    assert estimate_similarity(one, other) == estimate_similarity(other, one)
    assert estimate_similarity(one, one) == 1.0


def test_folding_drops_arabic_vowels_and_latin_accents() -> None:
    assert fold_text("Café مُكافَحة") == "cafe مكافحة"
