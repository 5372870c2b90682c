from __future__ import annotations

from classifier.document import SENTENCE_ROLES
from tipwatch.cli.explain import DOES_SHOWN


def test_whatever_a_sentence_may_do_is_told_in_words() -> None:
    assert list(DOES_SHOWN) == list(SENTENCE_ROLES.values())
