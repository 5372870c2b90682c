"""The shipped judge, read once for all tests."""

from __future__ import annotations

import pytest

from classifier.judge import Judge


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge.load()
