"""References to characters that no XML can hold (`&#xD800;`), taken out of a document: bytes in, bytes out. Pure."""

from __future__ import annotations

import re
import sys

_REFERENCE = re.compile(rb"&#(?:x0*+([0-9a-f]*+)|0*+([0-9]*+));", re.IGNORECASE)
_NO_CHARACTER = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # that XML can hold

MOST_DIGITS = 7
"""Of the number of a character: U+10FFFF is 1114111."""


def drop_no_characters(data: bytes) -> bytes:
    """The document without them; a space stands for those that dropping others made, `&#xD8&#0;00;` for one."""
    once = _REFERENCE.sub(lambda found: found.group() if _is_character(found) else b"", data)
    return _REFERENCE.sub(lambda found: found.group() if _is_character(found) else b" ", once)


def _is_character(reference: re.Match[bytes]) -> bool:
    """Not so is half a pair of surrogates, NUL and its like, and what is beyond Unicode."""
    digits, base = (reference[1], 16) if reference[1] is not None else (reference[2], 10)
    number = int(digits or b"0", base) if len(digits) <= MOST_DIGITS else sys.maxunicode + 1
    return number <= sys.maxunicode and not _NO_CHARACTER.match(chr(number))
