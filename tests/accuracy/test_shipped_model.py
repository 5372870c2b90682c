"""The shipped model is what the bundled corpus gives, to the last byte: nobody has to take it on trust."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.model import MODEL_FOLDER

OLDER = (
    {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
    if platform.machine() in ("x86_64", "AMD64")
    else {}
)
"""What keeps numpy and its linear algebra from using what processors can since 2013."""


@pytest.mark.slow
def test_the_bundled_corpus_gives_the_shipped_model_byte_for_byte(tmp_path: Path) -> None:
    """By the command itself, in a process of its own: one that counts covered lines takes five times as long.

    On x86 as an older processor computes, which adds up in another order and rounds another exponential: a model that
    was made on a newer one must come out all the same."""
    command = [sys.executable, "-m", "tipwatch", "train", "--out", str(tmp_path)]
    trained = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **OLDER})
    assert trained.returncode == 0, trained.stderr
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["about.json", "facts.json", "prefilter.npz", "verdicts.json"]
    for file in files:
        assert (tmp_path / file).read_bytes() == (MODEL_FOLDER / file).read_bytes(), f"{file}: `make model` was not run"
