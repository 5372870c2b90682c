"""The shipped model is what the bundled corpus gives, to the last byte: nobody has to take it on trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.model import MODEL_FOLDER
from tests.support.older_processor import run


@pytest.mark.retrains
def test_the_bundled_corpus_gives_the_shipped_model_byte_for_byte(tmp_path: Path) -> None:
    run("train", "--out", str(tmp_path))
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["about.json", "facts.json", "prefilter.npz", "verdicts.json"]
    for file in files:
        assert (tmp_path / file).read_bytes() == (MODEL_FOLDER / file).read_bytes(), f"{file}: `make model` was not run"
