"""Which of the candidates for a name is the project's, and how it is given in full.

In: candidates and the models' weights. Out: the likeliest candidate, or None. What a text says so plainly that no model
need weigh it (`X, a new project`, a headline that stands word for word in the text) has a least chance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classifier.entities.name_words import load_name_words
from classifier.extraction.candidates import Candidate
from classifier.extraction.linear import Linear, softmax_with_null
from classifier.extraction.names.features import is_odd_word
from classifier.text.tokens import Token

DEFINED_FLOOR = 0.36
"""Chance at least of what a text describes as a project after a comma (`X, a new project`): half are its name."""

_NO_PROJECT_HEADS = frozenset(["number", "body:fund", "head-last:fund", "head-first:fund", "cut-left"])


def _is_defined_name(features: Sequence[str]) -> bool:
    known = set(features)
    return (
        not known.isdisjoint(("defined", "glossed"))
        and "capitals:4" in known
        and not known.isdisjoint(("kind:run", "kind:project-run", "kind:odd", "kind:word"))
        and known.isdisjoint(_NO_PROJECT_HEADS)
        and not known.isdisjoint(("body:proper", "body:acronym", "body:none"))
        and (known.isdisjoint(("kind:word",)) or "body:proper" in known)
    )


_NO_PROJECT_ACRONYMS = frozenset(["odd:0", "odd:1", "head-before:ngo", "head-before:fund", "head-before:state"])
"""What speaks against an acronym before a colon in a headline: the text has it once, or says `the foundation X`."""


def _is_headline_name(candidate: Candidate) -> bool:
    """Whether a headline is or has a name: it stands in the text word for word, ends in its acronym or begins with it.

    A word with a capital inside is one that the headline and the text both hold, and that one of them says is launched.
    """
    known = set(candidate.features)
    if "kind:title" in known:
        title = str(candidate.value)
        short = title.rsplit("(", 1)[-1][:-1] if title.endswith(")") else ""
        return "both" in known or (" " not in short and is_odd_word(short))
    if {"camel", "both", "odd&L:launches:0"} <= known:
        return True
    is_acronym = not known.isdisjoint(("acronym", "camel")) and known.isdisjoint(_NO_PROJECT_ACRONYMS)
    return {"kind:title-part", "single"} <= known and is_acronym


def choose_name(
    candidates: Sequence[Candidate], alone: Linear, among: Linear, as_body: Callable[[str], float] | None = None
) -> Candidate | None:
    """The likeliest name, in full where the text gives a full one; None where none is likely enough.

    How likely is a mean of two answers: of a model that looks at each candidate alone, and of one that learned which
    of an article's candidates wins. `as_body` says how likely a name is that of a body with a part in the project.
    """
    best, chance = None, alone.threshold
    known = [frozenset(candidate.features) for candidate in candidates]
    rivals = softmax_with_null([among.score(features) for features in known])
    for candidate, features, rival in zip(candidates, known, rivals, strict=True):
        found = _ALONE * alone.probability(features) + (1 - _ALONE) * rival
        if as_body is not None and found > chance:
            found *= 1 - _BODY_DOUBT * as_body(str(candidate.value))
        found = _at_least(found, candidate)
        if found > chance:
            best, chance = candidate, found
    if best is None:
        return None
    return expand_acronym(_in_full(best, candidates), candidates)


_ALONE = 0.6
"""Weight of the answer that looks at each candidate alone: from 0.5 to 0.7 cross-validation finds it alike, and more
is right in articles of other writers than with equal weights."""

_BODY_DOUBT = 0.5
"""Share of its chance that a name loses which surely is that of a body: from 0.4 to 0.6 alike. All of it would lose
projects that bear the name of who runs them."""


def _in_full(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The longer candidate that goes on over `and` up to a comma with a short form, where the best is cut before it:
    `Safe Work in Fishing and Farming, known as SWIFF`."""
    words = load_name_words()
    for sentence, first, last in best.places:
        tokens = sentence.tokens
        if last + 1 >= len(tokens) or tokens[last].folded not in words.conjunctions:
            continue
        for candidate in candidates:
            for place, begin, end in candidate.places:
                if (place is sentence and begin == first and last < end < len(tokens) - 1) and (
                    tokens[end].text == "," and tokens[end + 1].folded in words.acronym_bridges
                ):
                    return candidate
    return best


def probability_of(candidate: Candidate, model: Linear) -> float:
    """The chance, 0 to 1, that a candidate is the name of a project, whatever its rivals: there may be several."""
    return _at_least(model.probability(candidate.features), candidate)


def _at_least(chance: float, candidate: Candidate) -> float:
    """A chance, or the least one of what a text describes as a project, or of a headline that is a name."""
    if _is_defined_name(candidate.features) or _is_headline_name(candidate):
        return max(chance, DEFINED_FLOOR)
    return chance


def expand_acronym(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The full name where the text gives one before the chosen acronym in brackets: `Safe Paths (SAPA)` for `SAPA`."""
    acronym = str(chosen.value)
    if not is_odd_word(acronym) or " " in acronym:
        return chosen
    longest = chosen
    for candidate in candidates:
        for sentence, _, last in candidate.places:
            tokens = sentence.tokens
            if _is_followed_by(tokens, last, acronym) and len(str(candidate.value)) > len(str(longest.value)):
                longest = candidate
    return longest


def _is_followed_by(tokens: Sequence[Token], last: int, acronym: str) -> bool:
    """Whether the acronym of a name comes right after it: `(SAPA)`, `, known as SAPA`, `, or SAPA`."""
    if last + 1 >= len(tokens) or tokens[last].text not in "(,–—":
        return False
    closing = last + 1
    while (
        closing < min(last + _LONGEST_BRIDGE, len(tokens))
        and tokens[closing].folded in load_name_words().acronym_bridges
    ):
        closing += 1
    is_bridged = tokens[last].text == "(" or closing > last + 1
    return is_bridged and closing < len(tokens) and tokens[closing].text == acronym


_LONGEST_BRIDGE = 4  # tokens: a comma and `also known as`
