"""Durations as people write them (`90s`, `30m`, `2h`, `1d`) read into whole seconds, for every package's settings."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

SECONDS_A_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

# The longest anyone means, ten years: more is a slip of the hand, and would overflow dates built from it.
LONGEST_SECONDS = 10 * 366 * 86_400

# Python refuses to read numbers of thousands of digits, and no duration needs more than a few.
LONGEST_TEXT = 20

PART = re.compile(r"(\d{1,9})\s*([smhdw])")
WHOLE = re.compile(r"\s*(?:\d{1,9}\s*[smhdw]\s*)+", re.IGNORECASE)


def parse_duration(value: object) -> int:
    """Whole seconds of `90s`, `30m`, `2h`, `1d`, `1w` or a sum such as `1h30m`; a whole number counts as seconds.

    Raises:
        ValueError: anything else, with an example of what is right.
    """
    if isinstance(value, str) and value.isascii() and WHOLE.fullmatch(value):
        seconds = sum(int(number) * SECONDS_A_UNIT[unit] for number, unit in PART.findall(value.lower()))
    elif isinstance(value, str) and value.isascii() and value.strip().isdecimal() and len(value) <= LONGEST_TEXT:
        seconds = int(value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= LONGEST_SECONDS:
        seconds = round(value) if value == round(value) else -1
    else:
        seconds = -1
    if seconds < 0:
        raise ValueError(f"{value!r} is not a duration; write for example 90s, 30m, 2h or 1d")
    if seconds > LONGEST_SECONDS:
        raise ValueError(f"{value!r} is out of range; at most ten years")
    return seconds


def format_duration(seconds: int) -> str:
    """Whole seconds as people write them, in the largest unit that leaves nothing over: `1h`, `90s`, `60d`."""
    units = {size: unit for unit, size in SECONDS_A_UNIT.items() if unit != "w"}
    size = max(size for size in units if seconds % size == 0)
    return f"{seconds // size}{units[size]}" if seconds else "0"


Seconds = Annotated[
    int,
    BeforeValidator(parse_duration),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "title": "Duration", "examples": ["30m", "2h"]},
                {"type": "integer", "minimum": 0},
            ]
        }
    ),
]
"""A settings field that takes a duration in any of these forms and holds whole seconds."""
