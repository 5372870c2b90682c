"""A linear model over named features: how candidates for a fact are weighed.

In: the names of a candidate's features. Out: a probability. Weights are plain JSON, so that a person can read what
decided; they are learned by `classifier.learning.fact_models`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

MODEL_FOLDER = Path(__file__).parent.parent / "model"


_ZEROS = repeat(0.0)
_STEEPEST = 30.0  # a score beyond it is certainty
_CERTAIN = 1e-6  # probabilities nearer to 0 or 1 are certainty


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights by feature, a bias, and the probability from which a candidate is taken.

    `calibration` (slope and shift, Platt scaling) makes the score of a candidate that was taken the probability that it
    is right; None where that was not measured.
    """

    bias: float
    weights: dict[str, float]
    threshold: float = 0.5
    calibration: tuple[float, float] | None = None

    def probability(self, features: Iterable[str]) -> float:
        """The probability that a candidate with these features is the fact; a repeated feature counts once."""
        return probability_of(self.score(features))

    def score(self, features: Iterable[str]) -> float:
        """The sum of the weights of these features with the bias, within what an exponent can hold.

        The sum is exact in any order, so a text weighs the same everywhere.
        """
        known = features if type(features) is frozenset else set(features)
        score = self.bias + math.fsum(map(self.weights.get, known, _ZEROS))
        return max(-_STEEPEST, min(_STEEPEST, score))

    def probability_if_taken(self, features: Iterable[str]) -> float | None:
        """The probability that a candidate with these features, which was taken, is right; None where unmeasured."""
        if self.calibration is None:
            return None
        slope, shift = self.calibration
        return probability_of(slope * self.score(features) + shift)

    def as_json(self) -> dict[str, Any]:
        """The model as JSON-ready data, features in order."""
        plain = {"bias": self.bias, "threshold": self.threshold, "weights": dict(sorted(self.weights.items()))}
        return plain if self.calibration is None else {**plain, "calibration": list(self.calibration)}


def softmax_with_null(scores: Sequence[float]) -> list[float]:
    """The probability of each of several rivals by their scores, one of which or none is right.

    `classifier.learning.row_fits.fit_rows` learns such scores.
    """
    parts = [math.exp(score) for score in scores]
    whole = 1.0 + math.fsum(parts)
    return [part / whole for part in parts]


def log_odds(chance: float) -> float:
    """The score whose probability this is; nearer to 0 or 1 than a millionth is certainty."""
    kept = min(max(chance, _CERTAIN), 1 - _CERTAIN)
    return math.log(kept / (1 - kept))


def probability_of(score: float) -> float:
    """The probability of a score: what `log_odds` undoes."""
    return 1.0 / (1.0 + math.exp(-score))


Models = dict[str, Linear]
"""The models of all facts by the name of what they weigh."""


def models_from_json(data: dict[str, Any]) -> Models:
    """Models as `Linear.as_json` wrote them. Of weights with three decimals many are equal: these are kept once."""
    once: dict[float, float] = {}
    return {
        name: Linear(
            one["bias"],
            {feature: once.setdefault(w, w) for feature, w in one["weights"].items()},
            one["threshold"],
            tuple(one["calibration"]) if "calibration" in one else None,
        )
        for name, one in data.items()
    }


@cache
def load_models(folder: Path = MODEL_FOLDER) -> Models:
    """The shipped models, or those of a folder; read once."""
    return models_from_json(json.loads((folder / "facts.json").read_text(encoding="utf-8")))
