"""Turns the bytes of a document into text, whatever its head says: bytes in, clean UTF-8 out. Pure.

Declarations of encodings are often wrong: servers add a default charset, editors paste old bytes into UTF-8 files.
What the bytes are is therefore believed before what is declared: valid UTF-8 is UTF-8; a declaration counts where the
bytes fit it; a few stray bytes in UTF-8 are read as Windows-1252; all else is detected. The result never holds U+FFFD
where the document did not.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

HEAD_BYTES = 1_024
"""The XML declaration stands at the very start; nothing is looked for beyond this."""

STRAY_SHARE = 0.25
"""Invalid bytes per valid multi-byte sequence up to which a document is UTF-8 with stray bytes in it: text in another
encoding hardly ever holds a sequence that is valid by chance, let alone four for each that is not."""

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)

# Characters that XML forbids; a stray one would make an otherwise sound document a damaged one.
_FORBIDDEN = bytes(byte for byte in range(32) if byte not in (9, 10, 13))

NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Python's own codecs that no text is written in: slow, failing, or meant for its source code."""

# What is written and what is meant (WHATWG Encoding): the old names stand for their Windows supersets in practice.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
}

# Fit for any bytes at all, so that fitting proves nothing; they lose against any other declaration that fits.
_FIT_ANYTHING = frozenset({"cp1252"})

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_STARTS = (
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document in UTF-8 without XML declaration, byte order mark, leading space and forbidden characters.

    `note` says what was wrong with its declaration; None where nothing was.
    """

    data: bytes
    note: str | None


def decode_document(body: bytes, content_type: str) -> Decoded:
    """The text of `body`. Never fails: at worst characters of the wrong encoding come out."""
    header = _CHARSET.search(content_type)
    declared = [_meant(header.group(1))] if header else []
    text, encoding = _by_mark(body)
    if text is None:
        match = _DECLARED.search(body[:HEAD_BYTES])
        if match:
            declared.append(_meant(match.group(1).decode("ascii")))
        text, encoding = _by_bytes(body, [name for name in declared if name])
    note = None
    if declared and declared[-1] and encoding != declared[-1] and not body.isascii():
        note = f"declared as {declared[-1]}, read as {encoding}"
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    return Decoded(text.encode("utf-8", "ignore").translate(None, _FORBIDDEN), note)


def _by_mark(body: bytes) -> tuple[str | None, str]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            if encoding == "utf-8":
                return (None, "") if not _is_utf8(body) else (body[len(mark) :].decode(), "utf-8")
            return body[len(mark) :].decode(encoding, "ignore"), encoding
    for start, encoding in _WIDE_STARTS:
        if body.startswith(start):
            return body.decode(encoding, "ignore"), encoding
    return None, ""


def _by_bytes(body: bytes, declared: list[str]) -> tuple[str, str]:
    if b"\x1b" in body and declared and declared[-1].startswith("iso2022"):  # seven-bit bytes that are no ASCII
        return body.decode(declared[-1], "ignore"), declared[-1]
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    fitting = [name for name in declared if name != "utf-8" and _fits(body, name)]
    telling = [name for name in fitting if name not in _FIT_ANYTHING]
    if telling:
        return body.decode(telling[-1]), telling[-1]  # the document's own word before the server's
    if _is_utf8_with_strays(body):
        return body.decode("utf-8", "stray-bytes"), "utf-8"
    if fitting and "utf-8" not in declared:
        return body.decode(fitting[-1]), fitting[-1]
    guess = _detect(body)
    return body.decode(guess, "ignore"), guess


def _fits(body: bytes, encoding: str) -> bool:
    try:
        text = body.decode(encoding)
    except (UnicodeError, LookupError):  # some of Python's own codecs (undefined, idna) raise no narrower one
        return False
    return "\x00" not in text  # UTF-16 fits any even number of bytes, but markup read so is full of nonsense


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8_with_strays(body: bytes) -> bool:
    text = body.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= character <= "\udcff" for character in text)
    sequences = sum(character > "\x7f" for character in text) - strays
    return strays <= sequences * STRAY_SHARE


def _detect(body: bytes) -> str:
    """The most likely encoding of bytes that are no UTF-8."""
    from resiliparse.parse.encoding import detect_encoding

    found = str(detect_encoding(body) or "cp1252")
    return _meant(found) if _meant(found) not in ("", "utf-8") else "cp1252"


def _meant(name: str) -> str:
    """Python's name for the encoding that is meant by a declared one; empty where there is none of that name."""
    lowered = name.lower().removeprefix("x-")
    meant = _MEANT.get(lowered, lowered)
    try:
        found = codecs.lookup(meant).name
    except (LookupError, ValueError):
        return ""
    if found in NO_ENCODINGS:
        return ""
    return _MEANT.get(found.replace("iso8859", "iso-8859"), found)


def _read_stray(error: UnicodeError) -> tuple[str, int]:
    """An error handler: the bytes that are no UTF-8, as Windows-1252 has them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "ignore"), error.end


codecs.register_error("stray-bytes", _read_stray)
