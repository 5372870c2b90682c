"""Makes the model from labelled records.

In: records of the labelled corpus (`seeds/corpus/GUIDE.md` says what each field means). Out: a `Model`, or its files
in a folder. Promises: the same records give the same bytes; five thousand take one core two and a half minutes.
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
from scipy.sparse import csr_array

from classifier.concepts import load_concepts
from classifier.corpus import FACTS_ONLY, RELEVANCE_ONLY, CorpusError, Record, document_of, folds_of
from classifier.document import TOPICS
from classifier.features import Reading, read_text
from classifier.functions import POOLED, Functions, sentence_rows
from classifier.knowledge import frame_signs, knowledge
from classifier.language import language_of
from classifier.learn_functions import learn_functions
from classifier.logistic import fit_least_squares, fit_logistic, fit_platt
from classifier.model import DECIMALS, Head, Model, Topics
from classifier.ngrams import Vocabulary
from classifier.profiles import pair_weights, profile_of, profile_products
from classifier.relevance import glance
from classifier.row_fits import DenseRows, fit_logistic_rows
from classifier.sequences import pairs_by_sentence

__all__ = ["fit_model", "train"]

Floats = NDArray[np.float64]

_MIN_DOCUMENTS = 3
"""A term in fewer records than this says more about them than about others."""

_COST = 1.0
"""Cost of an error against the penalty on weights; between 0.3 and 3 cross-validation hardly differs."""

_FOLDS = 5
"""Parts for the held-out scores that probabilities are calibrated on."""

_ENOUGH_TO_CALIBRATE = 300
"""Published articles from which on they alone calibrate: both answers must be among them many times."""

_GLANCE_SHARE = 0.6
"""Weight of relevant articles among those that teach the first look: they are five times as many as the others, and
would let next to nothing be ruled out."""

_RULE_OUT_BELOW = 0.05
"""Probability after a glance below which an article is not read in full."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How much each kind of number may weigh against the penalty; by cross-validation, flat within a factor of 2."""

    subject: float
    frames: float
    words: float
    profile: float
    functions: float


_RELEVANT = _Room(subject=5, frames=0.05, words=1, profile=5, functions=0)
"""Whether an article is about trafficking in persons shows in the words of trafficking itself: what else it is like
must not outvote their absence, or news of ministries and hospitals counts too (12 to 20 of 683, against 2)."""

_NEW_PROJECT = _Room(subject=2, frames=0.4, words=30, profile=10, functions=3)
"""Whether it is a new project shows in its words and its whole course: what tags it has together, and where."""


@dataclass(frozen=True, slots=True)
class _Table:
    """What all heads are fitted on: a row a record."""

    signs: Floats
    words: csr_array
    profiles: Floats
    folds: NDArray[np.intp]
    gram_words: Floats
    gram_profiles: Floats
    calibrating: Floats
    ordinary: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        readings: Sequence[Reading],
        vocabulary: Vocabulary,
        pooled: Floats,
        folds: NDArray[np.intp],
        *,
        calibrating: Floats,
        ordinary: NDArray[np.bool_],
    ) -> _Table:
        words = _words_of(readings, vocabulary)
        signs = np.stack([knowledge(reading) for reading in readings]).astype(np.float64)
        profiles = np.stack([profile_of(reading) for reading in readings])
        grams = (words @ words.T).toarray(), profile_products(profiles)
        return cls(np.concatenate([signs, pooled], 1), words, profiles, folds, *grams, calibrating, ordinary)

    def scales(self, room: _Room) -> Floats:
        """The room of each sign."""
        known = np.where(frame_signs(), room.frames, room.subject)
        return np.concatenate([known, np.full(POOLED, room.functions)])

    def gram(self, room: _Room) -> Floats:
        """Inner products of all rows under the room each kind has."""
        of_signs = (self.signs * self.scales(room)) @ self.signs.T
        return of_signs + room.words * self.gram_words + room.profile * self.gram_profiles

    def weights(self, room: _Room, alpha: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weights of signs and of columns: words, after them pairs of the profile."""
        of_columns = [room.words * (self.words.T @ alpha), room.profile * pair_weights(self.profiles, alpha)]
        return _rounded(self.scales(room) * (self.signs.T @ alpha)), _rounded(np.concatenate(of_columns))


def _words_of(readings: Sequence[Reading], vocabulary: Vocabulary) -> csr_array:
    """Each reading's words and their weights: a row each, a column for each term of the vocabulary."""
    rows = [vocabulary.vector(vocabulary.columns_by_sentence(reading)[1]) for reading in readings]
    columns, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    return csr_array((values.astype(np.float64), columns, ends), (len(rows), len(vocabulary)))


def _read(record: Record) -> Reading:
    document = document_of(record)
    return read_text(document.title, document.text, load_concepts(language_of(document)))


def fit_model(records: Sequence[Record], about: Mapping[str, Any] | None = None) -> Model:
    """Trains a model in memory; `about` is kept with it.

    Borderline records and those for facts only teach no more than what their sentences do; from those for relevance
    only nothing else is learnt.

    Raises:
        CorpusError: too few records, or all with one label.
    """
    usable = [r for r in records if _teaches_verdicts(r)]
    for field in ("relevant", "new_project"):
        fewest = min(Counter(bool(r[field]) for r in usable).get(answer, 0) for answer in (True, False))
        if fewest < _FOLDS:
            raise CorpusError(f"training needs at least {_FOLDS} records with {field} true and as many with false")
    readings = [_read(r) for r in usable]
    ordinary = np.array([r.get("teaches") != RELEVANCE_ONLY for r in usable])
    as_they_come = [reading for reading, is_ordinary in zip(readings, ordinary, strict=True) if is_ordinary]
    vocabulary = Vocabulary.learn(as_they_come, _MIN_DOCUMENTS)
    folds = folds_of(usable, _FOLDS)
    lettered = [r for r in records if r.get("functions") and not _teaches_verdicts(r)]
    functions, pooled = _fit_functions(usable, readings, vocabulary, lettered)
    table = _Table.of(readings, vocabulary, pooled, folds, calibrating=_calibrating(usable), ordinary=ordinary)
    glance_weights, below = _fit_glance([r for r, is_ordinary in zip(usable, ordinary, strict=True) if is_ordinary])
    return Model(
        vocabulary=vocabulary,
        functions=functions,
        relevant=_fit_head(table, _RELEVANT, _labels(usable, "relevant"), np.ones(len(usable), bool)),
        new_project=_fit_head(table, _NEW_PROJECT, _labels(usable, "new_project"), table.ordinary),
        topics=_fit_topics(table, _NEW_PROJECT, [r.get("topic") for r in usable]),
        glance=glance_weights,
        rule_out_below=below,
        about=dict(about or {}),
    )


def _teaches_verdicts(record: Record) -> bool:
    return not record.get("borderline") and record.get("teaches") != FACTS_ONLY


def _fit_functions(
    records: Sequence[Record], readings: Sequence[Reading], vocabulary: Vocabulary, lettered: Sequence[Record]
) -> tuple[Functions, Floats]:
    """What sentences do, and for each record its pooled numbers by models that saw none of its story.

    Records that teach no verdict (`lettered`) teach with the others what their sentences do.
    """
    words = len(vocabulary)
    rows = [
        sentence_rows(reading, vocabulary.columns_by_sentence(reading), pairs_by_sentence(reading), words)
        for reading in (*readings, *map(_read, lettered))
    ]
    all_records = [*records, *lettered]
    letters = [record.get("functions") for record in all_records]
    functions, pooled = learn_functions(rows, letters, folds_of(all_records, _FUNCTION_FOLDS), words)
    return functions, pooled[: len(records)]


_FUNCTION_FOLDS = 3
"""Parts for the held-out numbers of what sentences do; a fit takes some ten seconds."""


def _labels(records: Sequence[Record], field: str) -> Floats:
    return np.array([bool(r[field]) for r in records], float)


def _calibrating(records: Sequence[Record]) -> Floats:
    """How much each record counts for what a score's probability is: only those of the corpus itself, if there are
    enough of them. Those written for training show what is hard, not how often it comes."""
    published = np.array([bool(r.get("url")) and not _is_for_training(r) for r in records], float)
    return published if published.sum() >= _ENOUGH_TO_CALIBRATE else np.ones(len(records))


def _is_for_training(record: Record) -> bool:
    return str(record.get("note") or "").startswith("written for training")


def _fit_glance(records: Sequence[Record]) -> tuple[Floats, float]:
    """Weights of a first look, the constant last, and the probability below which it may rule out."""
    seen = [(glance(r["title"], r["text"], language_of(document_of(r))), bool(r["relevant"])) for r in records]
    rows = np.stack([s for s, _ in seen if s is not None]).astype(np.float64)
    labels = np.array([label for s, label in seen if s is not None], float)
    share = labels.mean()
    strength = np.where(labels > 0, _GLANCE_SHARE / share, (1 - _GLANCE_SHARE) / (1 - share))
    weights, constant = fit_logistic_rows(DenseRows(rows), labels, strength)
    return np.round(np.append(weights, constant), DECIMALS), _RULE_OUT_BELOW


def _fit_head(table: _Table, room: _Room, labels: Floats, taught: NDArray[np.bool_]) -> Head:
    """Fits one question on the records that are `taught`; the others get no weight."""
    gram = table.gram(room)
    alpha, constant = _fit(gram, labels, taught)
    scores = gram @ alpha + constant
    held_out = np.zeros(len(labels))
    for fold in range(_FOLDS):
        unseen = table.folds == fold
        without, shifted = _fit(gram, labels, taught & ~unseen, near=scores)
        held_out[unseen] = gram[unseen] @ without + shifted
    slope, shift = fit_platt(held_out, labels, table.calibrating * taught)
    signs, columns = table.weights(room, alpha)
    return Head(signs, columns, *(round(x, DECIMALS) for x in (constant, slope, shift)))


def _fit(gram: Floats, labels: Floats, taught: NDArray[np.bool_], near: Floats | None = None) -> tuple[Floats, float]:
    """A weight for each record, 0 for those that are not taught, and the constant.

    `near` are the scores by a fit of more records, from which one for calibrating is soon found.
    """
    alpha = np.zeros(len(labels))
    here = gram[np.ix_(taught, taught)]
    strength = np.full(taught.sum(), _COST)
    if near is None:
        alpha[taught], constant = fit_logistic(here, labels[taught], strength)
    else:
        alpha[taught], constant = fit_logistic(here, labels[taught], strength, near[taught], _CALIBRATING_PRECISION)
    return alpha, constant


_CALIBRATING_PRECISION = 1e-2
"""Of held-out scores, which are some units large: what is wrong after the last step, a ten thousandth, moves no
probability."""


def _fit_topics(table: _Table, room: _Room, topics: Sequence[str | None]) -> Topics:
    """Each topic against all others, by least squares; one without records never wins.

    Only the order of their scores counts, and logistic fits of each topic were as often right (of 1,951 records 77 %
    by cross-validation, either way) in twenty times the time.
    """
    labels = np.array([[t == topic for topic in TOPICS] for t in topics], float)
    alphas, constants = fit_least_squares(table.gram(room), 2 * labels - 1, _TOPICS_PENALTY)
    constants = np.where(labels.any(0), np.round(constants, DECIMALS), -1e6)
    weights = [table.weights(room, alpha) for alpha in alphas.T]
    signs, columns = (np.stack(part, 1) for part in zip(*weights, strict=True))
    return Topics(signs, columns.astype(np.float16).astype(np.float32), np.asarray(constants, np.float32))


_TOPICS_PENALTY = 3.0
"""On the weights of topics; between 0.3 and 10 cross-validation hardly differs."""


def _rounded(weights: Floats) -> NDArray[np.float32]:
    return np.round(weights, DECIMALS).astype(np.float32)


def train(records: Iterable[Record], model_folder: Path) -> Model:
    """Trains and writes a model; what it was trained on is kept with it, but no date: the same records, the same bytes.

    Args:
        records: labelled records; borderline ones teach no more than what their sentences do.
        model_folder: where the files go; made when missing.

    Raises:
        CorpusError: the records do not suffice.
        OSError: the folder cannot be written.
    """
    all_records = list(records)
    digest = hashlib.sha256("\n".join(sorted(json.dumps(r, sort_keys=True) for r in all_records)).encode())
    about = {
        "records": len(all_records),
        "borderline": sum(bool(r.get("borderline")) for r in all_records),
        "languages": dict(sorted(Counter(str(r.get("lang")) for r in all_records).items())),
        "records_sha256": digest.hexdigest(),
    }
    model = fit_model(all_records, about)
    model.save(model_folder)
    return model
