"""The classifier's part of the configuration: from which probability on an article counts.

Enters as the `classifier:` mapping of `config.yaml`, leaves as a frozen model; unknown keys are refused.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classifier.document import Band


class ClassifierSettings(BaseModel):
    """Thresholds on calibrated probabilities: raise them for fewer false alarms, lower them to miss less."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    relevant: float = Field(
        default=0.5, gt=0, lt=1, description="Probability from which an article is about trafficking in persons."
    )
    new_project: float = Field(
        default=0.4, gt=0, lt=1, description="Probability from which an article reports a new project."
    )  # by cross-validation F1 is the same from 0.3 to 0.6; a project missed costs a reader more than one too many
    maybe: float = Field(
        default=0.25, gt=0, lt=1, description="Probability from which an article that falls short is shown as 'maybe'."
    )

    @model_validator(mode="after")
    def _maybe_lies_below(self) -> Self:
        if self.maybe > min(self.relevant, self.new_project):
            raise ValueError("maybe must not lie above relevant or new_project: it begins the band below them")
        return self

    def band(self, probability: float, threshold: float) -> Band:
        """`yes` from the threshold on, `maybe` from `maybe` on, else `no`."""
        if probability >= threshold:
            return "yes"
        return "maybe" if probability >= self.maybe else "no"
