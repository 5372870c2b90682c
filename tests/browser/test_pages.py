from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from axe_playwright_python.async_playwright import Axe

from alerts.digest.content import FactLine
from alerts.render.message import RenderedDigest
from alerts.render.render import render_digest, render_weekly
from tests.support.browser import Show
from tests.support.sample_digests import HARBOUR, morning, quiet_morning, week

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

WIDTHS = (360, 900)
NARROWEST = 320  # what WCAG asks to hold: a wide window at 400 %
SCHEMES = ("light", "dark")
NAMES = ("morning", "morning in French", "quiet morning", "week", "hostile")
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
EXAMINED = [
    *(("morning", width, scheme) for width in WIDTHS for scheme in SCHEMES),
    *(("week", 360, scheme) for scheme in SCHEMES),
    ("morning in French", 360, "light"),
    ("quiet morning", 360, "dark"),
    ("hostile", 360, "light"),
]
UNBROKEN = "unbroken" * 30


@cache
def rendered(name: str) -> RenderedDigest:
    long = replace(HARBOUR, title=UNBROKEN, links=(replace(HARBOUR.links[0], title=UNBROKEN, host=UNBROKEN),))
    return {
        "morning": lambda: render_digest(morning()),
        "morning in French": lambda: render_digest(morning("fr")),
        "quiet morning": lambda: render_digest(quiet_morning()),
        "week": lambda: render_weekly(week()),
        "hostile": lambda: render_digest(replace(morning(), new_projects=(long,), subscription="m" * 60)),
    }[name]()


@pytest.mark.parametrize("width", [NARROWEST, *WIDTHS])
@pytest.mark.parametrize("name", NAMES)
async def test_nothing_is_wider_than_the_window(show: Show, name: str, width: int) -> None:
    async with show(rendered(name).html, width=width) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= width


async def test_a_wide_part_would_be_seen(show: Show) -> None:
    html = rendered("morning").html.replace("<h1", "<p style='width:400px'>wide</p><h1", 1)
    async with show(html, width=360) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") > 360


LINES_OF_WORDS = """
[...document.querySelectorAll('th.k')].flatMap(th => [...th.firstChild.data.matchAll(/\\S+/g)].map(word => {
    const range = document.createRange();
    range.setStart(th.firstChild, word.index); range.setEnd(th.firstChild, word.index + word[0].length);
    return [word[0], range.getClientRects().length]; }))
"""


@pytest.mark.parametrize("width", [NARROWEST, *WIDTHS])
async def test_no_label_is_cut_inside_a_word(show: Show, width: int) -> None:
    helped = replace(HARBOUR, facts=(*HARBOUR.facts, FactLine("Bénéficiaires prévus", "150")))
    async with show(render_digest(replace(morning("fr"), new_projects=(helped,))).html, width=width) as page:
        lines = await page.evaluate(LINES_OF_WORDS)
    assert ["Bénéficiaires", 1] in lines
    assert [word for word, count in lines if count > 1] == []


@pytest.mark.parametrize(("name", "width", "scheme"), EXAMINED)
async def test_axe_finds_nothing_that_shuts_a_reader_out(show: Show, name: str, width: int, scheme: str) -> None:
    async with show(rendered(name).html, width=width, scheme=scheme) as page:
        found = (await Axe().run(page, options=OPTIONS)).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


async def test_axe_would_see_pale_words_and_missing_languages(show: Show) -> None:
    html = rendered("morning").html.replace("color:#1f2328", "color:#aaaaaa").replace('<html lang="en"', "<html")
    async with show(html, width=360) as page:
        found = {one["id"] for one in (await Axe().run(page, options=OPTIONS)).response["violations"]}
    assert {"color-contrast", "html-has-lang"} <= found


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_page_takes_the_windows_scheme(show: Show, scheme: str) -> None:
    async with show(rendered("morning").html, width=360, scheme=scheme) as page:
        sheet = await page.evaluate("getComputedStyle(document.querySelector('.s')).backgroundColor")
        ink = await page.evaluate("getComputedStyle(document.querySelector('.p')).color")
    light, dark = ("rgb(255, 255, 255)", "rgb(31, 35, 40)"), ("rgb(27, 31, 35)", "rgb(230, 232, 234)")
    assert (sheet, ink) == (light if scheme == "light" else dark)


async def test_arabic_reads_from_the_right_and_the_rest_from_the_left(show: Show) -> None:
    async with show(rendered("morning").html, width=360) as page:
        directions = await page.evaluate(
            "[...document.querySelectorAll('h3, [lang=ar]')].map(e => [e.lang, getComputedStyle(e).direction])"
        )
        sides = await page.evaluate(
            """[...document.querySelectorAll('[lang=ar]')].map(e => {
                const range = document.createRange(); range.selectNodeContents(e);
                const [box, words] = [e.getBoundingClientRect(), range.getBoundingClientRect()];
                return box.right - words.right; })"""
        )
    assert {tuple(one) for one in directions} == {("ar", "rtl"), ("", "ltr")}
    assert max(sides) <= 1, "the words begin at the right"


@pytest.mark.parametrize("width", WIDTHS)
async def test_without_the_head_the_page_still_holds(show: Show, width: int) -> None:
    """Some clients drop the head: what stands in the elements must do."""
    html = rendered("morning").html
    bare = html[: html.index("<style>")] + html[html.index("</style>") :]
    async with show(bare, width=width) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "27px"
        assert await page.evaluate("getComputedStyle(document.querySelector('.c')).borderTopWidth") == "0px"
