"""An entry's own prose gives way only to a page that has prose too, and speaks of the same."""

from __future__ import annotations

import pytest

from crawler.pages.interstitials import why_not_of_entry
from crawler.pages.prose import prose_of
from storage.records import LEAST_PROSE
from tests.support.newsroom_pages import PARAGRAPHS

ENTRY = "\n\n".join(PARAGRAPHS[:2])
FRENCH = (
    "L’agence des migrations et le gouvernement du Burundi ont lancé un projet de quatre ans contre la traite des "
    "êtres humains, ont annoncé les autorités à Bujumbura dimanche, avec trois millions de dollars des Pays-Bas.\n\n"
    "Le projet formera quatre cents juges, procureurs et policiers, ouvrira deux foyers près du lac et aidera mille "
    "cinq cents personnes exploitées dans des fermes, des maisons et des mines pendant les quatre prochaines années."
)
WEATHER = "The weather will stay dry and warm along the coast, with some wind from the south by evening. " * 9
COOKIES = "We use cookies and similar techniques to show you what suits you, and our partners do so as well. " * 20
CHINESE = "国际移民组织与布隆迪政府周日在布琼布拉宣布启动一项为期四年的打击人口贩运项目荷兰为此提供三百万美元资金" * 8


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(PARAGRAPHS),
        f"{COOKIES}\n\n{ENTRY}",  # an article about cookies, or one beneath a banner
        FRENCH,  # a translation shares no words
        "\n\n".join(reversed(PARAGRAPHS[1:])),
    ],
    ids=["longer", "with-cookies", "translated", "other-order"],
)
def test_a_page_that_speaks_of_what_its_entry_says_is_read(text: str) -> None:
    assert why_not_of_entry(html="", text=text, entry_text=ENTRY) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "less"),
        ("Burundi\nTrafficking\nProjects\nHome\n" * 200, "less"),
        (PARAGRAPHS[0], "less"),
        ("x" * 5_000 + ".", "less"),
        (COOKIES, "consent"),
        (
            "The weather will stay dry and warm along the coast, with some wind from the south by evening. " * 9,
            "nothing",
        ),
    ],
    ids=["empty", "menu", "beginning", "data", "cookies", "something-else"],
)
def test_a_page_that_does_not_leaves_the_entrys_own_words(text: str, words: str) -> None:
    assert words in (why_not_of_entry(html="", text=text, entry_text=ENTRY) or "")


def test_what_the_head_repeats_counts_as_said() -> None:
    head = f"<head><meta name='description' content='{PARAGRAPHS[0]}'></head>"
    assert why_not_of_entry(html=head, text=WEATHER, entry_text=ENTRY) is None


def test_an_entry_of_few_words_gives_way_to_any_page() -> None:
    assert len(prose_of(PARAGRAPHS[0])) < LEAST_PROSE
    assert why_not_of_entry(html="", text="Nothing to see.", entry_text=PARAGRAPHS[0]) is None


def test_scripts_without_spaces_are_compared_too() -> None:
    assert why_not_of_entry(html="", text=CHINESE[40:], entry_text=CHINESE) is None
    other = "天气预报显示沿海地区将持续干燥温暖傍晚时分将有南风吹来预计周末气温略有下降请市民注意添衣保暖出行安全" * 8
    assert "nothing" in (why_not_of_entry(html="", text=other, entry_text=CHINESE) or "")
