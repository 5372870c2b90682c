"""What encoders that saw nothing of a record's story say of it: a table beside the labelled corpus.

In: a file made by `classifier.training`. Out: by record the logits of verdicts and topics, and of candidates by where
they stand. From these it is learned how far the encoder is to be trusted (stacking; Wolpert, 1992); the shipped encoder
has seen these records and would seem surer than it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.tags import TaggedSpan
from classifier.schema import KINDS

SCORES_FILE = "encoder-scores.npz"

Floats = NDArray[np.float32]
Span = tuple[int, int]


class EncoderScores(Protocol):
    """What an encoder says of a document: `verdicts` are the logits of relevant and new project, `topics` those of all
    topics."""

    @property
    def verdicts(self) -> Floats: ...

    @property
    def topics(self) -> Floats: ...

    @property
    def pooled(self) -> Floats | None:
        """The numbers of the whole text, where they are known."""
        ...

    @property
    def tags(self) -> Sequence[TaggedSpan]:
        """Names of projects and of organisations that take part in one."""
        ...

    def score_candidates(self, mentions: Sequence[Sequence[Span]]) -> Floats:
        """Logits of each candidate for each kind of fact (`classifier.schema.KINDS`), by its mentions
        (characters of title, line end and text joined): candidates x kinds; NaN for one that was not read."""
        ...


@dataclass(frozen=True, slots=True)
class RecordScores:
    """`verdicts`: logits of relevant and new project; `topics` of all topics; `candidates`: those of each kind of fact
    by a candidate's mentions; `tags` the names it finds."""

    verdicts: Floats
    topics: Floats
    candidates: Mapping[tuple[Span, ...], Floats]
    pooled: Floats | None = None
    tags: tuple[TaggedSpan, ...] = ()

    def score_candidates(self, mentions: Sequence[Sequence[Span]]) -> Floats:
        """As `EncoderScores` says; NaN for a candidate that the table does not have."""
        unknown = np.full(len(KINDS), np.nan, np.float32)
        rows = [self.candidates.get(tuple(one), unknown) for one in mentions]
        return np.array(rows, np.float32).reshape(len(mentions), len(KINDS))


def write_scores(path: Path, scores: Mapping[str, RecordScores]) -> None:
    """Writes a table, in half precision; the same scores give the same bytes.

    Raises:
        OSError: the file cannot be written.
    """
    ids = sorted(scores)
    keys = [tuple(scores[one].candidates) for one in ids]
    rows = [row for one in ids for row in scores[one].candidates.values()]
    np.savez_compressed(
        path,
        allow_pickle=False,
        ids=np.array(ids),
        verdicts=np.array([scores[one].verdicts for one in ids], np.float16),
        topics=np.array([scores[one].topics for one in ids], np.float16),
        candidate_counts=np.array([len(found) for found in keys], np.int32),
        mention_counts=np.array([len(mentions) for found in keys for mentions in found], np.int32),
        mentions=np.array([span for found in keys for mentions in found for span in mentions], np.int32).reshape(-1, 2),
        candidates=np.array(rows, np.float16).reshape(-1, len(KINDS)),
        tag_counts=np.array([len(scores[one].tags) for one in ids], np.int32),
        tags=np.array([(t.start, t.end, t.kind) for one in ids for t in scores[one].tags], np.int32).reshape(-1, 3),
        tag_probabilities=np.array([t.probability for one in ids for t in scores[one].tags], np.float16),
    )


def read_scores(path: Path) -> dict[str, RecordScores]:
    """Reads a table; empty where there is none.

    Raises:
        ValueError, KeyError: it is damaged.
    """
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        table = {name: stored[name] for name in stored.files}
    spans = [(int(a), int(b)) for a, b in table["mentions"]]
    ends = np.cumsum(table["mention_counts"])
    keys = [tuple(spans[end - count : end]) for end, count in zip(ends, table["mention_counts"], strict=True)]
    rows = table["candidates"].astype(np.float32)
    tags = [
        TaggedSpan(int(start), int(end), int(kind), float(probability))
        for (start, end, kind), probability in zip(table["tags"], table["tag_probabilities"], strict=True)
    ]
    tag_ends = np.cumsum(table["tag_counts"])
    found: dict[str, RecordScores] = {}
    at = 0
    for number, one in enumerate(table["ids"]):
        count = int(table["candidate_counts"][number])
        found[str(one)] = RecordScores(
            table["verdicts"][number].astype(np.float32),
            table["topics"][number].astype(np.float32),
            dict(zip(keys[at : at + count], rows[at : at + count], strict=True)),
            tags=tuple(tags[tag_ends[number] - table["tag_counts"][number] : tag_ends[number]]),
        )
        at += count
    return found
