"""A source that yields nothing is never "ok": whatever keeps it from being read is a failure with its age, named
wherever sources are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from alerts.digest.advice import format_reason, is_worth_mentioning
from alerts.i18n.translator import translator_for
from storage.sources.health import SourceHealth, list_source_health
from storage.status import read_status
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Site
from tests.support.watch import Watch
from tipwatch.cli.status_needs import needs_of

STEP = timedelta(hours=3)
SOUND = Answer(body=rss(item(1)).encode())
WITH_VALIDATOR = Answer(body=rss(item(1)).encode(), headers={"ETag": '"1"'})
WITHOUT_ENTRIES = Answer(body=rss().encode())
WITHOUT_WORDS = Answer(body=rss("<item/>", "<item><guid>1</guid><pubDate>Wed, 25 Nov 2026</pubDate></item>").encode())
WITHOUT_WORDS_IN_JSON = Answer(
    body=b'{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": "1"}]}'
)


def health(watch: Watch) -> dict[str, SourceHealth]:
    """How each source is, by the path of its address."""
    with watch.database.reading() as connection:
        return {f"/{one.url.rpartition('/')[2]}": one for one in list_source_health(connection, watch.now)}


async def poll_for(watch: Watch, period: timedelta) -> None:
    """A crawl every three hours over what is due, each as after a restart."""
    for _ in range(period // STEP):
        await watch.poll(is_forced=False, later=STEP)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(503, headers={"Retry-After": "3600"}), "http-503"),
        (Answer(503, headers={"Retry-After": "86400"}), "http-503"),
        (Answer(503, headers={"Retry-After": "Fri, 31 Dec 2055 23:59:59 GMT"}), "http-503"),
        (Answer(429, headers={"Retry-After": "7200"}), "http-429"),
        (Answer(429), "http-429"),
        (Answer(304), "http-304"),
        (Answer(304, headers={"ETag": '"1"'}), "http-304"),
    ],
)
async def test_a_source_that_is_never_read_is_a_failure_with_its_age_everywhere(
    server: Site, watching: Callable[..., Watch], answer: Answer, kind: str
) -> None:
    server.routes["/a"] = server.routes["/b"] = answer
    watch = watching(server.url("/a"), server.url("/b"))
    began = watch.now
    await poll_for(watch, timedelta(hours=30))
    for one in health(watch).values():
        assert (one.state, one.since_at) == ("broken", began)
        assert one.error_kind in (kind, "paused")
        assert is_worth_mentioning(one, began)
        assert format_reason(translator_for("en"), one)
        assert format_reason(translator_for("fr"), one) != translator_for("fr").gettext("It could not be read.")
    with watch.database.reading() as connection:
        status = read_status(connection, watch.now)
    assert dict(status.sources) == {"broken": 2}
    assert sum("has been broken since" in need for need in needs_of(status, None, (), watch.now)) == 2


async def test_a_source_that_is_only_put_off_says_so_and_is_well_once_it_is_read(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/a"], server.routes["/b"] = Answer(429), SOUND
    watch = watching(server.url("/a"), server.url("/b"))
    began = watch.now
    assert (await watch.poll()).postponed == 1
    put_off = health(watch)["/b"]
    assert (put_off.state, put_off.since_at, put_off.error_kind, put_off.failures) == ("failing", began, "paused", 0)
    assert "127.0.0.1 asked not to be visited before 2026-11-25 10:1" in (put_off.error_text or "")
    del server.routes["/a"]
    await watch.poll()
    well = health(watch)["/b"]
    assert (well.state, well.error_kind, well.error_text) == ("ok", None, None)


async def test_a_reason_that_is_known_outlasts_being_put_off(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes["/b"] = Answer(410)
    watch = watching(server.url("/a"), server.url("/b"))
    began = watch.now
    await watch.poll()
    server.routes["/a"] = Answer(503, headers={"Retry-After": "7200"})
    await watch.poll()
    gone = health(watch)["/b"]
    assert (gone.state, gone.error_kind, gone.since_at) == ("gone", "http-410", began)


async def test_an_answer_that_nothing_has_changed_counts_where_it_was_asked_for(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/a"] = WITH_VALIDATOR
    watch = watching(server.url("/a"))
    await watch.poll()
    server.routes["/a"] = Answer(304)
    assert (await watch.poll()).unchanged == 1
    assert health(watch)["/a"].state == "ok"


@pytest.mark.parametrize(
    ("nothing", "note"),
    [
        (WITHOUT_ENTRIES, "holds no entries"),
        (WITHOUT_WORDS, "2 entries without link, title or text left out"),
        (WITHOUT_WORDS_IN_JSON, "1 entries without link, title or text left out"),
    ],
)
async def test_a_feed_that_holds_no_entries_is_silent_after_a_day(
    server: Site, watching: Callable[..., Watch], nothing: Answer, note: str
) -> None:
    server.routes["/never"], server.routes["/emptied"] = nothing, SOUND
    watch = watching(server.url("/never"), server.url("/emptied"))
    began = watch.now
    await watch.poll()
    assert {one.state for one in health(watch).values()} == {"ok"}
    server.routes["/emptied"] = nothing
    await poll_for(watch, timedelta(hours=27))
    for one in health(watch).values():
        assert (one.state, one.since_at) == ("silent", began)
        assert note in (one.note or "")
    server.routes["/emptied"] = Answer(body=rss(item(2)).encode())
    await watch.poll()
    assert health(watch)["/emptied"].state == "ok"


async def test_a_short_wait_that_a_server_asks_for_is_kept_and_the_feed_read(
    server: Site, watching: Callable[..., Watch]
) -> None:
    answers = [Answer(503, headers={"Retry-After": "1"}), SOUND]
    server.routes["/a"] = lambda _: answers.pop(0)
    assert (await watching(server.url("/a")).poll()).changed == 1
