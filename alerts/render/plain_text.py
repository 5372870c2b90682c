"""Lays out the plain-text version: lines of at most 72 columns, headings, indents. Pure."""

from __future__ import annotations

import re
import textwrap

TEXT_WIDTH = 72  # the customary width of letters on a screen of text
NARROW_BLANK, HARD_BLANK = "\u202f", "\u00a0"


def wrap_lines(text: str, first: str = "", following: str | None = None) -> str:
    """`text` in lines of at most `TEXT_WIDTH` columns, words never cut; `first` leads the first line, `following` the
    others (blanks as wide as `first` where it is not given)."""
    lines = textwrap.wrap(
        str(text),
        TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first) if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) or first.rstrip()


def underline(text: str, character: str = "=") -> str:
    """`text` as a heading."""
    return f"{text}\n{character * len(text)}"


def draw_bar(count: int, greatest: int, width: int) -> str:
    """A bar of `#`, `width` columns for the greatest count, never none for what was counted."""
    return "#" * max(round(width * count / greatest), 1) if greatest and count else ""


def tidy_letter(text: str) -> str:
    """No trailing blanks, never more than one empty line, one line feed at the end. Narrow blanks, which many fonts of
    terminals lack, become common hard ones."""
    bare = "\n".join(line.rstrip() for line in text.replace(NARROW_BLANK, HARD_BLANK).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", bare).strip("\n") + "\n"
