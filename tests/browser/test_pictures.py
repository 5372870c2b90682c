from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.async_api import Browser

from alerts.render.render import render_digest, render_weekly
from tests.browser.pictures import FOLDER, compare, fix_fonts, take
from tests.support.browser import Show
from tests.support.sample_digests import morning, week

PAGES: dict[str, Callable[[], str]] = {
    "morning": lambda: render_digest(morning()).html,
    "week": lambda: render_weekly(week()).html,
}
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow, pytest.mark.usefixtures("fixed_fonts")]

WINDOWS = [
    ("morning", 360, "light"),
    ("morning", 360, "dark"),
    ("morning", 900, "light"),
    ("morning", 900, "dark"),
    ("week", 360, "light"),
    ("week", 900, "dark"),
]


@pytest.mark.parametrize(("name", "width", "scheme"), WINDOWS)
async def test_a_page_looks_as_it_did(show: Show, browser: Browser, name: str, width: int, scheme: str) -> None:
    async with show(fix_fonts(PAGES[name]()), width=width, scheme=scheme) as page:
        seen = await take(page)
    file = FOLDER / f"{name}-{width}-{scheme}.png"
    if os.environ.get("TIPWATCH_TEST_KEEP_PICTURES") == "1":
        file.write_bytes(seen)
    difference = await compare(browser, file.read_bytes(), seen)
    assert difference.is_small, f"{difference}: look at it, and keep the new picture if it is better"


@pytest.mark.parametrize("change", ["order", "facts", "colour", "size"])
@pytest.mark.parametrize("width", [360, 900])
async def test_a_changed_page_would_be_seen(show: Show, browser: Browser, change: str, width: int) -> None:
    content = morning()
    first, second = content.new_projects
    html = {
        "order": lambda: render_digest(replace(content, new_projects=(second, first))).html,
        "facts": lambda: render_digest(replace(content, new_projects=(replace(first, facts=()), second))).html,
        "colour": lambda: PAGES["morning"]().replace("#ffffff", "#eeeeee"),
        "size": lambda: PAGES["morning"]().replace("20px/1.3", "19px/1.3"),
    }[change]()
    async with show(fix_fonts(html), width=width) as page:
        seen = await take(page)
    assert not (await compare(browser, (FOLDER / f"morning-{width}-light.png").read_bytes(), seen)).is_small
