"""Puts the heads of several networks together, so that on one trunk they answer as the mean of all.

In: the networks' weights. Out: heads of the same form. Those that are linear are averaged; of the head of candidates,
which has a hidden layer, the hidden units of all stand side by side, since the mean of such layers is none (names were
found with .42 instead of .71 average precision by it). Each network standardised its features by numbers of its own:
these are taken into its weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from classifier.training.encoder_network import WIDTH

Floats = NDArray[np.float64]
_CONTEXT = slice(2 * WIDTH, 3 * WIDTH)
"""Of the numbers of a passage: what the head of candidates sees beside a candidate's own."""


def combine_heads(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Floats]:
    """Heads by name, with the standardising numbers of the first network."""
    parts = [{name: value.double().numpy() for name, value in state.items()} for state in states]
    kept = {name: parts[0][name] for name in parts[0] if name.endswith(("_mean", "_deviation"))}
    heads: dict[str, Floats] = dict(kept)
    for name, inputs in (
        ("verdict_head", "pooled"),
        ("topic_head", "pooled"),
        ("sentence_head", "feature"),
        ("tag_head", "feature"),
    ):
        moved = [_moved(part, name, _scale(kept, inputs), _scale(part, inputs)) for part in parts]
        heads[f"{name}.weight"], heads[f"{name}.bias"] = (np.mean([one[at] for one in moved], 0) for at in (0, 1))
    hidden = [_moved(part, "candidate_hidden", _candidate_scale(kept), _candidate_scale(part)) for part in parts]
    heads["candidate_hidden.weight"], heads["candidate_hidden.bias"] = (
        np.concatenate([one[at] for one in hidden]) for at in (0, 1)
    )
    heads["candidate_head.weight"] = np.concatenate([part["candidate_head.weight"] for part in parts], 1) / len(parts)
    heads["candidate_head.bias"] = np.mean([part["candidate_head.bias"] for part in parts], 0)
    return heads


def _scale(part: Mapping[str, Floats], inputs: str) -> tuple[Floats, Floats]:
    return part[f"{inputs}_mean"], part[f"{inputs}_deviation"]


def _candidate_scale(part: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """Of a candidate's own features, and of its passage's."""
    mean, deviation = (
        np.concatenate([part[f"feature_{n}"], part[f"pooled_{n}"][_CONTEXT]]) for n in ("mean", "deviation")
    )
    return mean, deviation


def _moved(
    part: Mapping[str, Floats], name: str, scale: tuple[Floats, Floats], own_scale: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Weights and constants for features that were standardised by other numbers than the network's own."""
    (mean, deviation), (own_mean, own_deviation) = scale, own_scale
    weight, bias = part[f"{name}.weight"], part[f"{name}.bias"]
    return weight * (deviation / own_deviation), bias + weight @ ((mean - own_mean) / own_deviation)
