"""Every input that was ever found to be trouble, and those that fuzzing starts from, are read without any."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.limit import within_a_second
from tests.fuzz.targets import TARGETS, loaded_judge

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parent / "corpus"


def test_every_target_has_a_corpus_and_no_other_has() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_what_was_kept_is_read_without_trouble(name: str) -> None:
    run, _ = TARGETS[name]
    loaded_judge()
    files = sorted((CORPUS / name).iterdir())
    assert files
    for file in files:
        with within_a_second():
            run(file.read_bytes())
