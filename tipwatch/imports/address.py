"""A page that a person names, fetched and read as the crawler does: by the same client, limits and robots.txt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from classifier.document import Document
from crawler.context import CrawlSession
from crawler.http.client import Response, page_options
from crawler.http.failures import FetchError, outcome_of
from crawler.pages.read import RulesNothingOut, read
from crawler.pages.records import FetchedPage, PassedPage
from crawler.politeness.rate_limiter import HostPaused
from crawler.settings import CrawlerSettings
from crawler.sources.settings import check_address
from crawler.workers.pool import WorkerPool
from storage.host_names import host_of
from storage.records import ArticleReading, PendingPage
from storage.urls import canonicalise_url
from tipwatch.errors import BadInput

if TYPE_CHECKING:
    from classifier.judge import Judge

BY_HAND = "what its page says can be given by hand: --text, and --fact name=…"


async def fetch_article(url: str, settings: CrawlerSettings, judge: Judge) -> tuple[ArticleReading, Document]:
    """The article at an address, and the document to be judged; a page is read whole, whatever it is about.

    Raises:
        BadInput: the address is none, or no article can be read there; says why, and what else can be done.
    """
    try:
        url = check_address(url)
        page = named_page(url)
    except ValueError as error:
        raise BadInput(f"{url} cannot be read: {error}", "give an http or https address") from error
    try:
        response = await _fetch(url, settings)
        if not response.is_ok:
            reason = outcome_of(response.kind).text or f"the server answered {response.status}"
            raise FetchError(response.kind, reason)
        fetched = FetchedPage.of(page, response, datetime.now(UTC), settings.max_body_bytes)
        found = read(fetched, RulesNothingOut(judge))
    except FetchError as error:
        raise BadInput(f"{url} cannot be read: {error.text or error.kind}", BY_HAND) from error
    except HostPaused as error:
        raise BadInput(f"{url} cannot be read: {error}", BY_HAND) from error
    if not isinstance(found, PassedPage) or found.reading.read_from == "summary":
        raise BadInput(f"{url} cannot be read: {found.reading.read_note}", BY_HAND)
    return found.reading, found.document


async def _fetch(url: str, settings: CrawlerSettings) -> Response:
    async with CrawlSession(settings, WorkerPool()) as session:
        return await session.client.fetch(url, page_options(settings, session.robots.require))


def named_page(url: str) -> PendingPage:
    """A page that no source named. Raises ValueError where its address is none."""
    return PendingPage(
        entry_ids=(),
        url=url,
        canonical_url=canonicalise_url(url),
        host=host_of(url),
        title="",
        summary="",
        published_at=None,
        language=None,
        outlet=None,
        source_name="",
        attempts=0,
    )
