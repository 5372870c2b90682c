"""Tells by its bytes what an address leads to, whatever its header says: a page, a PDF document, or something else.

In: the body as sent, decompressed, or the same as text. Promises: never fails; nothing but the beginning is looked at;
a header counts only for naming what is no page.
"""

from __future__ import annotations

import re

from crawler.text.one_line import one_line

HEAD = 4_000
"""Characters looked at; what some site programs print before their page (warnings, a licence) is shorter."""

PDF_HEAD_BYTES = 1_024
"""Readers take a document whose mark stands within the first 1,024 bytes (ISO 32000, implementation notes)."""

# Before the first element may stand a byte order mark, instructions, comments and a document type.
_FIRST_ELEMENT = re.compile(
    r"(?>[\s\ufeff\0]+|<\?.*?\?>|<!--.*?-->|<![^-].*?>)*+<([a-z][\w.-]*:)?([\w.-]+)", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[/!a-z]", re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")
_DATA = frozenset({"rss", "rdf", "feed", "urlset", "sitemapindex", "opml", "svg"})
"""Root elements of documents that are no pages, though a parser of pages finds text in them: a feed's is that of many
articles."""


def is_pdf(body: bytes) -> bool:
    """Whether these are the bytes of a PDF document."""
    return b"%PDF-" in body[:PDF_HEAD_BYTES]


def is_page(text: str) -> bool:
    """Whether this is markup of a page: it begins with markup that is no data, or with text that has some."""
    head = text[:HEAD]
    first = _FIRST_ELEMENT.match(head)
    if first is not None:
        root = first[2].lower()
        return root == "html" or not (root in _DATA or head.lstrip("\ufeff \t\r\n").startswith("<?xml"))
    is_text = _NO_TEXT.search(head) is None and not head.lstrip().startswith(("{", "["))
    return is_text and _TAG.search(head) is not None


def name_type(content_type: str) -> str:
    """What a server calls data that are no page, for a note."""
    name = one_line(content_type, 60) or "data"
    return f"data labelled {name}" if "html" in name else name
