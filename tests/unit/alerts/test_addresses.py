from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.delivery.addresses import bare_address, parse_address
from alerts.render.message import Heading, RenderedDigest, make_message
from tests.support.digest_examples import SLOT_AT

NFC, NFD = "jos\u00e9@example.org", "jose\u0301@example.org"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ana@example.org", "ana@example.org"),
        ("Ana <ana+tip@Example.org>", "Ana <ana+tip@Example.org>"),
        ("o'neil!#$%&*=?^_`{|}~-@example.org", "o'neil!#$%&*=?^_`{|}~-@example.org"),
        ("Zoë <zoe@bücher.example>", "Zoë <zoe@xn--bcher-kva.example>"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah"),
        ("квіточка@пошта.укр", "квіточка@xn--80a1acn3a.xn--j1amh"),
        (NFD, NFC),
        ('"Doe, Ana (NGO)" <ana@example.org>', '"Doe, Ana (NGO)" <ana@example.org>'),
        ("watch@localhost", "watch@localhost"),
        ("ana@[192.0.2.1]", "ana@[192.0.2.1]"),
        ("ana@[IPv6:2001:db8::1]", "ana@[IPv6:2001:db8::1]"),
    ],
)
def test_an_address_is_read_into_the_form_that_servers_take(written: str, read: str) -> None:
    assert parse_address(written) == read
    assert parse_address(read) == read


@pytest.mark.parametrize(
    "written",
    [
        "", "nobody", "@example.org", "ana@", "ana@@example.org", "a@b@c.org", ".ana@example.org", "a..b@example.org",
        "a b@example.org", '"a b"@example.org', "ana@exa mple.org", "ana@-example.org", "ana@example..org",
        "ana@exam_ple.org", "ana@bü_cher.example", "ana@xn--\u00fc.example", "ana@[300.0.0.1]", "ana@[fe80::1%25eth0",
        "ana@example.org\r\nBcc: eva@example.org", "a\x00b@example.org",
        "an\ud800a@example.org", "\u202eana@example.org",
        "ana\u00a0x@example.org", "a" * 65 + "@example.org", "é" * 33 + "@example.org", f"ana@{'a.' * 130}org",
        f"ana@{'ü' * 80}.example", "ana@example.org, eva@example.org",
        "ana@example.org, Eva <eva@example.org>", "Ana <ana@example.org> <eva@example.org>",
        "<>", "Ana <>", "ana@example.org eva@example.org",
    ],
)  # fmt: skip
def test_what_is_no_single_address_is_refused_with_a_reason(written: str) -> None:
    with pytest.raises(ValueError, match="address"):
        parse_address(written)


@given(st.text(st.sampled_from(list("aé@.<>\"()[]:;,\\ =?_-+'%\r\n\0ß例\u0301\u200d\ud800١")), max_size=30))
def test_every_address_that_is_taken_makes_a_message_to_it(text: str) -> None:
    try:
        address = parse_address(text)
    except ValueError:
        return
    message = make_message(
        RenderedDigest("News", "Letter\n", "<p>Page</p>"), Heading("morning", "2026-11-25", address, SLOT_AT), address
    )
    content = message.as_bytes()
    assert bare_address(address).encode() in content.replace(b"\r\n ", b" ")
    assert content.isascii() or not bare_address(address).isascii()
