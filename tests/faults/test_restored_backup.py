"""A database restored from a backup knows less than was sent; what was sent is not announced again."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from alerts.delivery.sent_log import SentLog
from storage.database.engine import Database
from storage.digests.outbox import claim_digest, freeze_digest
from storage.digests.sent import SentDigest
from tests.support.crawl_records import DAY, NOW
from tests.support.farm import PROJECTS, Case, Place, article
from tests.support.office import Office, office
from tests.support.sites import Route

NEWS = "Silver Gate"
NAMES = (*(name for name, _ in PROJECTS), NEWS)


def announced(work: Office) -> Counter[str]:
    """How often each project of the farm was told as new, over all messages that arrived."""
    counts: Counter[str] = Counter()
    for _, content in work.mailbox.messages:
        body: Any = message_from_bytes(content, policy=default).get_body(("plain",))
        new = body.get_content().split("Updates")[0]
        counts.update(name for name in NAMES if name in new)
    return counts


def late(place: Place) -> dict[str, Route]:
    page = article(
        f"{NEWS}: new project against human trafficking launched in Malawi",
        f"The United Nations Office on Drugs and Crime has launched {NEWS}, a new project against human trafficking.",
        "The two-year project, funded by the Government of Japan with EUR 800,000, will equip border posts in Malawi "
        "and help victims of trafficking in persons to return to their families.",
    )
    return {"/feed": place.feed(1), "/page/1": page}


@pytest.mark.slow
@pytest.mark.parametrize("is_empty", [False, True], ids=["a backup", "an empty database"])
async def test_what_was_sent_after_a_backup_was_made_is_not_announced_again(
    is_empty: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copy = tmp_path / "copy.sqlite3"
    async with office(tmp_path) as work:
        work.start()
        if is_empty:
            work.back_up(copy)
        await work.crawl()
        if not is_empty:
            work.back_up(copy)
        await work.deliver()
        sent = len(work.mailbox.messages)
        assert sent == 1
        first = announced(work)
        await work.restore(copy)
        caplog.set_level(logging.INFO, "alerts")
        await work.crawl()
        await work.deliver()
        assert len(work.mailbox.messages) == sent  # the day's digest was sent
        assert any("database_is_older" in message for message in caplog.messages)
        work.farm.open("late", Case(late))
        work.configure()
        await work.restart()
        work.skew = timedelta(days=1)
        await work.crawl()
        await work.deliver()
        assert len(work.mailbox.messages) == sent + 1  # the next day's
        assert announced(work) == first + Counter([NEWS])


def digest_of(number: int) -> SentDigest:
    at = NOW + number * DAY
    return SentDigest(
        "morning", at.date().isoformat(), at, tuple(f"https://herald.example/{number}/{n}" for n in range(9))
    )


def make_digest(database: Database, number: int) -> int:
    at = NOW + number * DAY
    with database.writing() as connection:
        id_ = claim_digest(connection, "morning", at.date().isoformat(), at, period=(at - DAY, at), now=at)
        assert id_ is not None
        freeze_digest(connection, id_, summary={}, deliveries=[], now=at)
    return id_


async def test_a_digest_is_noted_once_whoever_notes_it(database_url: str, tmp_path: Path) -> None:
    with Database.open(database_url) as database:
        id_ = make_digest(database, 0)
        for _ in range(2):
            log = SentLog(tmp_path / "sent.jsonl")
            await log.note(database, id_)
            await log.note(database, id_)
        assert [one.slot_key for one in log.read()] == ["2026-11-25"]
        assert await log.find_forgotten(database) == []


async def test_a_log_that_is_damaged_or_cannot_be_written_holds_up_nothing(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "sent.jsonl"
    with Database.open(database_url) as database:
        await SentLog(file).note(database, make_digest(database, 0))
        with file.open("ab") as whole:
            whole.write(b'\xff\x00nonsense\n[1, 2]\n{"subscription": "morn')  # cut off
        log = SentLog(file)
        await log.note(database, make_digest(database, 1))
        assert [one.slot_key for one in log.read()] == ["2026-11-25", "2026-11-26"]
        await SentLog(tmp_path / "missing" / "sent.jsonl").note(database, make_digest(database, 2))
        assert "sent_log.unwritable" in caplog.text


def test_the_log_keeps_the_newest_in_bounded_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alerts.delivery.sent_log.FILE_BYTES", 2_000)
    log = SentLog(tmp_path / "sent.jsonl")
    for number in range(40):
        log._append(digest_of(number))
    kept = log.read()
    assert kept == [digest_of(number) for number in range(40 - len(kept), 40)]
    assert 3 <= len(kept) < 12
    assert len(list(tmp_path.iterdir())) == 2
