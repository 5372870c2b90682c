"""Reads JSON with the faults that servers make, and of a damaged document what is whole. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.feeds.document import FeedError
from crawler.text.one_line import one_line

_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')

_NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")

DAMAGED = "damaged JSON, of which what is whole was read"
"""The remark on a document of which `load_whole_items` was taken."""

MOST_DAMAGES = 20
"""Passed over in one document: each may cost a look at all that follows, and no fault of a server comes as often."""

# Control characters in strings are taken; numbers stay text, since nobody counts with them and Python refuses those of
# thousands of figures.
_DECODER = json.JSONDecoder(strict=False, parse_int=str)


def load_json(body: bytes) -> Any:
    """The document; control characters in strings and backslashes that escape nothing are taken as they stand, and
    whole numbers come as text.

    Raises:
        FeedError: `malformed`.
    """
    text = _text(body)
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        pass
    try:
        return _DECODER.decode(_escape_strays(text))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise FeedError("malformed", one_line(f"the JSON cannot be read: {reason}", 100)) from None


def load_whole_items(body: bytes, name: str) -> Iterator[Any]:
    """Of a damaged document: the objects in its list called `name` that are whole. What stands within a damaged one may
    be among them."""
    text = _escape_strays(_text(body))
    opening = re.search(rf'"{name}"\s*:\s*\[', text)
    at = opening.end() if opening is not None else len(text)
    damages = 0
    while (start := text.find("{", at)) >= 0:
        if not damages and "]" in text[at:start]:  # the list's end; behind a damage, perhaps that of another within
            return
        try:
            item, at = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            following = _NEXT_OBJECT.search(text, start)
            damages += 1
            if following is None or damages > MOST_DAMAGES:
                return
            at = following.end()
        else:
            yield item


def _text(body: bytes) -> str:
    return body.decode("utf-8-sig", "replace")


def _escape_strays(text: str) -> str:
    return _BAD_ESCAPE.sub(r"\\\\", text)
