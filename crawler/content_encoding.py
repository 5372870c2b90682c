"""Undoes a body's `Content-Encoding`, never past a limit.

In: the bytes as they came over the wire and the header's value. Out: the bytes as they were meant, or a refusal.
Promises: at most `limit` bytes are ever held, however small the bomb; encodings wrapped in each other are undone one by
one, each under the limit.
"""

from __future__ import annotations

import zlib

ACCEPTED = "gzip, deflate"
"""What we ask for. Not `br` or `zstd`: their decoders give a bomb's whole chunk before it can be measured, and pages in
gzip are only some per cent longer."""

DEEPEST = 2
"""Encodings in one header. Two occur (a proxy compresses again); more is an attack."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS


class TooLarge(Exception):  # noqa: N818  # what the body is, not an error of ours
    """The body is longer than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"longer than {limit:,} bytes after decompression")
        self.limit = limit


class BadEncoding(Exception):  # noqa: N818
    """The body is not what its header says, or is encoded in a way we did not ask for."""


def decode_content(body: bytes, header: str | None, limit: int) -> bytes:
    """The body with its encodings undone.

    A body that is cut short gives what there is of it, as browsers do. One that is plain although the header says gzip
    is taken as it is.

    Raises:
        TooLarge: it is longer than `limit` bytes at any stage.
        BadEncoding: an encoding we did not ask for, or more than two.
    """
    encodings = [word.strip().lower() for word in (header or "").split(",")]
    encodings = [word for word in encodings if word and word != "identity"]
    if len(encodings) > DEEPEST:
        raise BadEncoding(f"{len(encodings)} encodings in one another")
    for encoding in reversed(encodings):
        if encoding in ("gzip", "x-gzip"):
            body = gunzip(body, limit) if body[:2] == b"\x1f\x8b" else body
        elif encoding == "deflate":
            body = _inflate(body, limit)
        else:
            raise BadEncoding(f"encoded as {encoding[:40]!r}, which was not asked for")
    if len(body) > limit:
        raise TooLarge(limit)
    return body


def gunzip(body: bytes, limit: int) -> bytes:
    """The contents of a gzip file of one or more members; see `decode_content` for the errors."""
    parts: list[bytes] = []
    left = limit
    while body[:2] == b"\x1f\x8b":
        part, body = _decompress(body, _GZIP_OR_ZLIB, left)
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _inflate(body: bytes, limit: int) -> bytes:
    """`deflate` means zlib by the standard, and raw deflate from some servers."""
    try:
        return _decompress(body, _GZIP_OR_ZLIB, limit)[0]
    except BadEncoding:
        return _decompress(body, _RAW_DEFLATE, limit)[0]


def _decompress(body: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    """One stream's contents, and what follows it."""
    stream = zlib.decompressobj(window)
    try:
        contents = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadEncoding(f"damaged compression: {error}") from error
    if len(contents) > limit:
        raise TooLarge(limit)
    return contents, stream.unused_data
