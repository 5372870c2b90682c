from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.codes import UnknownCode, read_country, read_language


@pytest.mark.parametrize(
    ("read", "given", "meant"),
    [
        (read_country, "UK", "GB (United Kingdom)"),
        (read_country, "Kenya", "KE (Kenya)"),
        (read_country, "el", "GR (Greece)"),
        (read_language, "english", "en (English)"),
        (read_language, "Swahili", "sw (Swahili)"),
    ],
)
def test_what_is_no_code_is_refused_with_the_one_that_may_be_meant(
    read: Callable[[str], str], given: str, meant: str
) -> None:
    with pytest.raises(UnknownCode) as refused:
        read(given)
    assert refused.value.hint == f"did you mean {meant}?"


@pytest.mark.parametrize(
    ("read", "given"),
    [(read_country, "EU"), (read_country, "XX"), (read_country, ""), (read_language, "fr-FR"), (read_language, "xq")],
)
def test_what_is_no_code_and_like_none_is_refused_with_an_example(read: Callable[[str], str], given: str) -> None:
    with pytest.raises(UnknownCode) as refused:
        read(given)
    assert "such as" in refused.value.hint


def test_codes_are_read_in_letters_of_any_case() -> None:
    assert (read_country(" gb"), read_language("FR")) == ("GB", "fr")
