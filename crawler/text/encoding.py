"""Turns the bytes of a feed, sitemap or page into text, whatever header and head say of them. Pure.

Declarations of encodings are often wrong: servers add a default charset, editors paste old bytes into UTF-8 files.
What the bytes are is therefore believed before what is declared: valid UTF-8 is UTF-8; a few stray bytes in UTF-8 are
read as Windows-1252; a declaration counts where the bytes fit it, the document's own before the server's; all else is
detected. What a declared name means is w3lib's table, which is that of browsers. No U+FFFD stands for a byte that
another encoding would explain, and nearly all documents cost one pass.
"""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

STRAY_SHARE = 0.25
"""Invalid bytes per valid multi-byte sequence up to which a document is UTF-8 with stray bytes in it: text in another
encoding hardly ever holds a sequence that is valid by chance, let alone four for each that is not."""

DETECTED_BYTES = 50_000
"""Looked at to guess an encoding; more changes no guess."""

NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Python's own codecs that no text is written in: slow, failing, or meant for its source code."""

FIT_ANYTHING = "cp1252"
"""Fit for nearly any bytes, so that fitting proves nothing; it loses against any other declaration that fits."""

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")

# Characters that XML forbids; a stray one would make an otherwise sound document a damaged one.
_FORBIDDEN = bytes(byte for byte in range(32) if byte not in (9, 10, 13))

_WIDE_STARTS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def decode_document(body: bytes, content_type: str) -> tuple[bytes, str | None]:
    """A feed or sitemap in UTF-8 without XML declaration, byte order mark, leading space and forbidden characters; and
    what was wrong with its declaration, None where nothing was. Never fails: at worst characters of the wrong encoding
    come out."""
    text, encoding = decode(body, content_type)
    declared = _declared(body, content_type)
    note = None
    if declared and encoding != declared[0] and not body.isascii():
        note = f"declared as {declared[0]}, read as {encoding}"
    text = _XML_DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    return text.encode("utf-8", "ignore").translate(None, _FORBIDDEN), note


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """Text and encoding of a document with this `Content-Type`. Never fails."""
    encoding, mark = read_bom(body)
    if encoding is not None and encoding != "utf-8":
        return body[len(mark or b"") :].decode(encoding, "ignore"), encoding
    if encoding is not None:
        body = body[len(mark or b"") :]
    if b"\x00" in body[:200] and (wide := _wide(body[:200])) is not None:
        return body.decode(wide, "ignore"), wide
    declared: list[str] | None = None
    if b"\x1b" in body or b"~{" in body:  # so begins another script where all bytes are ASCII (ISO 2022, HZ)
        declared = _declared(body, content_type)
        if declared and declared[0].startswith(("iso2022", "hz")):
            return body.decode(declared[0], "ignore"), declared[0]
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _is_utf8_with_strays(body):
        return body.decode("utf-8", "stray-bytes"), "utf-8"
    encoding = _choose(body, _declared(body, content_type) if declared is None else declared)
    return body.decode(encoding, "stray-bytes"), encoding


def _choose(body: bytes, declared: list[str]) -> str:
    """The most likely encoding of bytes that are no UTF-8."""
    fitting = [name for name in declared if name != "utf-8" and _fits(body, name)]
    telling = [name for name in fitting if name != FIT_ANYTHING]
    if telling:
        return telling[0]
    if fitting and "utf-8" not in declared:
        return FIT_ANYTHING
    from resiliparse.parse.encoding import detect_encoding

    guess = _usable(resolve_encoding(str(detect_encoding(body, max_len=DETECTED_BYTES) or "")))
    return guess if guess not in (None, "utf-8") else FIT_ANYTHING


def _declared(body: bytes, content_type: str) -> list[str]:
    """The encodings that the document, then its server, declares."""
    names = (html_body_declared_encoding(body), http_content_type_encoding(content_type))
    return [name for name in map(_usable, names) if name is not None]


def _usable(name: str | None) -> str | None:
    """The name of an encoding, unless no text is written in it, or its bytes would have been known already."""
    if name is None or name in NO_ENCODINGS or name.startswith(("utf-16", "utf-32")):
        return None
    return name if codecs.lookup(name)._is_text_encoding else None


def _fits(body: bytes, encoding: str) -> bool:
    try:
        return "\x00" not in body.decode(encoding)
    except UnicodeError:
        return False


def _wide(head: bytes) -> str | None:
    """Which UTF-16 or 32, told by the < that markup begins with, else by where the zero bytes of its markup stand."""
    for start, encoding in _WIDE_STARTS:
        if head.startswith(start):
            return encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even < odd // 4:
        return "utf-16-le"
    return "utf-16-be" if even > len(head) // 4 and odd < even // 4 else None


def _is_utf8_with_strays(body: bytes) -> bool:
    text = body.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= character <= "\udcff" for character in text)
    sequences = sum(character > "\x7f" for character in text) - strays
    return strays <= sequences * STRAY_SHARE


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """An error handler: the bytes that do not fit, as Windows-1252 has them, of which pasted quotes are made."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error("stray-bytes", _read_stray)
