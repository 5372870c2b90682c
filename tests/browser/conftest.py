"""A real Chromium, headless, that shows digests as their readers see them. Nothing is fetched.

It lives in one event loop for the whole session (its synchronous front would hold every other test's loop).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NoReturn

import pytest
import pytest_asyncio

pytest.importorskip("playwright.async_api", reason="playwright is not installed (extra dev)")
from playwright.async_api import Browser, Page, async_playwright

from tests.browser.pictures import ARABIC_FONT, FIXED_FONTS

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCALE = 0.5  # pictures need not be read, only compared and looked at

Show = Callable[..., AbstractAsyncContextManager[Page]]


def leave_out(reason: str) -> NoReturn:
    """Skips what cannot be tested here; fails where TIPWATCH_TEST_REQUIRE_BROWSER=1 asks for it."""
    if os.environ.get("TIPWATCH_TEST_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and TIPWATCH_TEST_REQUIRE_BROWSER is set")
    pytest.skip(reason)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        leave_out("no chromium is installed")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture(scope="session")
def fixed_fonts() -> None:
    """The fonts of the kept pictures (Debian's fonts-liberation, fonts-noto-core)."""
    if shutil.which("fc-list") is None:
        leave_out("fontconfig is not installed")
    listed = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    for font in (*FIXED_FONTS.values(), ARABIC_FONT):
        if font not in listed:
            leave_out(f"the font {font} is not installed")


@pytest.fixture
def show(browser: Browser) -> Show:
    """Shows HTML in a window: `async with show(html, width=360, scheme="dark") as page`.

    A request that the page makes fails the test.
    """

    @asynccontextmanager
    async def showing(html: str, *, width: int, scheme: str = "light") -> AsyncIterator[Page]:
        context = await browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=SCALE, offline=True
        )
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.set_content(html, wait_until="load")
        yield page
        await context.close()
        assert asked == [], "the page asked for something from outside"

    return showing
