"""What is put around a text on its way into training leaves the text where it says."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from classifier.training.page_noise import add_page_noise


@given(
    title=st.text(min_size=1, max_size=60),
    text=st.text(st.characters(), max_size=600),
    lang=st.sampled_from(["en", "fr", "ar", "th"]),
    seed=st.integers(0, 10_000),
)
def test_the_text_stands_where_the_shift_says(title: str, text: str, lang: str, seed: int) -> None:
    noisy = add_page_noise(title, text, lang, random.Random(seed))
    joined = f"{noisy.title}\n{noisy.text}"
    found = joined[noisy.shift : noisy.shift + len(title) + 1 + len(text)]
    assert found.upper().replace("\n", " ") == f"{title}\n{text}".upper().replace("\n", " ")


def test_the_same_seed_gives_the_same_noise() -> None:
    one, other = (add_page_noise("Title", "Some words. " * 40, "es", random.Random(3)) for _ in range(2))
    assert one == other
