"""Makes the model from labelled records.

In: records of the labelled corpus (`seeds/corpus/GUIDE.md` says what each field means). Out: a `Model`, or its files in a
folder. Promises: the same records give the same bytes; about a minute for a thousand records on one core.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import load_concepts
from classifier.document import TOPICS, Document
from classifier.features import Reading, read_text
from classifier.knowledge import knowledge, knowledge_names
from classifier.language import language_of
from classifier.logistic import fit_logistic, fit_platt
from classifier.model import DECIMALS, Head, Model
from classifier.ngrams import Vocabulary
from classifier.relevance import glance

__all__ = ["CorpusError", "document_of", "fit_model", "folds_of", "read_corpus", "train"]

Record = Mapping[str, Any]
Floats = NDArray[np.float64]

_MIN_DOCUMENTS = 3
"""A term in fewer records than this says more about them than about others."""

_COST = 1.0
"""Cost of an error against the penalty on weights; between 0.3 and 3 cross-validation hardly differs."""

_FOLDS = 5
"""Parts for the held-out scores that probabilities are calibrated on."""

_RULE_OUT_BELOW = 0.05
"""Probability after a glance below which an article is not read in full."""


class CorpusError(ValueError):
    """A labelled record cannot be used; the message names file and line, or the record."""


def read_corpus(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file.

    Raises:
        CorpusError: a line is no JSON object or misses a field that training needs.
    """
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}:{number}: no JSON: {error}") from error
        missing = {"id", "title", "text", "relevant", "new_project"} - set(record if isinstance(record, dict) else ())
        if missing:
            raise CorpusError(f"{path}:{number}: missing {', '.join(sorted(missing))}")
        records.append(record)
    return records


def document_of(record: Record) -> Document:
    """The record as the classifier would meet it."""
    return Document(
        title=record["title"],
        text=record["text"],
        lang=record.get("lang"),
        published=record.get("published"),
        url=record.get("url"),
        outlet=record.get("outlet"),
    )


def folds_of(records: Sequence[Record], count: int) -> NDArray[np.intp]:
    """A fold for each record: records of one story share it, and labels and languages are spread evenly.

    Stories are dealt out, the largest of each kind first, to the fold that has least of the kind; the order within a kind
    is that of a hash, so that it does not follow the order of the file.
    """
    stories: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        stories.setdefault(str(record.get("story") or record["id"]), []).append(i)
    kinds: dict[tuple[bool, bool, bool], list[str]] = {}
    for story, members in stories.items():
        first = records[members[0]]
        kinds.setdefault((bool(first["relevant"]), bool(first["new_project"]), first.get("lang") == "en"), []).append(
            story
        )
    fold = np.zeros(len(records), np.intp)
    for kind in sorted(kinds):
        load = np.zeros(count)
        for story in sorted(kinds[kind], key=lambda s: (-len(stories[s]), hashlib.sha256(s.encode()).digest())):
            chosen = int(np.argmin(load))
            load[chosen] += len(stories[story])
            fold[stories[story]] = chosen
    return fold


@dataclass(frozen=True, slots=True)
class _Table:
    """What all heads are fitted on."""

    knowledge: Floats
    words: Floats
    weights: Floats
    folds: NDArray[np.intp]

    @property
    def gram(self) -> Floats:
        return self.knowledge @ self.knowledge.T + self.words @ self.words.T


def _read(record: Record) -> Reading:
    document = document_of(record)
    return read_text(document.title, document.text, load_concepts(language_of(document)))


def fit_model(records: Sequence[Record], about: Mapping[str, Any] | None = None) -> Model:
    """Trains a model in memory; `about` is kept with it.

    Raises:
        CorpusError: too few records, or all with one label.
    """
    usable = [r for r in records if not r.get("borderline")]
    for field in ("relevant", "new_project"):
        fewest = min(Counter(bool(r[field]) for r in usable).get(answer, 0) for answer in (True, False))
        if fewest < _FOLDS:
            raise CorpusError(f"training needs at least {_FOLDS} records with {field} true and as many with false")
    readings = [_read(r) for r in usable]
    vocabulary = Vocabulary.learn(readings, _MIN_DOCUMENTS)
    words = np.zeros((len(usable), len(vocabulary)))
    for i, reading in enumerate(readings):
        columns, values = vocabulary.vector(reading)
        words[i, columns] = values
    known = np.stack([knowledge(r) for r in readings]).astype(np.float64)
    table = _Table(known, words, np.ones(len(usable)), folds_of(usable, _FOLDS))
    gram = table.gram
    weights, below = _fit_glance(usable)
    return Model(
        vocabulary=vocabulary,
        relevant=_fit_head(table, gram, np.array([bool(r["relevant"]) for r in usable], float), balanced=True),
        new_project=_fit_head(table, gram, np.array([bool(r["new_project"]) for r in usable], float), balanced=False),
        topics=_fit_topics(table, gram, [r.get("topic") for r in usable]),
        glance=weights,
        rule_out_below=below,
        about=dict(about or {}),
    )


def _fit_glance(records: Sequence[Record]) -> tuple[Floats, float]:
    """Weights of a first look, the constant last, and the probability below which it may rule out."""
    seen = [(glance(r["title"], r["text"], language_of(document_of(r))), bool(r["relevant"])) for r in records]
    rows = np.stack([s for s, _ in seen if s is not None]).astype(np.float64)
    labels = np.array([label for s, label in seen if s is not None], float)
    alpha, constant = fit_logistic(rows @ rows.T, labels, np.ones(len(labels)))
    return np.round(np.append(rows.T @ alpha, constant), DECIMALS), _RULE_OUT_BELOW


def _strength(table: _Table, labels: Floats, *, balanced: bool) -> Floats:
    """Cost of each row's error; balanced: both answers cost the same in sum."""
    if not balanced:
        return _COST * table.weights
    share = float((table.weights * labels).sum() / table.weights.sum())
    return _COST * table.weights * np.where(labels > 0, 0.5 / share, 0.5 / (1 - share))


def _fit_head(table: _Table, gram: Floats, labels: Floats, *, balanced: bool) -> Head:
    strength = _strength(table, labels, balanced=balanced)
    held_out = np.zeros(len(labels))
    for fold in range(_FOLDS):
        seen = table.folds != fold
        alpha, constant = fit_logistic(gram[np.ix_(seen, seen)], labels[seen], strength[seen])
        held_out[~seen] = gram[np.ix_(~seen, seen)] @ alpha + constant
    slope, shift = fit_platt(held_out, labels, table.weights)
    alpha, constant = fit_logistic(gram, labels, strength)
    return Head(
        knowledge=_rounded(table.knowledge.T @ alpha),
        words=_rounded(table.words.T @ alpha),
        constant=round(constant, DECIMALS),
        slope=round(slope, DECIMALS),
        shift=round(shift, DECIMALS),
    )


def _fit_topics(table: _Table, gram: Floats, topics: Sequence[str | None]) -> Head:
    """One row of weights a topic, the constant as last column of `knowledge`; topics without records never win."""
    known = np.zeros((len(TOPICS), len(knowledge_names()) + 1), np.float32)
    words = np.zeros((len(TOPICS), table.words.shape[1]), np.float32)
    for i, topic in enumerate(TOPICS):
        labels = np.array([t == topic for t in topics], float)
        if not labels.any():
            known[i, -1] = -1e6
            continue
        alpha, constant = fit_logistic(gram, labels, _COST * table.weights)
        known[i] = _rounded(np.append(table.knowledge.T @ alpha, constant))
        words[i] = _rounded(table.words.T @ alpha)
    return Head(known, words, 0.0)


def _rounded(weights: Floats) -> NDArray[np.float32]:
    return np.round(weights, DECIMALS).astype(np.float32)


def train(
    records: Iterable[Record],
    model_folder: Path,
    *,
    trained_on: str | None = None,
    scores: Mapping[str, Any] | None = None,
) -> Model:
    """Trains and writes a model.

    Args:
        records: labelled records; borderline ones are left out.
        model_folder: where the files go; made when missing.
        trained_on: the date to note, `YYYY-MM-DD`; passed in, so that the same records give the same bytes.
        scores: cross-validated scores to note, as `evaluate.score` gives them.

    Raises:
        CorpusError: the records do not suffice.
        OSError: the folder cannot be written.
    """
    all_records = list(records)
    digest = hashlib.sha256("\n".join(sorted(json.dumps(r, sort_keys=True) for r in all_records)).encode())
    about = {
        "records": len(all_records),
        "borderline_left_out": sum(bool(r.get("borderline")) for r in all_records),
        "languages": dict(sorted(Counter(str(r.get("lang")) for r in all_records).items())),
        "records_sha256": digest.hexdigest(),
        "trained_on": trained_on,
        "scores": dict(scores or {}),
    }
    model = fit_model(all_records, about)
    model.save(model_folder)
    return model
