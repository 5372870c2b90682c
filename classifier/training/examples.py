"""Labelled records as the encoder learns from them.

In: records of the labelled corpus. Out: an `Example` each: its text, its labels, what each sentence does, and the
candidates of facts with what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY, Record, story_of
from classifier.document import ROLE_LETTERS, TOPICS
from classifier.encoder.tags import NAME, ORGANISATION, TaggedSpan
from classifier.extraction.candidates import Candidate
from classifier.extraction.encoder_evidence import Scorer, spans_of
from classifier.extraction.roles.entities import Entity
from classifier.learning.samples import extract_record, label_candidates
from classifier.schema import KINDS, ROLES
from classifier.text.tokens import is_spaced

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

    `sentences` are spans with a place in `ROLE_LETTERS`; `names` where names of the project and of who takes part in it
    stand, None where that is not known.
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
    names: tuple[TaggedSpan, ...] | None = None


def example_of(record: Record, source: str = "") -> Example:
    """The example that a record is; `source` is the file it comes from."""
    teaches, is_unsure = record.get("teaches"), bool(record.get("borderline"))
    has_relevance = not is_unsure and teaches != FACTS_ONLY
    has_project = has_relevance and teaches != RELEVANCE_ONLY
    topic = record.get("topic")
    names = name_spans(record) if record.get("project") and not is_unsure else None
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
        candidates=label_spans(record, Named(names)) if names is not None else (),
        names=names,
    )


def _sentences(record: Record) -> tuple[tuple[int, int, int], ...]:
    rows = record.get("sentence_roles") or ()
    whole = len(record["title"]) + 1 + len(record["text"])
    ends = [*(start for start, _ in rows[1:]), whole]
    return tuple((start, end, ROLE_LETTERS.index(does)) for (start, does), end in zip(rows, ends, strict=bool(rows)))


@dataclass(frozen=True, slots=True)
class Named:
    """Stands in for an encoder that finds these names and says nothing of candidates."""

    tags: tuple[TaggedSpan, ...]

    def score_candidates(self, mentions: Sequence[Sequence[Span]]) -> NDArray[np.float32]:
        return np.full((len(mentions), len(KINDS)), np.nan, np.float32)


def label_spans(record: Record, scorer: Scorer) -> tuple[LabelledSpans, ...]:
    """The record's candidates, each once with all it is known to be or not to be."""
    found: dict[int, tuple[Candidate | Entity, list[int]]] = {}
    for kind, labelled in label_candidates(record, extract_record(record, scorer)).items():
        for one, is_right in labelled:
            labels = found.setdefault(id(one), (one, [UNKNOWN] * len(KINDS)))[1]
            labels[KINDS.index(kind)] = int(is_right)
    rows = []
    for one, labels in found.values():
        spans = spans_of(one, record["title"])
        if spans:
            rows.append(LabelledSpans(tuple(spans), tuple(labels)))
    return tuple(rows)


def name_spans(record: Record) -> tuple[TaggedSpan, ...]:
    """Where the names that a record's label gives stand in headline, line end and text joined: every time, the longest
    where two overlap, lines broken within them or not."""
    project, whole = record["project"], f"{record['title']}\n{record['text']}"
    labelled = [(NAME, project.get("name"))] + [
        (ORGANISATION, name) for role in ROLES for name in project.get(role) or ()
    ]
    found: list[TaggedSpan] = []
    for kind, name in sorted(labelled, key=lambda one: -len(one[1] or "")):
        if not name:
            continue
        pattern = r"\s+".join(re.escape(word) for word in name.split())
        before = r"(?<!\w)" if is_spaced(name[0]) else ""
        after = r"(?!\w)" if is_spaced(name[-1]) else ""
        for match in re.finditer(before + pattern + after, whole):
            start, end = match.span()
            if all(end <= one.start or start >= one.end for one in found):
                found.append(TaggedSpan(start, end, kind, 1.0))
    return tuple(sorted(found, key=lambda one: one.start))
