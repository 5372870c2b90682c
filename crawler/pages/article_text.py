"""Takes an article's text out of a page: roughly for every page, accurately for those that may matter.

In: the page's HTML. Out: plain text. Promises: menus, sidebars, related stories, cookie and newsletter boxes and
footers are left out of the accurate text, so that no fact comes from them; nesting and size are bounded before a
parser sees the page, since parsers take quadratic time or the stack on deep ones.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import lxml.html
from lxml.etree import ParserError, XPath
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from crawler.text.nesting import flatten

LONGEST_PAGE = 1_500_000
"""Characters parsed. Article pages are under 1 MB but for inlined data, which is cut out of longer ones first. A tree
takes some ten times its text in memory, and all processes together have 300 MB."""

BYTES_A_CHARACTER = 4
"""The most that one takes in the encodings of the web."""

MOST_TAGS = 12_000
"""Tags read accurately, opening and closing ones. Article pages have a few thousand; trafilatura takes up to a second
for so many, however short they are."""

LONG_TAG = 4_000
MOST_PARTS = 1_000
"""Characters and parts of one tag, which may be attributes: lexbor takes quadratic time for them, minutes for sixty
thousand. Tags that long carry data for scripts."""

MOST_OPTIONS = 1_000
"""Choices of a page, which no article holds; lexbor takes quadratic time for them, a minute for thirty thousand."""

_INLINED = re.compile(r"<(script|style|svg|template)\b", re.IGNORECASE | re.ASCII)
_DATA_ADDRESS = re.compile(r"""(?<=["'(])data:[^"')]{200,}""")
_OPTION = re.compile(r"</?option\b[^<>]*>", re.IGNORECASE)
_PARTS = re.compile(r"[\s/\"']+")

CUT = "the page is too long to be read whole, its end was left out"
TOO_DEEP = "the page is nested too deeply to be read whole, its innermost tags were left out"


def bound_bytes(body: bytes) -> bytes:
    """A page that is too long, before it is decoded: without inlined data, and cut where `bound_page` will cut it at
    the latest. One emoji makes every character of a text four bytes long in memory."""
    if len(body) > LONGEST_PAGE and b"\0" not in body[:200]:  # else two or four bytes stand for each letter
        # as Latin-1 every byte is a character, and those of tags are the same in all encodings that are left
        body = _without_inlined(body.decode("latin-1")).encode("latin-1")
    return body[: (LONGEST_PAGE + 1) * BYTES_A_CHARACTER]


def bound_page(html: str) -> tuple[str, str | None]:
    """The page within the limits, and a note where something had to be left out for them."""
    note = None
    if len(html) > LONGEST_PAGE:
        html = _without_inlined(html)
    if len(html) > LONGEST_PAGE:
        html, note = html[:LONGEST_PAGE], CUT
    html, is_flattened = flatten(_without_crowds(html))
    return html, TOO_DEEP if is_flattened else note


def _without_inlined(html: str) -> str:
    """The page without data within addresses, and if it is still too long with a blank for each script, style and the
    like. One that is never closed stays, and is looked for once."""
    html = _DATA_ADDRESS.sub("", html)
    if len(html) <= LONGEST_PAGE:
        return html
    kept, at, unclosed = [], 0, set()
    while (opening := _INLINED.search(html, at)) is not None:
        name = opening[1].lower()
        closing = None if name in unclosed else _closing(name).search(html, opening.end())
        end = html.find(">", closing.end()) + 1 if closing is not None else 0
        if not end:
            unclosed.add(name)
            kept.append(html[at : opening.end()])
            at = opening.end()
        else:
            kept += [html[at : opening.start()], " "]
            at = end
    return "".join([*kept, html[at:]])


@cache
def _closing(name: str) -> re.Pattern[str]:
    return re.compile(f"</{name}", re.IGNORECASE | re.ASCII)


def _without_crowds(html: str) -> str:
    """The page without tags and lists of choices of a size that only serves to hold up a parser."""
    pieces = html.split("<")
    if len(pieces) > MOST_OPTIONS and html.lower().count("<option") > MOST_OPTIONS:
        html = _OPTION.sub(" ", html)
        pieces = html.split("<")
    if max(map(len, pieces)) <= LONG_TAG:  # nearly every page: an eighth of the time of looking at each piece
        return html
    crowded = [at for at, piece in enumerate(pieces) if at and _is_crowded(piece)]
    for at in crowded:
        name, _, rest = pieces[at].partition(">")
        pieces[at] = f"{name.split(maxsplit=1)[0][:LONG_TAG] if name.strip() else ''}>{rest}"
    return "<".join(pieces) if crowded else html


def _is_crowded(piece: str) -> bool:
    """Whether a tag, without its opening bracket, is longer and has more parts than those of real pages."""
    end = piece.find(">")
    tag = piece if end < 0 else piece[:end]
    return len(tag) > LONG_TAG and len(_PARTS.findall(tag)) > MOST_PARTS


def cut_tags(html: str) -> tuple[str, bool]:
    """The page up to its last tag that is read accurately, and whether it had to be cut."""
    if html.count("<") <= MOST_TAGS:
        return html, False
    return "<".join(html.split("<", MOST_TAGS + 1)[:-1]), True


def rough_text(html: str) -> str:
    """The main text of a page as resiliparse sees it: nearly all of it, and some that is not the article's."""
    try:
        tree = HTMLTree.parse(html)
        text: str = extract_plain_text(
            tree, main_content=True, preserve_formatting=True, alt_texts=False, list_bullets=False, comments=False
        )
    except (ValueError, RuntimeError):
        return ""
    return text


_NO_XML = bytes(set(range(0x20)) - set(b"\t\n\r"))
"""What lxml reads in a page, and then refuses to move about in its tree. As bytes: a third of the time of a pattern."""


@cache
def _parser() -> lxml.html.HTMLParser:
    # huge, since lxml ends a page at 256 levels otherwise; size and depth are bounded before
    return lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)


def parse_tree(html: str) -> HtmlElement | None:
    """The page as a tree that may be changed; None where there is nothing in it."""
    # bytes, since lxml refuses text with an encoding declaration; the parser is told what they are
    data = html.encode("utf-8", "replace").translate(None, _NO_XML)
    for other in (b"\xef\xbf\xbe", b"\xef\xbf\xbf"):  # U+FFFE and U+FFFF
        data = data.replace(other, b"")
    try:
        tree = lxml.html.fromstring(data, parser=_parser())
    except (ParserError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


# Names of boxes around and inside articles, as classes and ids are commonly written in the languages we read.
NEVER_ARTICLE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|cmp|onetrust|didomi|cookiebot|newsletters?|paywall|comments?|disqus"
    r"|sidebar|side-bar"
    r"|breadcrumbs?|pagination|navbar|navigation|menu|footer|masthead|copyright|skip-?links?|modal|popup|related"
    r"|recirc\w*"
    r"|most-(?:read|viewed|popular)|you-may-(?:also-)?like|up-?next|read-(?:next|also)|also-read|see-also"
    r"|relacionad[oa]s|articles?-(?:lies|similaires)|lire-aussi|mas-leid[ao]s|leia-tambem|veja-tambem"
    r"|mais-lidas)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LINKS_BOX = re.compile(
    r"(?:^|[\s_-])(?:recommend\w*|suggested|trending|popular|more-?(?:news|stories|on|from)|read-?more"
    r"|latest-?(?:news|stories)"
    r"|other-?(?:news|stories)|teasers?|subscri\w+|sign-?up|promos?|advert\w*|sponsored|share|sharing|socials?"
    r"|rail|nav|tag-?list"
    r"|author-?(?:bio|box|info)|about-?(?:the-?)?author|byline|overlay|banner|mas-?noticias|leia-?mais"
    r"|veja-?mais)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DROP_TAGS = (
    "nav",
    "aside",
    "footer",
    "form",
    "button",
    "dialog",
    "noscript",
    "script",
    "style",
    "svg",
    "iframe",
    "template",
)
_BOX_TAGS = ("div", "section", "ul", "ol", "table", "header", "article", "aside")
_BOX_ROLES = frozenset({"navigation", "complementary", "contentinfo", "dialog", "alertdialog", "search"})

KEPT_SHARE = 0.4
"""A box that holds more of the page's text than this is the article's own frame, however it is called (and on some
systems the whole page is a form)."""

PROSE_CHARACTERS = 120
"""A paragraph longer than this, outside links, is prose; teasers are shorter."""

PROSE_PARAGRAPHS = 3
"""A box with so many is not taken for a box of links, however it is called."""


def drop_boxes(tree: HtmlElement) -> None:
    """Removes what surrounds the article, in place: the accurate reading gets surer, and twice as fast on big pages."""
    body = tree.find(".//body")
    root = tree if body is None else body
    whole = _text_length(root) * KEPT_SHARE
    for element in list(root.iter(*_DROP_TAGS)):
        if element.tag != "form" or _text_length(element) < whole:
            _drop(element)
    for element in list(root.iter(*_BOX_TAGS)):
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) > 1 and _is_box(element, names):
            if element.getparent() is None or element.find(".//h1") is not None or _text_length(element) > whole:
                continue
            _drop(element)


def _is_box(element: HtmlElement, names: str) -> bool:
    if element.get("role") in _BOX_ROLES or NEVER_ARTICLE.search(names):
        return True
    if not _LINKS_BOX.search(names) or element.find(".//a") is None:
        return False
    prose = sum(
        _text_length(paragraph) >= PROSE_CHARACTERS
        for paragraph in element.iter("p")
        if paragraph.find("a") is None and paragraph.getparent().tag != "a"
    )
    return prose < PROSE_PARAGRAPHS


_LENGTH = XPath("string-length()")  # counts inside the library: no text nor element becomes an object of Python's


def _text_length(element: HtmlElement) -> int:
    return int(_LENGTH(element))


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def article_text(tree: HtmlElement) -> str:
    """The article's text, paragraphs parted by a blank line; empty where trafilatura finds none. Changes the tree."""
    import trafilatura  # heavy; only workers need it

    return trafilatura.extract(tree, options=_extraction_options()) or ""


@cache
def _extraction_options() -> Any:
    """Made once: with every page it would read its configuration again, 2 % of the cost of reading a page."""
    from trafilatura.settings import Extractor

    return Extractor(fast=True, comments=False, tables=True)
