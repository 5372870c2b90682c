from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.body import PIECE_BYTES, Body
from crawler.http.failures import FetchError

TEXT = b"<rss>" + b"words of a feed " * 500 + b"</rss>"


def read(data: bytes, encoding: str, limit: int = 1_000_000, piece: int = 1_000, *, is_cut: bool = False) -> bytes:
    body = Body(encoding, limit, is_cut=is_cut)
    for start in range(0, len(data), piece):
        body.add(data[start : start + piece])
        if body.is_full:
            break
    return body.finish()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CASES = {
    "plain": (TEXT, ""),
    "identity": (TEXT, "identity"),
    "gzip": (gzip.compress(TEXT, mtime=0), "gzip"),
    "x-gzip in capitals": (gzip.compress(TEXT, mtime=0), "X-GZip"),
    "zlib": (zlib.compress(TEXT), "deflate"),
    "raw deflate": (raw_deflate(TEXT), "deflate"),
    "two gzip members": (gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0), "gzip"),
    "gzip with padding behind": (gzip.compress(TEXT, mtime=0) + b"\0" * 20, "gzip"),
    "declared gzip but plain": (TEXT, "gzip"),
    "a gzip file": (gzip.compress(TEXT, mtime=0), ""),
    "a gzip file sent packed": (gzip.compress(gzip.compress(TEXT, mtime=0)), "gzip"),
    "gzip on gzip": (gzip.compress(gzip.compress(TEXT, mtime=0)), "gzip, gzip"),
    "deflate then gzip": (gzip.compress(zlib.compress(TEXT)), "deflate, gzip"),
    "nothing though declared packed": (b"", "gzip"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_a_body_comes_out_plain_however_it_was_packed_and_cut(name: str, piece: int) -> None:
    data, encoding = CASES[name]
    assert read(data, encoding, piece=piece) == (TEXT if data else b"")


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip, gzip", "gzip, br"])
def test_what_was_not_offered_is_refused(encoding: str) -> None:
    with pytest.raises(FetchError) as error:
        Body(encoding, 1_000)
    assert error.value.kind == "bad-encoding"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(TEXT, mtime=0)[:-20], "gzip"),
        (b"\x1f\x8bnonsense that is no gzip", "gzip"),
        (b"\x78\x9cnonsense", "deflate"),
        (gzip.compress(TEXT, mtime=0)[:50], ""),
    ],
)
def test_a_damaged_or_cut_body_is_an_error(data: bytes, encoding: str) -> None:
    with pytest.raises(FetchError) as error:
        read(data, encoding)
    assert error.value.kind == "bad-encoding"


def bomb(layers: int) -> bytes:
    data = b"\0" * 50_000_000
    for _ in range(layers):
        data = gzip.compress(data, 9, mtime=0)
    return data


@pytest.mark.parametrize(("layers", "encoding"), [(1, "gzip"), (2, "gzip, gzip"), (2, "gzip"), (1, "")])
def test_a_bomb_is_cut_at_the_limit_in_bounded_memory(layers: int, encoding: str) -> None:
    data = bomb(layers)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as error:
            read(data, encoding, limit=1_000_000, piece=len(data))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.value.kind == "too-large"
    assert peak < 12_000_000


def test_more_than_the_limit_is_an_error_before_decompression_too() -> None:
    with pytest.raises(FetchError) as error:
        read(b"x" * 2_000, "", limit=1_999)
    assert error.value.kind == "too-large"
    assert read(b"x" * 1_999, "", limit=1_999) == b"x" * 1_999


def test_a_body_to_be_cut_ends_at_the_limit() -> None:
    assert read(b"x" * 5_000, "", limit=999, is_cut=True) == b"x" * 999
    assert read(gzip.compress(b"x" * 500_000, mtime=0), "gzip", limit=999, is_cut=True) == b"x" * 999


@given(st.binary(max_size=2_000), st.sampled_from(["", "gzip", "deflate", "gzip, gzip"]), st.integers(1, 500))
def test_any_bytes_give_bytes_or_a_named_failure(data: bytes, encoding: str, piece: int) -> None:
    try:
        assert len(read(data, encoding, limit=10_000, piece=piece)) <= 10_000
    except FetchError as error:
        kind = error.kind
    else:
        return
    assert kind in {"bad-encoding", "too-large"}


def test_what_a_few_bytes_stand_for_comes_out_in_pieces() -> None:
    body = Body("gzip", 5_000_000)
    packed = gzip.compress(bytes(4_000_000))
    assert len(packed) < 10_000
    grown = list(body.feed(packed))
    assert max(grown) <= PIECE_BYTES
    assert sum(grown) == len(body.finish()) == 4_000_000
