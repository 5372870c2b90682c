"""Takes the text out of a PDF document: bytes in, paragraphs out. Runs in the worker processes.

Promises: what cannot be read raises `UnreadablePdf` with a sentence; no more is unpacked, gone through or waited for
than the limits below; lines are joined to the paragraphs that they were set from.
"""

from __future__ import annotations

import io
import logging
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import islice

from crawler.workers.process import set_up_later

MOST_PAGES = 40
"""Pages read: some 100,000 characters. What a project's launch says stands on its first two."""

LONGEST_TEXT = 200_000
"""Characters taken; what a page of HTML may have too."""

MOST_SECONDS = 5.0
"""Of processor time, asked after each page; a call may take ten, and an ordinary page takes a fiftieth of one."""

LARGEST_STREAM_BYTES = 3_000_000
"""Unpacked; pages of text have under 100 kB, maps a megabyte or two."""

MOST_OPERATIONS = 100_000
"""Of one page, in tokens; a page of text has some ten thousand. so many take two seconds."""

LIMITS = {
    "array_based_stream_maximum_output_length": LARGEST_STREAM_BYTES,
    "lzw_maximum_output_length": LARGEST_STREAM_BYTES,
    "run_length_maximum_output_length": LARGEST_STREAM_BYTES,
    "zlib_maximum_output_length": LARGEST_STREAM_BYTES,
    "stream_parsing_work_maximum_count": MOST_OPERATIONS,
    "jbig2dec_binary": None,  # no other program is started, least of all on what a stranger sends
}
"""pypdf's own names."""

END_BYTES = 2_048
"""In which a document's mark of its end stands; the standard says the last 1,024. One larger than is kept of a page has
lost it, with the table of what stands where."""

FULL_LINE_SHARE = 0.75
"""Of the longest lines of a page: a shorter one ends its paragraph, as a heading does."""

_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|p\.|página|seite)\s*)?\d{1,4}(?:\s*(?:/|of|de|sur|von)\s*\d{1,4})?\W*", re.I)


class UnreadablePdf(Exception):  # noqa: N818  # what the document is, not an error of ours
    """A document without text that can be read; the message is a sentence."""


def read_pdf(body: bytes) -> str:
    """The text of a document, paragraphs parted by a blank line.

    Raises:
        UnreadablePdf: it is damaged, locked or cut, or holds no text (as scans do).
    """
    if b"%%EOF" not in body[-END_BYTES:]:  # pypdf would look for it through all of what is left
        raise UnreadablePdf("the PDF document is damaged, or larger than tipwatch reads")
    if "pypdf" not in sys.modules:  # by who reads one: 27 MB and 60 ms, and most workers never do
        set_up_later(lambda: import_module("pypdf"))
    from pypdf import apply_configuration, get_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it remarks on every flaw of every document
    pages: list[str] = []
    try:
        with apply_configuration(get_configuration().with_overwrites(**LIMITS)):
            pages.extend(_texts_of(body))  # those before a fault are kept
    except MemoryError:
        raise
    except Exception as error:  # a library that reads anything may stumble over anything
        if not pages:
            raise UnreadablePdf(_why_unreadable(error)) from error
    text = "\n\n".join(paragraph for page in pages for paragraph in _paragraphs(page))
    if sum(map(str.isalpha, text)) * 2 <= len(text):  # fonts without names for their letters come out as other signs
        raise UnreadablePdf("the PDF document contains no readable text; it may be a scan")
    return text[:LONGEST_TEXT]


def _texts_of(body: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    began = time.process_time()
    characters = 0
    for page in islice(PdfReader(io.BytesIO(body)).pages, MOST_PAGES):
        text = page.extract_text()
        characters += len(text)
        yield text
        if characters > LONGEST_TEXT or time.process_time() - began > MOST_SECONDS:
            return


def _why_unreadable(error: Exception) -> str:
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    if isinstance(error, FileNotDecryptedError | DependencyError):
        return "the PDF document is protected by a password"
    if isinstance(error, LimitReachedError):
        return "the PDF document unpacks to more than tipwatch reads"
    return "the PDF document is damaged"


def _paragraphs(page: str) -> list[str]:
    """The lines of a page joined to paragraphs: one ends with a blank line, or with a line that is not full."""
    lines = [" ".join(line.split()) for line in page.splitlines()]
    lengths = sorted(len(line) for line in lines if line)
    full = lengths[len(lengths) * 9 // 10] * FULL_LINE_SHARE if lengths else 0
    paragraphs = [""]
    is_open = False
    for line in lines:
        if _PAGE_NUMBER.fullmatch(line):
            continue
        if not line:
            is_open = False
            continue
        if is_open:
            paragraphs[-1] += line if paragraphs[-1].endswith("-") else f" {line}"
        else:
            paragraphs.append(line)
        is_open = len(line) >= full
    return paragraphs[1:]
