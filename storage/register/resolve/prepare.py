"""From an article and its verdict to an item for the batch resolver: what it claims, and the keys it is found by.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from classifier.document import Facts, Verdict
from classifier.title_only import is_title_only
from storage.articles.parts import own_text
from storage.records import ArticleReading
from storage.register.blocking.keys import list_blocking_keys, list_lookup_keys
from storage.register.blocking.lookup import join_words
from storage.register.compare.near_copy import fold_text, list_bands, sign_text
from storage.register.compare.read_claims import facts_for_comparison, read_claims, read_marks
from storage.register.resolve.groups import BatchArticle

_CAPITALS = re.compile(r"\b[A-ZÀ-ÞА-Я]{4,12}\b")
MAX_ACRONYMS = 6
# A project's name is rarely among the common words: of an article's words the longest are asked for.
MAX_MENTIONED = 40


def facts_of(verdict: Verdict) -> Facts | None:
    """Facts worth comparing: at least something beside countries and a length was read."""
    facts = verdict.facts
    if facts is None or verdict.new_project_band == "no":
        return None
    is_comparable = facts.name or facts.implementers or facts.funders or facts.amount is not None or facts.start
    return facts if is_comparable or verdict.is_new_project else None


def prepare(article_id: int, reading: ArticleReading, verdict: Verdict) -> BatchArticle:
    """An article ready to be placed."""
    text = own_text(reading.text, verdict.elsewhere)
    said = f"{reading.title}\n{text}"
    signed = None if is_title_only(reading.title, text) else sign_text(said)
    words = join_words(reading.title, text)
    stated = facts_for_comparison(facts_of(verdict), reading.title, text, reading.language)
    marks = read_marks(reading.title, text, words.split())
    claims = read_claims(reading, stated, marks, signed)
    return BatchArticle(
        article_id=article_id,
        reading=reading,
        verdict=verdict,
        claims=claims,
        has_facts=stated is not None,
        stated=stated,
        marks=marks,
        bands=() if signed is None else list_bands(signed),
        keys=tuple(
            dict.fromkeys((*list_blocking_keys(claims), *(() if verdict.is_new_project else _acronym_keys(said))))
        ),
        lookup_keys=(*list_lookup_keys(claims), *(() if verdict.is_new_project else _mention_keys(words))),
        words=words,
    )


def _acronym_keys(text: str) -> Iterable[str]:
    """Keys under which news without facts is found by a project that it names by its acronym and that is reported only
    later."""
    found = dict.fromkeys(word for word in _CAPITALS.findall(text))
    return [f"w:{fold_text(word)}" for word in list(found)[:MAX_ACRONYMS]]


def _mention_keys(words: str) -> tuple[str, ...]:
    """Keys by which later news of a project finds it: the long and rare words it may be named by; asked for, not
    kept."""
    ranked = sorted(set(words.split()), key=lambda word: (-len(word), word))
    return tuple(f"w:{word}" for word in ranked[:MAX_MENTIONED] if len(word) >= 4)
