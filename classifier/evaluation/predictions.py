"""Judges labelled records with a model that is there.

In: labelled records. Out: predictions in the form that `tipwatch judge` writes. Nothing is learnt here, so none of what
models are fitted with is needed; `classifier.evaluation.evaluate` fits them first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from classifier.corpus import Record, document_of
from classifier.document import Verdict
from classifier.judge import Judge


def prediction(record_id: str, verdict: Verdict) -> dict[str, Any]:
    """One line of predictions: the answers, their probabilities, the topic, and the facts of a new project with the
    doubtful ones among them."""
    return {
        "id": record_id,
        "lang": verdict.lang,
        "relevant": verdict.is_relevant,
        "relevance": round(verdict.relevance, 4),
        "new_project": verdict.is_new_project,
        "new_project_probability": round(verdict.new_project_probability, 4),
        "topic": verdict.topic,
        "project": verdict.facts.as_project() if verdict.is_new_project and verdict.facts else None,
        "doubtful": verdict.facts.doubtful if verdict.is_new_project and verdict.facts else {},
    }


def judge_records(records: Sequence[Record], judge: Judge, *, with_facts: bool = True) -> list[dict[str, Any]]:
    """A prediction for each record, in their order, by one judge that must not have learnt from them; where encoders
    that saw nothing of a record's story have scored it, by those scores."""
    return [
        prediction(
            str(record["id"]),
            judge.judge(document_of(record), with_facts=with_facts, encoder_scores=record.get("encoder")),
        )
        for record in records
    ]
