"""The trained model as it lies in `classifier/model/`: what rules out, what calibrates, and where the encoder lies.

In: a folder with `prefilter.npz`, `verdicts.json` and `about.json` (what it was trained on), and the encoder's folder
(the shipped one, where it has none of its own). Out: a `Model`. A damaged or foreign folder gives a `ModelError` that
says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.files import FILES, PIECES_FILE
from classifier.encoder.pieces import PieceModel
from classifier.encoder.scores import EncoderScores
from classifier.languages import LANGUAGES
from classifier.logistic import sigmoid
from classifier.prefilter.prefilter import Prefilter, PrefilterWeights
from classifier.prefilter.terms import load_terms

MODEL_FOLDER = Path(__file__).parent / "model"
"""The model that is shipped."""

ADAPTATION_FILE = "adaptation.npy"
"""Only in a model that was trained with readers' labels."""

FORMAT = 8
"""Rises when the files no longer fit the code that reads them."""

_HINT = "train it anew with `tipwatch train`, or reinstall tipwatch"


class ModelError(RuntimeError):
    """The model cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Calibration:
    """Makes an encoder's logit a probability (Platt, 1999)."""

    slope: float
    shift: float

    def probability(self, logit: float) -> float:
        """0..1"""
        return float(sigmoid(np.array(self.slope * logit + self.shift)))


@dataclass(frozen=True, slots=True)
class Calibrations:
    """Of both questions, in languages with a lexicon and in others, of which fewer texts have taught."""

    relevant: Calibration
    new_project: Calibration
    relevant_elsewhere: Calibration
    new_project_elsewhere: Calibration

    def of(self, lang: str) -> tuple[Calibration, Calibration]:
        """Those of relevant and new project for a language."""
        if lang in LANGUAGES:
            return self.relevant, self.new_project
        return self.relevant_elsewhere, self.new_project_elsewhere


@dataclass(frozen=True, slots=True)
class Model:
    """What decides on verdicts beside the encoder, which lies in `encoder_folder`.

    `adaptation` are weights (numbers of a passage x verdicts), where readers' labels taught any.
    """

    prefilter: PrefilterWeights
    calibrations: Calibrations
    about: Mapping[str, Any]
    encoder_folder: Path = MODEL_FOLDER / "encoder"
    adaptation: NDArray[np.float32] | None = None

    def logits(self, scores: EncoderScores) -> tuple[float, float]:
        """The encoder's log-odds of relevant and new project, with what readers' labels add."""
        verdicts = scores.verdicts
        if self.adaptation is not None and scores.pooled is not None:
            verdicts = verdicts + scores.pooled @ self.adaptation / np.sqrt(len(scores.pooled))
        return float(verdicts[0]), float(verdicts[1])

    def save(self, folder: Path) -> None:
        """Writes all but the encoder; the same model gives the same bytes.

        Raises:
            OSError: the folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.prefilter.save(folder / "prefilter.npz")
        for name, content in (("verdicts", {"format": FORMAT, **asdict(self.calibrations)}), ("about", self.about)):
            text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        (folder / ADAPTATION_FILE).unlink(missing_ok=True)
        if self.adaptation is not None:
            np.save(folder / ADAPTATION_FILE, self.adaptation)

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER) -> Model:
        """Reads a model folder.

        Raises:
            ModelError: a file is missing or damaged, or the model was trained for other code.
        """
        encoder = folder / "encoder" if (folder / "encoder").exists() else MODEL_FOLDER / "encoder"
        try:
            verdicts = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
            about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
            prefilter = PrefilterWeights.load(folder / "prefilter.npz")
            version = verdicts.pop("format")
            if version == FORMAT:
                calibrations = Calibrations(**{name: Calibration(**one) for name, one in verdicts.items()})
            path = folder / ADAPTATION_FILE
            adaptation = np.load(path, allow_pickle=False) if path.exists() else None
            missing = next((name for name in FILES if not (encoder / name).exists()), None)
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: {Path(str(error.filename)).name} is missing") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, BadZipFile) as error:
            raise ModelError(f"the model in {folder} is damaged: {error}") from error
        if version != FORMAT:
            raise ModelError(f"the model in {folder} was trained by another version of tipwatch")
        if missing:
            raise ModelError(f"no encoder in {encoder}: {missing} is missing")
        return cls(prefilter, calibrations, about, encoder, adaptation)

    def load_prefilter(self) -> Prefilter:
        """What rules out, with its terms and the vocabulary.

        Raises:
            ModelError: the vocabulary is damaged.
        """
        try:
            return Prefilter(self.prefilter, PieceModel(self.encoder_folder / PIECES_FILE), load_terms())
        except (OSError, RuntimeError) as error:
            raise ModelError(f"the encoder in {self.encoder_folder} is damaged: {PIECES_FILE}: {error}") from error
