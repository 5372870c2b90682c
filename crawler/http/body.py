"""Takes the body of an answer apart as it comes in: compressed pieces in, plain bytes out, never more than a limit.

Both sides of the decompression are counted, and each piece is decompressed with a bound, so that ten kilobytes which
stand for ten gigabytes cost no more than the limit. gzip and deflate are read, at most two on top of each other (a
server that packs a file which is packed already); brotli and zstandard are neither offered nor read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from crawler.http.failures import FetchError

MOST_LAYERS = 2
PIECE_BYTES = 256_000  # unpacked at once: ten kilobytes may stand for ten megabytes
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 31  # zlib's notation: largest window, gzip header and trailer
ZLIB_WINDOW = 15
RAW_WINDOW = -15
READ = frozenset({"gzip", "x-gzip", "deflate"})
UNREAD = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm"})
"""The rest of IANA's registry of content codings. A word that is not in it (`none`, `utf-8`, `aws-chunked`) packs
nothing, and servers send such words."""


KEPT_BYTES = 5_000_000
"""Of a page that is not packed; no article ends beyond, and it is cut at 1.5 million characters when it is read."""


class Body:
    """The body of one answer.

    Args:
        encoding: the Content-Encoding header, empty where there is none. Raises FetchError (`bad-encoding`).
        limit_bytes: most bytes, before and after decompression.
        is_cut: at the limit the rest is dropped instead of an error raised (robots.txt).
        is_packed: it stays as it came, for a worker process to unpack.
        kept_bytes: beyond it bytes count, and are not kept; None keeps all.
    """

    def __init__(
        self,
        encoding: str,
        limit_bytes: int,
        *,
        is_cut: bool = False,
        is_packed: bool = False,
        kept_bytes: int | None = None,
    ) -> None:
        self._most_kept = limit_bytes if kept_bytes is None else kept_bytes
        self._limit = limit_bytes
        self._is_cut = is_cut
        self._is_packed = is_packed
        self._received = 0
        self._size = 0
        self._pieces: list[bytes] = []
        parts = [] if is_packed else encoding.lower().split(",")
        names = [name for part in parts if (name := part.strip()) in READ | UNREAD]
        if len(names) > MOST_LAYERS or not READ.issuperset(names):
            raise FetchError("bad-encoding", f"the body is compressed as {encoding!r}, which was not requested")
        self._layers = [_Layer(is_gzip=name != "deflate") for name in reversed(names)]
        self.is_full = False

    def add(self, data: bytes) -> None:
        """Takes the next piece. Raises FetchError (`too-large`, `bad-encoding`)."""
        for _ in self.feed(data):
            pass

    def feed(self, data: bytes) -> Iterator[int]:
        """Takes the next piece bit by bit, and gives by how many bytes the body has grown after each, so that whoever
        asks can wait before it grows on. Raises FetchError (`too-large`, `bad-encoding`)."""
        self._received += len(data)
        if self._received > self._limit and not self._is_cut:
            raise too_large(self._limit)
        for piece in self._unpack(data, 0):
            if self.is_full:
                return
            yield self._keep(piece)

    def _unpack(self, data: bytes, depth: int) -> Iterator[bytes]:
        if depth == len(self._layers):
            yield data
            return
        for piece in self._layers[depth].unpack(data, self._limit + 1):
            yield from self._unpack(piece, depth + 1)

    def finish(self) -> bytes:
        """The whole body. A body that is a gzip file itself (`feed.xml.gz`) is unpacked. Raises FetchError."""
        if not self.is_full and not all(layer.is_whole for layer in self._layers):
            raise FetchError("bad-encoding", "the compressed body is cut short")
        body = b"".join(self._pieces)
        if not self._is_packed and body.startswith(GZIP_MAGIC) and len(self._layers) < MOST_LAYERS:
            layer = _Layer(is_gzip=True)
            self._pieces, self._size = [], 0
            for piece in layer.unpack(body, self._limit + 1):
                self._keep(piece)
            body = b"".join(self._pieces)
            if not layer.is_whole and not self.is_full:
                raise FetchError("bad-encoding", "the gzip file is cut short")
        return body

    def _keep(self, data: bytes) -> int:
        """Takes what is unpacked; gives how many bytes of it are kept."""
        self._size += len(data)
        if self._size > self._limit:
            if not self._is_cut:
                raise too_large(self._limit)
            data = data[: self._limit - self._size]
            self.is_full = True
        if self._size - len(data) >= self._most_kept:
            return 0
        self._pieces.append(data)
        return len(data)


def too_large(limit_bytes: int) -> FetchError:
    """The error for a body of more bytes than that."""
    return FetchError("too-large", f"the body is larger than the limit of {limit_bytes:,} bytes")


class _Layer:
    """One gzip (several members too) or deflate (with or without the zlib header, as servers send both)."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._stream: zlib._Decompress | None = None
        self._is_plain = False
        self._head = b""

    @property
    def is_whole(self) -> bool:
        """Whether the end has come; also where nothing has, since an empty body may be declared as packed."""
        return (
            self._is_plain
            or (self._stream is None and not self._head)
            or (self._stream is not None and self._stream.eof)
        )

    def unpack(self, data: bytes, limit: int) -> Iterator[bytes]:
        """What `data` holds, at most a little more than `limit` bytes, in pieces of bounded size. Raises FetchError
        (`bad-encoding`)."""
        if self._is_plain:
            yield data
            return
        if self._stream is None:
            data = self._head + data
            if len(data) < 2:  # the first two bytes tell what it is
                self._head = data
                return
            self._head = b""
            if self._is_gzip and not data.startswith(GZIP_MAGIC):  # declared, but plain: old servers do so
                self._is_plain = True
                yield data
                return
            self._stream = zlib.decompressobj(self._window(data))
        size = 0
        while data and size < limit:
            piece, data = self._next_piece(data, min(limit - size, PIECE_BYTES))
            size += len(piece)
            if piece:
                yield piece

    def _next_piece(self, data: bytes, most: int) -> tuple[bytes, bytes]:
        """At most so many bytes of what `data` holds, and the rest of it."""
        assert self._stream is not None
        try:
            piece = self._stream.decompress(data, most)
        except zlib.error as error:
            raise FetchError("bad-encoding", f"the compressed body is damaged: {error}") from None
        return piece, self._next_member() if self._stream.eof else self._stream.unconsumed_tail

    def _window(self, data: bytes) -> int:
        if self._is_gzip:
            return GZIP_WINDOW
        return ZLIB_WINDOW if data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0 else RAW_WINDOW

    def _next_member(self) -> bytes:
        assert self._stream is not None
        rest = self._stream.unused_data
        if not self._is_gzip or not rest.startswith(GZIP_MAGIC):  # padding after the last member is no data
            return b""
        self._stream = zlib.decompressobj(GZIP_WINDOW)
        return rest
