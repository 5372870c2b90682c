"""PDF documents for tests, as small as they may be: lines of text on pages."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(*pages: Sequence[str], is_packed: bool = True) -> bytes:
    """A document with these lines of text on its pages."""
    return drawn(*(content(lines) for lines in pages), is_packed=is_packed)


def content(lines: Sequence[str]) -> bytes:
    """What draws these lines."""
    shown = "".join(f"({escape(line)}) Tj T* " for line in lines)
    return f"BT /F1 11 Tf 14 TL 60 780 Td {shown}ET".encode("cp1252")


def drawn(*contents: bytes, is_packed: bool = True) -> bytes:
    """A document whose pages are drawn so."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, one in enumerate(contents):
        data = zlib.compress(one) if is_packed else one
        packing = b" /Filter /FlateDecode" if is_packed else b""
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * number),
            b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), packing, data),
        ]
    return assemble(objects)


def escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def assemble(objects: Sequence[bytes]) -> bytes:
    """A document of these objects, the first of which is its catalogue."""
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + head + table + end
