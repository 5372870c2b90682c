"""Every range of the IANA special-purpose registries is refused, and every way in which IPv6 wraps an IPv4 address.

The tables are the registries' own (iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry), with
what is special without standing there: multicast, site-local, the host agents of clouds.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.address_policy import is_allowed

IPV4 = """
0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29
192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24
192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4
255.255.255.255/32 224.0.0.0/4 233.252.0.0/24 239.0.0.0/8 168.63.129.16/32
""".split()  # noqa: SIM905

IPV6 = """
::1/128 ::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128
2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16
2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fd00:ec2::/32 fe80::/10 fec0::/10 ff00::/8
""".split()  # noqa: SIM905

PRIVATE = ("127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "172.16.5.5", "100.64.0.1", "0.0.0.0")

# How an IPv4 address stands in an IPv6 one: the base, and by how many bits it is moved up in it.
WRAPPINGS = {
    "mapped (RFC 4291)": ("::ffff:0:0", 0),
    "compatible (RFC 4291)": ("::", 0),
    "translated (RFC 2765)": ("::ffff:0:0:0", 0),
    "NAT64 (RFC 6052)": ("64:ff9b::", 0),
    "local NAT64 (RFC 8215)": ("64:ff9b:1::", 0),
    "6to4 (RFC 3056)": ("2002::", 80),
    "Teredo server (RFC 4380)": ("2001::", 64),
    "ISATAP (RFC 5214)": ("2a00:1450:4001:81b:0:5efe::", 0),
    "ISATAP of a global address": ("2a00:1450:4001:81b:200:5efe::", 0),
}


@pytest.mark.parametrize("text", IPV4 + IPV6)
def test_no_address_of_a_special_range_is_allowed(text: str) -> None:
    network = ip_network(text)
    first, last = int(network.network_address), int(network.broadcast_address)
    for number in {first, first + (last - first) // 2, last}:
        address = type(network.network_address)(number)
        assert not is_allowed(str(address), 443)
        assert not is_allowed(str(address), 80)


@pytest.mark.parametrize("name", list(WRAPPINGS))
@pytest.mark.parametrize("private", PRIVATE)
def test_a_private_address_is_refused_in_every_wrapping(name: str, private: str) -> None:
    base, shift = WRAPPINGS[name]
    wrapped = IPv6Address(int(ip_address(base)) + (int(IPv4Address(private)) << shift))
    assert not is_allowed(str(wrapped), 443)
    assert not is_allowed(f"{wrapped}%eth0", 443)


@given(st.sampled_from(IPV4).map(ip_network), st.data())
def test_a_special_address_is_refused_in_every_wrapping(network: object, data: st.DataObject) -> None:
    start, size = int(network.network_address), network.num_addresses  # type: ignore[attr-defined]
    number = start + data.draw(st.integers(0, size - 1))
    for base, shift in WRAPPINGS.values():
        assert not is_allowed(str(IPv6Address(int(ip_address(base)) + (number << shift))), 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2606:2800:220::1"])
def test_a_public_address_is_allowed_also_through_a_translator(address: str) -> None:
    assert is_allowed(address, 443)
