"""A cheap first look at a rough text: can it be about trafficking in persons at all?

In: title and rough text of a page, its sidebars and cookie notices perhaps included, and the language. Out: a
probability that is safe to rule out by when it is low, or None where no lexicon knows the language. It reads only the
words of a few concepts, wherever they stand, in a tenth of the time of a full reading.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import FALSE_FRIENDS, NOT_MEANT, ConceptLexicon, Word, load_concepts
from classifier.features import match_phrase
from classifier.remembered import Remembered

__all__ = ["GLANCE_CONCEPTS", "glance", "glance_names"]

GLANCE_CONCEPTS: tuple[str, ...] = ("tip", "tip_weak", *FALSE_FRIENDS)
"""What speaks for the subject, and what is most often taken for it."""

_WORD = re.compile(r"(?:[^\W\d_]+[\u0300-\u036f\u064b-\u065f\u0670]*)+")
_ASCII_WORD = re.compile(r"[A-Za-z]+")

_READ_CHARACTERS = 12_000
"""Of a longer page only its beginning is looked at: an article that is about something says so there."""

_ANYWHERE = ("tip", "tip_weak")


@cache
def _lexicon(lang: str) -> ConceptLexicon | None:
    full = load_concepts(lang)
    return full.only((*GLANCE_CONCEPTS, NOT_MEANT)) if full else None


_WORDS_KEPT = 100_000
"""Some 10 MB; more different words than a day's news holds."""

_Known = tuple[ConceptLexicon, Remembered[Word | None]]
"""A lexicon, and what it knows of a word: None for the many that say nothing."""


@cache
def _known(lang: str) -> _Known | None:
    lexicon = _lexicon(lang)
    if lexicon is None:
        return None

    def find(word: str) -> Word | None:
        known = lexicon.word(word)
        return known if known.concepts or known.phrases else None

    return lexicon, Remembered(find, _WORDS_KEPT)


def glance(title: str, text: str, lang: str) -> NDArray[np.float32] | None:
    """A row of `len(glance_names())` numbers; None where no lexicon knows the language."""
    known = _known(lang)
    if known is None:
        return None
    headline = _count(title, known)
    body = _count(text[:_READ_CHARACTERS], known)
    return np.concatenate([np.minimum(headline, 2), np.log1p(body), (headline + body > 0)[:2]]).astype(np.float32)


def _count(text: str, known: _Known) -> NDArray[np.float64]:
    lexicon, words_known = known
    counts = np.zeros(len(GLANCE_CONCEPTS) + 1)  # of what is not meant too, which nobody looks at
    words = (_ASCII_WORD if text.isascii() else _WORD).findall(text)
    covered = -1  # last word of the latest "human trafficking", whose words are not weak signs too
    unmeant = -1  # last word of the latest phrase whose words mean no false friend
    for at, word in enumerate(words):
        found = words_known[word]
        if found is None:
            continue
        for phrase in found.phrases:
            last = match_phrase([lexicon.word(w) for w in words[at + 1 : at + 10]], 0, phrase.items)
            if last >= 0:
                counts[phrase.concept] += 1
                if phrase.concept == 0:
                    covered = max(covered, at + 1 + last)
                elif phrase.concept == len(GLANCE_CONCEPTS):
                    unmeant = max(unmeant, at + 1 + last)
        if len(GLANCE_CONCEPTS) in found.concepts:
            unmeant = max(unmeant, at)
        for concept in found.concepts:
            if (concept != 1 or at > covered) and (concept <= 1 or at > unmeant):
                counts[concept] += 1
            if concept == 0:
                covered = max(covered, at)
    return counts[: len(GLANCE_CONCEPTS)]


@cache
def glance_names() -> tuple[str, ...]:
    """What each number of a glance is."""
    return (
        *(f"title:{c}" for c in GLANCE_CONCEPTS),
        *(f"count:{c}" for c in GLANCE_CONCEPTS),
        *(f"any:{c}" for c in _ANYWHERE),
    )
