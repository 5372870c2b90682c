"""Lives of an installation at random, against the promises: every entry is judged once, every project announced once,
every decision kept, whatever feeds, pages, mail servers, disks, clocks and people do.

Up to a thousand, as CI asks for, are the same each time. `TIPWATCH_TEST_LIVES=10000` lives so many others, and says
what broke as the shortest life that breaks it; mended, it is kept in `test_kept_lives.py`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.newsdesk import Newsdesk
from tests.support.promises import Promises

pytestmark = pytest.mark.slow

LIVES = int(os.environ.get("TIPWATCH_TEST_LIVES", "40"))
LIVES_IN_CI = 1000
"""Some 0.15 s of an idle core each, and of two cores that run other tests, too, 0.4: seven minutes."""

STEPS = 25
"""Of a life at most: enough for two projects to be told, sent, corrected and told again."""


def test_whatever_happens_in_a_life_the_promises_are_kept(desk: Newsdesk) -> None:
    run_state_machine_as_test(
        lambda: Promises(desk),  # type: ignore[arg-type]  # it asks for nothing but to be called
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            derandomize=LIVES <= LIVES_IN_CI,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
