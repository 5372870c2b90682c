"""Which topic of the labelling guide an article has, so that the digest can group it.

In: scores of the model for each topic, and what was decided already. Out: one topic that does not contradict it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.document import TOPICS

__all__ = ["NEW_PROJECT", "RELEVANT_TOPICS", "choose_topic"]

NEW_PROJECT = "project"
"""The topic of exactly those articles that report a new project."""

RELEVANT_TOPICS = 11
"""So many of `TOPICS`, the first ones, are of articles about trafficking in persons."""


def choose_topic(scores: NDArray[np.float32], *, is_relevant: bool, is_new_project: bool) -> str:
    """The best topic among those the verdict leaves open; `scores` are in the order of `TOPICS`."""
    if is_new_project:
        return NEW_PROJECT
    first, end = (1, RELEVANT_TOPICS) if is_relevant else (RELEVANT_TOPICS, len(TOPICS))
    return TOPICS[first + int(np.argmax(scores[first:end]))]
