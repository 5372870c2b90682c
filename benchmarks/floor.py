"""The floor: one whole cycle from the cheapest known parts, used by hand, as a process of its own.

pycurl's multi interface fetches, lxml reads feeds, trafilatura (fast) reads every page, crc32 MinHash bands and a
hashed linear model in numpy judge, raw sqlite3 stores. No politeness but a cap on connections, no robots, no limits, no
facts, no recovery: what nobody would run, and what nothing that does the work can be much below.

    python -m benchmarks.floor --port PORT --feeds N --addresses N --database FILE [--pages]
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

import pycurl
from lxml import etree

from benchmarks.layout import Layout

SCHEMA = """
CREATE TABLE IF NOT EXISTS feed (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, url TEXT, title TEXT, summary TEXT, done INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS article (url TEXT PRIMARY KEY, title TEXT, text TEXT, score REAL, copy_of TEXT);
CREATE TABLE IF NOT EXISTS band (band INTEGER, url TEXT, PRIMARY KEY (band, url)) WITHOUT ROWID;
"""
Answer = tuple[str, int, bytes, dict[str, str]]


def fetch(
    requests: Iterable[tuple[str, list[str]]], *, at_once: int, a_host: int, take: Callable[[Answer], None]
) -> None:
    """GETs every (url, headers) with curl's multi interface; `take` gets each answer as it comes."""
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, a_host)
    multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, at_once)
    waiting = iter(requests)
    idle = [pycurl.Curl() for _ in range(at_once)]
    state: dict[pycurl.Curl, tuple[str, BytesIO, dict[str, str]]] = {}

    def start(handle: pycurl.Curl) -> bool:
        following = next(waiting, None)
        if following is None:
            return False
        url, headers = following
        body, answer_headers = BytesIO(), dict[str, str]()

        def header(line: bytes) -> None:
            name, colon, value = line.partition(b":")
            if colon:
                answer_headers[name.decode().lower()] = value.strip().decode()

        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.HTTPHEADER, headers)
        handle.setopt(pycurl.WRITEDATA, body)
        handle.setopt(pycurl.HEADERFUNCTION, header)
        state[handle] = (url, body, answer_headers)
        multi.add_handle(handle)
        return True

    active = sum(start(handle) for handle in idle)
    while active:
        multi.perform()
        _, done, failed = multi.info_read()
        for handle in [*done, *(item[0] for item in failed)]:
            url, body, answer_headers = state.pop(handle)
            take((url, handle.getinfo(pycurl.RESPONSE_CODE), body.getvalue(), answer_headers))
            multi.remove_handle(handle)
            active -= 1
            active += start(handle)
        if active:
            multi.select(1.0)


def parse(body: bytes) -> list[tuple[str, str, str, str]]:
    """(id, link, title, summary) of each item of an RSS, RDF or Atom document."""
    root = etree.fromstring(body)
    rows = []
    for item in root.iter("{*}item", "{*}entry"):
        found: dict[str, str] = {}
        for child in item:
            name = etree.QName(child).localname
            found.setdefault(name, child.get("href") or child.text or "")
        link = found.get("link", "")
        rows.append(
            (
                found.get("guid") or found.get("id") or link,
                link,
                found.get("title", ""),
                found.get("description") or found.get("summary", ""),
            )
        )
    return rows


def cycle(options: argparse.Namespace) -> None:
    layout = Layout(options.feeds, options.addresses)
    database = sqlite3.connect(options.database, isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
    known = {url: (etag, modified) for url, etag, modified in database.execute("SELECT * FROM feed")}

    def feed_requests() -> Iterable[tuple[str, list[str]]]:
        for feed in range(layout.feeds):
            url = f"http://{layout.host(feed)}:{options.port}/feed/{feed}"
            etag, modified = known.get(url, ("", ""))
            yield url, [f"If-None-Match: {etag}", f"If-Modified-Since: {modified}"] if etag else []

    database.execute("BEGIN IMMEDIATE")

    def take_feed(answer: Answer) -> None:
        url, status, body, headers = answer
        if status != 200:
            return
        rows = parse(body)
        database.executemany("INSERT OR IGNORE INTO entry (id, url, title, summary) VALUES (?, ?, ?, ?)", rows)
        database.execute(
            "INSERT OR REPLACE INTO feed VALUES (?, ?, ?)",
            (url, headers.get("etag", ""), headers.get("last-modified", "")),
        )

    fetch(feed_requests(), at_once=options.at_once, a_host=options.a_host, take=take_feed)
    database.execute("COMMIT")
    if options.pages:
        read_pages(database, options)


def read_pages(database: sqlite3.Connection, options: argparse.Namespace) -> None:
    waiting = database.execute("SELECT url, title FROM entry WHERE done = 0").fetchall()
    if not waiting:
        return
    # as late as a program that often has nothing to read would
    from trafilatura import extract

    from benchmarks.floor_judge import BANDS, Judge

    titles = dict(waiting)
    judge = Judge()
    database.execute("BEGIN IMMEDIATE")

    def take_page(answer: Answer) -> None:
        url, _, body, _ = answer
        text: Any = extract(body, fast=True, include_comments=False) or ""
        score, bands = judge.read(f"{titles[url]} {text}")
        marks = ",".join("?" * BANDS)
        copy = database.execute(f"SELECT url FROM band WHERE band IN ({marks}) LIMIT 1", bands).fetchone()
        database.execute(
            "INSERT OR IGNORE INTO article VALUES (?, ?, ?, ?, ?)", (url, titles[url], text, score, copy and copy[0])
        )
        database.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(band, url) for band in bands])
        database.execute("UPDATE entry SET done = 1 WHERE url = ?", (url,))

    database.execute("CREATE INDEX IF NOT EXISTS entry_url ON entry (url)")
    # Spread over the hosts, as any fetcher that waits for none must.
    waiting.sort(key=lambda row: (row[0].rsplit("/", 1)[1], row[0]))
    fetch(((url, []) for url, _ in waiting), at_once=options.at_once, a_host=options.a_host, take=take_page)
    database.execute("COMMIT")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--feeds", type=int, required=True)
    parser.add_argument("--addresses", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--a-host", type=int, default=1)
    cycle(parser.parse_args())


if __name__ == "__main__":
    main()
