"""What a headline is compared by, and whose it is."""

from __future__ import annotations

import pytest

from storage.register.compare.claims import Claims
from storage.register.compare.headlines import compare_headlines
from storage.register.compare.headlines import read_headline as read

URL = "https://search.example/articles/1"


def headline_of(title: str) -> str:
    """Where nothing is known of the outlet but the search engine's host."""
    return read(title, "search.example", URL)[0]


@pytest.mark.parametrize(
    "title",
    [
        "IOM launches “Safe Harbour” in Burundi",
        "IOM launches 'Safe Harbour' in Burundi - The Herald",
        "IOM launches Safe Harbour in Burundi | Burundi Daily Star",
        "IOM launches Safe - Harbour - in Burundi - Al-Jazeera",
        "  iom launches SAFE HARBOUR in Burundi — herald.example",
    ],
)
def test_one_headline_is_one_whatever_its_marks_and_the_outlet_behind_it(title: str) -> None:
    assert headline_of(title) == "iom launches safe harbour burundi"


@pytest.mark.parametrize(
    "title",
    ["", "- Herald", "New project against human trafficking", "Trata de personas: nuevo proyecto", "News - 25/11/2026"],
)
def test_what_many_headlines_say_is_none_to_go_by(title: str) -> None:
    assert headline_of(title) == ""


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Shelters along northern roads open - Kenya", "Shelters along northern roads open - Nepal"),
        ("Shelters along northern roads open", "Shelters along southern roads open"),
        (
            "Shelters along northern roads open - a hundred places for women in need",
            "Shelters along northern roads open - forty places for men in need",
        ),
    ],
)
def test_headlines_that_differ_in_what_they_say_are_two(title: str, other: str) -> None:
    assert headline_of(title) != headline_of(other)


@pytest.mark.parametrize(
    "title",
    [
        "国际移民组织在布隆迪启动打击人口贩运项目",
        "ไอโอเอ็มเปิดตัวโครงการต่อต้านการค้ามนุษย์ในบุรุนดี",
        "МОМ запускает проект «Тихая гавань» в Бурунди",
    ],
)
def test_headlines_of_other_scripts_are_read(title: str) -> None:
    assert headline_of(title) == headline_of(f"{title} - Herald") != ""


@pytest.mark.parametrize(
    ("title", "outlet", "name"),
    [
        ("Shelters open", "The Herald", "herald"),
        ("Shelters open", "www.herald.co.uk", "herald"),
        ("Shelters along northern roads open - Herald", "search.example", "herald"),
        ("Safe Harbour - a project in Burundi", "search.example", "search"),
        ("Shelters open - Herald", "Daily Star", "dailystar"),
        ("Shelters open", "search.example", "search"),
        ("Shelters open", "", "search"),
    ],
)
def test_an_outlet_is_known_by_name_or_host_or_by_what_stands_behind_the_title(
    title: str, outlet: str, name: str
) -> None:
    assert read(title, outlet, URL)[1] == name


def test_only_the_outlets_own_name_is_left_out_where_it_is_known() -> None:
    title = "Shelters along northern roads open"
    assert read(f"{title} - The Herald", "Herald", URL)[0] == headline_of(title)
    assert read(f"{title} - forty for women", "Herald", URL)[0] != headline_of(title)


@pytest.mark.parametrize(
    ("cut", "decision"),
    [
        ("Norway pays for six lantern shelters along northern ro…", "same"),
        ("Norway pays for six lantern shelters along southern ro…", "different"),
        ("Norway pays for six lantern shelters along northern", "different"),
        ("Norway pays for six lantern...", "different"),
    ],
)
def test_a_headline_is_the_whole_of_one_that_was_cut_late_enough_to_tell(cut: str, decision: str) -> None:
    one, other = (
        Claims(headline=headline_of(title))
        for title in (cut, "Norway pays for six lantern shelters along northern roads")
    )
    assert compare_headlines(one, other).decision == compare_headlines(other, one).decision == decision
