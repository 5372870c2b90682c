"""Hosts as they are compared: `Example.ORG.` and `example.org` are one. Pure.

What enters is a name or an address as somebody wrote it; what leaves is the one name under which all rooms know that
host: lower case, ASCII, without the dot that ends a name of the DNS; of an address its usual spelling.
"""

from __future__ import annotations

import contextlib
import re
import socket
from ipaddress import IPv6Address
from urllib.parse import urlsplit

_NUMERIC = re.compile(r"(?:(?:0x[0-9a-f]*|\d+)(?:\.|$)){1,4}")
"""An IPv4 address as resolvers and browsers read it: `127.1` and `0x7f000001` too."""


def canonical_host(name: str) -> str:
    """The host called `name`, a host name or a literal address without brackets.

    Raises:
        ValueError: a name beyond ASCII that is none in the DNS.
    """
    if not name.isascii():
        import idna  # only for the few hosts that need it: its tables cost a start some milliseconds

        try:
            name = idna.encode(name, uts46=True, transitional=False).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"a host name that cannot be encoded: {error}") from None
    name = name.lower().rstrip(".")
    with contextlib.suppress(ValueError, OSError):  # not an address after all
        if ":" in name:
            return IPv6Address(name).compressed
        if _NUMERIC.fullmatch(name):
            return socket.inet_ntoa(socket.inet_aton(name))
    return name


def host_of(url: str) -> str:
    """The host of an address; empty where it names none."""
    try:
        return canonical_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""
