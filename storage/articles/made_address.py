"""Canonical addresses for what has no page of its own: it is stored as an article like others, and never fetched.

That of an entry lies on the host that reported it, so that it counts among what that host says, and differs in a
parameter that no page has; that of what a person brought lies on a host that there is not. `is_made` tells both from
addresses that can be fetched.
"""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import urlsplit

from storage.urls import canonicalise_url

_PARAMETER = "tipwatch-entry"
_NOWHERE = "https://import.invalid/"  # RFC 2606: never a real host


def make_address(url: str, *distinguished_by: str) -> str:
    """The address on the host of `url` for what these texts tell from all else that comes from there."""
    text = "\0".join((url, *distinguished_by))
    mark = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    host = urlsplit(url).netloc.rpartition("@")[2]
    return canonicalise_url(f"https://{host}/?{_PARAMETER}={mark}")


def make_address_nowhere(name: str) -> str:
    """The address of what a person brought without one, by a name that tells it from all else."""
    return f"{_NOWHERE}{name}"


def is_made(canonical_url: str) -> bool:
    """Whether nothing can be fetched from there."""
    return canonical_url.startswith(_NOWHERE) or f"{_PARAMETER}=" in canonical_url
