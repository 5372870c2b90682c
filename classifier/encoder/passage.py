"""Lays a document out as the encoder reads it: its headline and text as one row of pieces, and where spans of it lie.

In: title, text and a `PieceModel`. Out: a `Passage` of at most `MOST_PIECES` pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.pieces import BEGIN, END, PieceModel

MOST_PIECES = 384
"""Of a document, headline first: some 270 English words. What a page is about stands there, and the cost grows with it:
at 384 pieces twelve layers take 57 ms of one core."""

_READ_CHARACTERS = 4_000
"""Characters that are parted into pieces at all: no language has ten to a piece."""

_PREFIX = "passage: "
"""What the base model was taught to expect before a text (Wang et al., Multilingual E5, 2024)."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Pieces with the marks of beginning and end; `starts` and `ends` are characters of `title`, a line end and `text`
    joined, -1 for marks and prefix."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def pieces_of(self, spans: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
        """For each span of characters its first piece and the one after its last, alike where none was read."""
        begins, ends = np.array(spans, np.int64).reshape(-1, 2).T
        first = np.searchsorted(self.ends[self._inner], begins, "right") + self._inner.start
        after = np.searchsorted(self.starts[self._inner], ends, "left") + self._inner.start
        return np.stack([first, np.maximum(first, after)], 1)

    @property
    def _inner(self) -> slice:
        """The pieces that stand for text."""
        known = np.flatnonzero(self.starts >= 0)
        return slice(int(known[0]), int(known[-1]) + 1) if len(known) else slice(1, 1)


def encode_passage(title: str, text: str, model: PieceModel) -> Passage:
    """The passage of a document; what lies beyond `MOST_PIECES` is not read."""
    joined = f"{title}\n{text}"[:_READ_CHARACTERS]
    pieces = model.encode(_PREFIX + joined)
    ids = np.concatenate([[BEGIN], pieces.ids[: MOST_PIECES - 2], [END]]).astype(np.int32)
    starts, ends = (
        np.concatenate([[-1], np.maximum(side[: MOST_PIECES - 2] - len(_PREFIX), -1), [-1]]).astype(np.int32)
        for side in (pieces.starts, pieces.ends)
    )
    of_prefix = ends <= 0
    starts[of_prefix] = ends[of_prefix] = -1
    return Passage(ids, np.where(of_prefix, -1, np.maximum(starts, 0)).astype(np.int32), ends)
