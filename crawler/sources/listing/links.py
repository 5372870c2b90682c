"""Recognises the links to articles on a page of links, by their shape and place. Pure.

In: the tree of a listing page and its address. Out: candidates with title, summary and time as the page shows them.
How: a link to an article has a headline for a text or stands in a heading; its address has a date, a number or a long
slug; it stands in the page's main part, not in a menu, sidebar or footer. Points are given for each, and what reaches
the threshold is taken. A selector or pattern in the configuration takes the place of the points, not of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag, urlsplit

from lxml.html import HtmlElement

from crawler.feeds.entry_identity import first_link
from crawler.pages.article_text import NEVER_ARTICLE
from crawler.text.plain_text import read_title
from storage.urls import registrable_domain

THRESHOLD = 4
"""Points that make an article's link. A headline (2) at an address with a date or a slug (2) reaches it; a menu's word
at a section's address stays at 0 or 1."""

HEADLINE_WORDS = 4
"""A text of so many words is a headline; menus have one to three."""

HEADLINE_CHARACTERS = 24
"""The same for languages written without spaces, and for long words."""

MOST_LINKS = 3_000
"""Links looked at on one page."""

MOST_ALIKE = 10
"""Links to one address that are looked at: an article is linked by its picture, headline and "read more"."""

MOST_IN_BOX = 100
"""Links in a box about one article: those to it, and to its topics and authors."""

_SKIPPED_TAGS = frozenset({"nav", "footer", "aside", "form", "dialog", "noscript"})
_SKIPPED_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "dialog", "menu", "menubar"})
_BOXES = frozenset({"article", "li", "section", "div", "td", "tr"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_NO_PAGE = re.compile(
    r"\.(jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|zip|mp[34]|avi|mov|css|js|xml|rss|ics)$", re.IGNORECASE
)
_NO_ARTICLE = re.compile(
    r"(^|/)(tags?|topics?|categor(y|ies|ie|ia|ias)|authors?|auteurs?|autor(es)?|users?|search|login|signin"
    r"|sign-in|register|account"
    r"|subscribe|newsletters?|privacy[a-z-]*|terms[a-z-]*|contact([- ]us)?|about([- ]us)?|page/\d+|cookies?"
    r"|feeds?|rss|wp-admin"
    r"|wp-login\.php|donate|jobs|careers|events?|sitemap|legal|imprint|impressum|mentions-legales|accessibility"
    r"|advertise)(/|$)",
    re.IGNORECASE,
)
_DATE_IN_PATH = re.compile(r"/(19|20)\d{2}[/-]?(0?[1-9]|1[0-2]|[a-z]{3})([/-]?\d{1,2})?(/|-|$)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,}")
_QUERY_NUMBER = re.compile(r"(^|&)(id|p|story|article|news|nid|aid|item)=\w*\d", re.IGNORECASE)
_WORDS_IN_SLUG = re.compile(r"[^\W\d_]{2,}")
_GENERIC = re.compile(
    r"^(read (more|the full|on)|more|learn more|continue( reading)?|view|see( more)?|details|full (story|article)"
    r"|lire (la suite|plus)"
    r"|en savoir plus|voir plus|leer m[áa]s|ver m[áa]s|m[áa]s informaci[óo]n|leia mais|saiba mais|ver mais"
    r"|weiterlesen|mehr( lesen)?"
    r"|المزيد|اقرأ المزيد|read|here|click here|\W*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A link as listed; texts empty and `time` None where the page shows none. `time` is as written."""

    url: str
    title: str
    summary: str
    time: str | None


def select_links(tree: HtmlElement, base: str, rule: str | None) -> list[ListedLink]:
    """The article links of a page, each address once, in the page's order.

    Args:
        tree: the page.
        base: its address.
        rule: a CSS selector of links or of what holds them; `re:` and a pattern that addresses must hold; None to
            recognise them.
    """
    if rule is not None and not rule.startswith("re:"):
        anchors: Iterable[HtmlElement] = _selected(tree, rule)
    else:
        anchors = tree.iter("a")
    pattern = re.compile(rule.removeprefix("re:")) if rule is not None and rule.startswith("re:") else None
    groups: dict[str, list[HtmlElement]] = {}
    for count, anchor in enumerate(anchors):
        if count >= MOST_LINKS:
            break
        url = _address(anchor, base)
        if url is not None:
            same = groups.setdefault(url, [])
            if len(same) < MOST_ALIKE:
                same.append(anchor)
    links = []
    for url, same in groups.items():
        if pattern is not None:
            is_taken = pattern.search(url) is not None
        elif rule is not None:
            is_taken = True
        else:
            is_taken = _is_article(url, same, base)
        if is_taken:
            links.append(_describe(url, same, base))
    return links


def _selected(tree: HtmlElement, selector: str) -> Iterator[HtmlElement]:
    from cssselect import HTMLTranslator

    for element in tree.xpath(HTMLTranslator().css_to_xpath(selector)):
        if not isinstance(element, HtmlElement):
            continue
        inside = [element] if element.tag == "a" else list(element.iter("a"))
        if not inside:  # a selector of the headline within the link
            inside = list(element.iterancestors("a"))
        yield from inside


def _address(anchor: HtmlElement, base: str) -> str | None:
    try:
        url = urldefrag(first_link([anchor.get("href") or ""], base)).url
        is_page = bool(url) and not _NO_PAGE.search(urlsplit(url).path)
    except ValueError:
        return None
    return url if is_page and url != urldefrag(base).url else None


def _is_article(url: str, anchors: list[HtmlElement], base: str) -> bool:
    parts, own = urlsplit(url), urlsplit(base)
    if registrable_domain(parts.hostname or "") != registrable_domain(own.hostname or ""):
        return False
    if _NO_ARTICLE.search(parts.path) or parts.path.rstrip("/") == own.path.rstrip("/"):
        is_numbered = parts.path.rstrip("/") == own.path.rstrip("/") and _QUERY_NUMBER.search(parts.query)
        if not is_numbered:
            return False
    placed = [anchor for anchor in anchors if not _is_beside(anchor)]
    if not placed:
        return False
    points = _address_points(parts.path, parts.query, own.path)
    return points + max(_text_points(anchor) for anchor in placed) >= THRESHOLD


def _address_points(path: str, query: str, own_path: str) -> int:
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        return 2 if _QUERY_NUMBER.search(query) else -THRESHOLD
    slug = segments[-1].rpartition(".")[0] or segments[-1]
    points = 0
    if len(_WORDS_IN_SLUG.findall(slug.replace("_", "-"))) >= HEADLINE_WORDS or len(slug) > 60:
        points += 2
    if _DATE_IN_PATH.search(path):
        points += 2
    if _QUERY_NUMBER.search(query):
        points += 2
    if _NUMBER.search(slug):
        points += 1
    if len(segments) >= 2:
        points += 1
    if own_path.strip("/") and path.startswith(own_path.rstrip("/") + "/"):
        points += 1
    return min(points, THRESHOLD - 1)  # the address alone does not make an article


def _text_points(anchor: HtmlElement) -> int:
    text = _text(anchor)
    points = 2 if len(text.split()) >= HEADLINE_WORDS or len(text) >= HEADLINE_CHARACTERS else 0
    if next(anchor.iterancestors(*_HEADINGS), None) is not None or next(anchor.iter(*_HEADINGS), None) is not None:
        points += 2
    if next(anchor.iterancestors("article", "main"), None) is not None:
        points += 1
    if not points and _heading_beside(anchor):
        points = 2
    return points


def _is_beside(anchor: HtmlElement) -> bool:
    """Whether a link stands in a menu, sidebar or footer."""
    for element in anchor.iterancestors():
        if element.tag in ("body", "main"):
            return False
        if element.tag in _SKIPPED_TAGS or element.get("role") in _SKIPPED_ROLES:
            return True
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) > 1 and element.tag != "article" and NEVER_ARTICLE.search(names):
            return True
    return False


def _text(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _heading_beside(anchor: HtmlElement) -> str:
    """The heading of the box a link stands in, where the box is about this link alone."""
    box = _box(anchor)
    heading = next(box.iter(*_HEADINGS), None) if box is not None else None
    return _text(heading) if heading is not None else ""


def _box(anchor: HtmlElement) -> HtmlElement | None:
    """The largest element around a link that holds links to one address only."""
    found = None
    href = anchor.get("href")
    for depth, element in enumerate(anchor.iterancestors()):
        if depth > 6 or element.tag in ("body", "main", "ul", "ol", "table"):
            break
        links = list(islice(element.iter("a"), MOST_IN_BOX + 1))
        if len(links) > MOST_IN_BOX or any(
            other.get("href") not in (href, None) and not _is_tag_link(other) for other in links
        ):
            break
        if element.tag in _BOXES:
            found = element
    return found


def _is_tag_link(anchor: HtmlElement) -> bool:
    try:
        path = urlsplit(anchor.get("href") or "").path
    except ValueError:  # what is no address leads nowhere
        return True
    return _NO_ARTICLE.search(path) is not None


def _describe(url: str, anchors: list[HtmlElement], base: str) -> ListedLink:
    title = ""
    for anchor in anchors:
        heading = next(anchor.iter(*_HEADINGS), None)
        text = _text(heading if heading is not None else anchor)
        if len(text) > len(title) and not _GENERIC.match(text):
            title = text
    summary, time = "", None
    box = _box(anchors[0])
    if box is not None:
        heading = next(box.iter(*_HEADINGS), None)
        if heading is not None and (not title or len(title) < HEADLINE_CHARACTERS):
            title = _text(heading) or title
        summary = max((_text(paragraph) for paragraph in box.iter("p")), key=len, default="")
        moment = next(box.iter("time"), None)
        if moment is not None:
            time = moment.get("datetime") or _text(moment)
    if not title:
        title = (anchors[0].get("title") or anchors[0].get("aria-label") or "").strip()
    return ListedLink(url, read_title(title), "" if summary == title else summary, time)
