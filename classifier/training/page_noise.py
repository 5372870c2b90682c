"""Puts around a clean text what surrounds an article on a real page, so that the encoder learns to look past it.

In: headline and text. Out: the same text, letter for letter but for line breaks and capitals, between menus, contact
blocks, buttons and notices in its language. Pure; all phrases are generic.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache

from classifier.languages import read_language


@dataclass(frozen=True, slots=True)
class Noisy:
    """A text with noise; what stood at a place of headline, line end and text now stands `shift` later."""

    title: str
    text: str
    shift: int


_BREAK_EVERY = (60, 100)
"""Characters between line breaks where a page's lines are broken, as in texts taken from PDF files."""


def add_page_noise(title: str, text: str, lang: str, chance: random.Random) -> Noisy:
    """The same article on a page: some noise always, of each kind sometimes.

    `lang` without phrases of its own is given English ones.
    """
    before: list[str] = []
    if chance.random() < 0.4:
        before += chance.sample(_phrases(lang, "menus"), chance.randint(1, 3))
    if chance.random() < 0.5:
        before += chance.sample(_phrases(lang, "heads"), chance.randint(1, 2))
    if chance.random() < 0.3:
        before.append(_contact(chance))
    after = chance.sample(_phrases(lang, "tails"), chance.randint(1, 3)) if chance.random() < 0.5 else []
    if chance.random() < 0.35:
        text = _break_lines(text, chance)
    elif chance.random() < 0.3:
        text = text.replace("\n", " ")
    shown = title
    if chance.random() < 0.2 and len(title.upper()) == len(title):
        shown = title.upper()
    body = shown + "\n" + text
    tail = "".join(f"\n{line}" for line in after)
    if chance.random() < 0.25:  # the page's own title says nothing, the headline stands in its text
        head = chance.choice(_phrases(lang, "bare_titles"))
        lead = "".join(f"{line}\n" for line in before)
        return Noisy(head, lead + body + tail, len(head) + 1 + len(lead))
    if before:  # the frame stands between headline and text
        lead = "".join(f"{line}\n" for line in before)
        return Noisy(shown, f"{lead}{body}{tail}", len(shown) + 1 + len(lead))
    return Noisy(shown, text + tail, 0)


@cache
def _phrases(lang: str, section: str) -> list[str]:
    """The phrases of a language's `page.yaml`, English ones where it has none."""
    return read_language(lang, "page").get(section) or _phrases("en", section)


def _contact(chance: random.Random) -> str:
    number = f"{chance.randint(200, 989)}-{chance.randint(200, 999)}-{chance.randint(1000, 9999)}"
    return chance.choice(
        [f"Tel. {number}", f"Media contact: {number}", f"press@office.example | {number}", f"No. {number[:7]}"]
    )


def _break_lines(text: str, chance: random.Random) -> str:
    """Spaces become line ends, one a line; nothing moves."""
    width = chance.randint(*_BREAK_EVERY)
    at, broken = 0, list(text)
    for match in re.finditer(r" ", text):
        if match.start() - at >= width:
            broken[match.start()] = "\n"
            at = match.start()
    return "".join(broken)
