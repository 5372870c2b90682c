"""What a server may do to a feed over HTTP: the outcome that is stored for its source."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, Place, document, feed
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

SOUND = document(rss(item(1, link="")))
HTML = "text/html; charset=utf-8"
CHALLENGE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
CONSENT = (
    "<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1>"
    "<p>We use cookies and data to deliver our services. Accept all or reject all cookies.</p></body></html>"
)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n" + SOUND.body

TEN_MILLION = gzip.compress(bytes(10_000_000))
"""10 kB that stand for 10 MB."""

GIGABYTES = gzip.compress(TEN_MILLION * 1_000)
"""Some 20 kB, packed twice, that stand for 10 GB."""


def raw(text: bytes) -> Answer:
    return Answer(is_raw=True, pieces=(text,), is_cut=True)


def sent_to(location: str, named: str = "127.0.0.2") -> Case:
    """A feed that sends on to `location`; CANARY stands for an address that may not be contacted."""

    def serve(place: Place) -> Mapping[str, Route]:
        target = location.replace("CANARY", place.canary).replace("PORT", place.canary.rpartition(":")[2])
        return {"/feed": Answer(302, headers={"Location": target})}

    return Case(serve, ("refused-address", named))


def hops(count: int, status: int = 302) -> Case:
    def serve(place: Place) -> Mapping[str, Route]:
        routes: dict[str, Route] = {
            f"/hop/{n}": Answer(status, headers={"Location": place.url(f"/hop/{n + 1}")}) for n in range(count)
        }
        return {**routes, "/feed": Answer(status, headers={"Location": place.url("/hop/0")}), f"/hop/{count}": SOUND}

    return Case(serve, ("too-many-redirects", "more than 5 times"))


def drip(count: int) -> Answer:
    return Answer(headers={"Content-Length": str(count)}, pieces=(b"x",) * count, pause_seconds=0.4)


# The source's name: what its server does, and the kind and words of the error that is stored for it.
CASES: dict[str, Case] = {
    "http-404": Case(feed(Answer(404)), ("http-404", "there is nothing at this address")),
    "http-401": Case(feed(Answer(401)), ("http-401", "credentials:")),
    "http-403": Case(feed(Answer(403)), ("http-403", "denies")),
    "http-410": Case(feed(Answer(410)), ("http-410", "remove the source")),
    "http-451": Case(feed(Answer(451)), ("http-451", "legal")),
    "http-500-for-ever": Case(feed(Answer(500)), ("http-500", "internal error")),
    "http-999": Case(feed(Answer(999)), ("http-999", "999")),
    "http-empty": Case(feed(Answer(200)), ("empty", "is empty")),
    "http-blanks": Case(feed(document(" \r\n\t ")), ("empty", "is empty")),
    "http-challenge-page": Case(feed(document(CHALLENGE, HTML)), ("blocked", "proof of a human reader")),
    "http-consent-page": Case(feed(document(CONSENT, HTML)), ("blocked", "consent")),
    "http-202-page": Case(feed(Answer(202, body=b"<html><body>Wait</body></html>")), ("blocked", "web page")),
    "http-loop": Case(
        lambda place: {"/feed": Answer(302, headers={"Location": place.url("/feed")})}, ("too-many-redirects", "")
    ),
    "http-30-hops": hops(30),
    "http-30-permanent-hops": hops(30, 301),
    "http-drip": Case(feed(drip(200)), ("timeout", "time limit")),
    "http-never-answers": Case(feed(Answer(is_raw=True, pieces=(b"x",), pause_seconds=30)), ("timeout", "time limit")),
    "http-bomb-gzip": Case(feed(document(TEN_MILLION, **{"Content-Encoding": "gzip"})), ("too-large", "5,000,000")),
    "http-bomb-twice": Case(
        feed(document(GIGABYTES, **{"Content-Encoding": "gzip, gzip"})), ("too-large", "5,000,000")
    ),
    "http-bomb-deflate": Case(
        feed(document(zlib.compress(bytes(10_000_000)), **{"Content-Encoding": "deflate"})), ("too-large", "5,000,000")
    ),
    "http-brotli": Case(feed(document(b"\x0b\x02\x80x\x03", **{"Content-Encoding": "br"})), ("bad-encoding", "")),
    "http-gzip-cut": Case(
        feed(document(gzip.compress(SOUND.body)[:-12], **{"Content-Encoding": "gzip"})), ("bad-encoding", "")
    ),
    "http-80-megabytes": Case(feed(Answer(headers={"Content-Length": "80000000"}, is_cut=True)), ("too-large", "")),
    "http-80-megabytes-unsaid": Case(
        feed(
            Answer(
                is_raw=True,
                pieces=(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *(bytes([32]) * 500_000,) * 160),
                is_cut=True,
            )
        ),
        ("too-large", "5,000,000"),
    ),
    "http-64k-header": Case(feed(Answer(headers={"X-Long": "x" * 64_000}, body=SOUND.body)), ("bad-response", "")),
    "http-1000-cookies": Case(
        feed(Answer(headers={f"Set-Cookie{n}": "a=b" for n in range(1_000)}, body=SOUND.body)), ("bad-response", "")
    ),
    "http-bad-header": Case(feed(raw(b"HTTP/1.1 200 OK\r\nA\x00B: \xff\r\n\r\n")), ("bad-response", "proper HTTP")),
    "http-not-http": Case(feed(raw(b"220 mail.example ESMTP\r\n")), ("bad-response", "proper HTTP")),
    "http-terminal": Case(feed(raw(b"HTTP/1.1 200 \x1b]0;x\x07\r\nA\x1b[31m\r\n\r\n")), ("bad-response", "")),
    "http-cut-off": Case(
        feed(Answer(headers={"Content-Length": "5000"}, body=b"<rss>", is_cut=True)), ("dropped", "ended before")
    ),
    "http-hangs-up": Case(feed(Answer(is_raw=True, is_cut=True)), ("dropped", "")),
    "tls-expired": Case(feed(SOUND), ("tls", "has expired")),
    "tls-unknown": Case(feed(SOUND), ("tls", "an unknown")),
    "tls-other-host": Case(feed(SOUND), ("tls", "another host")),
    "to-private": sent_to("CANARY/feed"),
    "to-private-by-name": sent_to("http://canary.example:PORT/feed"),
    "to-private-mapped": sent_to("http://[::ffff:127.0.0.2]:PORT/feed", "::ffff:"),
    "to-private-in-hex": sent_to("http://0x7f000002:PORT/feed"),
    "to-metadata": Case(
        feed(Answer(302, headers={"Location": "http://169.254.169.254/latest"})), ("refused-address", "169.254.169.254")
    ),
    "to-carrier": Case(feed(Answer(302, headers={"Location": "http://100.64.0.1/"})), ("refused-address", "100.64")),
    "to-this-host": Case(feed(Answer(302, headers={"Location": "http://0.0.0.0/"})), ("refused-address", "0.0.0.0")),
    "to-loopback-six": Case(feed(Answer(302, headers={"Location": "http://[::1]/"})), ("refused-address", "::1")),
    "to-file": Case(
        feed(Answer(302, headers={"Location": "file:///etc/passwd"})), ("bad-scheme", "file:///etc/passwd")
    ),
    "to-data": Case(feed(Answer(302, headers={"Location": "data:text/xml,<rss/>"})), ("bad-scheme", "data:text/xml")),
    "to-ftp": Case(feed(Answer(302, headers={"Location": "ftp://127.0.0.2/feed"})), ("bad-scheme", "ftp://127.0.0.2")),
    "to-gopher": Case(feed(Answer(302, headers={"Location": "gopher://127.0.0.2/1"})), ("bad-scheme", "gopher://")),
    "to-script": Case(feed(Answer(302, headers={"Location": "javascript:alert(1)"})), ("bad-scheme", "javascript:")),
    "to-nowhere": Case(feed(Answer(302, headers={"Location": "http://[::1"})), ("bad-redirect", "not an address")),
    "to-10000-characters": Case(feed(Answer(302, headers={"Location": "/" + "x" * 5_000})), ("bad-redirect", "5")),
    "http-204": Case(feed(Answer(204)), ("empty", "is empty")),
    "http-305": Case(feed(Answer(305, headers={"Location": "http://127.0.0.2/"})), ("http-305", "305")),
    "http-307-nowhere": Case(feed(Answer(307)), ("http-307", "307")),
    "http-to-itself": Case(feed(Answer(302, headers={"Location": "#part"})), ("too-many-redirects", "")),
    "http-101": Case(feed(raw(b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n")), ("http-101", "101")),
    "http-endless-100": Case(
        feed(Answer(is_raw=True, pieces=(b"HTTP/1.1 100 Continue\r\n\r\n",) * 99, pause_seconds=0.1)), ("timeout", "")
    ),
    "http-two-lengths": Case(
        feed(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello")), ("bad-response", "")
    ),
    "http-length-and-chunks": Case(
        feed(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + CHUNKED + b"5\r\nhello\r\n0\r\n\r\n")),
        ("bad-response", ""),
    ),
    "http-negative-length": Case(feed(raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")), ("bad-response", "")),
    "http-bad-chunk": Case(feed(raw(b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"zz\r\n")), ("bad-response", "")),
    "http-huge-chunk": Case(feed(raw(b"HTTP/1.1 200 OK\r\n" + CHUNKED + b"f" * 16 + b"\r\nx")), ("dropped", "")),
    "http-endless-chunks": Case(
        feed(
            Answer(
                is_raw=True, pieces=(b"HTTP/1.1 200 OK\r\n" + CHUNKED, *(b"1\r\nx\r\n" * 9,) * 99), pause_seconds=0.1
            )
        ),
        ("timeout", ""),
    ),
    "http-endless-headers": Case(
        feed(Answer(is_raw=True, pieces=(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 20_000))), ("bad-response", "")
    ),
    "http-no-headers": Case(feed(raw(SOUND.body)), ("bad-response", "")),
    "http-zstd": Case(feed(document(b"\x28\xb5\x2f\xfd", **{"Content-Encoding": "zstd"})), ("bad-encoding", "zstd")),
    "http-packed-ten-times": Case(
        feed(document(gzip.compress(SOUND.body), **{"Content-Encoding": ", ".join(["gzip"] * 10)})),
        ("bad-encoding", ""),
    ),
    "http-refresh": Case(
        feed(document("<html><head><meta http-equiv=refresh content='0;url=http://127.0.0.2/'></head></html>", HTML)),
        ("not-a-feed", "web page"),
    ),
    "to-private-no-scheme": sent_to("//127.0.0.2:PORT/"),
    "to-private-with-user": sent_to("http://u:p@127.0.0.2:PORT/"),
    "to-private-behind-a-name": sent_to("http://herald.example@127.0.0.2:PORT/"),
    "to-private-in-upper-case": sent_to("HTTP://127.0.0.2:PORT/"),
    "to-private-with-tab": sent_to("http://127.0.0\t.2:PORT/"),
    "to-private-hex-parts": sent_to("http://0x7f.0.0.2:PORT/"),
    "to-private-translated": sent_to("http://[64:ff9b::7f00:2]:PORT/", "64:ff9b::7f00:2"),
    "to-private-six-to-four": sent_to("http://[2002:7f00:2::]:PORT/", "2002:7f00:2"),
    "to-private-compatible": sent_to("http://[::127.0.0.2]:PORT/", "::7f00:2"),
    "to-link-local-zone": sent_to("http://[fe80::1%25lo]:PORT/", "fe80::1"),
    "to-websocket": Case(feed(Answer(302, headers={"Location": "ws://127.0.0.2/"})), ("bad-scheme", "ws://")),
    "to-view-source": Case(
        feed(Answer(302, headers={"Location": "view-source:http://127.0.0.2/"})), ("bad-scheme", "view-source:")
    ),
    "to-port-0": Case(feed(Answer(302, headers={"Location": "http://127.0.0.2:0/"})), ("bad-redirect", "")),
    "to-port-99999": Case(feed(Answer(302, headers={"Location": "http://127.0.0.2:99999/"})), ("bad-redirect", "")),
    # faults that pass
    "http-100-then-200": Case(feed(raw(b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE))),
    "http-103-then-200": Case(feed(raw(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + WHOLE))),
    "http-line-feeds-only": Case(feed(raw(WHOLE.replace(b"\r\n", b"\n")))),
    "http-x-gzip": Case(feed(document(gzip.compress(SOUND.body), **{"Content-Encoding": "X-GZIP"}))),
    "http-said-gzip": Case(feed(document(SOUND.body, **{"Content-Encoding": "gzip"}))),
    "http-said-chunked": Case(feed(document(SOUND.body, **{"Content-Encoding": "aws-chunked"}))),
    "http-said-a-word": Case(feed(document(gzip.compress(SOUND.body), **{"Content-Encoding": "UTF-8, gzip, x;q=1"}))),
    "http-deflate-bare": Case(feed(document(zlib.compress(SOUND.body, wbits=-15), **{"Content-Encoding": "deflate"}))),
    "http-gzip-and-rubbish": Case(feed(document(gzip.compress(SOUND.body) + b"x" * 9, **{"Content-Encoding": "gzip"}))),
    "http-gz-file": Case(feed(document(gzip.compress(SOUND.body), "application/gzip"))),
    "http-206": Case(feed(Answer(206, body=SOUND.body))),
    "http-503-then-200": Case(feed(Answer(503), SOUND)),
    "http-cut-then-200": Case(feed(Answer(is_raw=True, is_cut=True), SOUND)),
    "http-moved": Case(
        lambda place: {"/feed": Answer(301, headers={"Location": place.url("/new")}), "/new": SOUND},
    ),
    "http-five-hops": Case(
        lambda place: {
            "/feed": Answer(302, headers={"Location": place.url("/1")}),
            **{f"/{n}": Answer(307, headers={"Location": place.url(f"/{n + 1}")}) for n in range(1, 5)},
            "/5": SOUND,
        }
    ),
    "http-gzip-in-gzip": Case(
        feed(document(gzip.compress(gzip.compress(SOUND.body)), **{"Content-Encoding": "gzip, gzip"}))
    ),
}
FAULTS = sorted(name for name, case in CASES.items() if case.expected is not None)
PASSING = sorted(name for name, case in CASES.items() if case.expected is None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_stored_with_its_kind_and_its_reason(crawled: Crawled, name: str) -> None:
    kind, words = CASES[name].expected
    health = crawled.health(name)
    assert (health.state, health.error_kind) == ("gone" if kind == "http-410" else "failing", kind)
    assert words in (health.error_text or "")
    assert (health.error_text or "").isprintable()
    assert health.failures == 1
    assert health.last_polled_at is not None
    assert crawled.left[name].row.etag is None
    assert crawled.left[name].entries == []


@pytest.mark.parametrize("name", PASSING)
def test_a_fault_that_passes_at_once_costs_nothing(crawled: Crawled, name: str) -> None:
    health = crawled.health(name)
    assert (health.state, health.error_kind, health.failures) == ("ok", None, 0)
    assert crawled.left[name].titles == ["Headline 1"]


def test_a_server_that_stumbles_is_asked_once_more_and_no_more(crawled: Crawled) -> None:
    assert crawled.asked["http-500-for-ever"] == ["/http-500-for-ever/feed"] * 2
    assert crawled.asked["http-503-then-200"] == ["/http-503-then-200/feed"] * 2
    assert crawled.asked["http-404"] == ["/http-404/feed"]


def test_thirty_hops_are_followed_five_times(crawled: Crawled) -> None:
    assert len(crawled.asked["http-30-hops"]) == 6


def test_nothing_is_asked_of_a_server_whose_certificate_is_bad(crawled: Crawled) -> None:
    assert crawled.asked["tls-expired"] == crawled.asked["tls-unknown"] == crawled.asked["tls-other-host"] == []


def test_a_forbidden_address_is_never_contacted(crawled: Crawled) -> None:
    assert crawled.canary_connections == 0
