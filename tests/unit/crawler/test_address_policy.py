"""Which addresses may be contacted: pure, so that no forbidden address is ever contacted to find out."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.address_policy import (
    SPECIAL_IPV4,
    SPECIAL_IPV6,
    RefusedAddress,
    find_refusal,
    guard_sockets,
    is_allowed,
    parse_networks,
)

PUBLIC = ["93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:81b::200e"]

FORBIDDEN = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "2a00:1450:4001:81b:0:5efe:7f00:1",
    "2a00:1450:4001:81b:200:5efe:a00:1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address, 443)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_special_address_is_refused(address: str) -> None:
    assert not is_allowed(address, 443)


@pytest.mark.parametrize("text", ["", "localhost", "0x7f000001", "2130706433", "127.1", "1.2.3.4.5", "::1::"])
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not is_allowed(text, 443)


@pytest.mark.parametrize("port", [22, 25, 53, 6667, 0, -1, 65_536])
def test_ports_of_other_protocols_are_refused(port: int) -> None:
    assert not is_allowed("93.184.216.34", port)


def test_a_network_in_the_configuration_is_allowed_and_its_neighbours_are_not() -> None:
    allowed = parse_networks(["127.0.0.1/32", "fd00:1::/32"])
    assert is_allowed("127.0.0.1", 25, allowed)
    assert is_allowed("::ffff:127.0.0.1", 80, allowed)
    assert is_allowed("fd00:1::5", 80, allowed)
    assert not is_allowed("127.0.0.2", 80, allowed)
    assert not is_allowed("fd00:2::5", 80, allowed)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_an_ipv4_address_is_treated_alike_in_all_its_ipv6_dresses(address: IPv4Address) -> None:
    plain = is_allowed(str(address), 443)
    assert is_allowed(f"::ffff:{address}", 443) == plain
    assert is_allowed(str(IPv6Address(int(IPv6Address("64:ff9b::")) + int(address))), 443) == plain
    assert not is_allowed(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1", 443)


@given(st.sampled_from([*SPECIAL_IPV4, *SPECIAL_IPV6]), st.data())
def test_no_address_within_a_special_range_is_allowed(network: object, data: st.DataObject) -> None:
    start, size = int(network.network_address), network.num_addresses  # type: ignore[attr-defined]
    chosen = start + data.draw(st.integers(0, size - 1))
    address = IPv4Address(chosen) if network.version == 4 else IPv6Address(chosen)  # type: ignore[attr-defined]
    assert not is_allowed(str(address), 443)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_an_ipv6_address_outside_global_unicast_is_never_allowed(address: IPv6Address) -> None:
    if int(address) >> 125 != 1 and not str(address).startswith(("::ffff:", "64:ff9b::")):
        assert not is_allowed(str(address), 443)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_nothing_that_python_calls_private_is_allowed(address: IPv4Address) -> None:
    if not ip_address(address).is_global or address.is_multicast:
        assert not is_allowed(str(address), 443)


def test_the_socket_factory_refuses_before_there_is_a_socket() -> None:
    factory = guard_sockets(parse_networks(["127.0.0.1/32"]))
    with pytest.raises(RefusedAddress) as refusal:
        factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.2", 80)))
    assert refusal.value.address == "127.0.0.2"
    with factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))) as made:
        assert made.family == socket.AF_INET


def test_a_refusal_is_found_behind_other_errors() -> None:
    refusal = RefusedAddress("10.0.0.1")
    outer = RuntimeError("outer")
    outer.__cause__ = ValueError("middle")
    outer.__cause__.__context__ = refusal
    assert find_refusal(outer) is refusal
    assert find_refusal(ValueError("nothing behind it")) is None
    assert find_refusal(None) is None
