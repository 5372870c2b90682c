"""The bands of a signature (locality-sensitive hashing): two texts that are much alike very probably share one."""

from __future__ import annotations

import zlib

from storage.register.compare.near_copy import Signature

# Of 4 values each: a pair at 0.9 shares a band almost surely, one at 0.3 once in fifteen times.
BANDS = 8


def list_bands(signature: Signature) -> tuple[int, ...]:
    """The 8 bands of a signature as keys to be looked up: each its number, then 32 bits of hash (see `split_band`)."""
    raw = signature.tobytes()
    width = len(raw) // BANDS
    return tuple(number << 32 | zlib.crc32(raw[number * width : (number + 1) * width]) for number in range(BANDS))


def split_band(band: int) -> tuple[int, int]:
    """The number of a band and its hash as it is stored, with a sign."""
    return band >> 32, (band & 0xFFFF_FFFF) - 2**31
