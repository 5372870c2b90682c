"""A farm of sources that do anything, on loopback: each case is a source on a host name of its own, all crawled
at once.

127.0.0.1 may be contacted; what listens at 127.0.0.2 is a canary, which nobody may ever reach.
"""

from __future__ import annotations

import contextlib
import os
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trustme

from tests.support.feeds import item, rss
from tests.support.sites import Answer, Route, Seen, Site, site

HEALTHY = ("healthy-1", "healthy-2", "healthy-3")
"""Sources without any fault; what they bring must be the same whoever else is crawled."""

TLS_NAMES = ("tls-expired", "tls-unknown", "tls-other-host")


@dataclass(frozen=True)
class Place:
    """Where a case's source is served. `canary` is an address that may not be contacted."""

    name: str
    port: int
    canary: str
    scheme: str = "http"

    def url(self, path: str) -> str:
        """The address of a path of this source."""
        return f"{self.scheme}://{self.name}.example:{self.port}/{self.name}{path}"

    def feed(self, *numbers: int, **fields: str) -> Answer:
        """A feed without fault whose items lead to pages of this source."""
        items = [
            item(number, **{"link": self.url(f"/page/{number}"), "guid": f"{self.name}-{number}", **fields})
            for number in numbers
        ]
        return Answer(body=rss(*items).encode(), headers={"Content-Type": "application/rss+xml"})


@dataclass(frozen=True)
class Case:
    """One source that does something: `serve` gives its paths (its feed is `/feed`); `expected` is the group's own, and
    `robots` is what its host answers for robots.txt (there is none where it is not given)."""

    serve: Callable[[Place], Mapping[str, Route]]
    expected: Any = None
    source: Mapping[str, Any] = field(default_factory=dict)
    robots: Route | None = None


def feed(*answers: Route) -> Callable[[Place], Mapping[str, Route]]:
    """Serves a feed that answers so, one answer after the other and the last for ever."""

    def serve(_: Place) -> Mapping[str, Route]:
        waiting = list(answers)

        def answer(seen: Any) -> Answer:
            route = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return route(seen) if callable(route) else route

        return {"/feed": answer}

    return serve


def document(body: bytes | str, content_type: str = "application/rss+xml", **headers: str) -> Answer:
    """An answer of 200 with this body."""
    data = body.encode() if isinstance(body, str) else body
    return Answer(body=data, headers={"Content-Type": content_type, **headers})


def article(title: str, *paragraphs: str, head: str = "", around: str = "") -> Answer:
    """A page with an article of these paragraphs."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body>{around}<article><h1>{title}</h1>{body}</article></body></html>"
    )
    return Answer(body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


PROJECTS = (
    ("Safe Harbour", "Burundi"),
    ("Open Road", "Nepal"),
    ("Bright Morning", "Albania"),
    ("Quiet River", "Ghana"),
    ("High Valley", "Peru"),
    ("Far Shore", "Fiji"),
    ("Green Lantern", "Moldova"),
    ("Stone Bridge", "Cambodia"),
    ("Wide Meadow", "Kenya"),
)
"""Names and countries of the projects that the healthy sources tell of."""


def told(number: int) -> Answer:
    """The page of a new project, one of its kind."""
    name, country = PROJECTS[number]
    return article(
        f"{name}: new project against human trafficking launched in {country}",
        f"The International Organization for Migration has launched {name}, a new project against human trafficking.",
        f"The three-year project, funded by the Kingdom of the Netherlands with USD {number + 2} million, will train "
        "police officers and prosecutors, protect survivors of trafficking in persons and open a shelter.",
        f"It will run from 2026 to 2029 together with the Government of {country}, officials said at the ceremony.",
    )


def healthy(place: Place) -> Mapping[str, Route]:
    """A source that works: three items, their pages."""
    number = HEALTHY.index(place.name)
    pages = {f"/page/{n}": told(number * 3 + n - 1) for n in range(1, 4)}
    return {"/feed": place.feed(1, 2, 3), **pages}


@dataclass
class Farm:
    """The servers of all cases. `hosts` maps every host name to its address, for the configuration."""

    sites: Mapping[str, Site]
    canary: Site
    authority_file: Path
    names: list[str] = field(default_factory=list)
    sources: list[Mapping[str, Any]] = field(default_factory=list)
    robots: dict[str, Route] = field(default_factory=dict)

    @property
    def hosts(self) -> dict[str, str]:
        fixed = {"canary.example": "127.0.0.2", "busy.example": "127.0.0.1"}
        return {f"{name}.example": "127.0.0.1" for name in self.names} | fixed

    def place(self, name: str) -> Place:
        served_by = self.sites.get(name, self.sites["plain"])
        return Place(name, served_by.port, f"http://127.0.0.2:{self.canary.port}", served_by.scheme)

    def open(self, name: str, case: Case) -> None:
        """Serves a case and puts its source into the configuration."""
        place = self.place(name)
        routes = {f"/{name}{path}": route for path, route in case.serve(place).items()}
        self.sites.get(name, self.sites["plain"]).routes.update(routes)
        self.names.append(name)
        if case.robots is not None:
            self.robots[f"{name}.example"] = case.robots
        self.sources.append({"url": place.url("/feed"), "name": name, **case.source})

    def answer_robots(self, seen: Seen) -> Answer:
        """What the host that is asked has for robots.txt."""
        route = self.robots.get(seen.headers.get("host", "").partition(":")[0], Answer(404))
        return route(seen) if callable(route) else route

    def asked(self, name: str) -> list[str]:
        """The paths of a source that were asked for, in order."""
        served_by = self.sites.get(name, self.sites["plain"])
        return [path for path in served_by.paths if path.startswith(f"/{name}/")]


@contextlib.asynccontextmanager
async def farm(folder: Path) -> AsyncIterator[Farm]:
    """Running servers: plain ones, one for each kind of bad certificate, and the canary."""
    ours, unknown = trustme.CA(), trustme.CA()
    folder.mkdir(parents=True, exist_ok=True)
    authority_file = folder / "authority.pem"
    ours.cert_pem.write_to_path(authority_file)
    certificates = {
        "tls-expired": ours.issue_cert("tls-expired.example", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
        "tls-unknown": unknown.issue_cert("tls-unknown.example"),
        "tls-other-host": ours.issue_cert("somebody-else.example"),
    }
    async with contextlib.AsyncExitStack() as stack:
        sites = {"plain": await stack.enter_async_context(site())}
        for name, certificate in certificates.items():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            sites[name] = await stack.enter_async_context(site(tls=context))
        canary = await stack.enter_async_context(site("127.0.0.2"))
        canary.routes["/feed"] = Answer(body=rss(item(1)).encode())
        one = Farm(sites, canary, authority_file)
        sites["plain"].routes["/robots.txt"] = one.answer_robots
        for name in HEALTHY:
            one.open(name, Case(healthy))
        yield one


def trusting(authority_file: Path) -> dict[str, str]:
    """The environment of a program that trusts the farm's authority."""
    return {**os.environ, "SSL_CERT_FILE": str(authority_file)}
