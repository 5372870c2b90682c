"""Dates as feeds write them: read, or left out; never guessed, and when an entry was first seen is always known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, document, feed
from tests.support.feeds import item, rss

pytestmark = pytest.mark.slow


def dated(written: str, at: str | None, *languages: str) -> Case:
    """A feed with one entry of this date; `at` is what it is read as, None for undated."""
    expected = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None
    return Case(feed(document(rss(item(1, link="", pubDate=written)))), expected, {"languages": list(languages)})


# The source's name: the date as written, what it is read as, the source's languages.
CASES: dict[str, Case] = {
    "date-none": dated("", None),
    "date-words": dated("someday soon", None),
    "date-rfc-822": dated("Tue, 24 Nov 2026 08:30:00 +0300", "2026-11-24T05:30"),
    "date-iso": dated("2026-11-20T08:30:00Z", "2026-11-20T08:30"),
    "date-sept": dated("Wed, 02 Sept 2026 12:15 PM", "2026-09-02T12:15"),
    "date-est": dated("Tue, 24 Nov 2026 08:30:00 EST", "2026-11-24T13:30"),
    "date-cat": dated("Tue, 24 Nov 2026 08:30:00 CAT", "2026-11-24T08:30"),
    "date-ist": dated("Tue, 24 Nov 2026 08:30:00 IST", "2026-11-24T08:30"),
    "date-french": dated("12 août 2026", "2026-08-12", "fr"),
    "date-arabic": dated("١٢ أغسطس ٢٠٢٦", "2026-08-12", "ar"),
    "date-slashes-french": dated("03/04/2026", "2026-04-03", "fr"),
    "date-turkish": dated("24 Kasım 2026", "2026-11-24", "tr"),
    "date-german": dated("24. November 2026, 08:30 Uhr", "2026-11-24T08:30", "de"),
    "date-portuguese": dated("24 de novembro de 2026", "2026-11-24", "pt"),
    "date-russian": dated("24 ноября 2026 г.", "2026-11-24", "ru"),
    "date-japanese": dated("2026年11月24日", "2026-11-24", "ja"),
    "date-korean": dated("2026년 11월 24일", "2026-11-24", "ko"),
    "date-year-first-slashes": dated("2026/11/24", "2026-11-24"),
    "date-year-first-stops": dated("2026.11.24", "2026-11-24"),
    "date-year-first-words": dated("2026 Nov 24", "2026-11-24"),
    "date-year-first-time": dated("2026/11/24 08:30:00", "2026-11-24T08:30"),
    "date-marked": dated("\u200f24 Nov 2026\u200f", "2026-11-24"),
    "date-buddhist": dated("24/11/2569", None, "th"),
    "date-persian": dated("۱۴۰۵/۰۹/۰۳", None, "fa"),
    "date-month-13": dated("2026-13-01", None),
    "date-year-0": dated("0000-00-00T00:00:00Z", None),
    "date-1970": dated("Thu, 01 Jan 1970 00:00:00 GMT", None),
    "date-far-future": dated("Wed, 25 Nov 2099 08:30:00 GMT", None),
    "date-no-such-day": dated("Mon, 30 Feb 2026 08:30:00 GMT", None),
    "date-leap-day": dated("Thu, 29 Feb 2024 08:30:00 GMT", "2024-02-29T08:30"),
    "date-leap-second": dated("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59"),
    "date-year-9999": dated("9999-12-31T23:59:59-12:00", None),
    "date-huge-zone": dated("Tue, 24 Nov 2026 08:30:00 +99999999", None),
    "date-many-digits": dated("9" * 5_000, None),
    "date-no-such-day-iso": dated("2026-02-30", None),
    "date-no-such-day-and-time": dated("2026-02-30T08:30:00Z", None),
    "date-no-such-day-at-once": dated("20260230", None),
    "date-no-such-day-in-words": dated("31 juin 2026", None, "fr"),
    "date-no-leap-day": dated("Sun, 29 Feb 2026 08:30:00 GMT", None),
    "date-day-32": dated("Sun, 32 Nov 2026 08:30:00 GMT", None),
    "date-year-10000": dated("10000-01-01T00:00:00Z", None),
    "date-year-10000-in-words": dated("Sat, 01 Jan 10000 00:00:00 GMT", None),
    "date-year-20261": dated("20261-11-24", None),
    "date-day-of-three-figures": dated("2026-11-240", None),
    "date-day-of-the-year": dated("2026-328", None),
    "date-month-only": dated("2026-11", None),
    "date-month-in-words-only": dated("November 2026", None),
    "date-year-only": dated("2026", None),
    "date-two-figures": dated("24/11/26", None),
    "date-two-figures-french": dated("24/11/26", "2026-11-24", "fr"),
    "date-two-days": dated("2 Nov 3 2026", None),
    "date-after-a-number": dated("3 comments, 24 Nov 2026", "2026-11-24"),
    "date-zone-99": dated("2026-11-24T08:30:00+99:00", None),
    "date-zone-of-60-minutes": dated("Tue, 24 Nov 2026 08:30:00 +0060", None),
    "date-hour-25": dated("2026-11-24T25:30:00Z", None),
    "date-ages-ago": dated("12345678 hours ago", None),
    "date-afternoon": dated("Wed, 02 Sep 2026 01:15 PM", "2026-09-02T13:15"),
    "date-two-figures-rfc-822": dated("Tue, 24 Nov 26 08:30:00 GMT", "2026-11-24T08:30"),
    "date-asctime": dated("Tue Nov 24 08:30:00 2026", "2026-11-24T08:30"),
    "date-iso-offset": dated("2026-11-24T08:30:00.123-05:00", "2026-11-24T13:30"),
    "date-iso-spaced": dated("2026-11-24 08:30:00 +0300", "2026-11-24T05:30"),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_date_is_read_or_left_out(crawled: Crawled, name: str) -> None:
    (row,) = crawled.left[name].entries
    assert row.published_at == CASES[name].expected
    assert abs(row.seen_at - datetime.now(UTC)) < timedelta(hours=1)


def test_a_date_that_is_none_is_no_fault_of_its_source(crawled: Crawled) -> None:
    assert {crawled.health(name).error_kind for name in CASES} == {None}
