"""Judges records with models that were not trained on them.

In: labelled records. Out: predictions in the form `tipwatch judge` writes, each by a model that never saw the record's
story: verdicts and facts alike. `classifier.evaluation.scoring` scores them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from classifier.corpus import Record, folds_of, story_of
from classifier.evaluation.predictions import judge_records
from classifier.extraction.extractor import Extracted
from classifier.judge import Judge
from classifier.learning.adaptation import fit_adaptation
from classifier.learning.fact_models import fit_models
from classifier.learning.samples import extract_record
from classifier.learning.train import fit_calibrations
from classifier.model import Model
from classifier.settings import ClassifierSettings

FOLDS = 10
"""Each model is trained on nine tenths: near what the shipped one learns from, at ten trainings of half a minute."""


def cross_validate(
    records: Sequence[Record],
    *,
    always: Iterable[Record] = (),
    settings: ClassifierSettings | None = None,
    folds: int = FOLDS,
    with_facts: bool = True,
    teaches: Callable[[Record], bool] = lambda record: True,
    report_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[dict[str, Any]]:
    """A prediction for each record, in their order, by a model trained on the other folds.

    Args:
        records: labelled records; those of one story are always in one fold.
        always: further records that are not judged and that every model is trained on, but those whose story is that of
            an article it judges: they were written after it.
        settings: thresholds.
        folds: number of parts.
        teaches: whether a record of `records` is learnt from; one that is not is only judged.
        with_facts: whether facts are learnt and read too; without them `project` is None everywhere.
        report_progress: called with the parts done and all parts, first with none done.

    Raises:
        CorpusError: too few records to train on.
    """
    extra = list(always)
    fold = folds_of(records, folds).tolist()
    found: list[dict[str, Any]] = [{}] * len(records)
    gathered: dict[int, Extracted] = {}

    def gather(record: Record) -> Extracted:  # what can be a fact does not depend on the fold
        if id(record) not in gathered:
            gathered[id(record)] = extract_record(record)
        return gathered[id(record)]

    shipped = Model.load()  # for its encoder and what rules out, neither of which is asked here
    for part in range(folds):
        report_progress(part, folds)
        unseen = {story_of(r) for r, f in zip(records, fold, strict=True) if f == part}
        known = (r for r, f in zip(records, fold, strict=True) if f != part and teaches(r))
        learnt = [*known, *(r for r in extra if story_of(r) not in unseen)]
        facts = fit_models(learnt, gather) if with_facts else None
        calibrations = fit_calibrations([r for r in learnt if not r.get("is_readers")] or learnt)
        model = replace(shipped, calibrations=calibrations, adaptation=fit_adaptation(learnt))
        judge = Judge(model, settings or ClassifierSettings(), facts)
        here = [i for i, f in enumerate(fold) if f == part]
        for i, said in zip(here, judge_records([records[i] for i in here], judge, with_facts=with_facts), strict=True):
            found[i] = said
    report_progress(folds, folds)
    return found
