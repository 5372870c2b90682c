"""Lives that once broke a promise, as the state machine wrote them down or as somebody thought of them; see
`test_promises`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.newsdesk import RECIPIENTS, Newsdesk
from tests.support.promises import Promises

pytestmark = pytest.mark.slow


def news_while_the_clock_is_behind(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.deliver()
    state.set_clock(-400)
    state.publish("post", "post", 1)
    state.crawl()


def news_while_the_clock_is_ahead(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.deliver()
    state.set_clock(400)
    state.publish("post", "post", 1)
    state.crawl()


def news_after_a_crawl_by_a_clock_that_was_ahead(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.set_clock(400)
    state.publish("herald", "herald", 1)
    state.crawl()
    state.publish("herald", "herald", 2)


def a_project_confirmed_by_hand_while_the_clock_is_behind(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.publish("post", "post", 1)
    state.crawl()
    state.label(1, False)
    state.deliver()
    state.set_clock(-400)
    state.label(1, True)


def a_recipient_whose_server_refuses_them_for_good(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.break_mailbox(RECIPIENTS[0], "550 no such user")
    state.deliver()


def news_after_a_digest_by_a_clock_that_was_ahead(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.set_clock(2)
    state.deliver()
    state.publish("herald", "herald", 1)
    state.crawl()


def a_project_that_is_none_becomes_part_of_another(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.publish("herald", "herald", 1)
    state.crawl()
    state.label(0, False)
    state.merge(1, 0)


def a_project_said_to_be_none_for_weeks_by_mistake(state: Promises) -> None:
    state.publish("herald", "herald", 0)
    state.crawl()
    state.label(0, False)
    for _ in range(4):
        state.pass_time(80)
        state.deliver()
    state.undo()


KEPT: tuple[Callable[[Promises], None], ...] = (
    news_while_the_clock_is_behind,
    news_while_the_clock_is_ahead,
    news_after_a_crawl_by_a_clock_that_was_ahead,
    a_project_confirmed_by_hand_while_the_clock_is_behind,
    a_recipient_whose_server_refuses_them_for_good,
    news_after_a_digest_by_a_clock_that_was_ahead,
    a_project_that_is_none_becomes_part_of_another,
    a_project_said_to_be_none_for_weeks_by_mistake,
)


@pytest.mark.parametrize("life", KEPT, ids=lambda life: life.__name__.replace("_", " "))
def test_a_life_that_once_broke_a_promise_keeps_it(life: Callable[[Promises], None], desk: Newsdesk) -> None:
    state = Promises(desk)
    try:
        life(state)
    finally:
        state.teardown()
