"""A farm of feeds and article pages on loopback, as a process of its own, for the benchmarks.

What it serves follows from its seed alone. Every feed has 30 items (RSS 2.0, Atom, RDF in turn, a quarter with full
text, 40 kB on average) with ETag and Last-Modified; every item has a page, of about 30 or 140 kB, one in ten (or as
many as are asked for) about trafficking in persons. Words come from the labelled corpus, shuffled by sentence, so that
no two pages are copies.

It also keeps books: requests and bytes, the most requests at once on one host, the shortest time between two starts. A
control address answers `/control/books`, `/control/advance` (each feed gains an item at its head) and `/control/reset`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import struct
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import ClassVar

from benchmarks.layout import LARGE_PAGE_BYTES, SMALL_PAGE_BYTES, Layout

CORPUS = Path(__file__).parent.parent / "seeds" / "corpus" / "dev.jsonl"
EVENTS = [CORPUS.with_name(name) for name in ("own.jsonl", "own-projects.jsonl", "own-facts.jsonl")]
NEWEST = 5  # of a feed's items, as many as tests read: so many records are told before one is told again
ITEMS_A_FEED = 30  # what feeds in the wild carry, and what the peers were measured with
DAY_SECONDS = 86_400
LAST_DATA_RECEIVED = 52  # offset of tcpi_last_data_recv, in milliseconds, in Linux's struct tcp_info


class Writer:
    """Writes titles, texts and pages from the corpus's sentences, the same ones for the same feed and item."""

    def __init__(self, layout: Layout) -> None:
        records = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
        self.layout = layout
        self.about = [r for r in records if r["relevant"] and r["lang"] == "en"]
        self.other = [r for r in records if not r["relevant"] and r["lang"] == "en"]
        sentences = [s for r in self.other for s in re.split(r"(?<=[.!?])\s+", r["text"]) if len(s) > 40]
        self.fillers = [escape(s) for s in sentences]
        lines = [line for file in EVENTS for line in file.read_text(encoding="utf-8").splitlines()]
        self.events = [r for r in map(json.loads, lines) if r["lang"] == "en"]

    def article(self, feed: int, item: int) -> tuple[str, list[str]]:
        if self.layout.is_told_whole:
            event = self.events[(feed * NEWEST + item) % len(self.events)]
            return event["title"], event["text"].split("\n\n")
        chance = random.Random(f"{self.layout.seed}/{feed}/{item}")
        source = self.about if (feed * 31 + item) % self.layout.one_relevant_in == 0 else self.other
        first, second = chance.sample(source, 2)
        paragraphs = first["text"].split("\n\n") + chance.sample(second["text"].split("\n\n"), 1)
        rest = paragraphs[1:]
        chance.shuffle(rest)
        mark = f"Reference {feed}-{item}, desk {chance.randrange(10_000)}."
        return f"{first['title']} ({feed}-{item})", [paragraphs[0], *rest, mark]

    def page(self, feed: int, item: int) -> bytes:
        title, paragraphs = self.article(feed, item)
        chance = random.Random(f"page/{self.layout.seed}/{feed}/{item}")
        head = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} | Farm {feed}</title>'
            f'<meta property="og:title" content="{escape(title)}"><meta property="og:site_name" content="Farm {feed}">'
            f'<meta property="article:published_time" content="2026-11-{item % 28 + 1:02d}T08:00:00Z"></head><body>'
            "<header><nav><ul>"
            + "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(24))
            + "</ul></nav></header>"
        )
        body = (
            f"<main><article><h1>{escape(title)}</h1>"
            + "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
            + "</article>"
        )
        parts = [head, body]
        wanted = self.layout.page_bytes[item % len(self.layout.page_bytes)]
        size = len(head) + len(body)
        number = 0
        while size < wanted:  # teasers, scripts and markup: what pages in the wild are mostly made of
            number += 1
            teaser = chance.choice(self.fillers)
            block = teaser_block(feed, number, teaser) if number % 3 else script_block(number)
            parts.append(block)
            size += len(block)
        parts.append(
            "</main><footer><p>Cookies help us to run this site. Contact · Imprint · Terms</p></footer></body></html>"
        )
        return "".join(parts).encode()

    def feed(self, feed: int, newest: int, address: str) -> bytes:
        """The feed's document with its newest 30 items, newest first."""
        items = range(newest, newest - ITEMS_A_FEED, -1)
        rows = [(f"http://{address}/page/{feed}/{item}", *self.article(feed, item), item) for item in items]
        has_content = feed % 4 == 0
        kind = ("rss", "rss", "atom", "rdf")[feed % 4 if feed % 4 else (feed // 4) % 4]
        return {"rss": rss, "atom": atom, "rdf": rdf}[kind](feed, rows, has_content).encode()


def teaser_block(feed: int, number: int, teaser: str) -> str:
    return (
        f'<aside class="teaser teaser--{number % 7}" data-track="t{number}"><div class="teaser__inner">'
        f'<a href="/a/{feed}/{number}"><span class="label">Related</span>'
        f'<h3 class="teaser__title">{teaser[:70]}</h3></a>'
        f"<p>{teaser[:110]}</p></div></aside>"
    )


def script_block(number: int) -> str:
    values = ",".join(map(str, range(number % 40, number % 40 + 60)))
    return f"<script>window.layer=window.layer||[];layer.push({{'slot':'{number}','v':[{values}]}});</script>"


Row = tuple[str, str, list[str], int]


def stamp(item: int) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(1_790_000_000 + item * DAY_SECONDS / 10))


def iso(item: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_790_000_000 + item * DAY_SECONDS / 10))


def content(paragraphs: list[str], *, whole: bool) -> str:
    return escape("".join(f"<p>{escape(p)}</p>" for p in (paragraphs if whole else paragraphs[:2])))


def rss(feed: int, rows: list[Row], whole: bool) -> str:
    items = "".join(
        f'<item><title>{escape(t)}</title><link>{u}</link><guid isPermaLink="false">farm-{feed}-{i}</guid>'
        f"<pubDate>{stamp(i)}</pubDate><description>{content(p, whole=whole)}</description></item>\n"
        for u, t, p, i in rows
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Farm {feed}</title><link>http://farm.example/</link>{items}</channel></rss>'


def atom(feed: int, rows: list[Row], whole: bool) -> str:
    entries = "".join(
        f'<entry><title>{escape(t)}</title><link href="{u}"/><id>urn:farm:{feed}:{i}</id><updated>{iso(i)}</updated>'
        f'<summary type="html">{content(p, whole=whole)}</summary></entry>\n'
        for u, t, p, i in rows
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>Farm {feed}</title><id>urn:farm:{feed}</id><updated>2026-11-01T00:00:00Z</updated>{entries}</feed>"
    )


def rdf(feed: int, rows: list[Row], whole: bool) -> str:
    items = "".join(
        f'<item rdf:about="{u}"><title>{escape(t)}</title><link>{u}</link><dc:date>{iso(i)}</dc:date>'
        f"<description>{content(p, whole=whole)}</description></item>\n"
        for u, t, p, i in rows
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="http://farm.example/{feed}"><title>Farm {feed}</title></channel>{items}</rdf:RDF>'
    )


@dataclass
class Books:
    """What was asked of the farm since the last reset."""

    feeds: int = 0
    not_modified: int = 0
    pages: int = 0
    other: int = 0
    bytes_sent: int = 0
    open_now: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0
    last_start: dict[str, float] = field(default_factory=dict)
    shortest_gap_seconds: float = 1e9

    def start(self, host: str, waited_seconds: float) -> None:
        """Notes a request that came in so long ago."""
        now = time.perf_counter() - waited_seconds
        self.open_now[host] = self.open_now.get(host, 0) + 1
        self.most_at_once = max(self.most_at_once, self.open_now[host])
        if host in self.last_start:
            self.shortest_gap_seconds = min(self.shortest_gap_seconds, now - self.last_start[host])
        self.last_start[host] = now

    def as_json(self) -> bytes:
        kept = ("feeds", "not_modified", "pages", "other", "bytes_sent", "most_at_once", "shortest_gap_seconds")
        return json.dumps({name: getattr(self, name) for name in kept}).encode()


class Farm:
    """The state behind all connections; bodies are made once and kept."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.writer = Writer(layout)
        self.books = Books()
        self.newest = ITEMS_A_FEED - 1
        self.port = 0
        self.feed_bodies: dict[int, tuple[str, bytes]] = {}
        self.page_bodies: dict[tuple[int, int], bytes] = {}

    def feed_body(self, feed: int) -> tuple[str, bytes]:
        if feed not in self.feed_bodies:
            address = f"{self.layout.host(feed)}:{self.port}"
            self.feed_bodies[feed] = (f'"f{feed}-{self.newest}"', self.writer.feed(feed, self.newest, address))
        return self.feed_bodies[feed]

    def page_body(self, feed: int, item: int) -> bytes:
        key = (feed, item)
        if key not in self.page_bodies:
            self.page_bodies[key] = self.writer.page(feed, item)
        return self.page_bodies[key]

    def warm(self) -> None:
        """Makes every body beforehand, so that making them is nobody's cost during a measured cycle."""
        for feed in range(self.layout.feeds):
            self.feed_body(feed)
            if self.layout.page_bytes:
                for item in range(max(0, self.newest - ITEMS_A_FEED + 1), self.newest + 1):
                    self.page_body(feed, item)

    def answer(self, path: str, headers: bytes) -> tuple[int, str, bytes, str]:
        """Status, content type, body and ETag of a request."""
        if path.startswith("/feed/"):
            tag, body = self.feed_body(int(path[6:]))
            if tag.encode() in headers:
                self.books.not_modified += 1
                return 304, "", b"", tag
            self.books.feeds += 1
            return 200, "application/xml; charset=utf-8", body, tag
        if path.startswith("/page/"):
            _, _, feed, item = path.split("/")
            self.books.pages += 1
            return 200, "text/html; charset=utf-8", self.page_body(int(feed), int(item)), ""
        if path == "/control/books":
            return 200, "application/json", self.books.as_json(), ""
        if path == "/control/reset":
            self.books = Books()
            return 200, "application/json", b"{}", ""
        if path == "/control/advance":
            self.newest += 1
            self.feed_bodies.clear()
            self.warm()
            return 200, "application/json", b"{}", ""
        self.books.other += 1
        return 404, "text/plain", b"not here", ""


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, no more of it than the farm needs: GET without bodies."""

    farm: ClassVar[Farm]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
            path = head.split(b" ", 2)[1].decode()
            if path.startswith("/control/"):
                self.reply(*self.farm.answer(path, head), is_counted=False)
                continue
            self.farm.books.start(self.host, self.waited_seconds())
            if self.farm.layout.latency_seconds:
                loop = asyncio.get_running_loop()
                loop.call_later(self.farm.layout.latency_seconds, self.serve, path, head)
            else:
                self.serve(path, head)

    def waited_seconds(self) -> float:
        """How long ago the kernel took in what was received last: the farm's loop may come round to it late."""
        try:
            known = self.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64)
        except OSError:  # a connection that has just been lost
            return 0.0
        return float(struct.unpack_from("I", known, LAST_DATA_RECEIVED)[0]) / 1_000

    def serve(self, path: str, head: bytes) -> None:
        self.reply(*self.farm.answer(path, head), is_counted=True)

    def reply(self, status: int, kind: str, body: bytes, tag: str, *, is_counted: bool) -> None:
        books = self.farm.books
        if is_counted:
            books.open_now[self.host] -= 1
            books.bytes_sent += len(body)
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        if kind:
            lines.append(f"Content-Type: {kind}")
        if tag:
            lines += [f"ETag: {tag}", "Last-Modified: Sun, 01 Nov 2026 00:00:00 GMT"]
        if not self.transport.is_closing():
            self.transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


async def serve(layout: Layout, port: int) -> None:
    farm = Farm(layout)
    Connection.farm = farm
    loop = asyncio.get_running_loop()
    hosts = ["127.0.0.1", *layout.hosts()]
    server = await loop.create_server(Connection, hosts[0], port)
    farm.port = server.sockets[0].getsockname()[1]
    servers = [server, *[await loop.create_server(Connection, host, farm.port) for host in hosts[1:]]]
    farm.warm()
    print(json.dumps({"port": farm.port}), flush=True)
    await asyncio.gather(*(each.serve_forever() for each in servers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--addresses", type=int, default=30)
    parser.add_argument(
        "--page-bytes", default=f"{SMALL_PAGE_BYTES},{LARGE_PAGE_BYTES}", help="sizes in turn; empty: no pages"
    )
    parser.add_argument("--latency-seconds", type=float, default=0.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--whole", action="store_true", help="each article one record of the corpus, unmixed")
    parser.add_argument("--one-relevant-in", type=int, default=10, help="so many pages have one on the subject")
    options = parser.parse_args()
    sizes = tuple(int(size) for size in options.page_bytes.split(",") if size)
    layout = Layout(
        options.feeds,
        options.addresses,
        sizes,
        options.latency_seconds,
        is_told_whole=options.whole,
        one_relevant_in=options.one_relevant_in,
    )
    asyncio.run(serve(layout, options.port))


if __name__ == "__main__":
    main()
