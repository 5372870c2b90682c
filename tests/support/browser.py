"""A real Chromium, headless, that shows digests as their readers see them. Nothing is fetched."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal, NoReturn

import pytest
from playwright.async_api import Browser, Page

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


@asynccontextmanager
async def shown(
    browser: Browser, html: str, *, width: int, scheme: Literal["light", "dark"] = "light"
) -> AsyncIterator[Page]:
    """HTML in a window; a request that the page makes fails the test."""
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
