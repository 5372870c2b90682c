"""The guarded client against servers that do anything. 127.0.0.1 may be contacted; 127.0.0.2 is forbidden."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

from crawler.http.client import Client, FetchOptions, Response
from crawler.http.failures import FetchError
from crawler.politeness.rate_limiter import HostPaused, RateLimiter
from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from tests.support.sites import Answer, Seen, Site, site

FEED = b"<rss/>"


@asynccontextmanager
async def client(
    limiter: RateLimiter | None = None, context: ssl.SSLContext | None = None, **fields: Any
) -> AsyncIterator[Client]:
    settings = CrawlerSettings.model_validate(
        {"allow_addresses": ["127.0.0.1/32"], "timeout_seconds": 5, "contact": "ops@example.org", **fields}
    )
    async with Client(settings, limiter or RateLimiter(delay_seconds=0), ssl_context=context) as one:
        yield one


async def fetch(
    url: str, *, limit: int = 100_000, settings: dict[str, Any] | None = None, **arguments: Any
) -> Response:
    async with client(**(settings or {})) as one:
        return await one.fetch(url, FetchOptions(limit, **arguments))


async def failure(url: str, **arguments: Any) -> FetchError:
    with pytest.raises(FetchError) as error:
        await fetch(url, **arguments)
    return error.value


async def test_an_answer_comes_with_its_headers_and_body() -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(body=FEED, headers={"ETag": '"1"', "Content-Type": "application/rss+xml"})
        response = await fetch(server.url("/feed"))
    assert (response.status, response.body, response.headers["etag"]) == (200, FEED, '"1"')
    assert response.content_type == "application/rss+xml"
    sent = server.requests[0].headers
    assert sent["user-agent"].startswith("tipwatch/")
    assert "(+ops@example.org)" in sent["user-agent"]
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in sent
    assert "if-none-match" not in sent


async def test_validators_are_sent_and_304_is_an_answer() -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(304)
        response = await fetch(server.url("/feed"), etag='W/"1"', last_modified="Wed, 25 Nov 2026 08:00:00 GMT")
    assert (response.status, response.body) == (304, b"")
    assert server.requests[0].headers["if-none-match"] == 'W/"1"'
    assert server.requests[0].headers["if-modified-since"] == "Wed, 25 Nov 2026 08:00:00 GMT"


async def test_a_connection_is_used_again() -> None:
    async with site() as server, client() as one:
        server.routes["/feed"] = Answer(body=FEED)
        for _ in range(5):
            await one.fetch(server.url("/feed"), FetchOptions(1_000))
    assert (len(server.requests), server.connections) == (5, 1)


async def test_packed_bodies_are_unpacked() -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(body=gzip.compress(FEED), headers={"Content-Encoding": "gzip"})
        server.routes["/feed.gz"] = Answer(body=gzip.compress(FEED), headers={"Content-Type": "application/gzip"})
        assert (await fetch(server.url("/feed"))).body == FEED
        assert (await fetch(server.url("/feed.gz"))).body == FEED


# --- redirects -------------------------------------------------------------------------------------------------------


async def test_permanent_redirects_are_followed_and_told() -> None:
    async with site() as server:
        server.routes["/old"] = Answer(301, headers={"Location": "/moved"})
        server.routes["/moved"] = Answer(308, headers={"Location": "/new#part"})
        server.routes["/new"] = Answer(302, headers={"Location": "/today"})
        server.routes["/today"] = Answer(body=FEED)
        response = await fetch(server.url("/old"))
    assert response.url == server.url("/today")
    assert response.permanent_url == server.url("/new")


async def test_a_temporary_redirect_is_no_move_even_with_a_permanent_one_behind() -> None:
    async with site() as server:
        server.routes["/old"] = Answer(302, headers={"Location": "/moved"})
        server.routes["/moved"] = Answer(301, headers={"Location": "/new"})
        server.routes["/new"] = Answer(body=FEED)
        assert (await fetch(server.url("/old"))).permanent_url is None


async def test_a_loop_of_redirects_ends() -> None:
    async with site() as server:
        server.routes["/loop"] = Answer(302, headers={"Location": "/loop"})
        error = await failure(server.url("/loop"))
    assert error.kind == "too-many-redirects"
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("file:///etc/passwd", "bad-scheme"),
        ("data:text/html,x", "bad-scheme"),
        ("ftp://127.0.0.1/x", "bad-scheme"),
        ("gopher://127.0.0.1/x", "bad-scheme"),
        ("javascript:alert(1)", "bad-scheme"),
        ("http://[::1", "bad-redirect"),
        ("/" + "x" * 5_000, "bad-redirect"),
    ],
)
async def test_a_redirect_to_something_else_is_refused_by_name(location: str, kind: str) -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(302, headers={"Location": location})
        error = await failure(server.url("/feed"))
    assert error.kind == kind
    if kind == "bad-scheme":
        assert location[:20] in error.text


async def test_a_redirect_with_bytes_of_another_encoding_is_followed() -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(302, headers={"Location": "/caf\xe9"})
        server.routes["/caf%C3%A9"] = Answer(body=FEED)
        assert (await fetch(server.url("/feed"))).body == FEED


async def test_credentials_stay_with_their_origin() -> None:
    async with site() as server, site() as other:
        source = parse_source({"url": server.url("/feed"), "credentials": {"username": "me", "password": "geheim"}})
        server.routes["/feed"] = Answer(302, headers={"Location": "/inside"})
        server.routes["/inside"] = Answer(302, headers={"Location": other.url("/outside")})
        other.routes["/outside"] = Answer(302, headers={"Location": server.url("/back")})
        server.routes["/back"] = Answer(body=FEED)
        await fetch(server.url("/feed"), credentials=source.credentials_for)
    assert ["authorization" in request.headers for request in server.requests] == [True, True, True]
    assert "authorization" not in other.requests[0].headers


# --- forbidden addresses ---------------------------------------------------------------------------------------------


@pytest.fixture
async def canary() -> AsyncIterator[Site]:
    async with site("127.0.0.2") as server:
        server.routes["/feed"] = Answer(body=FEED)
        yield server
    assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.2",
        "127.2",
        "2130706434",
        "0x7f000002",
        "0177.0.0.2",
        "[::ffff:127.0.0.2]",
        "canary.example",
        "127.0.0.2.",
    ],
)
async def test_a_forbidden_address_is_not_contacted_however_it_is_written(canary: Site, host: str) -> None:
    error = await failure(canary.url("/feed", host), settings={"hosts": {"canary.example": "127.0.0.2"}})
    assert error.kind in {"refused-address", "bad-url", "dns"}
    assert error.kind == "refused-address" or host not in {
        "127.0.0.2",
        "canary.example",
        "[::ffff:127.0.0.2]",
        "0x7f000002",
    }


@pytest.mark.parametrize("host", ["127.0.0.2", "canary.example"])
async def test_a_redirect_leads_to_no_forbidden_address(canary: Site, host: str) -> None:
    async with site() as server:
        server.routes["/feed"] = Answer(301, headers={"Location": canary.url("/feed", host)})
        error = await failure(server.url("/feed"), settings={"hosts": {"canary.example": "127.0.0.2"}})
    assert error.kind == "refused-address"
    assert "127.0.0.2" in error.text


async def test_a_name_that_changes_its_address_between_two_requests_is_checked_each_time(
    canary: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["127.0.0.1", "127.0.0.2"]
    real = socket.getaddrinfo

    def rebinding(host: str, *arguments: Any, **named: Any) -> Any:
        return real(answers.pop(0) if host == "rebind.example" else host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    async with site() as server:
        server.routes["/feed"] = Answer(302, headers={"Location": canary.url("/feed", "rebind.example")})
        error = await failure(server.url("/feed", "rebind.example"))
    assert error.kind == "refused-address"
    assert len(server.requests) == 1


async def test_a_name_with_allowed_and_forbidden_addresses_never_reaches_the_forbidden_one(
    canary: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def mixed(host: str, port: int, *arguments: Any, **named: Any) -> Any:
        if host != "mixed.example":
            return real(host, port, *arguments, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    with pytest.raises(FetchError):
        await fetch(canary.url("/feed", "mixed.example"))


# --- faults ----------------------------------------------------------------------------------------------------------


def drip(count: int) -> tuple[bytes, ...]:
    return (b"x",) * count


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(headers={"Content-Length": "50"}, pieces=drip(50), pause_seconds=0.1), "timeout"),
        (Answer(pieces=(b"x",), pause_seconds=5, is_raw=True), "timeout"),
        (Answer(headers={"Content-Length": "99999999"}, is_cut=True), "too-large"),
        (Answer(body=b"x" * 200_000), "too-large"),
        (Answer(headers={"Content-Length": "500"}, body=b"short", is_cut=True), "dropped"),
        (Answer(is_raw=True, is_cut=True), "dropped"),
        (Answer(is_raw=True, pieces=(b"220 mail.example ESMTP\r\n",), is_cut=True), "bad-response"),
        (Answer(is_raw=True, pieces=(b"HTTP/1.1 200 OK\r\nA\x00B: \xff\r\n\r\n",), is_cut=True), "bad-response"),
        (Answer(headers={"X-Long": "x" * 64_000}), "bad-response"),
        (Answer(headers={f"Set-Cookie{n}": "a=b" for n in range(1_000)}), "bad-response"),
        (Answer(headers={"Content-Encoding": "br"}, body=b"x"), "bad-encoding"),
        (Answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(FEED)[:-9]), "bad-encoding"),
        (Answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"\0" * 20_000_000)), "too-large"),
        (
            Answer(headers={"Content-Encoding": "gzip, gzip"}, body=gzip.compress(gzip.compress(b"\0" * 20_000_000))),
            "too-large",
        ),
    ],
)
async def test_a_fault_has_a_name(answer: Answer, kind: str) -> None:
    async with site() as server:
        server.routes["/feed"] = answer
        error = await failure(server.url("/feed"), settings={"timeout_seconds": 0.6})
    assert error.kind == kind
    assert error.text.isprintable()


async def test_nothing_that_listens_and_no_such_name_have_names() -> None:
    async with site() as server:
        port = server.port
    assert (await failure(f"http://127.0.0.1:{port}/")).kind == "refused"
    assert (await failure("http://nowhere.invalid/")).kind == "dns"
    assert (await failure("http://" + "a" * 70 + ".example/")).kind == "dns"
    assert (await failure("ftp://127.0.0.1/")).kind == "bad-scheme"
    assert (await failure("http://127.0.0.1/" + "x" * 10_000)).kind == "bad-url"


async def test_a_slow_server_delays_no_other() -> None:
    async with site() as slow, site("127.0.0.1") as quick, client() as one:
        slow.routes["/feed"] = Answer(pieces=drip(30), pause_seconds=0.1)
        quick.routes["/feed"] = Answer(body=FEED)
        dripping = asyncio.create_task(one.fetch(slow.url("/feed", "localhost"), FetchOptions(100)))
        await asyncio.sleep(0.05)
        response = await one.fetch(quick.url("/feed"), FetchOptions(100))
        assert response.body == FEED
        assert not dripping.done()
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_retry_after_pauses_the_host_and_is_told() -> None:
    start = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    limiter = RateLimiter(delay_seconds=0, now=lambda: start)
    async with site() as server, client(limiter) as one:
        server.routes["/feed"] = Answer(429, headers={"Retry-After": "120"})
        response = await one.fetch(server.url("/feed"), FetchOptions(100))
        assert response.retry_after_seconds == 120
        with pytest.raises(HostPaused) as paused:
            await one.fetch(server.url("/other"), FetchOptions(100))
    assert paused.value.until - start == pytest.approx(timedelta(seconds=120), abs=timedelta(seconds=2))
    assert server.paths == ["/feed"]


@pytest.mark.parametrize("value", ["-1", "soon", "", "Wed, 25 Nov 2015 08:00:00 GMT"])
async def test_a_bad_retry_after_pauses_nothing(value: str) -> None:
    async with site() as server, client() as one:
        server.routes["/feed"] = Answer(503, headers={"Retry-After": value})
        assert (await one.fetch(server.url("/feed"), FetchOptions(100))).retry_after_seconds is None
        await one.fetch(server.url("/feed"), FetchOptions(100))
    assert len(server.requests) == 2


async def test_one_request_at_a_time_and_the_delay_are_seen_by_the_server() -> None:
    limiter = RateLimiter(delay_seconds=0.05)

    def slow(seen: Seen) -> Answer:
        return Answer(pieces=(b"x",), pause_seconds=0.02)

    async with site() as server, client(limiter) as one:
        server.routes.update({f"/{number}": slow for number in range(8)})
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(one.fetch(server.url(f"/{number}"), FetchOptions(100)) for number in range(8)))
    times = sorted(request.at for request in server.requests)
    assert server.most_at_once == 1
    # the server may see a request late, but never before it may have been sent
    assert all(at - began >= number * 0.05 - 1e-6 for number, at in enumerate(times))


# --- certificates ----------------------------------------------------------------------------------------------------


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def test_a_sound_certificate_is_trusted(authority: trustme.CA) -> None:
    async with site(tls=serving(authority.issue_cert("tls.example"))) as server:
        server.routes["/feed"] = Answer(body=FEED)
        settings = {"context": trusting(authority), "hosts": {"tls.example": "127.0.0.1"}}
        assert (await fetch(server.url("/feed", "tls.example"), settings=settings)).body == FEED


@pytest.mark.parametrize(
    ("case", "words"),
    [("expired", "has expired"), ("unknown", "an unknown"), ("host", "another host")],
)
async def test_a_bad_certificate_is_an_error_that_says_which(authority: trustme.CA, case: str, words: str) -> None:
    expiry = datetime(2020, 1, 1, tzinfo=UTC) if case == "expired" else None
    issuer = trustme.CA() if case == "unknown" else authority
    name = "other.example" if case == "host" else "tls.example"
    async with site(tls=serving(issuer.issue_cert(name, not_after=expiry))) as server:
        server.routes["/feed"] = Answer(body=FEED)
        settings = {"context": trusting(authority), "hosts": {"tls.example": "127.0.0.1"}}
        error = await failure(server.url("/feed", "tls.example"), settings=settings)
    assert error.kind == "tls"
    assert words in error.text
    assert server.requests == []


async def test_plain_http_where_tls_is_expected_is_an_error() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(f"https://127.0.0.1:{port}/feed")
    assert error.kind == "tls"
