"""Turns a page's bytes into text, whatever its header says.

In: the body, and the charset its `Content-Type` named, if any. Out: text and the name of the encoding it was read with.
Promises: never fails; no U+FFFD stands for a byte that another encoding would explain; costs one pass where the page is
what nearly all are, UTF-8.
"""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

from crawler.text.encoding import NO_ENCODINGS

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([a-zA-Z0-9_:.-]{2,40})""")

HEAD_BYTES = 4_096
"""Where a page's own charset is looked for; the standard says the first 1,024 bytes, and pages exceed it."""

# What the label means to browsers (WHATWG Encoding), where Python takes it by the letter.
_WEB_MEANING = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}

STRAY_BYTES_SHARE = 0.2
"""A page in which fewer than this share of the characters beyond ASCII are no UTF-8 is UTF-8 with pasted pieces. Read
as UTF-8, Windows-1252 comes to nearly 1, and Chinese in GB 18030 to over 0.4."""


def decode_page(body: bytes, header_charset: str | None = None) -> tuple[str, str]:
    """Text and encoding of a page.

    A byte order mark decides. Else bytes that are valid UTF-8 are UTF-8, whatever header and page say: other encodings
    do not come out valid by chance. Else the header, then the page's own declaration, is believed where every byte
    fits; else the encoding is guessed from the bytes.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    if b"\x00" in body[:200] and (unmarked := _utf16_without_mark(body)):
        return body.decode(unmarked, "replace"), unmarked
    declared = [codec for label in _declared(body, header_charset) if (codec := _codec(label))]
    if declared and declared[0].startswith(("iso2022", "hz")):  # their bytes are ASCII, so UTF-8 would fit
        return body.decode(declared[0], "replace"), declared[0]
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(body):
        return body.decode("utf-8", "stray-as-cp1252"), "utf-8"
    for codec in (*declared, _codec(detect_encoding(body, max_len=50_000)), "cp1252"):
        if codec and codec != "utf-8":
            try:
                return body.decode(codec), codec
            except UnicodeError:  # some of Python's own codecs (undefined, idna) raise no narrower one
                continue
    return body.decode("cp1252", "stray-as-cp1252"), "cp1252"


def _declared(body: bytes, header_charset: str | None) -> list[str]:
    labels = [header_charset] if header_charset else []
    head = body[:HEAD_BYTES]
    labels += [match[1].decode("ascii") for match in (_META_CHARSET.search(head), _XML_ENCODING.search(head)) if match]
    return labels


def _codec(label: str | None) -> str | None:
    """Python's name of what browsers take `label` for; None where it names no text encoding."""
    try:
        info = codecs.lookup((label or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in NO_ENCODINGS:  # names from a page must not choose these
        return None
    name = info.name
    if name.startswith(("utf-16", "utf-32")):  # without mark and zero bytes it is a mistake
        return None
    return _WEB_MEANING.get(name, name)


def _utf16_without_mark(body: bytes) -> str | None:
    """Which UTF-16, told by the < that markup begins with, else by where the zero bytes of its markup stand."""
    head = body[:200]
    if head.startswith((b"<\x00", b"\x00<")):
        return "utf-16-le" if head[0] else "utf-16-be"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 4 and even < odd // 4:
        return "utf-16-le"
    if even > len(head) // 4 and odd < even // 4:
        return "utf-16-be"
    return None


def _is_mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    strays = text.count("\ufffd")
    beyond_ascii = sum(1 for character in text[:200_000] if character > "\x7f")
    return strays <= 1 or strays < beyond_ascii * STRAY_BYTES_SHARE


def _stray_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decodes the bytes that do not fit as Windows-1252, of which pasted quotes and dashes are made."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return "".join(_CP1252_BYTES[byte] for byte in stray), error.end


_CP1252_BYTES = [bytes((byte,)).decode("cp1252", "ignore") for byte in range(256)]
codecs.register_error("stray-as-cp1252", _stray_as_cp1252)
