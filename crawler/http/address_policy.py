"""Says which network addresses may be contacted, and refuses the others at the moment of connecting.

What enters is an address as the system is about to connect to it, after every name, redirect and odd spelling has been
resolved; what leaves is yes or no. The check sits in the socket factory, so nothing lies between it and the connection:
a name that answers differently the second time is checked the second time.

`is_allowed` is pure. The ranges are those of the IANA special-purpose registries (IPv4: RFC 6890 and its additions,
IPv6: likewise), kept here rather than taken from `ipaddress`, whose tables differ between Python versions.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[object, ...]]
"""Family, type, protocol, canonical name and socket address, as `getaddrinfo` gives them."""

SPECIAL_IPV4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared between carriers and customers; some clouds keep their metadata here
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host agent of one large cloud, at a public-looking address
        "169.254.0.0/16",  # link-local; cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # multicast tunnelling
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

GLOBAL_IPV6 = IPv6Network("2000::/3")
"""The only block from which public IPv6 addresses are given out; all beside it is special or reserved."""

SPECIAL_IPV6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, among them Teredo, which wraps an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

WRAPPED_IPV4: tuple[IPv6Network, ...] = tuple(
    IPv6Network(text)
    for text in (
        "::ffff:0:0/96",  # IPv4-mapped
        "64:ff9b::/96",  # NAT64: how a network without IPv4 reaches public IPv4 servers
    )
)

# Ports of other protocols, to which an HTTP request can be a smuggled command (mail, files, names, printers, chat).
# From the list browsers refuse (WHATWG Fetch, "port blocking"), cut to those that servers on public addresses do
# listen on.
# fmt: off
OTHER_PROTOCOLS = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 138, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526,
    530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045,
    5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6697,
})
# fmt: on


class RefusedAddress(OSError):  # noqa: N818 - named for what it says
    """An address that may not be contacted. `address` is what was about to be contacted.

    Its text is the same for every address on purpose: when all addresses of a name are refused, the connecting library
    then passes this error on instead of a summary of several.
    """

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, "the address is private, local or reserved, and is never contacted")
        self.address = address


def is_allowed(address: str, port: int, allowed: Sequence[Network] = ()) -> bool:
    """Whether `address` (a literal, as the system writes it) may be contacted at `port`.

    Public addresses are, save at ports of other protocols; an address in one of the `allowed` networks is, at any port.
    What is no address at all is not.
    """
    try:
        parsed = unwrap(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if not 0 < port < 65_536:
        return False
    if any(parsed in network for network in allowed):
        return True
    return port not in OTHER_PROTOCOLS and is_public(parsed)


def unwrap(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, where it does (IPv4-mapped, NAT64); else the address itself."""
    if isinstance(address, IPv6Address) and any(address in network for network in WRAPPED_IPV4):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, unwrapped, is an ordinary one of the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_IPV4)
    if address not in GLOBAL_IPV6 or any(address in network for network in SPECIAL_IPV6):
        return False
    interface = int(address) & 0xFFFF_FFFF_FFFF_FFFF
    if interface >> 32 in (
        0x0000_5EFE,
        0x0200_5EFE,
    ):  # ISATAP (RFC 5214) tunnels to the IPv4 address in its last 32 bits
        return is_public(IPv4Address(interface & 0xFFFF_FFFF))
    return True


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks from their texts; a bare address is a network of one. Raises ValueError."""
    return tuple(ip_network(text) for text in texts)


def guard_sockets(allowed: Sequence[Network] = ()) -> Callable[[AddressInfo], socket.socket]:
    """A socket factory for `aiohttp.TCPConnector` that raises `RefusedAddress` instead of giving a socket.

    It is called with the final socket address of every attempt, literals included, which resolvers never see.
    """
    networks = tuple(allowed)

    def make_socket(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        host, port = address[0], address[1]
        if not isinstance(host, str) or not isinstance(port, int) or not is_allowed(host, port, networks):
            raise RefusedAddress(str(host))
        return socket.socket(family, kind, protocol)

    return make_socket


def find_refusal(error: BaseException | None) -> RefusedAddress | None:
    """The refused address behind an error of the HTTP library, looking through its causes; None where there is none."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, RefusedAddress):
            return error
        inner = getattr(error, "os_error", None)
        error = inner if isinstance(inner, RefusedAddress) else error.__cause__ or error.__context__
    return None
