"""Candidates for a fact: a value, where the text states it, and the features that speak for or against it.

In: mentions of one kind, with a `Context`. Out: one `Candidate` a value, with the features of all its mentions pooled.
The same few features serve every kind; a kind adds its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from classifier.extraction.context import Context, crossed, neighbours, place
from classifier.extraction.linear import Linear
from classifier.text.parsed_text import Sentence


@dataclass(slots=True)
class Candidate:
    """A value with its mentions (sentence, first token, token after the last), in order."""

    value: Hashable
    places: list[tuple[Sentence, int, int]] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    mates: frozenset[Hashable] = frozenset()  # the values of the longest list it stands in

    @property
    def sentences(self) -> list[Sentence]:
        """The sentences that state it, once each."""
        return list({sentence.index: sentence for sentence, _, _ in self.places}.values())


_LAST_NOUNS = ("head-last", "ends-")


class Pool:
    """Gathers mentions by value, in order of first mention."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._by_value: dict[Hashable, Candidate] = {}

    def add(
        self,
        value: Hashable,
        sentence: Sentence,
        first: int,
        last: int,
        *,
        extra: Iterable[str] = (),
        kind: str = "",
        nouns: Sequence[str] = (),
        is_lean: bool = False,
    ) -> None:
        """Adds a mention; `extra` are features of its kind, and `kind` is crossed with what stands beside it.

        `nouns` are features of what it calls itself, crossed with its sentence's place; of its last word, also with
        what stands beside it. A lean mention is told by its sentence and by its own features, without the words and
        cues beside it.
        """
        candidate = self._by_value.get(value)
        if candidate is None:
            candidate = self._by_value[value] = Candidate(value, [], [f"first:{place(sentence)}"])
        candidate.places.append((sentence, first, last))
        here = place(sentence)
        close: list[str] = []
        if not is_lean:
            around = self._context.around(sentence, first, last)
            close = [one for one in around if one[-1] in "01"]
            candidate.features += [*around, *neighbours(sentence, first, last)]
        candidate.features += [here, *extra, *self._context.classes(sentence)]
        if kind:
            candidate.features += crossed(kind, close)
            for noun in nouns:
                candidate.features.append(f"{here}&{noun}")
                if noun.startswith(_LAST_NOUNS):
                    candidate.features += crossed(noun, close)
            candidate.features += [f"{kind}&{here}", f"kind:{kind}"]

    def add_bare(self, value: Hashable, sentence: Sentence, first: int, last: int, features: Iterable[str]) -> None:
        """Adds a value that the text does not state itself, with the features given and no others."""
        candidate = self._by_value.setdefault(value, Candidate(value))
        candidate.places.append((sentence, first, last))
        candidate.features += features

    def candidates(self) -> list[Candidate]:
        """All candidates, with how often each is mentioned and how many there are."""
        found = list(self._by_value.values())
        for candidate in found:
            candidate.features += [f"n:{min(len(candidate.places), 4)}", f"of:{min(len(found), 4)}"]
        return found


def choose(candidates: Sequence[Candidate], model: Linear, share: float = 1.0) -> Candidate | None:
    """The likeliest candidate, or None where none reaches a share of the threshold; the earlier of two alike."""
    best, chance = None, share * model.threshold
    for candidate in candidates:
        found = model.probability(candidate.features)
        if found > chance:
            best, chance = candidate, found
    return best
