"""Weighs those who may pay for a project as rivals: as a rule one of them does.

In: how likely each organisation of a document pays when looked at alone, and its scores by a model that learned which
of an article's organisations it is (`learn.CHOICES`). Out: probabilities that heed both. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from classifier.extraction.linear import log_odds, probability_of, softmax_with_null

_HEED = 0.3
"""How far a score goes towards that among rivals. By cross-validation grouped by story, F1 of funders rises by .01 on
the corpus' articles and on those retold by others; at half it does not."""


def score_competitors(chances: Sequence[float], scores: Sequence[float]) -> list[float]:
    """The probabilities, each nearer to how well it does among its rivals.

    Args:
        chances: of each alone.
        scores: of the same by the model for choices; together with none of them they make one choice. Several may pay:
            each is measured by the likeliest of them, and that one by whether anybody pays.
    """
    among = softmax_with_null(scores)
    best = max(among, default=0.0)
    somebody = math.fsum(among)
    return [
        probability_of(log_odds(chance) + _HEED * (log_odds(somebody * rival / best) - log_odds(chance)))
        for chance, rival in zip(chances, among, strict=True)
    ]
