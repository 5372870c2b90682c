"""Whether further records make a better or a worse model.

In: the corpus, and records that would be added. Out: a `Comparison` of the scores of both models, by cross-validation
on the same articles in the same parts, none judged by a model that saw it. The corpus' articles alone decide: were the
further ones asked too, wrong labels would vouch for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from classifier.corpus import RELEVANCE_ONLY, Record
from classifier.evaluation.evaluate import cross_validate
from classifier.evaluation.scoring import QUESTIONS, Report, Score, score_predictions

FOLDS = 5
"""Half of what `tipwatch evaluate` takes, since all is done twice; both models stand the same test."""

ALLOWED_FALL = 0.004
"""Of an F1: two articles among the three hundred new projects of the bundled corpus. So few say
nothing of which model is better."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one measure changes: F1 without the further records and with them. `is_worse` beyond what is chance."""

    name: str
    before: float
    after: float

    @property
    def is_worse(self) -> bool:
        return self.before - self.after > ALLOWED_FALL


@dataclass(frozen=True, slots=True)
class Comparison:
    """Changes on the corpus' articles, which decide, and how many mistakes were and are made on the further ones."""

    changes: tuple[Change, ...]
    judged: int
    mistakes_before: int
    mistakes_after: int

    @property
    def falls(self) -> tuple[Change, ...]:
        """What becomes worse; the further records are not worth taking if this is not empty."""
        return tuple(change for change in self.changes if change.is_worse)


def compare_models(
    corpus: Sequence[Record],
    further: Sequence[Record],
    *,
    always: Iterable[Record] = (),
    folds: int = FOLDS,
    report_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Comparison:
    """Scores models without and with the `further` records.

    Args:
        corpus: labelled records that are learnt from and judged.
        further: records that are judged too, and that one of the models learns from. Of one that teaches relevance
            only it is not known whether it is a new project, so it is learnt from but not judged.
        always: records that are only learnt from.
        folds: parts of the cross-validation.
        report_progress: called with the parts done and all parts.

    Raises:
        CorpusError: too few records to train on.
    """
    extra = list(always)
    judged = [record for record in further if record.get("teaches") != RELEVANCE_ONLY]
    unjudged = [record for record in further if record.get("teaches") == RELEVANCE_ONLY]
    new = {id(record) for record in judged}
    records = [*corpus, *judged]
    without = cross_validate(
        records,
        always=extra,
        folds=folds,
        teaches=lambda record: id(record) not in new,
        report_progress=lambda done, _: report_progress(done, 2 * folds),
    )
    with_them = cross_validate(
        records,
        always=[*extra, *unjudged],
        folds=folds,
        report_progress=lambda done, _: report_progress(folds + done, 2 * folds),
    )
    known = len(corpus)
    before, after = (score_predictions(corpus, said[:known]) for said in (without, with_them))
    changes = [Change(question, before.questions[question].f1, after.questions[question].f1) for question in QUESTIONS]
    on_further = (score_predictions(judged, said[known:]) for said in (without, with_them))
    return Comparison(
        (*changes, Change("facts", _all_facts(before).f1, _all_facts(after).f1)),
        len(judged),
        *(len(report.mistakes) for report in on_further),
    )


def _all_facts(report: Report) -> Score:
    """All facts counted together."""
    scores = report.facts.values()
    return Score(*(sum(getattr(score, name) for score in scores) for name in ("right", "wrong", "missed")))
