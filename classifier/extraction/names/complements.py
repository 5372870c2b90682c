"""Names of projects that are a noun with its complement, where capitals do not show them.

In: the tokens of a sentence. Out: spans of tokens. Romance and Slavic languages write all words of a name but the first
small; Arabic has no capitals, there a name is definite. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.entities.name_words import joiners_of, load_name_words
from classifier.languages import load_lexicon
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token, fold


def complemented(tokens: Sequence[Token], projects: Mapping[int, Match[bool]], lang: str) -> list[tuple[int, int]]:
    """A noun for a project with its complement, where names write their other words small or have no capitals.

    `la Casa de acogida para víctimas`, `Информационно-консультационный центр для мигрантов`, `تدبير مركز الإيواء`.
    The noun has a capital that no beginning of a sentence gives it, or the script knows none.
    """
    if lang not in _SMALL_COMPLEMENTS:
        return []
    has_capitals = lang != "ar"
    found = []
    for at in range(1 if has_capitals else 0, len(tokens)):
        token = tokens[at]
        if token.kind != "w" or (has_capitals and not (token.text[0].isupper() and tokens[at - 1].kind == "w")):
            continue
        head = _head_end(tokens, at, projects, lang)
        last = _complement_end(tokens, head, lang) if head else 0
        if lang == "ar" and not _is_definite(tokens, at, last):
            continue
        if last >= at + _LEAST_COMPLEMENTED and last > head:
            found.append((at - 1 if has_capitals and _is_ordinal(tokens[at - 1]) else at, last))
    return found


def _is_ordinal(token: Token) -> bool:
    """Whether a word is a Roman number, which Spanish puts before what it counts: `II Plan de acción`."""
    return not token.text.strip("IVX")


_SMALL_COMPLEMENTS = frozenset(["fr", "es", "pt", "it", "ro", "ru", "uk", "ar"])
_SLAVIC = frozenset(["ru", "uk"])
_SLAVIC_ADJECTIVES = (
    "ий",
    "ый",
    "ой",
    "ая",
    "яя",
    "ое",
    "ее",
    "ого",
    "его",
    "ої",
    "ська",
    "цька",
    "на",
    "не",
    "ське",
    "но",
)
"""Endings of adjectives, also of the first half of one (`Информационно-консультационный`)."""
_LEAST_COMPLEMENTED = 3  # tokens
_LONGEST_COMPLEMENT = 14  # tokens
_BEFORE_HEAD = 4  # tokens: adjectives that Slavic languages put before the noun


def _head_end(tokens: Sequence[Token], at: int, projects: Mapping[int, Match[bool]], lang: str) -> int:
    """Where the noun for a project ends that begins at `at`, in Slavic languages after its adjectives; 0 if none."""
    may_follow = lang in _SLAVIC and tokens[at].folded.endswith(_SLAVIC_ADJECTIVES)
    for step in range(at, min(at + (_BEFORE_HEAD if may_follow else 1), len(tokens))):
        if step > at and tokens[step].text != "-" and not tokens[step].text.islower():
            return 0
        hit = projects.get(step)
        if hit is not None:
            return hit.last
    return 0


def _is_definite(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether an Arabic noun with its complement means one thing: `صندوق مساعدة الضحايا`, not `مشروع جديد`."""
    is_bare = not tokens[first].folded.startswith(_ARABIC_ARTICLE)
    for at in range(first + 1, min(last, first + _ARABIC_CHAIN)):
        word = tokens[at].folded
        if word.startswith(_ARABIC_ARTICLE):
            return is_bare or at == first + 1
        if word in _ARABIC_AGAINST or (word[0] in "لب" and word not in _ARABIC_NOUNS):
            return False
    return False


_ARABIC_ARTICLE = "ال"
_ARABIC_CHAIN = 5  # nouns in construct, the last of them definite
_ARABIC_AGAINST = frozenset(["ضد", "ضمن"])
_ARABIC_NOUNS = frozenset(map(fold, ["بناء", "بيت", "برنامج", "لجنة", "بحث", "بلدان"]))
"""Nouns that begin with a letter which otherwise is a preposition written in one word with what it governs."""


def _complement_end(tokens: Sequence[Token], head: int, lang: str) -> int:
    """Where the complement of a noun ends: small words with what they govern, adjectives, and words with capitals."""
    words, joiners = load_name_words(), joiners_of(lang)
    ends = tuple(load_lexicon(lang).adjective_ends)
    last = head
    for at in range(head, min(head + _LONGEST_COMPLEMENT, len(tokens))):
        token = tokens[at]
        if lang == "ar":
            if token.kind != "w" or token.folded in words.arabic_stops:
                break
            last = at + 1
        elif token.folded in words.title_stops:
            break
        elif token.folded in joiners or token.text in "-'’":
            continue
        elif token.kind == "w" and (
            token.text[0].isupper()
            or lang in _SLAVIC
            or tokens[at - 1].folded in joiners
            or tokens[at - 1].text in "-'’"
            or (ends and token.folded.endswith(ends))
        ):
            last = at + 1
        else:
            break
    return last
