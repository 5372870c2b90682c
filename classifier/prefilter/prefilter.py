"""Tells from a page's rough text whether it may be about trafficking in persons: by set terms in any language, and by
a linear model of the pieces of its words.

In: title and rough text, its menus and notices perhaps included. Out: a score; what lies below `least_score` and has no
set term is ruled out. The model weighs which pieces stand in a window of the text (logistic regression over the
encoder's pieces), so that what surrounds an article on its page does not decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.pieces import PieceModel
from classifier.prefilter.terms import SubjectTerms

WINDOW_PIECES = 300
"""Some 200 words: what the records that teach are long."""

_STEP_PIECES = 150
_READ_CHARACTERS = 12_000
"""Of a longer page only its beginning is looked at: an article that is about something says so there."""

CERTAIN = 6.0
"""Log-odds given to a text with a set term."""


@dataclass(frozen=True, slots=True)
class PrefilterWeights:
    """A weight for each piece, a constant, and the log-odds from which a text passes."""

    weights: NDArray[np.float32]
    constant: float
    least_score: float

    def save(self, path: Path) -> None:
        """Writes them; the same weights give the same bytes.

        Raises:
            OSError: the file cannot be written.
        """
        used = np.flatnonzero(self.weights)
        np.savez_compressed(
            path,
            allow_pickle=False,
            pieces=used.astype(np.int32),
            weights=self.weights[used].astype(np.float32),
            size=np.array([len(self.weights)]),
            scale=np.array([self.constant, self.least_score]),
        )

    @classmethod
    def load(cls, path: Path) -> PrefilterWeights:
        """Reads them.

        Raises:
            OSError, ValueError, KeyError, BadZipFile: the file is missing or damaged.
        """
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            weights = np.zeros(int(stored["size"][0]), np.float32)
            weights[stored["pieces"]] = stored["weights"]
            return cls(weights, *map(float, stored["scale"]))


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Weights with the vocabulary and the terms that they go with; safe to share."""

    weights: PrefilterWeights
    pieces: PieceModel
    terms: SubjectTerms

    def score(self, title: str, text: str) -> float:
        """Log-odds of being about the subject, of the window that speaks most for it; `CERTAIN` where a term stands."""
        rough = text[:_READ_CHARACTERS]
        if self.terms.count(f"{title}\n{rough}"):
            return CERTAIN
        ids = self.pieces.encode_ids(rough)
        head = self.pieces.encode_ids(title)
        starts = range(0, max(len(ids) - WINDOW_PIECES, 0) + _STEP_PIECES, _STEP_PIECES)
        return max(self._window(np.concatenate([head, ids[at : at + WINDOW_PIECES]])) for at in starts)

    def _window(self, ids: NDArray[np.int32]) -> float:
        here = pieces_in(ids, len(self.weights.weights))
        return float(self.weights.weights[here].sum(dtype=np.float64)) + self.weights.constant


def pieces_in(ids: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """Which of the first `size` pieces stand in a text, each once."""
    found = np.unique(ids)
    return found[found < size]
