"""Which of the candidates for a name is the project's.

In: candidates and the models' weights. Out: the likeliest candidate, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classifier.extraction.candidates import Candidate
from classifier.extraction.linear import Linear, softmax_with_null


def choose_name(
    candidates: Sequence[Candidate], alone: Linear, among: Linear, as_body: Callable[[str], float] | None = None
) -> Candidate | None:
    """The likeliest name; None where none is likely enough.

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
        if found > chance:
            best, chance = candidate, found
    return best


_ALONE = 0.6
"""Weight of the answer that looks at each candidate alone: from 0.5 to 0.7 cross-validation finds it alike, and more
is right in articles of other writers than with equal weights."""

_BODY_DOUBT = 0.5
"""Share of its chance that a name loses which surely is that of a body: from 0.4 to 0.6 alike. All of it would lose
projects that bear the name of who runs them."""
