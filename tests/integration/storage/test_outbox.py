"""The outbox: a slot claimed once, a project announced once, a message sent once as far as that can be known."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from storage.database.engine import Database
from storage.database.errors import AlreadyAnnounced
from storage.digests.digests import (
    delivery_counts,
    get_digest,
    get_message,
    last_slot,
    list_digests,
    list_failed_deliveries,
    unfinished_digests,
)
from storage.digests.outbox import (
    FrozenDelivery,
    LeasedDelivery,
    claim_digest,
    finish_delivery,
    forget_messages,
    freeze_digest,
    lease_delivery,
)
from tests.support.crawl_records import DAY, HOUR, NOW, KilledError, add_project, write_and_die

MINUTE = timedelta(minutes=1)


def claim(database: Database, *, subscription: str = "morning", days: int = 0) -> int | None:
    slot_at = NOW + days * DAY
    period = (slot_at - DAY, slot_at)
    return database.write_now(
        claim_digest, subscription, slot_at.date().isoformat(), slot_at, period=period, now=slot_at
    )


def freeze(database: Database, digest_id: int | None, *recipients: str, projects: tuple[int, ...] = ()) -> bool:
    assert digest_id is not None
    messages = [FrozenDelivery(one, f"<{digest_id}.{one}>", f"To: {one}".encode()) for one in recipients]
    return database.write_now(
        freeze_digest, digest_id, summary={"new": len(projects)}, project_ids=projects, deliveries=messages, now=NOW
    )


def lease(database: Database, at: datetime = NOW, *, limit: int = 10) -> list[LeasedDelivery]:
    """Leases one after another."""
    leased: list[LeasedDelivery] = []
    while len(leased) < limit and (one := database.write_now(lease_delivery, at, lease_seconds=120)):
        leased.append(one)
    return leased


def finish(database: Database, one: LeasedDelivery, result: str = "sent", **more: object) -> bool:
    values = {"attempts": one.attempts, "result": result, "error": None, "retry_at": None, "now": NOW} | more
    return database.write_now(finish_delivery, one.id, **values)  # type: ignore[arg-type]  # test shorthand


def test_a_slot_is_claimed_once_for_each_subscription(database: Database) -> None:
    assert claim(database) is not None
    assert claim(database) is None
    assert claim(database, subscription="weekly") is not None
    assert claim(database, days=1) is not None
    with database.reading() as connection:
        assert last_slot(connection, "morning") == NOW + DAY
        assert last_slot(connection, "evening") is None


def test_of_two_that_claim_a_slot_at_once_one_gets_it(database: Database) -> None:
    claimed: list[int | None] = []
    threads = [threading.Thread(target=lambda: claimed.append(claim(database))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in claimed) == 1


def test_a_digest_whose_process_died_before_rendering_is_found_again(database: Database) -> None:
    digest_id = claim(database)
    with database.reading() as connection:
        (left,) = unfinished_digests(connection, "morning")
        assert unfinished_digests(connection, "weekly") == []
    assert (left.id, left.slot_key, left.period_to_at) == (digest_id, "2026-11-25", NOW)
    assert freeze(database, digest_id, "ana@example.org")
    with database.reading() as connection:
        assert unfinished_digests(connection) == []


def test_of_two_that_compose_one_digest_the_second_stores_nothing(database: Database) -> None:
    digest_id = claim(database)
    assert freeze(database, digest_id, "ana@example.org")
    assert not freeze(database, digest_id, "ana@example.org", "ben@example.org")
    assert [one.recipient for one in lease(database)] == ["ana@example.org"]


def test_a_digest_of_nobody_is_done_at_once(database: Database) -> None:
    digest_id = claim(database)
    assert freeze(database, digest_id)
    with database.reading() as connection:
        (record,) = list_digests(connection)
    assert (record.state, record.deliveries, record.summary) == ("done", {}, {"new": 0})


def test_a_project_is_announced_to_a_subscription_once(database: Database) -> None:
    with database.writing() as connection:
        project_id = add_project(connection, "P-AAAAAA")
    first, second = claim(database), claim(database, days=1)
    assert freeze(database, first, "ana@example.org", projects=(project_id,))
    with pytest.raises(AlreadyAnnounced):
        freeze(database, second, "ana@example.org", projects=(project_id,))
    with database.reading() as connection:
        assert [one.id for one in unfinished_digests(connection)] == [second]
    assert freeze(database, claim(database, subscription="weekly"), "ben@example.org", projects=(project_id,))


def test_the_bytes_sent_are_the_bytes_frozen(database: Database) -> None:
    digest_id = claim(database)
    odd = bytes(range(256))
    message = FrozenDelivery("ana@example.org", "<1@example.org>", odd)
    database.write_now(freeze_digest, digest_id or 0, summary={}, deliveries=[message], now=NOW)
    (leased,) = lease(database)
    assert (leased.message, leased.message_id, leased.attempts) == (odd, "<1@example.org>", 1)
    assert finish(database, leased, "retry", retry_at=NOW + HOUR, error="451 later")
    (again,) = lease(database, NOW + HOUR)
    assert (again.message, again.message_id, again.attempts) == (odd, "<1@example.org>", 2)


def test_a_delivery_is_leased_to_one_process_at_a_time(database: Database) -> None:
    freeze(database, claim(database), *(f"r{number}@example.org" for number in range(20)))
    taken: list[LeasedDelivery] = []

    def work() -> None:
        while some := lease(database, limit=3):
            taken.extend(some)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.id for one in taken) == sorted({one.id for one in taken})
    assert len(taken) == 20


def test_a_lease_that_ran_out_is_given_again_and_fences_the_first_off(database: Database) -> None:
    freeze(database, claim(database), "ana@example.org")
    (slow,) = lease(database)
    assert lease(database, NOW + MINUTE) == []
    (second,) = lease(database, NOW + 3 * MINUTE)
    assert (slow.may_be_repeated, second.may_be_repeated) == (False, True)
    assert not finish(database, slow)
    assert finish(database, second)
    assert not finish(database, second)


def test_one_recipient_refused_does_not_touch_the_others(database: Database) -> None:
    digest_id = claim(database)
    freeze(database, digest_id, "ana@example.org", "ben@example.org", "eva@example.org")
    ana, ben, eva = lease(database)
    assert finish(database, ana)
    assert finish(database, ben, "failed", error="550 no such user")
    with database.reading() as connection:
        assert delivery_counts(connection) == {"pending": 0, "sending": 1, "sent": 1, "failed": 1}
        assert list_digests(connection)[0].state == "rendered"
    assert finish(database, eva)
    with database.reading() as connection:
        record, deliveries = get_digest(connection, digest_id or 0) or pytest.fail("gone")
        (failed,) = list_failed_deliveries(connection)
    assert (record.state, record.done_at) == ("done", NOW)
    assert record.deliveries == {"sent": 2, "failed": 1}
    assert [one.state for one in deliveries] == ["sent", "failed", "sent"]
    assert (failed.recipient, failed.error) == ("ben@example.org", "550 no such user")


def test_a_message_that_may_have_arrived_says_so_ever_after(database: Database) -> None:
    digest_id = claim(database)
    freeze(database, digest_id, "ana@example.org")
    (first,) = lease(database)
    finish(database, first, "retry", retry_at=NOW + MINUTE, error="lost after DATA", is_uncertain=True)
    (second,) = lease(database, NOW + MINUTE)
    assert second.may_be_repeated
    finish(database, second)
    with database.reading() as connection:
        _, deliveries = get_digest(connection, digest_id or 0) or pytest.fail("gone")
    assert [one.may_be_repeated for one in deliveries] == [True]


def test_a_later_digest_does_not_overtake_an_earlier_one(database: Database) -> None:
    freeze(database, claim(database), "ana@example.org")
    (first,) = lease(database)
    finish(database, first, "retry", retry_at=NOW + 2 * DAY, error="connection refused")
    freeze(database, claim(database, days=1), "ana@example.org", "ben@example.org")
    (ben,) = lease(database, NOW + DAY)
    assert ben.recipient == "ben@example.org"
    finish(database, ben)
    (again,) = lease(database, NOW + 2 * DAY)
    assert again.id == first.id
    finish(database, again)
    (second,) = lease(database, NOW + 2 * DAY)
    assert (second.recipient, second.digest_id) == ("ana@example.org", ben.digest_id)


def test_a_retry_needs_its_time(database: Database) -> None:
    freeze(database, claim(database), "ana@example.org")
    (one,) = lease(database)
    with pytest.raises(ValueError, match="time"):
        finish(database, one, "retry")


def test_forgotten_bytes_leave_the_record_of_the_sending(database: Database) -> None:
    digest_id = claim(database)
    freeze(database, digest_id, "ana@example.org")
    (one,) = lease(database)
    assert database.write_now(forget_messages, NOW + DAY) == 0
    finish(database, one)
    assert database.write_now(forget_messages, NOW) == 0
    with database.reading() as connection:
        assert get_message(connection, one.id) == b"To: ana@example.org"
    assert database.write_now(forget_messages, NOW + DAY) == 1
    with database.reading() as connection:
        assert get_message(connection, one.id) is None
        _, deliveries = get_digest(connection, digest_id or 0) or pytest.fail("gone")
    assert [one.state for one in deliveries] == ["sent"]


def test_nothing_of_a_freezing_that_was_cut_off_is_kept(database: Database) -> None:
    with database.writing() as connection:
        project_id = add_project(connection, "P-AAAAAA")
    digest_id = claim(database)
    with pytest.raises(KilledError):
        write_and_die(
            database,
            freeze_digest,
            digest_id or 0,
            summary={},
            project_ids=[project_id],
            deliveries=[FrozenDelivery("ana@example.org", "<1>", b"x")],
            now=NOW,
        )
    assert lease(database) == []
    assert freeze(database, digest_id, "ana@example.org", projects=(project_id,))
