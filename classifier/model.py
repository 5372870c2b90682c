"""The trained model: vocabulary and weights, as they lie in `classifier/model/`.

In: a folder with `weights.npz` (plain arrays, no pickle), `vocabulary.txt` (one term a line) and `about.json` (what it
was trained on). Out: a `Model`, which turns a `Reading` into probabilities. Promises: numpy only; a
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
from classifier.functions import POOLED, Functions, Placed, pool, sentence_rows
from classifier.knowledge import knowledge, sign_names
from classifier.ngrams import Vocabulary
from classifier.profiles import PAIRS, profile_of, profile_pairs
from classifier.relevance import glance_names
from classifier.second_look import SecondLook
from classifier.sequences import pairs_by_sentence
from classifier.sigmoid import sigmoid

__all__ = ["DECIMALS", "MODEL_FOLDER", "Head", "Model", "ModelError", "Row", "Topics"]

MODEL_FOLDER = Path(__file__).parent / "model"
"""The model that is shipped."""

FORMAT = 7
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
    """One article as numbers: its signs, after them what its sentences do; and which columns are not zero: first those
    of the vocabulary, then the `pairs` of its profile. `terms` are the sentences and the columns of words, as often as
    they stand there; `does` the chances of what each sentence does: sentences x functions."""

    signs: NDArray[np.float32]
    columns: NDArray[np.intp]
    values: NDArray[np.float32]
    pairs: NDArray[np.intp]
    terms: Placed
    does: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """One question to the model: weights of signs and of columns, and what makes its score a probability."""

    signs: NDArray[np.float32]
    columns: NDArray[np.float32]
    constant: float
    slope: float
    shift: float

    def score(self, row: Row) -> float:
        """The uncalibrated score: above 0 speaks for it."""
        return float(self.signs @ row.signs + self.columns.take(row.columns) @ row.values) + self.constant

    def probability(self, row: Row) -> float:
        """The calibrated probability, 0..1."""
        return float(sigmoid(np.array(self.slope * self.score(row) + self.shift)))


@dataclass(frozen=True, slots=True)
class Topics:
    """A score for each of `TOPICS`, in that order: weights as in `Head`, signs x topics and columns x topics.

    Those of columns have the values of half floats, as they are kept in the model's file.
    """

    signs: NDArray[np.float32]
    columns: NDArray[np.float32]
    constants: NDArray[np.float32]

    def scores(self, row: Row) -> NDArray[np.float32]:
        """The highest fits best."""
        of_columns = row.values @ self.columns.take(row.columns, 0)  # quicker than by an index
        return np.asarray(row.signs @ self.signs + of_columns + self.constants)


@dataclass(frozen=True, slots=True)
class Model:
    """All questions, over one vocabulary."""

    vocabulary: Vocabulary
    functions: Functions
    relevant: Head
    new_project: Head
    topics: Topics
    glance: NDArray[np.float64]
    rule_out_below: float
    about: Mapping[str, Any]

    def row(self, reading: Reading) -> Row:
        """A reading as numbers."""
        terms = self.vocabulary.columns_by_sentence(reading)
        does = self.functions.chances(sentence_rows(reading, terms, pairs_by_sentence(reading), len(self.vocabulary)))
        signs = np.concatenate([knowledge(reading), pool(does).astype(np.float32)])
        words, word_values = self.vocabulary.vector(terms[1])
        pairs, pair_values = profile_pairs(profile_of(reading))
        columns = np.concatenate([words, pairs + len(self.vocabulary)])
        return Row(signs, columns, np.concatenate([word_values, pair_values]), pairs, terms, does)

    def glance_probability(self, seen: NDArray[np.float32]) -> float:
        """The probability of relevance after a glance; see `classifier.relevance`."""
        return float(sigmoid(self.glance[:-1] @ seen + self.glance[-1]))

    def save(self, folder: Path) -> None:
        """Writes the three files; the same model gives the same bytes.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {
            "format": np.array([FORMAT]),
            "rarity": self.vocabulary.rarity,
            "function_weights": self.functions.weights.astype(np.float16),
            "function_constants": self.functions.constants,
            "second_look_weights": self.functions.second_look.weights,
            "second_look_constant": np.array([self.functions.second_look.constant]),
            "glance": self.glance,
            "rule_out_below": np.array([self.rule_out_below]),
            "topics_signs": self.topics.signs,
            "topics_columns": self.topics.columns.astype(np.float16),
            "topics_constants": self.topics.constants,
        }
        for name, head in (("relevant", self.relevant), ("new_project", self.new_project)):
            arrays |= {f"{name}_signs": head.signs, f"{name}_columns": head.columns}
            arrays[f"{name}_scale"] = np.array([head.constant, head.slope, head.shift])
        np.savez_compressed(folder / "weights.npz", allow_pickle=False, **arrays)
        (folder / "vocabulary.txt").write_text("".join(f"{w}\n" for w in self.vocabulary.words), encoding="utf-8")
        about = json.dumps(self.about, indent=1, ensure_ascii=False, sort_keys=True)
        (folder / "about.json").write_text(about + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> Model:
        """Reads a model folder.

        Raises:
            ModelError: a file is missing or damaged, or the model was trained for other code.
        """
        try:
            with (folder / "weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            words = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines()
            about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
            version = int(arrays["format"][0])
            model = cls(
                Vocabulary(words, arrays["rarity"]),
                Functions(
                    arrays["function_weights"].astype(np.float32),
                    arrays["function_constants"],
                    SecondLook(arrays["second_look_weights"], float(arrays["second_look_constant"][0])),
                ),
                relevant=_head(arrays, "relevant"),
                new_project=_head(arrays, "new_project"),
                topics=Topics(
                    arrays["topics_signs"], arrays["topics_columns"].astype(np.float32), arrays["topics_constants"]
                ),
                glance=arrays["glance"],
                rule_out_below=float(arrays["rule_out_below"][0]),
                about=about,
            )
            sizes = len(model.relevant.signs), len(model.relevant.columns), len(model.topics.constants)
            found = version, *sizes, len(model.glance)
            signs = len(sign_names()) + POOLED
            expected = FORMAT, signs, len(words) + PAIRS, len(TOPICS), len(glance_names()) + 1
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: {Path(str(error.filename)).name} is missing") from error
        except (OSError, ValueError, KeyError, IndexError, BadZipFile) as error:
            raise ModelError(f"the model in {folder} is damaged: {error}") from error
        if found != expected:
            raise ModelError(f"the model in {folder} was trained by another version of tipwatch")
        return model


def _head(arrays: Mapping[str, NDArray[Any]], name: str) -> Head:
    return Head(arrays[f"{name}_signs"], arrays[f"{name}_columns"], *map(float, arrays[f"{name}_scale"]))
