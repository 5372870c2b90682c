"""What is told again is joined to what was told before, and its near misses are not: the follow-ups written for the
register, read, judged and registered as tipwatch does it. All labelled stories: `make model-check`."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from classifier.judge import Judge
from storage.database.engine import Database
from storage.register.registration import find_places
from tipwatch.evaluation.judging import BATCH, in_batches, register
from tipwatch.evaluation.register_training import judge_labelled, read_labelled

# 0.94 and 0.86 when the weights were made, which saw these stories; a pair is nearly three hundredths.
LEAST_PRECISION = 0.85
LEAST_RECALL = 0.78


@pytest.mark.slow
def test_follow_ups_are_joined_and_near_misses_are_not(tmp_path: Path) -> None:
    labelled = [(record, story) for record, story in read_labelled() if str(record["id"]).startswith("own-fu-")]
    told = judge_labelled(labelled, Judge.load())
    assert len(told) > 50
    with Database.open(f"sqlite:///{tmp_path}/register.sqlite3") as database:
        judged = [(one.record, one.verdict) for one in told]
        answers = [one for batch in in_batches(judged, BATCH) for one in register(database, batch, datetime.now(UTC))]
        with database.reading() as connection:
            places = find_places(connection, [answer.article_id for answer in answers])
    placed = [
        (one.story, places[answer.article_id].project_id or answer.article_id)
        for one, answer in zip(told, answers, strict=True)
        if one.is_new_project
    ]
    pairs = [(one[0] == other[0], one[1] == other[1]) for one, other in combinations(placed, 2)]
    right = sum(is_one and is_joined for is_one, is_joined in pairs)
    precision = right / sum(is_joined for _, is_joined in pairs)
    recall = right / sum(is_one for is_one, _ in pairs)
    assert precision >= LEAST_PRECISION, f"{precision:.3f}"
    assert recall >= LEAST_RECALL, f"{recall:.3f}"
