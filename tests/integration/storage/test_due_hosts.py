"""The hosts that have work, and several planners that bring the sources in line at once."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from storage.articles.pages import record_page_failures
from storage.database.engine import Database
from storage.records import PageFailure
from storage.sources.due_hosts import due_hosts
from storage.sources.sources import record_polls, sync_sources
from storage.tables.schema import entry, source
from tests.support.crawl_records import DAY, HOUR, NOW, poll, seen, spec, watch


def hosts(database: Database, *, at: object = NOW, has_sources: bool = True) -> list[str]:
    with database.reading() as connection:
        return sorted(due_hosts(connection, at, has_sources=has_sources))  # type: ignore[arg-type]


def test_a_host_with_a_due_source_or_a_waiting_page_has_work(database: Database) -> None:
    assert hosts(database) == []
    one, _ = watch(database, spec("one", host="one.example"), spec("two", host="two.example"))
    assert hosts(database) == ["one.example", "two.example"]
    pages = [seen(1, host="pages.example"), seen(2, host="pages.example"), seen(3, host="one.example")]
    database.write_now(record_polls, [poll(one.id, *pages)])  # due again in an hour
    assert hosts(database) == ["one.example", "pages.example", "two.example"]
    assert hosts(database, has_sources=False) == ["one.example", "pages.example"]


def test_what_is_put_off_is_no_work_until_its_time(database: Database) -> None:
    [state] = watch(database, spec("one", host="one.example"))
    database.write_now(record_polls, [poll(state.id, seen(1, host="late.example"))])
    with database.reading() as connection:
        [entry_id] = connection.execute(select(entry.c.id)).scalars()
    failure = PageFailure((entry_id,), "http-503", "busy", NOW + HOUR)
    database.write_now(record_page_failures, [failure], NOW)
    assert hosts(database) == []
    assert hosts(database, at=NOW + HOUR) == ["late.example", "one.example"]


def test_a_source_that_is_no_longer_configured_is_no_work(database: Database) -> None:
    watch(database, spec("one", host="one.example"))
    database.write_now(sync_sources, [], NOW)
    assert hosts(database, at=NOW + DAY) == []


def test_planners_that_begin_at_once_do_not_stand_in_each_others_way(database: Database) -> None:
    specs = [spec(f"s{number}", host=f"h{number}.example") for number in range(200)]
    together, failures = threading.Barrier(4), []

    def begin() -> None:
        together.wait()
        try:
            database.write_now(sync_sources, specs, NOW)
        except Exception as error:  # told in the main thread
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(source)).scalar_one() == 200
