"""Names of projects and organisations made comparable: accents, acronyms, ordinals, phases, editions, Roman numerals.

A name as an article writes it goes in; words, an acronym and the number of its phase or edition come out. What two
names share is then a question of sets. Nothing here knows a project from another: `match` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz import fuzz

from storage.register.compare.near_copy import fold_text
from storage.register.compare.words import (
    ARABIC_FORMS,
    COMMON_ACRONYMS,
    COMMON_WORDS,
    ORDINALS,
    SMALL_WORDS,
    drop_article,
)

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_PHASE_WORD = (  # as they stand once folded
    "phase|phases|fase|faza|faze|fasi|stage|etape|etapa|edition|edicion|edicao|edizione|round|ronda|faz|"
    "asama|asamasi|фаза|фазы|фази|этап|етап|المرحلة|المرحله|tahap|cycle|tranche|rounds|cohort"
)
_PHASE = re.compile(_PHASE_WORD)
_PHASE_THEN_NUMBER = re.compile(rf"\b(?:{_PHASE_WORD})\s+(\w+)\b")
_NUMBER_THEN_PHASE = re.compile(rf"\b(\w+)\s+(?:{_PHASE_WORD})\b")
_LAST_NUMBER = re.compile(r"\b([ivx]{1,4}|\d{1,2})$")
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_PARENTHESES = re.compile(r"[\(\[]([^()\[\]]*)[\)\]]")
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"[’'`ʼ]s\b|[’'`ʼ]")
ACRONYM = re.compile(r"[A-ZÀ-ÞА-ЯІЄЇҐ][A-ZÀ-ÞА-ЯІЄЇҐ0-9.&/-]{1,11}")


def fold_words(text: str) -> list[str]:
    """The words of a text, folded, in order, without small words; Arabic letters in one form, its article dropped."""
    folded = _APOSTROPHE.sub(" ", fold_text(text))
    if folded.isascii():
        return [word for word in _WORD.findall(folded) if word not in SMALL_WORDS]
    bare = map(drop_article, _WORD.findall(folded.translate(ARABIC_FORMS)))
    return [word for word in bare if word not in SMALL_WORDS]


@dataclass(frozen=True, slots=True)
class ProjectName:
    """A project's name made comparable.

    `words` are all folded words but small ones, phase words and numbers; `distinctive` those that are not common to the
    whole field; `acronyms` as written or in brackets; `phase` the number of its phase or edition, and
    `is_phase_said` whether a word calls it one; `places` those of its words that name a country or region.
    """

    words: frozenset[str]
    distinctive: frozenset[str]
    acronyms: frozenset[str]
    phase: int | None
    text: str
    places: frozenset[str] = frozenset()
    is_phase_said: bool = False

    def without(self, bodies: frozenset[str], places: frozenset[str]) -> ProjectName:
        """The name where words of well-known organisations and of places no longer tell it from others; places are kept
        apart."""
        return replace(
            self,
            distinctive=self.distinctive - bodies - places,
            acronyms=self.acronyms - bodies - places,
            places=(self.words | self.acronyms) & places,
        )

    @property
    def initials(self) -> frozenset[str]:
        """The first letters of its words."""
        return frozenset(_spellings(self.text)[0])

    @property
    def key(self) -> str:
        """The name as a key for exact look-up: sorted words, without phase; empty where nothing is left."""
        return " ".join(sorted(self.words))


@lru_cache(maxsize=4096)
def read_name(name: str) -> ProjectName:
    """Reads a project's name; an empty one gives empty sets."""
    inside = [part.strip() for part in _PARENTHESES.findall(name)]
    bare = _PARENTHESES.sub(" ", name)
    acronyms = {fold_text(a).replace(".", "") for a in inside if _is_acronym(a)}
    acronyms |= {
        fold_text(w).replace(".", "") for w in re.split(r"[\s,–—:«»\"“”]+", bare) if ACRONYM.fullmatch(w) and len(w) > 2
    }
    if name.isupper() and len(name) > 12:  # a name all in capitals shows no acronyms
        acronyms = {a for a in acronyms if a in {fold_text(i) for i in inside}}
    tail = re.split(r"\s[–—-]\s|:\s", bare)
    if len(tail) > 1 and _is_acronym(tail[-1].strip()):
        acronyms.add(fold_text(tail[-1].strip()))
    folded = " ".join(_WORD.findall(fold_text(bare).translate(ARABIC_FORMS)))
    is_phase_said = _find_said_phase(folded) is not None
    phase, folded = read_phase(folded)
    words = frozenset(w for w in fold_words(_YEARS.sub(" ", folded)) if w not in acronyms or len(folded.split()) <= 2)
    return ProjectName(
        words=words,
        distinctive=frozenset(w for w in words if w not in COMMON_WORDS),
        acronyms=frozenset(acronyms) - COMMON_ACRONYMS,
        phase=phase,
        text=folded,
        is_phase_said=is_phase_said,
    )


def _is_acronym(text: str) -> bool:
    return bool(ACRONYM.fullmatch(text)) and sum(c.isupper() for c in text) >= 2


def _to_number(word: str) -> int | None:
    if word.isdigit() and len(word) <= 2:
        return int(word)
    return _ROMAN.get(word) or ORDINALS.get(word)


def read_phase(folded: str) -> tuple[int | None, str]:
    """Finds the number of a phase or edition in folded words; gives it and the words without it.

    "phase ii", "second phase" and a last "2" or "ii" count. A number over 20 is no phase (a hotline's number).
    """
    for number, match in _find_phases(folded, _PHASE_THEN_NUMBER, _NUMBER_THEN_PHASE, _LAST_NUMBER):
        if match.group() != folded:
            return number, f"{folded[: match.start()]} {folded[match.end() :]}".strip()
    return None, folded


def read_title_phase(title: str) -> int | None:
    """The phase or edition a headline names outright ("Second phase of …"); None where it names none."""
    folded = fold_text(title).translate(ARABIC_FORMS)
    if _PHASE.search(folded) is None:  # nearly always
        return None
    return _find_said_phase(" ".join(_WORD.findall(folded)))


def _find_said_phase(folded: str) -> int | None:
    return next((number for number, _ in _find_phases(folded, _PHASE_THEN_NUMBER, _NUMBER_THEN_PHASE)), None)


def _find_phases(folded: str, *patterns: re.Pattern[str]) -> Iterator[tuple[int, re.Match[str]]]:
    for pattern in patterns:
        for match in pattern.finditer(folded):
            number = _to_number(match.group(1))
            if number is not None and number <= 20:
                yield number, match


@dataclass(frozen=True, slots=True)
class NameLikeness:
    """How two names stand: `same`, `near` (may be one, shortened or translated), `other`, or `unknown` (one is
    missing).

    `is_distinctive` is True where they share more than the common words of the field.
    """

    kind: str
    is_distinctive: bool = False


# An acronym may leave out a name's first words (projet d'…) or last (… in the Gulf of Guinea); shorter ones would fit
# by chance.
MIN_SPELT_PART = 4
LETTERS_A_WORD = 3
# From 85 of 100 in order-free likeness two spellings are one name: the measure the labelled corpus is scored by.
SAME_LIKENESS = 85


def compare_names(one: ProjectName | None, other: ProjectName | None) -> NameLikeness:
    """Compares two names; either may be None or empty."""
    if one is None or other is None or not (one.words or one.acronyms) or not (other.words or other.acronyms):
        return NameLikeness("unknown")
    if one.places and other.places and not one.places & other.places and not _is_translated_place(one, other):
        return NameLikeness("other")  # one template, two places
    shared_acronyms = one.acronyms & other.acronyms
    shared = one.distinctive & other.distinctive
    smaller = min(one.words, other.words, key=len)
    larger = max(one.words, other.words, key=len)
    if one.words == other.words or (
        fuzz.token_sort_ratio(one.text, other.text) >= SAME_LIKENESS and _differ_little(one, other)
    ):
        return NameLikeness("same", bool(shared or shared_acronyms))
    if shared_acronyms or _spells(one, other) or _spells(other, one):
        return NameLikeness("same", True)
    if len(smaller) >= 2 and smaller <= larger and shared:
        return NameLikeness("same" if len(shared) >= 2 else "near", True)
    if shared and len(shared) >= 0.6 * min(len(one.distinctive), len(other.distinctive)):
        return NameLikeness("near", True)
    if not one.distinctive or not other.distinctive:
        return NameLikeness("unknown")
    return NameLikeness("other")


def _is_translated_place(one: ProjectName, other: ProjectName) -> bool:
    """Whether the places are spelt alike in two languages (`moldova`, `moldavie`)."""
    return any(fuzz.ratio(a, b) >= 70 for a in one.places for b in other.places)


def _differ_little(one: ProjectName, other: ProjectName) -> bool:
    """Whether every distinctive word of the one has a close spelling in the other: a country swapped is no small
    difference."""
    return all(
        any(fuzz.ratio(word, candidate) >= 75 for candidate in theirs.words)
        for ours, theirs in ((one, other), (other, one))
        for word in ours.distinctive
    )


def _spells(short: ProjectName, long: ProjectName) -> bool:
    """Whether one holds an acronym that the other's initials spell: ALTP in "projet d'Appui à la Lutte contre la
    Traite des Personnes"."""
    candidates = short.acronyms | (short.words if len(short.words) == 1 else frozenset())
    return any(is_spelt(acronym, long) for acronym in candidates)


def is_spelt(acronym: str, name: ProjectName) -> bool:
    """Whether a name's initials, or the beginnings of its words, spell an acronym."""
    spelt = _spellings(name.text)
    if len(acronym) >= 3 and acronym in spelt:
        return True
    return len(acronym) >= MIN_SPELT_PART and (acronym in spelt[0] or spells_loosely(acronym, name.text.split()))


@lru_cache(maxsize=4096)
def _spellings(text: str) -> tuple[str, str]:
    words = text.split()
    return "".join(word[0] for word in words if word not in SMALL_WORDS), "".join(word[0] for word in words)


def spells_loosely(acronym: str, words: Sequence[str]) -> bool:
    """Whether an acronym is made of beginnings of all these words in order, one to three letters of each: COMPASS of
    "Cooperation on Migration and Partnerships to Achieve Sustainable Solutions". Small words may be left out."""
    reached = {0}
    for word in words:
        onward = {
            at + length
            for at in reached
            for length in range(1, min(len(word), LETTERS_A_WORD) + 1)
            if acronym.startswith(word[:length], at)
        }
        reached = onward | reached if word in SMALL_WORDS else onward
        if not reached:
            return False
    return len(acronym) in reached


def complete_name(name: str, text: str) -> str:
    """A name with the acronym that its article gives right behind it, or in front of which it stands spelt out.

    "Cooperation on Migration" with "… Cooperation on Migration (COMPASS) …" in the text becomes the whole; "COMPASS"
    likewise. As it was where the text does not say.
    """
    if "(" in name:
        return name
    if ACRONYM.fullmatch(name):
        before = re.search(rf"((?:[\w’'.-]+[ \u00a0]){{2,14}})[«“\"']?\({re.escape(name)}\)", text)
        words = before.group(1).split() if before else []
        for start in range(len(words) - 2, -1, -1):
            if spells_loosely(fold_text(name).replace(".", ""), _WORD.findall(fold_text(" ".join(words[start:])))):
                return f"{' '.join(words[start:])} ({name})"
        return name
    behind = re.search(rf"{re.escape(name)}[»”\"’']?\s*\(({ACRONYM.pattern})[)\s,;]", text, re.IGNORECASE)
    return f"{name} ({behind.group(1)})" if behind and _is_acronym(behind.group(1)) else name
