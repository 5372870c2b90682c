"""A real Chromium, headless, that shows digests as their readers see them. Nothing is fetched.

It lives in one event loop for the whole session (its synchronous front would hold every other test's loop).
"""

from __future__ import annotations

import functools
import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

pytest.importorskip("playwright.async_api", reason="playwright is not installed (make test)")
from playwright.async_api import Browser, async_playwright

from tests.browser.pictures import ARABIC_FONT, FIXED_FONTS
from tests.support.browser import FLAGS, Show, leave_out, shown


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
    """Shows HTML in a window: `async with show(html, width=360, scheme="dark") as page`."""

    return functools.partial(shown, browser)
