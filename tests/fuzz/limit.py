"""The limit on what one input may cost: a second of processor time, whatever else the machine does meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT_SECONDS = 1.0

COUNTED = 3
"""Times as long as lines run where each is counted (coverage, atheris)."""


@contextmanager
def within_a_second(*, is_counted: bool = False) -> Iterator[None]:
    """Fails where what runs within takes over a second of this thread's processor time."""
    limit = LIMIT_SECONDS * (COUNTED if is_counted or sys.gettrace() is not None else 1)
    began = time.thread_time()
    yield
    took = time.thread_time() - began
    assert took <= limit, f"{took:.1f} s for one input"
