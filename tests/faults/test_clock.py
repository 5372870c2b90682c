"""The clock jumps by more than a day: that is reported, and nothing is given up or deleted until others confirm it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawler.http.server_times import ServerTimes
from storage.clock import correct_future_dates, time_of_news
from storage.database.engine import Database
from storage.digests.announcements import unannounced_ids
from storage.digests.digests import delivery_counts
from tests.support.announcing import tell
from tests.support.farm import Case, Place
from tests.support.office import Office, office
from tests.support.program import read_left
from tests.support.sites import Answer, Route, Seen
from tipwatch.engine.clock_check import ClockCheck, is_clock_right

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)

RIGHT = {
    "a day later, nobody asked": (NOW, NOW - DAY, []),
    "a first start, nobody asked": (NOW, None, []),
    "after a week's rest, confirmed": (NOW, NOW - 7 * DAY, [NOW, NOW - DAY]),
    "set back to what is right": (NOW, NOW + 400 * DAY, [NOW, NOW, NOW + 400 * DAY]),
    "one other is wrong": (NOW, NOW, [NOW - 9_000 * DAY]),
    "two disagree with each other": (NOW, NOW, [NOW, NOW + 40 * DAY]),
}
WRONG = {
    "a year on, nobody asked": (NOW + 365 * DAY, NOW, []),
    "a year on, one agrees": (NOW + 365 * DAY, NOW, [NOW + 365 * DAY]),
    "a year on, others know better": (NOW + 365 * DAY, NOW, [NOW, NOW, NOW + 365 * DAY]),
    "a year back": (NOW - 365 * DAY, NOW, []),
    "wrong from the first start on": (NOW, None, [NOW + 9 * DAY, NOW + 9 * DAY]),
}


@pytest.mark.parametrize("case", RIGHT.values(), ids=RIGHT)
def test_a_clock_is_trusted_that_goes_on_or_that_several_others_confirm(
    case: tuple[datetime, datetime | None, list[datetime]],
) -> None:
    assert is_clock_right(*case)


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_clock_that_jumped_is_not_trusted_on_its_own_word(
    case: tuple[datetime, datetime | None, list[datetime]],
) -> None:
    assert not is_clock_right(*case)


def test_a_clock_stays_distrusted_over_a_restart(tmp_path: Path) -> None:
    assert ClockCheck(tmp_path, lambda: NOW).is_trusted([])
    for _ in range(2):
        check = ClockCheck(tmp_path, lambda: NOW + 365 * DAY)
        assert not check.is_trusted([])
        assert check.doubt is not None
        assert "2027-11-25 07:00 UTC, but was last trusted at 2026-11-25 07:00 UTC" in check.doubt
    assert ClockCheck(tmp_path, lambda: NOW + DAY / 2).is_trusted([])


HEADS = {
    "a date": ({"Date": "Wed, 25 Nov 2026 07:00:00 GMT"}, NOW),
    "from a cache": ({"Date": "Mon, 23 Nov 2026 07:00:00 GMT", "Age": "172800"}, NOW),
    "an age that is none": ({"Date": "Wed, 25 Nov 2026 07:00:00 GMT", "Age": "9" * 4_000}, NOW),
    "no date": ({}, None),
    "an empty one": ({"Date": ""}, None),
    "nonsense": ({"Date": "yesterday", "Age": "-1"}, None),
    "beyond all dates": ({"Date": "Fri, 31 Dec 9999 23:59:59 -2300"}, None),
    "before all clocks": ({"Date": "Mon, 01 Jan 1900 00:00:00 GMT"}, None),
}


@pytest.mark.parametrize(("head", "at"), HEADS.values(), ids=HEADS)
def test_the_time_elsewhere_is_read_from_the_heads_of_answers(head: dict[str, str], at: datetime | None) -> None:
    seconds = [1_000.0]
    times = ServerTimes(lambda: seconds[0])
    times.note("one.example", {"Date": "Tue, 24 Nov 2026 07:00:00 GMT"})
    times.note("one.example", head)
    seconds[0] += 3_600
    assert times.now_elsewhere() == [(at or NOW - DAY) + timedelta(hours=1)]


def test_of_very_many_hosts_the_latest_are_remembered() -> None:
    times = ServerTimes(lambda: 0.0)
    for number in range(500):
        times.note(f"{number}.example", {"Date": format_datetime(NOW + number * timedelta(minutes=1))})
    assert len(times.now_elsewhere()) < 100
    assert times.now_elsewhere()[-1] == NOW + timedelta(minutes=499)


def test_what_was_stored_under_a_wrong_clock_is_news_when_it_is_right(database_url: str) -> None:
    with Database.open(database_url) as database:
        assert database.write_now(time_of_news, NOW) == NOW
        tell(database, "Safe Harbour", "FJ", at=NOW + 400 * DAY)
        assert database.write_now(correct_future_dates, NOW) == 2  # the article and its project
        assert database.write_now(correct_future_dates, NOW) == 0
        assert database.write_now(time_of_news, NOW - 400 * DAY) == NOW  # behind
        with database.reading() as connection:
            period = {"since_at": NOW - DAY, "until_at": NOW + DAY}
            assert len(unannounced_ids(connection, "morning", **period)) == 1


def dated(clock: Callable[[], datetime | None]) -> Callable[[Place], dict[str, Route]]:
    """A feed whose server says what `clock` does, where that is anything."""

    def serve(place: Place) -> dict[str, Route]:
        def answer(_: Seen) -> Answer:
            whole, at = place.feed(1), clock()
            date = {"Date": format_datetime(at, usegmt=True)} if at is not None else {}
            return replace(whole, headers={**whole.headers, **date})

        return {"/feed": answer}

    return serve


async def look(work: Office) -> tuple[int, int, int]:
    """Crawls and delivers, an hour later than before; gives the texts kept, the deliveries that wait and those given
    up."""
    work.skew += timedelta(hours=1)
    await work.crawl()
    await work.deliver()
    with work.database.reading() as connection:
        counts = delivery_counts(connection)
    kept = sum(bool(each.text) for left in read_left(work.database).values() for each in left.articles)
    return kept, counts["pending"], counts["failed"]


@pytest.mark.slow
async def test_a_jump_of_the_clock_expires_nothing_until_other_machines_confirm_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tipwatch")
    elsewhere: datetime | None = None
    async with office(tmp_path) as work:
        for name in ("clock-1", "clock-2"):
            work.farm.open(name, Case(dated(lambda: elsewhere)))
        with socket.socket() as closed:  # nobody listens there
            closed.bind(("127.0.0.1", 0))
            work.configure(
                storage={"url": work.program.database_url, "keep_text_days": 30},
                mail={**work.mail, "port": closed.getsockname()[1]},
            )
            work.start()
            texts, waiting, failed = await look(work)
            assert (texts >= 9, waiting, failed) == (True, 1, 0)
            right = work.now()
            work.skew += timedelta(days=365)
            assert await look(work) == (texts, 1, 0)
            doubts = [work.work.clock_doubt]
            assert "clock.distrusted" in caplog.messages
            elsewhere = right
            assert await look(work) == (texts, 1, 0)
            elsewhere = work.now()
            assert await look(work) == (0, 0, 1)
            doubts.append(work.work.clock_doubt)
            assert [doubt is None for doubt in doubts] == [False, True]
            assert "clock.jumped" in caplog.messages
