"""Scores records that the table beside the corpus does not have, by an encoder that has not seen them.

In: a record. Out: the same record with `encoder`: verdicts, topics, the numbers of the whole text, and the scores of
all candidates of facts. It takes some 60 ms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from classifier.encoder.encoder import Encoder
from classifier.encoder.scores import RecordScores
from classifier.extraction.encoder_evidence import spans_of
from classifier.learning.samples import extract_record


def score_record(record: dict[str, Any], encoder: Encoder) -> dict[str, Any]:
    """The record with the encoder's scores."""
    reading = encoder.read(record["title"], record["text"])
    gathered = extract_record(record, reading)
    kinds = ("countries", "sums", "lengths", "starts", "ends", "people", "names", "entities")
    candidates = (one for kind in kinds for one in getattr(gathered, kind))
    mentions = sorted({tuple(spans_of(one, record["title"])) for one in candidates})
    scores = dict(zip(mentions, reading.score_candidates(mentions), strict=True))
    return {
        **record,
        "encoder": RecordScores(reading.verdicts, reading.topics, scores, reading.pooled, reading.tags),
    }


def know_numbers(record: dict[str, Any], encoder: Encoder) -> dict[str, Any]:
    """The record, whose scores come with the numbers of the whole text too, from which a correction is learned."""
    scores: RecordScores = record["encoder"]
    if scores.pooled is not None:
        return record
    return {**record, "encoder": replace(scores, pooled=encoder.read(record["title"], record["text"]).pooled)}
