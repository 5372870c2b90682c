"""Sets the averaged and rounded encoder's answers right to the mean of the networks it was made from.

In: the written files, those networks, texts. Out: the same files, each answer's slope and constant changed. Averaging
weights and rounding them shift all answers a little (new projects by half a log-odds); what a score means was learned
from the parts' networks, so the shipped one has to speak as they do. Needs no labels; the shift found on texts that
were learnt from is that on others (measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.encoder import Encoder
from classifier.encoder.files import HEADS_FILE
from classifier.encoder.pieces import PieceModel
from classifier.schema import KINDS
from classifier.training.encoder_fit import score_examples
from classifier.training.encoder_network import EncoderNetwork
from classifier.training.examples import UNKNOWN, Example

Floats = NDArray[np.float64]

_FEWEST = 50
"""Scores from which on a line is fitted through them."""

_STEEPEST = 2.0
"""A line that is steeper, or flatter than its inverse, is chance."""


def align_heads(
    folder: Path, members: Sequence[EncoderNetwork], examples: Sequence[Example], pieces: PieceModel
) -> None:
    """Changes the heads of verdicts and candidates in `folder`.

    Args:
        folder: the encoder's files.
        members: the networks whose mean is right.
        examples: some hundred texts.
        pieces: the vocabulary.
    """
    encoder = Encoder(folder)
    said = [score_examples(network, examples, pieces) for network in members]
    readings = [encoder.read(example.title, example.text) for example in examples]
    shipped = np.array([reading.verdicts for reading in readings], np.float64)
    wanted = np.mean([[one.verdicts for one in of] for of in said], 0)
    lines: dict[str, list[tuple[float, float]]] = {
        "verdict_head": [_line(shipped[:, at], wanted[:, at]) for at in range(shipped.shape[1])]
    }
    rows = []
    for number, (example, reading) in enumerate(zip(examples, readings, strict=True)):
        read = [one for one in example.candidates if one.spans in said[0][number].candidates]
        scores = reading.score_candidates([one.spans for one in read])
        mean = np.mean([[of[number].candidates[one.spans] for one in read] for of in said], 0).reshape(scores.shape)
        labels = np.array([one.labels for one in read]).reshape(scores.shape)
        rows.append((scores, mean, labels))
    of_shipped, of_members, known_labels = (np.concatenate(part).astype(float) for part in zip(*rows, strict=True))
    lines["candidate_head"] = []
    for kind in range(len(KINDS)):
        known = (known_labels[:, kind] != UNKNOWN) & ~np.isnan(of_shipped[:, kind])
        lines["candidate_head"].append(_line(of_shipped[known, kind], of_members[known, kind]))
    with np.load(folder / HEADS_FILE, allow_pickle=False) as stored:
        heads: dict[str, NDArray[Any]] = {name: stored[name] for name in stored.files}
    for head, found in lines.items():
        slopes, constants = np.array(found).T
        weight, bias = (heads[f"{head}.{part}"].astype(np.float64) for part in ("weight", "bias"))
        heads[f"{head}.weight"] = (weight * slopes[:, None]).astype(np.float16)
        heads[f"{head}.bias"] = (bias * slopes + constants).astype(np.float16)
        print(head, [f"{slope:.2f}x{constant:+.2f}" for slope, constant in found], flush=True)
    np.savez(folder / HEADS_FILE, allow_pickle=False, **heads)


def _line(shipped: Floats, wanted: Floats) -> tuple[float, float]:
    """Slope and constant by least squares; only a constant where there are few scores."""
    if len(shipped) < _FEWEST:
        return 1.0, float(np.mean(wanted - shipped)) if len(shipped) else 0.0
    slope, constant = np.polyfit(shipped, wanted, 1)
    if not 1 / _STEEPEST < slope < _STEEPEST:
        return 1.0, float(np.mean(wanted - shipped))
    return float(slope), float(constant)
