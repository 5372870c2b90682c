from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest.advice import ADVICE, format_cause
from alerts.digest.cards import make_card
from alerts.digest.content import Coverage, FactLine, ParkedPage, StoryLine, Tally
from alerts.i18n.languages import LANGUAGES
from alerts.i18n.phrases import one_line
from alerts.i18n.translator import translator_for
from alerts.render.plain_text import TEXT_WIDTH
from alerts.render.render import html_bytes, render_digest, render_weekly, safe_link
from storage.projects.quotations import Quotation
from tests.support.digest_examples import HOSTILE, card, digest, source_link
from tests.support.project_examples import claim, euros, project
from tests.support.sample_digests import HARBOUR, morning, week

EXPECTED_TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td", "th", "p", "h1", "h2", "h3",
    "ul", "li", "a", "b", "i", "br", "span", "bdi", "blockquote",
}  # fmt: skip


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
        "14 sources watched, 1 of them in trouble: Gazette. 66 articles read in this period.",
    ):
        assert said in page
        assert " ".join(said.split()) in " ".join(rendered.text.split())
    assert "herald.example" in page


def test_hostile_text_stays_text() -> None:
    hostile = card(
        HOSTILE,
        (HOSTILE,),
        links=(source_link(title=HOSTILE, outlet=HOSTILE, host=HOSTILE, url="javascript:alert(1)"),),
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


@settings(max_examples=40)  # a digest is rendered each time
@given(st.text())
def test_any_text_is_only_text(text: str) -> None:
    told = card(
        text,
        (text,),
        facts=(FactLine(text, text, (text,), who=text),),
        links=(source_link(title=text, outlet=text, host=text, language=text, url=f"http://a.example/{text}"),),
        quotation=Quotation(text, text, text),
        note=text,
    )
    page = Page(render_digest(digest(new_projects=(told,))).html)
    allowed = {"class", "lang", "dir", "align", "href", "style", "role", "scope", "width", "aria-hidden"}
    allowed |= {"id", "charset", "name", "content", "cellpadding", "cellspacing"}
    assert {name for name, _ in page.attributes} <= allowed
    assert set(page.tags) <= EXPECTED_TAGS
    assert one_line(text) in one_line(" ".join(page.words))


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


def test_names_from_right_to_left_do_not_turn_the_line_round() -> None:
    html = render_digest(digest(new_projects=(card(links=(source_link(outlet="المرآة", host="m.example"),)),))).html
    assert "<bdi>المرآة</bdi>" in html
    assert "<bdi>" not in render_digest(digest()).html


def test_figures_after_a_name_from_right_to_left_stay_behind_it() -> None:
    content = digest(coverage=Coverage(3, ("Gazette", "صوت المشرق"), 1966))
    assert "صوت المشرق\u200e. 1,966 articles" in " ".join(render_digest(content).text.split())


def test_the_command_on_a_card_stands_in_one_piece() -> None:
    rendered = render_digest(digest(new_projects=(card(),), language="fr"))
    assert re.search(r"tipwatch projects show P-7K2M4Q$", rendered.text, re.MULTILINE)
    assert '<span class="i">tipwatch projects show P-7K2M4Q</span>' in rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_speaks_one_language(language: str) -> None:
    translator = translator_for(language)
    told = project(amount=(euros(11e6, 1),), implementers=(claim("Harbour Trust", 1),), countries=(claim("FJ", 1),))
    projects = tuple(make_card(replace(told, public_id=f"P-{i}AAAAA"), translator) for i in range(2))
    content = digest(new_projects=projects, updates=(), maybe=(), news=(), sources=(), language=language, left_out=3)
    rendered = render_digest(content)
    assert rendered.language == language
    assert f'<html lang="{language}"' in rendered.html
    said = f"{rendered.subject} {rendered.text} {' '.join(Page(rendered.html).words)}".replace("\u00a0", " ")
    english = ("New projects", "How much", "Runs it", "in this period", "To check or correct it", "almost certainly")
    assert [words for words in english if words in said] == (list(english) if language == "en" else [])


def test_an_inbox_shows_the_first_titles_beside_the_subject() -> None:
    html = render_digest(digest(new_projects=(card(), card("Rede Segura"), card("x" * 140)))).html
    hidden = re.search(r'<div class="v"[^>]*display:none[^>]*>([^<]*)</div>', html)
    assert hidden is not None
    assert hidden[1] == "Safe Harbour Fiji · Rede Segura"
    assert 'class="v"' not in render_digest(digest(new_projects=(), updates=())).html


def test_many_projects_are_first_seen_at_a_glance() -> None:
    many = render_digest(digest(new_projects=tuple(card(f"Project {i}") for i in range(4)), updates=()))
    assert "1. Fiji · Project 0 · FJD 900,000\n2. Fiji · Project 1" in many.text
    assert "At a glance" in " ".join(Page(many.html).words)
    assert "At a glance" not in render_digest(digest()).text


def test_the_subject_counts_what_is_attached_too() -> None:
    assert render_digest(digest(left_out=39)).subject.startswith("40 new counter-trafficking projects: Fiji")
    assert "39 more new projects are in the attached table." in render_digest(digest(left_out=39)).text


def test_a_big_digest_arrives_whole() -> None:
    """Large providers clip a message whose HTML is above 102 kB."""
    new = tuple(replace(HARBOUR, public_id=f"P-{i:06}") for i in range(40))
    news = (StoryLine(13, "crime case", HARBOUR.links[0], 3),) * 10
    size = html_bytes(render_digest(replace(morning(), new_projects=new, updates=(), maybe=(), news=news)))
    assert 60_000 < size < 102_000


def test_a_week_is_told_in_numbers_that_need_no_picture() -> None:
    rendered = render_weekly(week())
    assert rendered.subject == "The week to 25 Nov 2026: 17 new counter-trafficking projects"
    words = " ".join(" ".join(Page(rendered.html).words).split())
    for said in ("Philippines 5", "European Union 6", "Crime case 51", "Safe Harbour", "5 updates, 88 other stories"):
        assert said in words
    assert re.search(r"^Philippines +5  #+$", rendered.text, re.MULTILINE)
    assert not [line for line in rendered.text.splitlines() if len(line) > TEXT_WIDTH and "http" not in line]


def test_a_chart_of_a_week_says_how_many_more_there_are() -> None:
    countries = tuple(Tally(f"Country {number}", 30 - number) for number in range(13))
    rendered = render_weekly(replace(week(), countries=countries))
    for words in (rendered.text, " ".join(Page(rendered.html).words)):
        assert "Country 9" in words
        assert "Country 10" not in words
        assert "… and 3 more" in words


def test_a_week_in_which_nothing_happened_has_no_charts() -> None:
    empty = replace(week(), new_projects=0, updates=0, stories=0, countries=(), funders=(), topics=(), projects=())
    rendered = render_weekly(empty)
    assert rendered.subject == "The week to 25 Nov 2026: No new counter-trafficking project"
    assert "0 updates, 0 other stories" in rendered.text
    assert "#" not in rendered.text


def test_an_empty_digest_says_so() -> None:
    rendered = render_digest(digest(new_projects=(), updates=(), maybe=()))
    assert rendered.subject.startswith("No new counter-trafficking project ")
    assert "No new counter-trafficking project was announced" in " ".join(rendered.text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_keeps_to_its_width(language: str) -> None:
    long_words = card("A project with a very long name " * 6)
    content = digest(new_projects=(long_words, HARBOUR), language=language)
    lines = render_digest(content).text.splitlines()
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


def test_parked_pages_are_named_with_their_reason_and_stay_text() -> None:
    page = ParkedPage(HOSTILE, "Gazette", "gazette.example", "http://gazette.example/1", "Sent on more than 5 times.")
    rendered = render_digest(digest(parked=(page,), parked_left_out=3))
    assert "gazette.example · Gazette. Sent on more than 5 times." in " ".join(rendered.text.split())
    assert "3 more pages: see tipwatch parked list" in rendered.text
    shown = Page(rendered.html)
    assert "http://gazette.example/1" in shown.links
    assert set(shown.tags) <= EXPECTED_TAGS
    assert "Pages that could not be read" not in render_digest(digest()).text


def test_the_short_text_of_a_long_digest_says_how_many_more_there_are() -> None:
    cards = tuple(card(f"Harbour {number}") for number in range(60))
    brief = render_digest(digest(new_projects=cards, left_out=7)).brief
    assert len(brief) < 2000
    shown, _, rest = brief.partition("… and ")
    assert shown.count("•") + int(rest.split()[0]) == 67
    assert "http://herald.example/news/1" in shown


def test_the_short_text_of_an_empty_digest_says_so() -> None:
    empty = digest(new_projects=(), updates=(), maybe=(), news=(), sources=())
    assert render_digest(empty).brief.startswith("No new counter-trafficking project was announced")


def test_a_day_on_which_no_source_could_be_read_says_that() -> None:
    blind = Coverage(3, ("Gazette", "The Herald", "Wire"), 0, is_blind=True)
    rendered = render_digest(digest(new_projects=(), updates=(), maybe=(), news=(), coverage=blind))
    assert rendered.subject.startswith("No source could be read")
    for said in (rendered.text, rendered.html, rendered.brief):
        words = " ".join(said.split())
        assert "Not one source could be read in this period" in words
        assert "No new counter-trafficking project was announced" not in words
    assert "3 of them in trouble: Gazette, The Herald, Wire." in " ".join(rendered.text.split())


def test_lists_that_are_cut_say_how_many_more_there_are_and_where() -> None:
    rendered = render_digest(digest(updates_left_out=4, maybe_left_out=3, news_left_out=21))
    text = " ".join(rendered.text.split())
    page = " ".join(" ".join(Page(rendered.html).words).split())
    for said in (
        "4 more updates come with the next digest.",
        "3 more: see tipwatch articles list --maybe --since 2026-11-24",
        "21 more: see tipwatch articles list --relevant --since 2026-11-24",
    ):
        assert said in text
        assert said in page


def test_a_line_at_a_glance_leads_to_its_card() -> None:
    many = render_digest(digest(new_projects=tuple(card(f"Project {i}", public_id=f"P-{i}AAAAA") for i in range(4))))
    for number in range(4):
        assert many.html.count(f'href="#P-{number}AAAAA"') == 1
        assert many.html.count(f'id="P-{number}AAAAA"') == 1


def test_a_week_says_what_it_is_and_links_to_its_projects() -> None:
    rendered = render_weekly(week())
    assert "The week in numbers" in " ".join(rendered.text.split())
    [first, *_] = week().projects
    assert f'href="{first.url}"' in rendered.html
    assert first.url in rendered.text


def test_no_markdown_stands_in_a_digest() -> None:
    for phrase in ADVICE.values():
        assert "`" not in phrase
    said = format_cause(translator_for("en"), "not-a-feed", "write `kind: listing`; see `tipwatch sources check`")
    assert said == "Write kind: listing."


def test_a_fact_that_articles_state_differently_is_marked_as_doubtful() -> None:
    rendered = render_digest(digest())
    said = "articles differ: FJD 950,000 (Gazette)"
    assert said in " ".join(rendered.text.split()).replace("\xa0", " ")
    assert said in " ".join(" ".join(Page(rendered.html).words).split()).replace("\xa0", " ")
    where = FactLine("Where", "Fiji", ("perhaps also Tonga (Gazette)",), kind="where")
    assert "articles differ" not in render_digest(digest(new_projects=(card(facts=(where,)),), updates=())).text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("http://a.example/1/?utm_source=rss&utm_medium=feed", "http://a.example/1/"),
        ("http://a.example/1?id=7&utm_source=rss#top", "http://a.example/1?id=7#top"),
        ("http://a.example/1?b=&a=%C3%A9&outm_x=1", "http://a.example/1?b=&a=%C3%A9&outm_x=1"),
    ],
)
def test_links_carry_nothing_that_only_counts_readers(given: str, shown: str) -> None:
    assert safe_link(given) == shown
