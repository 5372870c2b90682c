from __future__ import annotations

from typing import Any

from classifier.document import SENTENCE_ROLES, Facts
from tipwatch.cli.explain import DOES_SHOWN, fact_lines


def test_a_doubtful_fact_is_told_as_such() -> None:
    probabilities: Any = {"funders": {"Norway": 0.9, "Chile": 0.4}, "amount": {"3000000.0": 0.5}, "name": {"A": 0.9}}
    facts = Facts(name="A", funders=("Norway", "Chile"), amount=3e6, currency="USD", probabilities=probabilities)
    assert [line[12:] for line in fact_lines(facts)] == ["A", "Norway; perhaps Chile", "perhaps USD 3,000,000"]


def test_whatever_a_sentence_may_do_is_told_in_words() -> None:
    assert list(DOES_SHOWN) == list(SENTENCE_ROLES.values())
