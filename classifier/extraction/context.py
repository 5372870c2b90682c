"""What stands around a place in a sentence: the cues of the lexicon, by class, side and distance, as named features.

In: a `ParsedText`. Out: a `Context` that answers for any run of tokens. The same features serve organisations,
countries, amounts and times, and are the same in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from classifier.languages import load_lexicon
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.word_books import ARTICLES, head_book, joining_words, prepositions

_NEAR, _FAR = 1, 4  # tokens: beside, and within a phrase
_OUTER = 14  # beyond this a cue speaks of something else
_MAX_SKIPPED = 3  # articles and signs between a preposition and the name it governs
_QUOTES = frozenset("\"'«»“”„’‘(")
_SENTENCE_BUCKETS = ((0, "title"), (1, "1"), (2, "2"), (3, "3"), (5, "5"), (8, "8"))


@cache
def _cue_book(lang: str) -> PhraseMatcher[tuple[str, ...]]:
    if lang == "en":
        return PhraseMatcher(_cues_of("en").items())
    book, english = _cue_book("en").copy(is_arabic=lang == "ar"), _cues_of("en")
    for phrase in load_lexicon(lang).false_friends:
        book.remove(phrase)
        english.pop(phrase, None)
    for phrase, names in _cues_of(lang).items():
        book.add(phrase, tuple(dict.fromkeys((*english.get(phrase, ()), *names))))
    return book


def _cues_of(lang: str) -> dict[str, tuple[str, ...]]:
    """The phrases of one language that say something of what stands beside them, by what they say."""
    lexicon = load_lexicon(lang)
    classes: dict[str, list[str]] = {}
    for name, phrases in (
        *lexicon.cues.items(),
        *((f"time-{name}", phrases) for name, phrases in lexicon.time.items()),
        ("project", lexicon.projects),
    ):
        for phrase in phrases:
            classes.setdefault(phrase, []).append(name)
    return {phrase: tuple(dict.fromkeys(names)) for phrase, names in classes.items()}


_ROLE_CUES = frozenset(
    (
        "funded_by",
        "funds",
        "receives",
        "implements",
        "implemented_by",
        "launches",
        "partner_with",
        "partner",
        "helps",
        "says",
        "attends",
        "beneficiary",
        "person",
        "parent",
    )
)
"""Classes of cues that say what an organisation does in a sentence."""


class Context:
    """The cues of a document, found once a sentence and kept."""

    def __init__(self, reading: ParsedText) -> None:
        self.reading = reading
        self._book = _cue_book(reading.lang)
        self.heads = head_book(reading.lang)
        self._prepositions = prepositions(reading.lang)
        self._joiners = joining_words(reading.lang)
        self._cues: dict[int, list[Match[tuple[str, ...]]]] = {}
        self._classes: dict[int, list[str]] = {}

    def cues(self, sentence: Sentence) -> list[Match[tuple[str, ...]]]:
        """The cues of a sentence from left to right."""
        found = self._cues.get(sentence.index)
        if found is None:
            found = self._cues[sentence.index] = self._book.find_all(sentence.tokens)
        return found

    def classes(self, sentence: Sentence) -> list[str]:
        """Features of the classes of cues a sentence holds, each once."""
        found = self._classes.get(sentence.index)
        if found is None:
            names = dict.fromkeys(name for cue in self.cues(sentence) for name in cue.value)
            found = self._classes[sentence.index] = [f"s:{name}" for name in names]
        return found

    def governors(self, sentence: Sentence, first: int) -> list[str]:
        """Features of the preposition that governs what begins at `first`, articles and signs between them skipped."""
        tokens = sentence.tokens
        at = first - 1
        while at >= 0 and first - at <= _MAX_SKIPPED:
            meanings = self._prepositions.get(tokens[at].folded)
            if meanings:
                return [f"pre:{name}" for name in meanings]
            if tokens[at].folded not in ARTICLES and tokens[at].text not in _QUOTES:
                break
            at -= 1
        if at < 0:
            return ["pre:^"]
        return ["pre:sign"] if tokens[at].kind == "s" else ["pre:word"]

    def is_followed_by_verb(self, sentence: Sentence, last: int) -> bool:
        """Whether what follows may be a verb: a small word that is no preposition and joins nothing."""
        tokens = sentence.tokens
        if last >= len(tokens) or tokens[last].kind != "w" or not tokens[last].text.islower():
            return False
        return tokens[last].folded not in self._prepositions and tokens[last].folded not in self._joiners

    def nearest(self, sentence: Sentence, first: int, last: int, intervening: Sequence[tuple[int, int]]) -> list[str]:
        """Features of the cue of a role nearest on each side, and of both together: `NL:funded_by`, `NR:launches`."""
        left: Match[tuple[str, ...]] | None = None
        right: Match[tuple[str, ...]] | None = None
        for cue in self.cues(sentence):
            if not _ROLE_CUES.intersection(cue.value):
                continue
            if cue.last <= first:
                left = cue
            elif cue.first >= last:
                right = cue
                break
        found = {}
        for side, nearest in (("NL", left), ("NR", right)):
            if nearest is None:
                found[side] = [f"{side}:none"]
                continue
            low, high = (nearest.last, first) if side == "NL" else (last, nearest.first)
            is_behind_another = any(low <= other[0] and other[1] <= high for other in intervening)
            classes = [name for name in nearest.value if name in _ROLE_CUES]
            found[side] = [f"{side}:{name}{'x' if is_behind_another else ''}" for name in classes]
        both = [f"{one}&{other}" for one in found["NL"] for other in found["NR"]]
        return [*found["NL"], *found["NR"], *both]

    def around(
        self, sentence: Sentence, first: int, last: int, intervening: Sequence[tuple[int, int]] = ()
    ) -> list[str]:
        """Features of the cues on both sides of `tokens[first:last]`: `L:funded_by:0` stands right before it.

        A cue behind one of the `intervening` mentions (token spans) is marked `x`: it may speak of that one.
        """
        nearest: dict[str, tuple[int, bool]] = {}
        for cue in self.cues(sentence):
            if cue.last <= first:
                side, distance, between = "L", first - cue.last, (cue.last, first)
            elif cue.first >= last:
                side, distance, between = "R", cue.first - last, (last, cue.first)
            else:
                side, distance, between = "I", 0, (0, 0)
            if distance > _OUTER:
                continue
            is_behind_another = any(between[0] <= other[0] and other[1] <= between[1] for other in intervening)
            for name in cue.value:
                key = f"{side}:{name}"
                if key not in nearest or distance < nearest[key][0]:
                    nearest[key] = (distance, is_behind_another)
        features = []
        for key, (distance, is_behind_another) in nearest.items():
            bucket = "0" if distance <= _NEAR else "1" if distance <= _FAR else "2"
            features.append(f"{key}:{bucket}{'x' if is_behind_another else ''}")
        return features


_LONGEST_GLOSS = 12  # tokens between commas that say what a body is


def behind_gloss(sentence: Sentence, last: int) -> int:
    """Where a clause goes on after what is said between commas of the name before: `Kafa, a small charity, opens`."""
    tokens = sentence.tokens
    if last < len(tokens) and tokens[last].text == ",":
        for at in range(last + 2, min(last + 2 + _LONGEST_GLOSS, len(tokens))):
            if tokens[at].text == ",":
                return at + 1
            if tokens[at].text in ".;:":
                break
    return last


def neighbours(sentence: Sentence, first: int, last: int) -> list[str]:
    """The words right before and after, as features."""
    tokens = sentence.tokens
    before = [token.folded for token in tokens[max(0, first - 2) : first]]
    after = [token.folded for token in tokens[last : last + 2]]
    features = [f"l={before[-1]}" if before else "l=^", f"r={after[0]}" if after else "r=$"]
    if len(before) == 2:
        features.append(f"ll={before[0]}_{before[1]}")
    if len(after) == 2:
        features.append(f"rr={after[0]}_{after[1]}")
    return features


def place(sentence: Sentence) -> str:
    """Where in the article a sentence stands, as a feature."""
    for limit, name in _SENTENCE_BUCKETS:
        if sentence.index <= limit:
            return f"p:{name}"
    return "p:late"


def crossed(prefix: str, features: Iterable[str]) -> list[str]:
    """Each feature joined with a prefix, beside itself: what a cue means depends on what it stands by."""
    return [f"{prefix}&{feature}" for feature in features]
