"""Serves the news world on loopback: one free port for all outlets, told apart by the host that is asked for, real HTTP
with conditional GET.

What enters: a `World`. What leaves: answers on sockets, a log of what was asked, and the configuration a crawler needs
(`hosts`, `sources`). It promises correct 304s (ETag by content, Last-Modified by the newest story), a clock of its own
(`now`) in line with the stories' dates, and that no socket outlives the context.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from aiohttp import web

from tipwatch.demo.newsroom.site import Answer, Site
from tipwatch.demo.newsroom.world import NewsroomError, Outlet, World, load_world
from tipwatch.resources import seeds_folder

ADDRESS = "127.0.0.11"  # clear of 127.0.0.1 and of 127.0.0.2, which tests of the address policy use
LAST_ROUND = 3
FIRST_MORNING_AT = datetime(2019, 3, 12, 6, 0, tzinfo=UTC)  # after every story of round 1; rounds are days


class RequestSeen(NamedTuple):
    """A request as it was answered; `path` holds the query too, `at` is the wall clock."""

    host: str
    path: str
    status: int
    at: datetime
    round: int


class Newsroom:
    """The news world, served while its context is open.

    Example:
        async with Newsroom.load() as newsroom:
            crawl(sources=newsroom.sources, hosts=newsroom.hosts)
            newsroom.advance()  # a day later
    """

    def __init__(self, world: World, templates: Path) -> None:
        self.world = world
        self.round = 1
        self.requests: list[RequestSeen] = []
        self.hosts = {outlet.host: ADDRESS for outlet in world.outlets}
        self._templates = templates
        self._outlets = {outlet.host: outlet for outlet in world.outlets}
        self._answers: dict[tuple[str, str, int], Answer] = {}
        self._site: Site | None = None
        self._runner: web.AppRunner | None = None

    @classmethod
    def load(cls, folder: Path | None = None) -> Newsroom:
        """The newsroom of a folder, by default the bundled one.

        Raises:
            NewsroomError: its files are missing or do not fit together.
        """
        folder = folder or seeds_folder() / "newsroom"
        return cls(load_world(folder), folder / "templates")

    @property
    def port(self) -> int:
        """The port of all outlets. Raises NewsroomError before the context is entered."""
        return self._open_site().port

    @property
    def now(self) -> datetime:
        """The world's clock: the morning of the current round, later than every story that can be seen."""
        return FIRST_MORNING_AT + timedelta(days=self.round - 1)

    @property
    def sources(self) -> list[dict[str, Any]]:
        """One entry an outlet, ready for `sources:` of a configuration."""
        return [self._describe_source(outlet) for outlet in self.world.outlets]

    def advance(self) -> None:
        """A day passes. Nothing happens in round 2; in round 3 a follow-up, a launch and other news appear."""
        self.round = min(self.round + 1, LAST_ROUND)

    def url(self, key: str) -> str:
        """The canonical address of an article by its key ("herald/burundi-launch")."""
        return self._open_site().url(self.world.by_key[key])

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        # the access log is `requests`; a client that keeps its connection must not delay the end
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, ADDRESS, 0).start()
        self._site = Site(self.world, self._templates, self._runner.addresses[0][1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self._site = self._runner = None
        self._answers.clear()

    def _open_site(self) -> Site:
        if self._site is None:
            raise NewsroomError("the newsroom is closed: its addresses are known inside 'async with'")
        return self._site

    def _describe_source(self, outlet: Outlet) -> dict[str, Any]:
        source: dict[str, Any] = {
            "url": self._open_site().base(outlet.host) + (outlet.moved_from or outlet.source_path),
            "kind": outlet.kind,
            "name": outlet.name,
            "tags": list(outlet.tags),
            "languages": [outlet.lang],
            "interval": "1m",  # so that a demo's second round finds everything due again
        }
        if outlet.links is not None:
            source["links"] = outlet.links
        return source

    async def _handle(self, request: web.Request) -> web.Response:
        outlet = self._outlets.get(request.host.partition(":")[0])
        if outlet is None:
            raise web.HTTPMisdirectedRequest
        answer = self._find(outlet, request.path)
        if answer.is_source and outlet.delay_seconds:
            await asyncio.sleep(outlet.delay_seconds)
        response = _respond(request, outlet, answer)
        response.headers["Date"] = format_datetime(self.now, usegmt=True)  # all of this world is of one time
        seen = RequestSeen(outlet.host, request.path_qs, response.status, datetime.now(UTC), self.round)
        self.requests.append(seen)
        return response

    def _find(self, outlet: Outlet, path: str) -> Answer:
        key = (outlet.host, path, self.round)
        if key not in self._answers:
            self._answers[key] = self._open_site().answer(outlet.host, path, self.round)
        return self._answers[key]


def _respond(request: web.Request, outlet: Outlet, answer: Answer) -> web.Response:
    headers = {"Server": "newsroom", "Content-Type": answer.content_type, **answer.headers}
    is_found = answer.status == 200
    etag = f'"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
    if is_found and outlet.validators in {"both", "etag"}:
        headers["ETag"] = etag
    if is_found and answer.modified_at is not None and outlet.validators in {"both", "last-modified"}:
        headers["Last-Modified"] = format_datetime(answer.modified_at, usegmt=True)
    if is_found and _is_unchanged(request, headers):
        return web.Response(status=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
    body = answer.body
    if is_found and answer.is_source and outlet.is_gzipped:
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return web.Response(status=answer.status, body=body, headers=headers)


def _is_unchanged(request: web.Request, headers: dict[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where it is sent, If-Modified-Since only where it is not."""
    if request.if_none_match is not None:
        known = {tag.value for tag in request.if_none_match}
        return "ETag" in headers and not known.isdisjoint({headers["ETag"].strip('"'), "*"})
    since = request.if_modified_since
    return since is not None and "Last-Modified" in headers and parsedate_to_datetime(headers["Last-Modified"]) <= since
