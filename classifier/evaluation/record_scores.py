"""Scores records that the table beside the corpus does not have, by an encoder that has not seen them.

In: records. Out: the same records with `encoder`: verdicts, topics, the numbers of the whole text, and the scores of
all candidates of facts. A record takes some 60 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from classifier.corpus import document_of
from classifier.encoder.encoder import Encoder
from classifier.encoder.scores import RecordScores
from classifier.extraction.encoder_evidence import spans_of
from classifier.extraction.extractor import Extracted
from classifier.learning.samples import extract_record

__all__ = ["know_numbers", "score_records"]


Progress = Callable[[int, int], None]
"""Is told how many records are done, and how many there are."""


def score_records(records: Sequence[dict[str, Any]], encoder: Encoder, report: Progress) -> list[dict[str, Any]]:
    """The records, each with scores: those it has, else those by the encoder given."""

    def score(record: dict[str, Any]) -> dict[str, Any]:
        return record if record.get("encoder") else {**record, "encoder": _score(record, encoder)}

    return list(_each(records, score, report))


def know_numbers(records: Sequence[dict[str, Any]], encoder: Encoder, report: Progress) -> list[dict[str, Any]]:
    """The records, whose scores come with the numbers of the whole text too, from which a correction is learned."""

    def know(record: dict[str, Any]) -> dict[str, Any]:
        scores: RecordScores = record["encoder"]
        if scores.pooled is not None:
            return record
        pooled = encoder.read(record["title"], record["text"]).pooled
        return {**record, "encoder": replace(scores, pooled=pooled)}

    return list(_each(records, know, report))


def _each(
    records: Sequence[dict[str, Any]], work: Callable[[dict[str, Any]], dict[str, Any]], report: Progress
) -> Iterator[dict[str, Any]]:
    for done, record in enumerate(records):
        report(done, len(records))
        yield work(record)
    report(len(records), len(records))


def _score(record: dict[str, Any], encoder: Encoder) -> RecordScores:
    document = document_of(record)
    reading = encoder.read(document.title, document.text)
    mentions = {tuple(spans_of(one, document.title)) for one in _candidates(extract_record(record, reading))}
    order = sorted(mentions)
    rows = reading.score_candidates(order)
    scores = dict(zip(order, rows, strict=True))
    return RecordScores(reading.verdicts, reading.topics, scores, reading.pooled, reading.tags)


def _candidates(gathered: Extracted) -> Iterable[Any]:
    for name in ("countries", "sums", "lengths", "starts", "ends", "people", "names", "entities"):
        yield from getattr(gathered, name)
