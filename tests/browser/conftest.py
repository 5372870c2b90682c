"""A real Chromium, headless, that shows digests as their readers see them. Nothing is fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra dev)")
from playwright.sync_api import Browser, Page, sync_playwright

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

Show = Callable[..., Any]


def leave_out(reason: str) -> NoReturn:
    """Skips what cannot be tested here; fails where TIPWATCH_TEST_REQUIRE_BROWSER=1 asks for it."""
    if os.environ.get("TIPWATCH_TEST_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{reason}, and TIPWATCH_TEST_REQUIRE_BROWSER is set")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        leave_out("no chromium is installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


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
    """Shows HTML in a window: `with show(html, width=360, scheme="dark") as page`. A request that the page makes fails
    the test."""

    @contextmanager
    def showing(html: str, *, width: int, scheme: str = "light") -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, device_scale_factor=SCALE, offline=True
        )
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(html, wait_until="load")
        yield page
        context.close()
        assert asked == [], "the page asked for something from outside"

    return showing
