"""Makes the model of verdicts from labelled records: what rules out, and what makes the encoder's scores probabilities.

In: records of the labelled corpus (`seeds/corpus/GUIDE.md` says what each field means) with what encoders say of them
that saw nothing of their story. Out: a `Model`, or its files in a folder. Promises: the same records give the same
bytes, in under a minute of one core. The encoder itself is trained by `classifier.training`.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import (
    FACTS_ONLY,
    PREFILTER_ONLY,
    RELEVANCE_ONLY,
    CorpusError,
    Record,
    folds_of,
    is_page,
)
from classifier.encoder.files import PIECES_FILE
from classifier.encoder.pieces import PieceModel
from classifier.languages import LANGUAGES
from classifier.learning.adaptation import fit_adaptation
from classifier.learning.row_fits import fit_rows, sparse_rows
from classifier.logistic import fit_platt
from classifier.model import MODEL_FOLDER, Calibration, Calibrations, Model
from classifier.prefilter.prefilter import CERTAIN, WINDOW_PIECES, PrefilterWeights, pieces_in
from classifier.prefilter.terms import load_terms

Floats = NDArray[np.float64]

_FEWEST = 5
"""Records with either answer, below which nothing can be learnt."""

_DECIMALS = 5
"""Weights are kept to so many decimals: far below what changes a verdict, far above what differs between machines."""

_ENOUGH_TO_CALIBRATE = 300
"""Pages from which on they alone calibrate: both answers must be among them many times."""

_SHARES = {"new": 0.10, "relevant": 0.45, "other": 0.45}
"""How often each kind is taken to come among what the prefilter lets pass. Writers were asked for far more new projects
than the news has; of real pages near the subject some 6 to 15 in 100 report one."""


def fit_model(records: Sequence[Record], about: Mapping[str, Any] | None = None) -> Model:
    """Trains a model in memory; `about` is kept with it.

    Borderline records and those for facts only teach nothing here.

    Raises:
        CorpusError: too few records, or all with one label, or none that an encoder has scored.
    """
    clear = [r for r in records if not r.get("borderline") and r.get("teaches") != FACTS_ONLY]
    usable = [r for r in clear if r.get("teaches") != PREFILTER_ONLY]
    for field in ("relevant", "new_project"):
        fewest = min(Counter(bool(r[field]) for r in usable).get(answer, 0) for answer in (True, False))
        if fewest < _FEWEST:
            raise CorpusError(f"training needs at least {_FEWEST} records with {field} true and as many with false")
    calibrations = fit_calibrations([r for r in usable if not r.get("is_readers")] or usable)
    return Model(_fit_prefilter(clear), calibrations, dict(about or {}), adaptation=fit_adaptation(records))


# --- what calibrates ------------------------------------------------------------------------------


def fit_calibrations(records: Sequence[Record]) -> Calibrations:
    """What makes the encoder's scores probabilities, from scores by encoders that saw nothing of a record's story.

    Raises:
        CorpusError: no record has such scores.
    """
    scored = [r for r in records if "encoder" in r and not r.get("borderline") and r.get("teaches") != FACTS_ONLY]
    if not scored:
        raise CorpusError("no record has an encoder's scores to calibrate with")
    found = {}
    for field, column in (("relevant", 0), ("new_project", 1)):
        known = [r for r in scored if field == "relevant" or r.get("teaches") != RELEVANCE_ONLY]
        for suffix, has_lexicon in (("", True), ("_elsewhere", False)):
            here = [r for r in known if (r.get("lang") in LANGUAGES) == has_lexicon]
            both = {bool(r[field]) for r in here}
            found[field + suffix] = _fit_calibration(here if len(both) == 2 else known, field, column)
    return Calibrations(**found)


def _fit_calibration(records: Sequence[Record], field: str, column: int) -> Calibration:
    logits = np.array([r["encoder"].verdicts[column] for r in records], np.float64)
    labels = np.array([bool(r[field]) for r in records], float)
    return Calibration(*(round(number, _DECIMALS) for number in fit_platt(logits, labels, _calibrating(records))))


def _calibrating(records: Sequence[Record]) -> Floats:
    """How much each record counts: only those written as real pages are, if there are enough of them, and each kind as
    often as it comes."""
    of_pages = np.array([is_page(r) for r in records])
    if of_pages.sum() < _ENOUGH_TO_CALIBRATE:
        of_pages[:] = True
    kinds = np.array(["new" if r["new_project"] else "relevant" if r["relevant"] else "other" for r in records])
    weights = np.zeros(len(records))
    for kind, share in _SHARES.items():
        here = of_pages & (kinds == kind)
        weights[here] = share / max(int(here.sum()), 1)
    return np.asarray(weights * of_pages.sum() / weights.sum())


# --- what rules out -------------------------------------------------------------------------------

_PREFILTER_COST = 0.1
_ORDINARY_COST = 0.6
"""Cost of an error against the penalty on weights, and that of an ordinary article taken for the subject: there are few
of them among the records, and nearly nothing else on the day."""

_RECALL = 0.97
"""Share of articles on the subject, retold after published ones, that pass in cross-validation, by a set term or by
their score. On pages of others it is .99: ours avoid the subject's words more often."""

_FOLDS = 5


def _fit_prefilter(records: Sequence[Record]) -> PrefilterWeights:
    """The weights of pieces, and the score from which a text passes: the highest that loses no more than it may."""
    pieces = PieceModel(MODEL_FOLDER / "encoder" / PIECES_FILE)
    rows = [pieces_in(_window(pieces, r), len(pieces)).tolist() for r in records]
    labels = np.array([bool(r["relevant"]) for r in records], float)
    ordinary = np.array([_is_ordinary(r) for r in records])
    share = labels.mean()
    sample_weights = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share)) * np.where(
        ordinary, _ORDINARY_COST, _PREFILTER_COST
    )
    names = np.array(sorted({piece for row in rows for piece in row}))
    place = {int(piece): at for at, piece in enumerate(names)}
    columns = [[place[piece] for piece in row] for row in rows]

    def fit(kept: NDArray[np.bool_]) -> tuple[Floats, float]:
        here = [row for row, is_kept in zip(columns, kept, strict=True) if is_kept]
        return fit_rows(sparse_rows(here, np.ones(len(names))), labels[kept], sample_weights[kept])

    terms = load_terms()
    is_sought = labels > 0
    if any(r.get("url") for r in records):
        is_sought &= np.array([bool(r.get("url")) for r in records])
    fold = folds_of(records, _FOLDS)
    held_out = []
    for part in range(_FOLDS):
        weights, constant = fit(fold != part)
        for at in map(int, np.flatnonzero(is_sought & (fold == part))):
            has_term = terms.count(f"{records[at]['title']}\n{records[at]['text']}")
            held_out.append(CERTAIN if has_term else float(weights[columns[at]].sum()) + constant)
    weights, constant = fit(np.ones(len(records), bool))
    table = np.zeros(len(pieces), np.float32)
    table[names] = np.round(weights, _DECIMALS)
    least = float(np.quantile(held_out, 1 - _RECALL))
    return PrefilterWeights(table, round(constant, _DECIMALS), round(least, _DECIMALS))


def _window(pieces: PieceModel, record: Record) -> NDArray[np.int32]:
    return np.concatenate([pieces.encode_ids(record["title"]), pieces.encode_ids(record["text"])[:WINDOW_PIECES]])


def _is_ordinary(record: Record) -> bool:
    """An article of a day's news with nothing or next to nothing of the subject."""
    return "ordinary news" in str(record.get("note") or "")


# --- files ----------------------------------------------------------------------------------------


def train(records: Iterable[Record], model_folder: Path) -> Model:
    """Trains and writes a model; what it was trained on is kept with it, but no date: the same records, the same bytes.

    Args:
        records: labelled records; borderline ones teach nothing here.
        model_folder: where the files go; made when missing.

    Raises:
        CorpusError: the records do not suffice.
        OSError: the folder cannot be written.
    """
    all_records = list(records)
    about = {
        "records": len(all_records),
        "borderline": sum(bool(r.get("borderline")) for r in all_records),
        "languages": dict(sorted(Counter(str(r.get("lang")) for r in all_records).items())),
        "records_sha256": digest_of(all_records),
    }
    model = fit_model(all_records, about)
    model.save(model_folder)
    return model


def digest_of(records: Iterable[Record]) -> str:
    """SHA-256 of what records say, in any order."""
    lines = sorted(json.dumps({k: v for k, v in r.items() if k != "encoder"}, sort_keys=True) for r in records)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
