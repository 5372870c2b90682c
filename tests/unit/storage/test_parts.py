"""The addresses under which the projects of one article are stored."""

from __future__ import annotations

import pytest

from storage.articles.parts import article_url, own_text, part_number, part_url


@pytest.mark.parametrize("url", ["https://x.example/a", "https://x.example/eu-project-2", "https://x.example/a#2"])
@pytest.mark.parametrize("number", [1, 2, 12])
def test_an_address_tells_its_project_and_its_article(url: str, number: int) -> None:
    stored = part_url(url, number)
    assert (article_url(stored), part_number(stored)) == (url, number)


def test_the_text_of_a_project_is_without_what_tells_of_others() -> None:
    assert own_text("Both. One. Two.", [(6, 10)]) == "Both.  Two."
