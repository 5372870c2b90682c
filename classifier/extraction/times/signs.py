"""What happens on a date, or lasts for a length: the words about it by what they speak of, in every language alike.

In: a date or a length in its sentence. Out: names of features. A date stands for a project's start where something
begins on it, and seldom where something is signed, told, held or counted; a length is a project's where a project lasts
so long or is paid so long, and seldom where people stay or time has passed. Which of it counts is learned.
"""

from __future__ import annotations

from functools import cache, lru_cache

from classifier.extraction.surroundings import Match
from classifier.lexicon import read_yaml
from classifier.text.tokens import fold

__all__ = ["DATE_WORDS", "LENGTH_WORDS", "signs_of"]

DATE_WORDS, LENGTH_WORDS = "date_words.yaml", "length_words.yaml"
"""Files of the lexicon with the words by what they speak of: about dates, about lengths."""

_REACH = 10
"""Words and signs on each side: the verb of a date stands in its clause."""
_BESIDE = 3  # words: what stands so near is about the date itself
_WALLS = frozenset(";:.!?")
"""Signs that end a clause; a comma may part a verb from its own date."""
_MONEY = frozenset("$€£")
"""Signs that say as much as a word: what is paid for is a project."""
_IN_NAMES = frozenset(["counted"])
"""Classes whose words stand in names of bodies: `Save the Children` and `UN Women` count nobody."""
_NO_CLASS = "unlike"
"""Where the lexicon keeps words that only begin like a telling one (`iniciativa` begins nothing)."""
_SHORTEST_STEM = 3  # letters: shorter beginnings are those of any word
_MAX_REMEMBERED = 4_000  # words: those near the dates of some hundred articles
_ARABIC_PREFIXES = ("وال", "ال", "و", "ف", "ب", "ل")
_SHORTEST_ARABIC = 3  # letters that must be left behind a prefix


@cache
def _stems(file: str) -> dict[str, tuple[str, ...]]:
    """The classes by the beginning of a word, folded; a whole word ends in a stop."""
    table: dict[str, tuple[str, ...]] = {}
    for name, stems in read_yaml(file).items():
        classes = () if name == _NO_CLASS else (name,)
        for stem in stems:
            word = f"{fold(stem[:-1])}." if stem.endswith(".") else fold(stem)
            table[word] = table.get(word, ()) + classes
    return table


@cache
def _longest_stem(file: str) -> int:
    return max(map(len, _stems(file)))


@lru_cache(maxsize=_MAX_REMEMBERED)
def _classes_of(word: str, file: str = DATE_WORDS) -> tuple[str, ...]:
    """The classes of a folded word, by the word itself, else by its longest known beginning."""
    stems = _stems(file)
    whole = stems.get(f"{word}.")
    if whole is not None:
        return whole
    for size in range(min(_longest_stem(file), len(word)), _SHORTEST_STEM - 1, -1):
        found = stems.get(word[:size])
        if found is not None:
            return found
    for prefix in _ARABIC_PREFIXES:
        if word.startswith(prefix) and len(word) >= len(prefix) + _SHORTEST_ARABIC:
            return _classes_of(word[len(prefix) :], file)
    return ()


def signs_of(found: Match, kind: str, file: str = DATE_WORDS) -> list[str]:
    """Features of the nearest word of each class on each side of a time, and of the nearest of all, by the kind too."""
    tokens = found.sentence.tokens
    nearest: dict[str, int] = {}
    for side, places in (
        ("L", range(found.first - 1, max(-1, found.first - 1 - _REACH), -1)),
        ("R", range(found.last, min(len(tokens), found.last + _REACH))),
    ):
        distance = 0
        for at in places:
            token = tokens[at]
            if token.kind == "s":
                if token.text in _WALLS:
                    break
                if token.text not in _MONEY:
                    continue
            distance += 1
            if token.kind != "n":
                for name in _classes_of(token.folded, file):
                    if not (name in _IN_NAMES and at > 0 and token.text[0].isupper()):
                        nearest.setdefault(f"{side}:{name}", distance)
    if not nearest:
        return ["on:none"]
    least = min(nearest.values())
    closest = list(dict.fromkeys(key[2:] for key, distance in nearest.items() if distance == least))
    return [
        *(f"on:{key}:{'0' if distance <= _BESIDE else '1'}" for key, distance in nearest.items()),
        *(f"on:{name}" for name in closest),
        *(f"{kind}&on:{name}" for name in closest),
    ]
