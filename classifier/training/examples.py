"""Labelled records as the encoder learns from them.

In: records of the labelled corpus. Out: an `Example` each: its text, its labels, what each sentence does, and the
candidates of facts with what they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY, Record, story_of
from classifier.document import TOPICS
from classifier.facts.candidates import Candidate
from classifier.facts.encoder_evidence import spans_of
from classifier.facts.entities import Entity
from classifier.facts.kinds import KINDS
from classifier.facts.samples import gather_record, label_candidates
from classifier.sentence_roles import ROLE_LETTERS

__all__ = ["UNKNOWN", "Example", "LabelledSpans", "example_of"]

UNKNOWN = -1
"""A label that a record does not give."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LabelledSpans:
    """A candidate: its mentions (characters of headline, line end and text joined), and for each of `KINDS` whether it
    is that fact (1), is not (0), or cannot be told (`UNKNOWN`)."""

    spans: tuple[Span, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A record; `relevant`, `new_project` and `topic` (a place in `TOPICS`) may be `UNKNOWN`.

    `sentences` are spans with a place in `ROLE_LETTERS`.
    """

    id: str
    lang: str
    story: str
    source: str
    title: str
    text: str
    relevant: int
    new_project: int
    topic: int
    weight: float
    sentences: tuple[tuple[int, int, int], ...]
    candidates: tuple[LabelledSpans, ...]


def example_of(record: Record, source: str = "") -> Example:
    """The example that a record is; `source` is the file it comes from."""
    teaches, is_unsure = record.get("teaches"), bool(record.get("borderline"))
    has_relevance = not is_unsure and teaches != FACTS_ONLY
    has_project = has_relevance and teaches != RELEVANCE_ONLY
    topic = record.get("topic")
    return Example(
        id=str(record["id"]),
        lang=str(record.get("lang") or ""),
        story=story_of(record),
        source=source,
        title=record["title"],
        text=record["text"],
        relevant=int(record["relevant"]) if has_relevance else UNKNOWN,
        new_project=int(record["new_project"]) if has_project else UNKNOWN,
        topic=TOPICS.index(topic) if topic in TOPICS and has_relevance else UNKNOWN,
        weight=float(record.get("weight") or 1.0),
        sentences=_sentences(record),
        candidates=_candidates(record) if record.get("project") and not is_unsure else (),
    )


def _sentences(record: Record) -> tuple[tuple[int, int, int], ...]:
    rows = record.get("sentence_roles") or ()
    whole = len(record["title"]) + 1 + len(record["text"])
    ends = [*(start for start, _ in rows[1:]), whole]
    return tuple((start, end, ROLE_LETTERS.index(does)) for (start, does), end in zip(rows, ends, strict=bool(rows)))


def _candidates(record: Record) -> tuple[LabelledSpans, ...]:
    """The record's candidates, each once with all it is known to be or not to be."""
    found: dict[int, tuple[Candidate | Entity, list[int]]] = {}
    for kind, labelled in label_candidates(record, gather_record(record)).items():
        for one, is_right in labelled:
            labels = found.setdefault(id(one), (one, [UNKNOWN] * len(KINDS)))[1]
            labels[KINDS.index(kind)] = int(is_right)
    rows = []
    for one, labels in found.values():
        spans = spans_of(one, record["title"])
        if spans:
            rows.append(LabelledSpans(tuple(spans), tuple(labels)))
    return tuple(rows)
