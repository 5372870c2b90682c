"""Makes one short line of text from outside: safe in a log, a mail, a terminal. Pure."""

from __future__ import annotations

LONGEST_TEXT = 300
"""Of a reason kept for operators: more is the library's noise."""


def one_line(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` with control and separator characters as spaces, cut to `limit`."""
    visible = "".join(character if character.isprintable() else " " for character in text[: limit * 4])
    short = " ".join(visible.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"
