"""Pages of a crawl's archive (WARC, ISO 28500), read and judged as those that the crawler fetches itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Any

from classifier.document import Verdict
from classifier.judge import Judge
from crawler.http.failures import FetchError
from crawler.pages.read import judge_passed, read
from crawler.pages.records import FetchedPage, PassedPage
from storage.records import ArticleReading
from tipwatch.errors import BadInput
from tipwatch.imports.address import named_page
from tipwatch.imports.lines import LineProblem

FOUND = 200  # the one HTTP status whose body is the page; redirects and errors are in archives too
WHOLE = "is it a complete WARC file?"
PAGES = ("text/html", "application/xhtml+xml", "application/pdf")  # what may be an article; scripts and images are not


def read_archive(
    stream: IO[bytes], name: str, judge: Judge, max_bytes: int
) -> Iterator[tuple[ArticleReading, Verdict] | LineProblem]:
    """The pages of an archive as articles with their verdicts; records are counted from 1.

    Args:
        max_bytes: the longest page that is read, as for the crawler.

    Raises:
        BadInput: the file is no WARC, or ends in the middle of a record.
    """
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    number = 0
    try:
        for number, record in enumerate(ArchiveIterator(stream, auto_decode="transfer"), 1):
            if record.record_type == WarcRecordType.no_type:
                raise BadInput(f"{name}: record {number}: it has no type", WHOLE)
            if record.record_type != WarcRecordType.response or not record.is_http:
                continue
            if record.http_headers.status_code != FOUND:
                continue
            if (record.http_content_type or PAGES[0]) not in PAGES:
                continue
            url = record.headers.get("WARC-Target-URI") or ""
            try:
                found = read(_page(record, url.strip("<>"), max_bytes), judge)
            except (FetchError, ValueError) as error:
                reason = error.text if isinstance(error, FetchError) else error
                yield LineProblem(f"{name}: record {number}: {url}: {reason}", is_left_out=True)
                continue
            if found.reading.read_from == "summary":  # no feed's words stand in for a page that is no article
                yield LineProblem(f"{name}: record {number}: {url}: {found.reading.read_note}", is_left_out=False)
                continue
            judged = judge_passed(found, judge) if isinstance(found, PassedPage) else found
            yield replace(judged.reading, read_from="import"), judged.verdict
    except (OSError, ValueError, EOFError) as error:
        raise BadInput(f"{name}: record {number + 1}: {error}", WHOLE) from error
    if not number:
        raise BadInput(f"{name} contains no WARC records", "is it a WARC file?")


def _page(record: Any, url: str, max_bytes: int) -> FetchedPage:
    """A record as the crawler would have fetched it. Raises ValueError where its address is none."""
    headers = record.http_headers
    return FetchedPage(
        named_page(url),
        url,
        record.reader.read(max_bytes + 1),
        fetched_at=record.record_date or datetime.now(UTC),
        content_type=headers.get("Content-Type") or "",
        content_encoding=headers.get("Content-Encoding") or "",
        max_bytes=max_bytes,
    )
