"""Text from outside made safe to show in a terminal or a log line."""

from __future__ import annotations

import unicodedata

# Characters without a shape of their own that move the cursor, colour the screen or break a line; below, those that
# turn the reading direction round.
_ESCAPED_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs", "Co"})
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def escape_controls(text: str) -> str:
    """The text with every control character visible (`\\x1b`, `\\n`, `\\u202e`), so that it stays on its line and
    paints nothing."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(character) if _is_control(character) else character for character in text)


def is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: no half of a character (lone surrogate), no byte that was not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def one_line(text: str) -> str:
    """The text with white space collapsed to single blanks and control characters visible."""
    return escape_controls(" ".join(text.split()))


def shorten(text: str, width: int) -> str:
    """One line of at most `width` characters, cut at the end with an ellipsis."""
    line = one_line(text)
    return line if len(line) <= width else line[: max(width - 1, 0)].rstrip() + "…"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in _ESCAPED_CATEGORIES or character in _TURNING


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 page`, `2 pages`, `0 entries` (its plural is given where it is not made by an s)."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
