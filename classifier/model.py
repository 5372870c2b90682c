"""The trained model: vocabulary and weights, as they lie in `classifier/model/`.

In: a folder with `weights.npz` (plain arrays, no pickle), `vocabulary.txt` (one term a line) and `about.json` (what it
was trained on and what it scored). Out: a `Model`, which turns a `Reading` into probabilities. Promises: numpy only, and a
damaged or foreign folder gives a `ModelError` that says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifier.document import TOPICS
from classifier.features import Reading
from classifier.knowledge import knowledge, knowledge_names
from classifier.logistic import sigmoid
from classifier.ngrams import Vocabulary
from classifier.relevance import glance_names

__all__ = ["FORMAT", "MODEL_FOLDER", "Head", "Model", "ModelError", "Row"]

MODEL_FOLDER = Path(__file__).parent / "model"
"""The model that is shipped."""

FORMAT = 1
"""Rises when weights no longer fit the code that reads them."""

DECIMALS = 5
"""Weights are kept to so many decimals: far below what changes a verdict, far above what differs between machines."""

_HINT = "train it anew with `tipwatch train`, or reinstall tipwatch"


class ModelError(RuntimeError):
    """The model cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Row:
    """One article as numbers: `knowledge` in full, of the vocabulary the columns that are not zero."""

    knowledge: NDArray[np.float32]
    columns: NDArray[np.intp]
    values: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """One question to the model: weights, constant, and what turns its score into a probability."""

    knowledge: NDArray[np.float32]
    words: NDArray[np.float32]
    constant: float
    slope: float = 1.0
    shift: float = 0.0

    def score(self, row: Row) -> float:
        """The uncalibrated score: above 0 speaks for it."""
        return float(self.knowledge @ row.knowledge + self.words[row.columns] @ row.values) + self.constant

    def probability(self, row: Row) -> float:
        """The calibrated probability, 0..1."""
        return float(sigmoid(np.float64(self.slope * self.score(row) + self.shift)))


@dataclass(frozen=True, slots=True)
class Model:
    """All questions, over one vocabulary. `topics` has one head for each of `TOPICS`, in that order."""

    vocabulary: Vocabulary
    relevant: Head
    new_project: Head
    topics: Head
    glance: NDArray[np.float64]
    rule_out_below: float
    about: Mapping[str, Any]

    def row(self, reading: Reading) -> Row:
        """A reading as numbers."""
        return Row(knowledge(reading), *self.vocabulary.vector(reading))

    def glance_probability(self, seen: NDArray[np.float32]) -> float:
        """The probability of relevance after a glance; see `classifier.relevance`."""
        return float(sigmoid(self.glance[:-1] @ seen + self.glance[-1]))

    def topic_scores(self, row: Row) -> NDArray[np.float32]:
        """A score for each of `TOPICS`; the highest fits best."""
        words = self.topics.words[:, row.columns] @ row.values
        return np.asarray(self.topics.knowledge[:, :-1] @ row.knowledge + words + self.topics.knowledge[:, -1])

    def save(self, folder: Path) -> None:
        """Writes the three files; the same model gives the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {
            "rarity": self.vocabulary.rarity,
            "format": np.array([FORMAT]),
            "glance": self.glance,
            "rule_out_below": np.array([self.rule_out_below]),
        }
        for name in ("relevant", "new_project", "topics"):
            head: Head = getattr(self, name)
            arrays[f"{name}_knowledge"] = head.knowledge
            arrays[f"{name}_words"] = head.words
            arrays[f"{name}_scale"] = np.array([head.constant, head.slope, head.shift])
        np.savez_compressed(folder / "weights.npz", **arrays)  # type: ignore[arg-type]  # numpy's stub confuses names and allow_pickle
        (folder / "vocabulary.txt").write_text("".join(f"{w}\n" for w in self.vocabulary.words), encoding="utf-8")
        (folder / "about.json").write_text(
            json.dumps(self.about, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> Model:
        """Reads a model folder.

        Raises:
            ModelError: a file is missing or damaged, or the model was trained for other code.
        """
        try:
            with np.load(folder / "weights.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            words = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
            about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
            heads = {name: _head(arrays, name) for name in ("relevant", "new_project", "topics")}
            model = cls(
                Vocabulary(words, arrays["rarity"]),
                **heads,
                glance=arrays["glance"],
                rule_out_below=float(arrays["rule_out_below"][0]),
                about=about,
            )
            version = int(arrays["format"][0])
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: {Path(str(error.filename)).name} is missing") from error
        except (OSError, ValueError, KeyError, IndexError, BadZipFile) as error:
            raise ModelError(f"the model in {folder} is damaged: {error}") from error
        shape = (version, heads["relevant"].knowledge.shape, heads["topics"].knowledge.shape, model.glance.shape)
        if shape != (
            FORMAT,
            (len(knowledge_names()),),
            (len(TOPICS), len(knowledge_names()) + 1),
            (len(glance_names()) + 1,),
        ):
            raise ModelError(f"the model in {folder} was trained by another version of tipwatch")
        return model


def _head(arrays: Mapping[str, NDArray[Any]], name: str) -> Head:
    constant, slope, shift = map(float, arrays[f"{name}_scale"])
    return Head(arrays[f"{name}_knowledge"], arrays[f"{name}_words"], constant, slope, shift)
