"""What a page says about itself: title, outlet, time, language, address. Read cheaply, believed with care.

In: the page's HTML as text. Out: `HeadFacts`, from the head alone (tens of microseconds, for every page), and
`BodyFacts`, from structured data and the parsed tree (for pages that are read in full). Promises: never fails on any
input; what is not stated is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml.html import HtmlElement

from crawler.text.dates import read_date
from crawler.text.plain_text import LONGEST_MARKUP, read_title

HEAD_CHARACTERS = 300_000
"""Where the head must end: styles and scripts of hundreds of kB stand in some."""

MOST_TAGS = 1_000
"""Tags of a kind looked at in a head; real ones have some dozens."""

LONGEST_TITLE = 300
"""Characters; a longer one is no headline."""

OLDEST_YEAR = 1995
"""Dates before it are placeholders: the web is not older."""

FUTURE = timedelta(hours=26)
"""How far ahead a publication time may lie: the dateline's time zone taken for UTC, and clocks that are wrong."""

_META = re.compile(r"""<meta\s((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.IGNORECASE)
_LINK = re.compile(r"""<link\s((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![a-zA-Z:_-])([a-zA-Z:_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TITLE = re.compile(r"<title[^>]{0,500}>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title", re.IGNORECASE)
_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\slang\s*=\s*["']?\s*([a-zA-Z]{2,3})\b""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f]+")

_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "citation_title")
_TIME_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
)


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What the head says. `declared_url` is `rel=canonical`, else `og:url`, as written."""

    titles: tuple[str, ...] = ()
    document_title: str | None = None
    site_name: str | None = None
    published: str | None = None
    language: str | None = None
    declared_url: str | None = None


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What structured data and markup say. `article_body` is the text some pages carry only there."""

    headline: str | None = None
    published: str | None = None
    publisher: str | None = None
    article_body: str | None = None
    is_free: bool | None = None


def clean_line(text: str | None, longest: int = LONGEST_TITLE) -> str | None:
    """One line without markup, entities and control characters; None where nothing is left or it is too long."""
    line = read_title(text, LONGEST_MARKUP) if text else ""
    return line if line and len(line) <= longest else None


def read_head(html: str) -> HeadFacts:
    """The facts of a page's head."""
    end = html.find("</head>")
    head = html[: end if 0 <= end < HEAD_CHARACTERS else HEAD_CHARACTERS]
    metas = dict(_metas(head))
    title = _document_title(head)
    language = _LANGUAGE.search(head, 0, 3_000)
    titles = [line for name in _TITLE_NAMES if (line := clean_line(metas.get(name)))]
    return HeadFacts(
        titles=tuple(dict.fromkeys(titles)),
        document_title=clean_line(title),
        site_name=clean_line(metas.get("og:site_name") or metas.get("application-name"), 100),
        published=next((metas[name] for name in _TIME_NAMES if metas.get(name)), None),
        language=language[1].lower() if language else None,
        declared_url=_canonical_link(head) or clean_line(metas.get("og:url"), 2_000),
    )


def _document_title(head: str) -> str | None:
    """What stands in the first `title` element, as written."""
    start = _TITLE.search(head)
    end = _TITLE_END.search(head, start.end()) if start else None
    return head[start.end() : end.start()] if start and end else None


def _metas(head: str) -> Iterator[tuple[str, str]]:
    """Names (lower case) and contents; the first of a name counts, so they come last first."""
    found: list[tuple[str, str]] = []
    for attributes in _tags(head, "<meta", _META):
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            found.append((name.lower(), content))
    return reversed(found)


def _canonical_link(head: str) -> str | None:
    if "canonical" not in head:
        return None
    for attributes in _tags(head, "<link", _LINK):
        if attributes.get("rel", "").lower() == "canonical":
            return clean_line(attributes.get("href"), 2_000)
    return None


def _tags(head: str, opening: str, pattern: re.Pattern[str]) -> Iterator[dict[str, str]]:
    """Attributes of each tag; plain searches, since a pattern over styles and scripts costs more than all else here."""
    for spelling in (opening, opening.upper()):
        start = head.find(spelling)
        for _ in range(MOST_TAGS):
            if start < 0:
                break
            match = pattern.match(head, start, start + 5_000)
            if match:
                yield {name.lower(): two or one or bare for name, two, one, bare in _ATTRIBUTE.findall(match[1])}
            start = head.find(spelling, start + 5)


def read_body(html: str, tree: HtmlElement | None) -> BodyFacts:
    """The facts of a page's structured data (JSON-LD), completed from its markup (`h1`, `time`, `itemprop`)."""
    headline = published = publisher = article_body = None
    is_free: bool | None = None
    for item in _json_ld(html):
        if not _is_article(item):
            continue
        headline = headline or clean_line(_string(item.get("headline")))
        published = published or _string(item.get("datePublished")) or _string(item.get("dateCreated"))
        publisher = publisher or clean_line(_name(item.get("publisher")), 100)
        article_body = article_body or _string(item.get("articleBody"))
        free = str(item.get("isAccessibleForFree", "")).lower()
        is_free = {"true": True, "false": False}.get(free, is_free)
    if tree is not None:
        headline = headline or _only_heading(tree, has_item="headline" in html)
        published = published or _time_element(tree, has_item="datePublished" in html)
    return BodyFacts(headline, published, publisher, article_body, is_free)


def _json_ld(html: str) -> Iterator[dict[str, Any]]:
    position = html.find("ld+json")
    while position >= 0:
        start, end = html.find(">", position) + 1, html.find("</script", position)
        if not 0 < start < end:
            return
        try:
            data = json.loads(_CONTROL.sub(" ", html[start:end]).strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            data = None
        yield from _objects(data, 0)
        position = html.find("ld+json", end)


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data[:50]:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(key), depth + 1)


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    words = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(word, str) and word.endswith(("Article", "Posting", "Report", "NewsItem")) for word in words)


def _string(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) and value.strip() else None


def _name(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return _string(value.get("name")) if isinstance(value, dict) else _string(value)


# A path that begins with // and a union of such walk the whole page, some hundred microseconds on a large one, mostly
# to find nothing: where the page's bytes do not hold the word, it is not walked.


def _only_heading(tree: HtmlElement, *, has_item: bool) -> str | None:
    """The `h1` of the article, or the page's where there is one only (several are teasers or the outlet's name).

    `has_item`: the page may hold an element with itemprop="headline".
    """
    headings = list(tree.iter("h1"))
    within = [one for one in headings if next(one.iterancestors("article", "main"), None) is not None]
    if has_item:
        within += tree.xpath("//*[@itemprop='headline']")
    texts = {line for heading in within or headings if (line := clean_line(heading.text_content()))}
    return texts.pop() if len(texts) == 1 else None


def _time_element(tree: HtmlElement, *, has_item: bool) -> str | None:
    """The time of publication in markup. `has_item`: the page may hold an element with itemprop="datePublished"."""
    paths: tuple[str, ...] = ()
    if has_item:
        paths += ("//*[@itemprop='datePublished']/@content", "//*[@itemprop='datePublished']/@datetime")
    if next(tree.iter("time"), None) is not None:
        paths += (
            "(//article | //main)//time[@pubdate]/@datetime",
            "((//article | //main)//header)[1]//time/@datetime",
            "((//article | //main)//time/@datetime)[1]",
            "//time[contains(@class, 'publish') or contains(@class, 'entry-date')]/@datetime",
        )
    for path in paths:
        found = tree.xpath(path)
        if found:
            return str(found[0])
    return None


def read_time(text: str | None, latest: datetime, languages: Sequence[str] = ()) -> datetime | None:
    """A time as pages in these languages state it (seconds since 1970, or as `read_date` reads it), in UTC.

    Without a zone it is taken for UTC. None where it cannot be read, lies before the web, or more than a day after
    `latest`. A date with the month in doubt ("03/04/2026") is not guessed.
    """
    text = (text or "").strip()
    is_count = text.isascii() and text.isdigit() and len(text) in (10, 13)  # of seconds or milliseconds
    at = datetime.fromtimestamp(int(text[:10]), UTC) if is_count else read_date(text, latest, languages)
    return at if at is not None and at.year >= OLDEST_YEAR and at <= latest + FUTURE else None
