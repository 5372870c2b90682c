"""The trained model: vocabulary, weights and examples, as they lie in `classifier/model/`.

In: a folder with `weights.npz` (plain arrays, no pickle), `vocabulary.txt` (one term a line) and `about.json` (what it
was trained on). Out: a `Model`, which turns a `Reading` into probabilities. Promises: numpy only; a
damaged or foreign folder gives a `ModelError` that says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifier.document import TOPICS
from classifier.features import Reading
from classifier.functions import POOLED, Functions, pool, sentence_rows
from classifier.knowledge import PROFILE_PARTS, knowledge, profile_length, sign_names
from classifier.logistic import sigmoid
from classifier.ngrams import Vocabulary
from classifier.relevance import glance_names
from classifier.second_look import SecondLook
from classifier.sequences import Sequences, in_order, pairs_by_sentence

__all__ = ["DECIMALS", "LIKENESS", "MODEL_FOLDER", "Head", "Model", "ModelError", "Row", "Topics", "likeness"]

MODEL_FOLDER = Path(__file__).parent / "model"
"""The model that is shipped."""

FORMAT = 6
"""Rises when weights no longer fit the code that reads them."""

DECIMALS = 5
"""Weights are kept to so many decimals: far below what changes a verdict, far above what differs between machines."""

LIKENESS = 0.16
"""How fast likeness falls with the squared distance of two profiles: exp(-LIKENESS * distance). By cross-validation;
between 0.12 and 0.2 it hardly matters."""

_HINT = "train it anew with `tipwatch train`, or reinstall tipwatch"


class ModelError(RuntimeError):
    """The model cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Row:
    """One article as numbers: its signs, after them what its sentences do; its likeness to each example; and which
    columns are not zero: first those of the vocabulary, then those of the sequences. `products` are those of its
    profile with each example's, for each of the `tags` it has: tags x examples. `does` are the chances of what each
    sentence does: sentences x functions."""

    signs: NDArray[np.float32]
    columns: NDArray[np.intp]
    values: NDArray[np.float32]
    profile: NDArray[np.float32]
    tags: NDArray[np.intp]
    products: NDArray[np.float32]
    likeness: NDArray[np.float32]
    does: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Head:
    """One question to the model: weights of signs, words (and sequences, after them) and examples, and what makes its
    score a probability."""

    signs: NDArray[np.float32]
    words: NDArray[np.float32]
    examples: NDArray[np.float32]
    constant: float
    slope: float
    shift: float

    def score(self, row: Row) -> float:
        """The uncalibrated score: above 0 speaks for it."""
        known = self.signs @ row.signs + self.words[row.columns] @ row.values + self.examples @ row.likeness
        return float(known) + self.constant

    def probability(self, row: Row) -> float:
        """The calibrated probability, 0..1."""
        return float(sigmoid(np.array(self.slope * self.score(row) + self.shift)))


@dataclass(frozen=True, slots=True)
class Topics:
    """A score for each of `TOPICS`, in that order: weights as in `Head`, a row a topic.

    Those of words are most of the model; in half the bytes they keep the three digits that the order of scores needs.
    """

    signs: NDArray[np.float32]
    words: NDArray[np.float16]
    examples: NDArray[np.float32]
    constants: NDArray[np.float32]

    def scores(self, row: Row) -> NDArray[np.float32]:
        """The highest fits best."""
        words = self.words[:, row.columns].astype(np.float32) @ row.values
        return np.asarray(self.signs @ row.signs + words + self.examples @ row.likeness + self.constants)


@dataclass(frozen=True, slots=True)
class Model:
    """All questions, over one vocabulary and one set of examples (the profiles of the records it was trained on)."""

    vocabulary: Vocabulary
    sequences: Sequences
    functions: Functions
    examples: NDArray[np.float32]
    relevant: Head
    new_project: Head
    topics: Topics
    glance: NDArray[np.float64]
    rule_out_below: float
    about: Mapping[str, Any]
    lengths: NDArray[np.float32] = field(init=False, repr=False, compare=False)
    by_tag: NDArray[np.float32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Makes what every article asks for: the squared lengths of the examples, and the examples seen as tags x parts
        of the profile x examples; they lie so that this is no second copy."""
        object.__setattr__(self, "lengths", squared_lengths(self.examples))
        object.__setattr__(self, "examples", np.asfortranarray(self.examples))
        parts = self.examples.T.reshape(PROFILE_PARTS, -1, len(self.examples))
        object.__setattr__(self, "by_tag", parts.transpose(1, 0, 2))

    def row(self, reading: Reading) -> Row:
        """A reading as numbers."""
        known, profile = knowledge(reading)
        in_sentences = self.vocabulary.columns_by_sentence(reading), pairs_by_sentence(reading)
        does = self.functions.chances(sentence_rows(reading, *in_sentences, len(self.vocabulary)))
        signs = np.concatenate([known, pool(does).astype(np.float32)])
        words, word_values = self.vocabulary.vector(in_sentences[0][1])
        pairs, pair_values = self.sequences.vector(in_sentences[1][1])
        columns = np.concatenate([words, pairs + len(self.vocabulary)])
        values = np.concatenate([word_values, pair_values])
        tags = in_order(reading.table[:, 0])
        parts = profile.reshape(PROFILE_PARTS, -1)
        products = np.empty((len(tags), len(self.examples)), np.float32)
        for at, tag in enumerate(tags):  # an article has some twenty of the tags: the others are 0 in its profile
            np.dot(parts[:, tag], self.by_tag[tag], out=products[at])
        squares = profile @ profile + self.lengths - 2 * products.sum(0)
        alike = np.exp(-LIKENESS * np.maximum(squares, 0))
        return Row(signs, columns, values, profile, tags, products, alike, does)

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
            "sequence_rarity": self.sequences.rarity,
            "function_weights": self.functions.weights.astype(np.float16),
            "function_constants": self.functions.constants,
            "second_look_weights": self.functions.second_look.weights,
            "second_look_constant": np.array([self.functions.second_look.constant]),
            "examples": self.examples,
            "glance": self.glance,
            "rule_out_below": np.array([self.rule_out_below]),
            "topics_signs": self.topics.signs,
            "topics_words": self.topics.words,
            "topics_examples": self.topics.examples,
            "topics_constants": self.topics.constants,
        }
        for name, head in (("relevant", self.relevant), ("new_project", self.new_project)):
            arrays |= {f"{name}_signs": head.signs, f"{name}_words": head.words, f"{name}_examples": head.examples}
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
                Sequences(arrays["sequence_rarity"]),
                Functions(
                    arrays["function_weights"].astype(np.float32),
                    arrays["function_constants"],
                    SecondLook(arrays["second_look_weights"], float(arrays["second_look_constant"][0])),
                ),
                arrays["examples"],
                relevant=_head(arrays, "relevant"),
                new_project=_head(arrays, "new_project"),
                topics=Topics(*(arrays[f"topics_{part}"] for part in ("signs", "words", "examples", "constants"))),
                glance=arrays["glance"],
                rule_out_below=float(arrays["rule_out_below"][0]),
                about=about,
            )
            found = (
                version,
                len(model.relevant.signs),
                model.examples.shape[1],
                len(model.topics.signs),
                len(model.glance),
            )
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: {Path(str(error.filename)).name} is missing") from error
        except (OSError, ValueError, KeyError, IndexError, BadZipFile) as error:
            raise ModelError(f"the model in {folder} is damaged: {error}") from error
        if found != (FORMAT, len(sign_names()) + POOLED, profile_length(), len(TOPICS), len(glance_names()) + 1):
            raise ModelError(f"the model in {folder} was trained by another version of tipwatch")
        return model


def _head(arrays: Mapping[str, NDArray[Any]], name: str) -> Head:
    constant, slope, shift = map(float, arrays[f"{name}_scale"])
    signs, words, examples = (arrays[f"{name}_{part}"] for part in ("signs", "words", "examples"))
    return Head(signs, words, examples, constant, slope, shift)


def squared_lengths(rows: NDArray[np.floating[Any]]) -> NDArray[Any]:
    """The squared length of each row."""
    return np.asarray((rows**2).sum(1))


def likeness(
    profiles: NDArray[np.floating[Any]],
    examples: NDArray[np.floating[Any]],
    lengths: NDArray[np.floating[Any]] | None = None,
) -> NDArray[Any]:
    """How alike each profile is to each example: 1 for equal, towards 0 for far; profiles x examples.

    `lengths` are the `squared_lengths` of the examples, where they are at hand.
    """
    lengths = squared_lengths(examples) if lengths is None else lengths
    squares = squared_lengths(profiles)[:, None] + lengths[None] - 2 * profiles @ examples.T
    return np.asarray(np.exp(-LIKENESS * np.maximum(squares, 0)))
