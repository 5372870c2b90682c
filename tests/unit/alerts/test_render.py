from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from alerts.content import Quotation
from alerts.letters import TEXT_WIDTH
from alerts.phrases import one_line
from alerts.render import render_digest, safe_link
from tests.unit.alerts.examples import HOSTILE, card, digest, telling


class Page(HTMLParser):
    """What a browser would make of the HTML: tags, links and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "a":
            self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_subject_is_the_news_itself() -> None:
    content = digest(new_projects=(card(), card("Rede Segura", ("Brazil", "Peru"))))
    assert render_digest(content).subject == "2 new counter-trafficking projects: Fiji, Brazil, Peru · 25 Nov 2026"


def test_the_subject_names_no_more_places_than_fit() -> None:
    content = digest(new_projects=(card(places=("Fiji", "Peru", "Chad", "Iraq", "Laos")),))
    assert render_digest(content).subject == "1 new counter-trafficking project: Fiji, Peru, Chad, Iraq… · 25 Nov 2026"


def test_every_section_stands_in_letter_and_page() -> None:
    rendered = render_digest(digest())
    page = " ".join(Page(rendered.html).words)
    for said in (
        "Safe Harbour Fiji",
        "Pacific Shelter Trust",
        "FJD 950,000 (Gazette)",
        "The trust will run two shelters for three years.",
        "P-7K2M4Q",
        "One more outlet tells it.",
        "a plan, not yet funded",
        "Three arrested",
        "2 other outlets",
        "Replace its address.",
        "14 sources watched, 1 of them in trouble. 66 articles read in this period.",
    ):
        assert said in page
        assert " ".join(said.split()) in " ".join(rendered.text.split())
    assert "herald.example" in page


def test_hostile_text_stays_text() -> None:
    hostile = card(
        HOSTILE,
        (HOSTILE,),
        tellings=(telling(title=HOSTILE, outlet=HOSTILE, host=HOSTILE, url="javascript:alert(1)"),),
        quotation=Quotation(HOSTILE, 'en" onload="x', HOSTILE),
    )
    rendered = render_digest(digest(new_projects=(hostile,)))
    page = Page(rendered.html)
    assert "script" not in page.tags
    assert not [link for link in page.links if not link.startswith("http")]
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "<script>" in " ".join(page.words)
    assert "\n" not in rendered.subject
    assert "\u202e" not in rendered.html + rendered.text


def test_nothing_remote_is_loaded() -> None:
    rendered = render_digest(digest())
    assert not {"img", "script", "link", "iframe", "object"} & set(Page(rendered.html).tags)
    assert "url(" not in rendered.html
    assert "@import" not in rendered.html


def test_dark_and_narrow_windows_keep_their_rules() -> None:
    html = render_digest(digest()).html
    assert "prefers-color-scheme: dark" in html
    assert "max-width: 480px" in html


def test_a_quotation_from_right_to_left_is_marked() -> None:
    arabic = card(quotation=Quotation("ينفذ المشروع خلال ثلاث سنوات", "ar", "المرآة"))
    html = render_digest(digest(new_projects=(arabic,))).html
    quote = re.search(r"<p[^>]*>“ينفذ", html)
    assert quote is not None
    assert 'lang="ar"' in quote[0]
    assert 'dir="rtl"' in quote[0]


def test_an_empty_digest_says_so() -> None:
    rendered = render_digest(digest(new_projects=(), updates=(), maybe=()))
    assert rendered.subject.startswith("No new counter-trafficking project ")
    assert "No new counter-trafficking project was announced" in " ".join(rendered.text.split())


def test_the_letter_keeps_to_its_width() -> None:
    long_words = card("A project with a very long name " * 6)
    lines = render_digest(digest(new_projects=(long_words,))).text.splitlines()
    assert not [line for line in lines if len(line) > TEXT_WIDTH and "http" not in line]


@given(st.text())
def test_one_line_is_one_line_for_any_text(text: str) -> None:
    said = one_line(text)
    assert len(said.splitlines()) <= 1
    assert one_line(said) == said
    assert not [c for c in said if ord(c) < 32]


@given(st.text())
def test_only_web_addresses_become_links(text: str) -> None:
    assert safe_link(text) in {"", text}
    assert safe_link("javascript:" + text) == ""
