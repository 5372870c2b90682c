from __future__ import annotations

from datetime import timedelta

import pytest

from alerts.delivery.retries import GIVE_UP_AFTER, UNAUTHORISED_WAIT, NextStep, decide_next
from alerts.delivery.transports.transport import Attempt
from tests.support.digest_examples import SLOT_AT


def decide(attempt: Attempt, attempts: int = 1, age: timedelta = timedelta()) -> NextStep:
    return decide_next(attempt, attempts=attempts, first_at=SLOT_AT - age, now=SLOT_AT)


def test_a_sent_message_is_done() -> None:
    assert decide(Attempt("sent")) == NextStep("sent")


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (40, 60)])
def test_waits_grow_to_an_hour(attempts: int, minutes: int) -> None:
    assert decide(Attempt("later"), attempts) == NextStep("retry", SLOT_AT + timedelta(minutes=minutes))


def test_a_refused_recipient_is_final() -> None:
    assert decide(Attempt("refused", "550 no such user")) == NextStep("failed")


def test_a_wrong_password_is_not_tried_in_a_burst() -> None:
    assert decide(Attempt("unauthorised")) == NextStep("retry", SLOT_AT + UNAUTHORISED_WAIT)


@pytest.mark.parametrize("result", ["later", "unauthorised"])
def test_after_two_days_a_delivery_is_given_up_and_shown(result: str) -> None:
    attempt = Attempt("later") if result == "later" else Attempt("unauthorised")
    assert decide(attempt, 40, GIVE_UP_AFTER) == NextStep("failed")
    assert decide(attempt, 40, GIVE_UP_AFTER - timedelta(seconds=1)).result == "retry"
