"""Feeds visited by the real client and stored in a real database, round after round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crawler.workers.errors import CallTimeout
from storage.database.errors import DiskFull
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Seen, Site, site
from tests.support.watch import InlinePool, Watch

CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>"


def feed(*numbers: int, **headers: str) -> Answer:
    return Answer(body=rss(*(item(number) for number in numbers)).encode(), headers=headers)


def conditional(*numbers: int) -> Callable[[Seen], Answer]:
    def answer(seen: Seen) -> Answer:
        etag = f'"{numbers}"'
        return Answer(304) if seen.headers.get("if-none-match") == etag else feed(*numbers, ETag=etag)

    return answer


async def test_a_feed_is_read_once_and_then_only_asked(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes["/feed"] = conditional(2, 1)
    watch = watching(server.url("/feed"))
    first = await watch.poll()
    second = await watch.poll()
    server.routes["/feed"] = conditional(3, 2, 1)
    third = await watch.poll()
    assert (first.changed, first.entries) == (1, 2)
    assert (second.unchanged, second.entries) == (1, 0)
    assert (third.changed, third.entries) == (1, 1)
    assert watch.titles() == ["Headline 2", "Headline 1", "Headline 3"]
    assert watch.pool.calls == 2
    assert watch.state().etag == '"(3, 2, 1)"'


async def test_a_body_we_know_is_not_read_again_though_the_server_knows_no_validators(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/feed"] = feed(1)
    watch = watching(server.url("/feed"))
    await watch.poll()
    assert (await watch.poll()).unchanged == 1
    assert watch.pool.calls == 1


async def test_an_empty_answer_is_a_failure_and_keeps_the_validators(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/feed"] = feed(1, ETag='"good"')
    watch = watching(server.url("/feed"))
    await watch.poll()
    server.routes["/feed"] = Answer(body=b"", headers={"ETag": '"bad"'})
    assert (await watch.poll()).failed_sources[0].kind == "empty"
    assert watch.state().etag == '"good"'
    assert watch.health().error_kind == "empty"


async def test_a_feed_that_is_not_there_is_asked_ever_less_and_recovers(
    server: Site, watching: Callable[..., Watch]
) -> None:
    watch = watching(server.url("/feed"))
    waits = []
    for _ in range(9):
        before = watch.now
        await watch.poll()
        waits.append(watch.state().next_due_at - before)  # type: ignore[operator]
    assert watch.health().error_kind == "http-404"
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=30)
    assert waits[-1] == timedelta(days=1)
    server.routes["/feed"] = feed(1)
    await watch.poll()
    assert watch.health().recovered_at is not None
    assert watch.state().failures == 0


async def test_a_feed_that_is_gone_is_asked_weekly(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes["/feed"] = Answer(410)
    watch = watching(server.url("/feed"))
    asked_at = watch.now
    await watch.poll()
    assert watch.health().status == "gone"
    assert "remove the source" in watch.health().error_text
    assert watch.state().next_due_at == asked_at + timedelta(days=7)
    assert (await watch.poll(is_forced=False)).sources == 0


async def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_after_three_sightings(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/old"] = Answer(301, headers={"Location": "/new"})
    server.routes["/new"] = feed(1)
    watch = watching(server.url("/old"))
    for _ in range(4):
        await watch.poll()
    assert server.paths == ["/old", "/new", "/old", "/new", "/old", "/new", "/new"]
    assert (watch.state().redirect_to, watch.state().redirects_seen) == (server.url("/new"), 3)
    assert watch.titles() == ["Headline 1"]
    del server.routes["/new"]
    await watch.poll()
    assert (await watch.poll()).failed == 1
    assert server.paths[-2:] == ["/old", "/new"]


async def test_a_server_that_stumbles_is_asked_once_more_in_the_same_round(
    server: Site, watching: Callable[..., Watch]
) -> None:
    def stumbling(seen: Seen) -> Answer:
        return Answer(503) if len(server.requests) == 1 else feed(1)

    server.routes["/feed"] = stumbling
    watch = watching(server.url("/feed"))
    summary = await watch.poll()
    assert (summary.changed, summary.failed, len(server.requests)) == (1, 0, 2)


async def test_a_connection_cut_once_is_tried_again_and_twice_is_a_failure(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/feed"] = Answer(is_raw=True, is_cut=True)
    watch = watching(server.url("/feed"))
    assert (await watch.poll()).failed_sources[0].kind == "dropped"
    assert len(server.requests) >= 2


async def test_a_busy_server_is_left_alone_with_all_its_feeds_over_a_restart(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/a"] = Answer(429, headers={"Retry-After": "7200"})
    server.routes["/b"] = feed(1)
    watch = watching(server.url("/a"), server.url("/b"))
    start = watch.now
    first = await watch.poll()
    assert (first.failed_sources[0].kind, first.postponed) == ("http-429", 1)
    assert server.paths == ["/a"]
    assert (await watch.poll(is_forced=False)).sources == 0  # an hour later, in what might be another process
    due = {one.url: one.next_due_at for one in watch.states().values()}
    assert all(at is not None and at >= start + timedelta(hours=2) - timedelta(seconds=5) for at in due.values())
    assert watch.states()[server.url("/b")].failures == 0


async def test_a_wall_before_the_feed_is_called_one(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes["/challenge"] = Answer(202, body=CHALLENGE)
    server.routes["/accepted"] = Answer(202, body=b"<html><body>Preparing</body></html>")
    server.routes["/refused"] = Answer(403, body=CHALLENGE, headers={"cf-mitigated": "challenge"})
    server.routes["/site"] = Answer(body=b"<html><head><title>A site</title></head><body></body></html>")
    watch = watching(*(server.url(path) for path in ("/challenge", "/accepted", "/refused", "/site")))
    kinds = {one.name.rpartition("/")[2]: one.kind for one in (await watch.poll()).failed_sources}
    assert kinds == {"challenge": "blocked", "accepted": "blocked", "refused": "blocked", "site": "not-a-feed"}


async def test_one_source_may_do_anything_without_changing_anothers_result(
    server: Site, watching: Callable[..., Watch]
) -> None:
    bad: dict[str, Answer] = {
        "/drip": Answer(headers={"Content-Length": "99"}, pieces=(b"x",) * 99, pause_seconds=0.2),
        "/junk": Answer(is_raw=True, pieces=(b"junk\r\n\r\n",), is_cut=True),
        "/bomb": Answer(body=b'<!DOCTYPE r [<!ENTITY a "b">]><rss/>'),
        "/large": Answer(body=b"x" * 300_000),
        "/away": Answer(302, headers={"Location": "http://127.0.0.2:9/"}),
        "/file": Answer(302, headers={"Location": "file:///etc/passwd"}),
        "/loop": Answer(302, headers={"Location": "/loop"}),
        "/bytes": Answer(body=bytes(range(256)) * 50),
        "/cut": Answer(headers={"Content-Length": "500"}, body=b"<rss>", is_cut=True),
        "/header": Answer(headers={"X": "x" * 70_000}),
    }
    server.routes.update(bad)
    server.routes["/good"] = feed(1)
    paths = [*list(bad)[:5], "/good", *list(bad)[5:]]
    watch = watching(*(server.url(path) for path in paths), max_feed_bytes=200_000, timeout_seconds=0.5)
    summary = await watch.poll()
    kinds = {one.name.rpartition("/")[2]: one.kind for one in summary.failed_sources}
    assert kinds == {
        "drip": "timeout",
        "junk": "bad-response",
        "bomb": "entities",
        "large": "too-large",
        "away": "refused-address",
        "file": "bad-scheme",
        "loop": "too-many-redirects",
        "bytes": "not-a-feed",
        "cut": "dropped",
        "header": "bad-response",
    }
    assert (summary.changed, watch.titles()) == (1, ["Headline 1"])


async def test_a_document_that_hangs_its_reader_fails_alone(server: Site, watching: Callable[..., Watch]) -> None:
    def hang(document: Any) -> None:
        if b"HANG" in document.body:
            raise CallTimeout(10)

    server.routes.update({f"/{number}": feed(number) for number in range(6)})
    server.routes["/hang"] = Answer(body=b"<rss>HANG</rss>")
    watch = watching(*(server.url(path) for path in ("/0", "/1", "/hang", "/2", "/3", "/4", "/5")))
    watch.pool = InlinePool(hang)
    summary = await watch.poll()
    assert [(one.name.rpartition("/")[2], one.kind) for one in summary.failed_sources] == [("hang", "parse-timeout")]
    assert summary.changed == 6


async def test_forty_feeds_of_one_host_are_asked_one_at_a_time(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes.update({f"/{number}": feed(number) for number in range(40)})
    watch = watching(*(server.url(f"/{number}") for number in range(40)))
    summary = await watch.poll()
    assert (summary.changed, summary.entries, server.most_at_once) == (40, 40, 1)


async def test_a_host_that_is_down_is_not_asked_for_each_of_its_feeds(watching: Callable[..., Watch]) -> None:
    async with site() as server:
        never = Answer(is_raw=True, pieces=(b"x",), pause_seconds=9)
        server.routes.update({f"/{number}": never for number in range(6)})
        watch = watching(*(server.url(f"/{number}") for number in range(6)), timeout_seconds=0.15)
        summary = await watch.poll()
        assert len(server.requests) == 2
    assert [one.kind for one in summary.failed_sources] == ["timeout"] * 6


async def test_slow_and_lost_feeds_do_not_silence_the_others_of_their_host(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes.update({f"/{number}": feed(number) for number in range(6)})
    server.routes["/0"] = server.routes["/1"] = Answer(pieces=(b"x",), pause_seconds=9)
    server.routes["/2"] = server.routes["/3"] = Answer(302, headers={"Location": "http://nowhere.invalid/"})
    watch = watching(*(server.url(f"/{number}") for number in range(6)), timeout_seconds=0.5)
    summary = await watch.poll()
    assert [one.kind for one in summary.failed_sources] == ["timeout", "timeout", "dns", "dns"]
    assert watch.titles() == ["Headline 4", "Headline 5"]


async def test_a_stop_keeps_what_was_fetched_and_begins_nothing_new(
    server: Site, watching: Callable[..., Watch]
) -> None:
    watch = watching(*(server.url(f"/{number}") for number in range(5)))

    def stopping(seen: Seen) -> Answer:
        asyncio.get_running_loop().call_later(0.1, watch.stop.set)
        return Answer(pieces=(b"x",), pause_seconds=5)

    server.routes.update({"/0": feed(0), "/1": feed(1), "/2": stopping})
    summary = await watch.poll()
    assert (summary.changed, summary.entries) == (2, 2)
    assert server.paths == ["/0", "/1", "/2"]
    watch.stop.clear()
    server.routes.update({f"/{number}": feed(number) for number in range(2, 5)})
    assert (await watch.poll(is_forced=False)).changed == 3


async def test_what_cannot_be_stored_ends_the_round_and_is_seen_again(
    server: Site, watching: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/feed"] = conditional(1)
    watch = watching(server.url("/feed"))

    def full(*_: Any) -> int:
        raise DiskFull("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("crawler.sources.recorder.record_polls", full)
        with pytest.raises(DiskFull):
            await watch.poll()
    assert watch.titles() == []
    assert (await watch.poll()).entries == 1


async def test_a_feed_that_fails_as_its_fallback_does_has_one_failure_its_own(
    server: Site, watching: Callable[..., Watch]
) -> None:
    server.routes["/news"] = Answer(410)
    watch = watching({"url": server.url("/feed"), "fallback": server.url("/news")})
    assert [one.kind for one in (await watch.poll()).failed_sources] == ["http-404"]
    assert watch.health().error_kind == "http-404"
    assert "its fallback listing failed too" in watch.health().error_text


async def test_the_fallback_of_a_feed_on_a_host_that_is_down_is_asked_all_the_same(
    server: Site, watching: Callable[..., Watch]
) -> None:
    async with site() as down:
        never = Answer(is_raw=True, pieces=(b"x",), pause_seconds=9)
        down.routes.update({f"/{number}": never for number in range(4)})
        server.routes["/news"] = Answer(410)
        fallback = f"http://other.example:{server.port}/news"
        sources = [{"url": down.url(f"/{number}"), "fallback": fallback} for number in range(4)]
        watch = watching(*sources, timeout_seconds=0.15, hosts={"other.example": "127.0.0.1"})
        summary = await watch.poll()
        assert len(down.requests) == 2
    assert [one.kind for one in summary.failed_sources] == ["timeout"] * 4
    assert server.paths.count("/news") == 4


async def test_credentials_are_sent_and_a_fixed_interval_is_kept(server: Site, watching: Callable[..., Watch]) -> None:
    server.routes["/feed"] = feed(1)
    credentials = {"header": "X-Key", "value": "geheim"}
    watch = watching({"url": server.url("/feed"), "interval": "3h", "credentials": credentials})
    asked_at = watch.now
    await watch.poll()
    assert server.requests[0].headers["x-key"] == "geheim"
    assert watch.state().next_due_at == asked_at + timedelta(hours=3)


async def test_intervals_follow_the_rhythm_of_the_news(server: Site, watching: Callable[..., Watch]) -> None:
    watch = watching(server.url("/feed"))
    for number in range(12):  # news once a day
        server.routes["/feed"] = feed(*range(number, -1, -1))
        await watch.poll(later=timedelta(days=1))
    daily = watch.state().interval_seconds
    for _ in range(12):  # then none for long
        await watch.poll(later=timedelta(days=2))
    assert daily == pytest.approx(6 * 3_600, rel=0.05)
    assert watch.state().interval_seconds == 86_400
