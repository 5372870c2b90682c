"""Whether a document is its title alone: an entry of a search feed whose page cannot be read, a link in a listing.

Pure. A title promises more than its article holds as often as not, so what is judged by it alone is never sure.
"""

from __future__ import annotations

import re

LEAST_LETTERS = 40
"""Letters that a text must have in words that are not in its title. The names of outlets that aggregators put behind a
title, and "Read more on our site", have up to 35; a sentence of seven words has more."""

_WORD = re.compile(r"[^\W\d_]+")


def is_title_only(title: str, text: str) -> bool:
    """Whether the text says nothing that the title does not: it is empty, repeats the title, or names the outlet."""
    known = set(_WORD.findall(title.casefold()))
    letters = 0
    for word in _WORD.finditer(text.casefold()):
        letters += 0 if word.group() in known else len(word.group())
        if letters >= LEAST_LETTERS:
            return False
    return True
