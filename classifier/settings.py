"""The classifier's part of the configuration: which model judges, and from which probability on an article counts.

Enters as the `classifier:` mapping of `config.yaml`, leaves as a frozen model; unknown keys are refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifier.document import Band

MODEL_FILES = ("verdicts.json", "prefilter.npz", "about.json", "facts.json")
"""What lies in the folder of a model: what makes probabilities of scores, what rules out, what it was made from,
what reads facts. The encoder is the shipped one where the folder has none of its own."""


class ClassifierSettings(BaseModel):
    """The model, and thresholds on its calibrated probabilities: raise them for fewer false alarms, lower them to miss
    less."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Path | None = Field(
        default=None,
        description="Folder of a model of your own, as `tipwatch train` writes it, relative to this file; the shipped "
        "one unless given. It is read when tipwatch starts.",
    )
    relevant: float = Field(
        default=0.45, gt=0, lt=1, description="Probability from which an article is about trafficking in persons."
    )  # by cross-validation of pages precision and recall are alike there: .96
    new_project: float = Field(
        default=0.3, gt=0, lt=1, description="Probability from which an article reports a new project."
    )  # by cross-validation nine of ten announced pages are new projects then, and nine of ten are found
    maybe: float = Field(
        default=0.25,
        gt=0,
        lt=1,
        description="Probability from which an article below `relevant` is shown as 'maybe'.",
    )
    maybe_new_project: float = Field(
        default=0.1,
        gt=0,
        lt=1,
        description="Probability from which an article below `new_project` is shown as 'maybe'.",
    )  # by cross-validation three of four of the pages' projects missed lie above

    @model_validator(mode="after")
    def _maybe_lies_below(self) -> Self:
        for maybe, above in (("maybe", "relevant"), ("maybe_new_project", "new_project")):
            if getattr(self, maybe) > getattr(self, above):
                raise ValueError(f"{maybe} must not lie above {above}: it begins the band below it")
        return self

    def relevance_band(self, probability: float) -> Band:
        """Of the probability that an article is about trafficking in persons."""
        return _band(probability, self.relevant, self.maybe)

    def new_project_band(self, probability: float) -> Band:
        """Of the probability that an article reports a new project."""
        return _band(probability, self.new_project, self.maybe_new_project)


def _band(probability: float, threshold: float, maybe: float) -> Band:
    """`yes` from the threshold on, `maybe` from where the band below it begins, else `no`."""
    if probability >= threshold:
        return "yes"
    return "maybe" if probability >= maybe else "no"
