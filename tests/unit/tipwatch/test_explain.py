from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from classifier.document import SENTENCE_ROLES, Evidence, Facts, Reason
from tests.support.crawl_records import verdict
from tipwatch.cli.explain import DOES_SHOWN, fact_lines, print_verdict


def test_a_doubtful_fact_is_told_as_such() -> None:
    probabilities: Any = {"funders": {"Norway": 0.9, "Chile": 0.4}, "amount": {"3000000.0": 0.5}, "name": {"A": 0.9}}
    facts = Facts(name="A", funders=("Norway", "Chile"), amount=3e6, currency="USD", probabilities=probabilities)
    assert [line[12:] for line in fact_lines(facts)] == ["A", "Norway; perhaps Chile", "perhaps USD 3,000,000"]


def test_whatever_a_sentence_may_do_is_told_in_words() -> None:
    assert list(DOES_SHOWN) == list(SENTENCE_ROLES.values())


def test_a_sentence_that_decided_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    sentence = "Two patrol boats will be bought for the lake."
    reason = Reason("relevant", "Two patrol boats will be", 0.4, Evidence(sentence, "text", 0, len(sentence)))
    print_verdict("Boats", replace(verdict(), reasons=(reason,)))
    assert f"  +0.40  “{sentence}”\n" in capsys.readouterr().out
