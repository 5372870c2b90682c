"""Decides what an address of the news world answers: the outlets' web servers without their sockets.

What enters: an outlet, a path and a round. What leaves: an `Answer`, drawn from templates: sources of every kind, sound
or damaged on purpose, and pages with all that surrounds an article on real sites. Pure: the same input gives the same
bytes. Conditional requests, delays and compression on the wire are the server's.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tipwatch.demo.newsroom.world import Article, Outlet, World

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
FEED_TYPES = {
    "rss2": "application/rss+xml",
    "google-news": "application/xml",
    "rdf": "application/rdf+xml",
    "atom": "application/atom+xml",
    "json-feed": "application/feed+json",
}
NEIGHBOURS = 6  # other stories beside one: as many as a real sidebar shows
RTL_LANGUAGES = frozenset({"ar"})
WORLD_BEGAN_AT = datetime(2019, 1, 1, tzinfo=UTC)  # Last-Modified of what has no story in it


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for one request; `modified_at` is None where the outlet would not know it (errors, redirects)."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    modified_at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_source: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a source: `link` is as the source writes it, `outlet` whose article it is."""

    article: Article
    outlet: Outlet
    link: str
    canonical: str


class Site:
    """All outlets of a world, served on one port; addresses are `http://HOST:PORT/PATH`."""

    def __init__(self, world: World, templates: Path, port: int) -> None:
        self._world = world
        self._templates = _load_templates(templates)
        self.port = port
        self._outlets = {outlet.host: outlet for outlet in world.outlets}

    def base(self, host: str) -> str:
        """Scheme, host and port of an outlet."""
        return f"http://{host}:{self.port}"

    def url(self, article: Article) -> str:
        """An article's canonical address."""
        return self.base(article.host) + article.path

    def answer(self, host: str, path: str, until_round: int) -> Answer:
        """What the outlet answers for a path (without query) in a round; what is not there is a 404 page."""
        outlet = self._outlets[host]
        if path == "/robots.txt":
            return self._robots(outlet)
        if path == outlet.moved_from:
            target = self.base(host) + outlet.source_path
            return Answer(outlet.moved_status, headers={"Location": target}, is_source=True)
        if path == outlet.source_path or (outlet.format == "sitemap" and path.startswith("/sitemap")):
            return self._source(outlet, path, until_round)
        if path == "/":
            return self._listing(outlet, until_round)
        if outlet.wraps and path.startswith("/rss/articles/"):
            return self._wrapped(outlet, path, until_round)
        for article in self._world.articles_of(host, until_round=until_round):
            if article.path == path:
                return self._article(outlet, article)
        return self._missing(outlet)

    def _robots(self, outlet: Outlet) -> Answer:
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in outlet.disallow), "Allow: /"]
        if outlet.format == "sitemap":
            lines.append(f"Sitemap: {self.base(outlet.host)}{outlet.source_path}")
        body = "\n".join(lines) + "\n"
        return Answer(200, body.encode(), "text/plain; charset=utf-8", WORLD_BEGAN_AT)

    def _source(self, outlet: Outlet, path: str, until_round: int) -> Answer:
        if outlet.status != 200:
            return Answer(outlet.status, self._draw("missing.html", outlet).encode(), is_source=True)
        if outlet.format in {"listing", "html"}:
            return self._listing(outlet, until_round)
        items = self._items(outlet, until_round)
        if outlet.format == "sitemap":
            return self._sitemap(outlet, items, path)
        text = self._draw(f"{outlet.format}.{'json' if outlet.format == 'json-feed' else 'xml'}", outlet, items=items)
        if outlet.is_malformed:
            text = _damage(text)
        body = text.encode(outlet.encoding, errors="xmlcharrefreplace")
        content_type = f"{FEED_TYPES[outlet.format]}; charset={outlet.declared_encoding}"
        return Answer(200, body, content_type, _latest(items), is_source=True)

    def _items(self, outlet: Outlet, until_round: int) -> list[Item]:
        """What the source shows, newest first: the outlet's own stories, or others' that a search feed wraps."""
        if outlet.wraps:
            wrapped = [self._world.by_key[entry.article] for entry in outlet.wraps]
            shown = [article for article in wrapped if article.round <= until_round]
            links = {article.key: f"{self.base(outlet.host)}{wrapped_path(article)}?oc=5" for article in shown}
        else:
            shown = self._world.articles_of(outlet.host, until_round=until_round)
            links = {article.key: self.url(article) + outlet.link_suffix for article in shown}
        shown.sort(key=lambda article: (article.published_at, article.key), reverse=True)
        return [Item(a, self._outlets[a.host], links[a.key], self.url(a)) for a in shown]

    def _sitemap(self, outlet: Outlet, items: list[Item], path: str) -> Answer:
        """An index, and one news sitemap a month, of which the older are compressed."""
        months: dict[str, list[Item]] = {}
        for item in items:
            months.setdefault(f"{item.article.published_at:%Y-%m}", []).append(item)
        newest = max(months)
        files = {f"/sitemap-{month}.xml" + ("" if month == newest else ".gz"): month for month in sorted(months)}
        if path == outlet.source_path:
            parts = [(self.base(outlet.host) + file, _latest(months[month])) for file, month in files.items()]
            index = self._draw("sitemap-index.xml", outlet, parts=parts).encode()
            return Answer(200, index, XML, _latest(items), is_source=True)
        if path not in files:
            return self._missing(outlet)
        shown = months[files[path]]
        body, content_type = self._draw("sitemap.xml", outlet, items=shown).encode(), XML
        if path.endswith(".gz"):  # with a fixed time inside, so that its bytes never change
            body, content_type = gzip.compress(body, mtime=0), "application/x-gzip"
        return Answer(200, body, content_type, _latest(shown), is_source=True)

    def _listing(self, outlet: Outlet, until_round: int) -> Answer:
        articles = self._world.articles_of(outlet.host, until_round=until_round)
        body = self._draw("listing.html", outlet, articles=articles).encode()
        modified_at = max((article.published_at for article in articles), default=WORLD_BEGAN_AT)
        return Answer(200, body, HTML, modified_at, is_source=outlet.format in {"listing", "html"})

    def _article(self, outlet: Outlet, article: Article) -> Answer:
        if article.fault == "gone":
            return Answer(410, self._draw("missing.html", outlet).encode())
        template = f"{article.fault or outlet.template}.html"
        # neighbours are of the first round, so that a page does not change when a story appears elsewhere
        others = [one for one in self._world.articles_of(outlet.host, until_round=1) if one.key != article.key]
        page = self._draw(
            template,
            outlet,
            lang=article.lang,
            article=article,
            neighbours=others[:NEIGHBOURS],
            canonical=self.url(article),
        )
        return Answer(200, page.encode(), HTML, article.published_at)

    def _wrapped(self, outlet: Outlet, path: str, until_round: int) -> Answer:
        for entry in outlet.wraps:
            article = self._world.by_key[entry.article]
            if wrapped_path(article) == path and article.round <= until_round:
                if entry.opens:
                    return Answer(302, headers={"Location": self.url(article)})
                return Answer(
                    200, self._draw("wrapped.html", outlet, lang=article.lang).encode(), HTML, article.published_at
                )
        return self._missing(outlet)

    def _missing(self, outlet: Outlet) -> Answer:
        return Answer(404, self._draw("missing.html", outlet).encode())

    def _draw(self, template: str, outlet: Outlet, *, lang: str = "", **values: object) -> str:
        """A page or a source of an outlet, in this language or its own."""
        lang = lang or outlet.lang
        return self._templates.get_template(template).render(
            outlet=outlet,
            base=self.base(outlet.host),
            lang=lang,
            dir="rtl" if lang in RTL_LANGUAGES else "ltr",
            t=self._world.interface[lang],
            **values,
        )


def wrapped_path(article: Article) -> str:
    """The path under which a search engine hides an article: an opaque token, always the same for one article."""
    token = base64.urlsafe_b64encode(b"\x08\x13\x22" + article.key.encode()).decode().rstrip("=")
    return f"/rss/articles/CBMi{token}"


def _damage(text: str) -> str:
    """The feed as a careless program writes it: ampersands left bare and one element never closed.

    Every entry stays readable to a forgiving parser, which is what the damage is for.
    """
    return text.replace("&amp;", "&").replace("</category>", "", 1)


def _load_templates(folder: Path) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    # a date in a feed, in machines' form, and in words: "12 février 2019"
    templates.filters["rfc822"] = format_datetime
    templates.filters["iso"] = datetime.isoformat
    templates.filters["local_date"] = lambda at, lang: format_date(at.date(), format="long", locale=lang)
    return templates


def _latest(items: list[Item]) -> datetime:
    return max((item.article.published_at for item in items), default=WORLD_BEGAN_AT)
