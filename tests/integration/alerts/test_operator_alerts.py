"""The operator hears of a trouble once, until it is over, through the outbox that digests leave by."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.operator import alert_operator
from alerts.service import deliver_due
from alerts.settings import ChannelSettings, MailSettings, OperatorSettings
from storage.database.engine import Database
from tests.support.announcing import MORNING, crawl, stopped_at, subscribe, tell
from tests.support.smtp_server import smtp_server
from tests.support.webhook import webhook

HOUR = timedelta(hours=1)
OPERATOR = OperatorSettings(recipients=("ops@example.org",))
FULL, FREE = 10**6, 10**12


async def look(database: Database, folder: Path, at: datetime, *, free_bytes: int = FREE) -> list[str]:
    """One look and one delivery; gives the subjects of all alerts that were ever sent."""
    mail = MailSettings(folder=str(folder))
    await alert_operator(database, OPERATOR, mail, free_bytes=free_bytes, crawl_every_seconds=3600, now=at)
    await deliver_due(database, [], mail, clock=lambda: at)
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    assert {message["To"] for message in messages} <= {"ops@example.org"}
    return [str(message["Subject"]) for message in messages]


async def test_a_trouble_is_mailed_once_after_it_has_lasted_an_hour(database: Database, tmp_path: Path) -> None:
    assert await look(database, tmp_path, MORNING, free_bytes=FULL) == []
    assert await look(database, tmp_path, MORNING + HOUR / 2, free_bytes=FULL) == []
    [alert] = await look(database, tmp_path, MORNING + HOUR, free_bytes=FULL)
    assert alert == "tipwatch needs you: The disk is filling up: 1 MB are free where tipwatch writes"
    for hours in (2, 30, 300):
        assert await look(database, tmp_path, MORNING + hours * HOUR, free_bytes=FULL) == [alert]


async def test_a_trouble_that_comes_back_is_mailed_again(database: Database, tmp_path: Path) -> None:
    for hours, free in ((0, FULL), (1, FULL), (2, FREE), (3, FULL), (4, FULL)):
        alerts = await look(database, tmp_path, MORNING + hours * HOUR, free_bytes=free)
    assert len(alerts) == 2


async def test_a_nap_alarms_nobody(database: Database, tmp_path: Path) -> None:
    for minutes, free in ((0, FULL), (30, FREE), (60, FULL), (90, FREE)):
        assert await look(database, tmp_path, MORNING + timedelta(minutes=minutes), free_bytes=free) == []


async def test_a_day_without_a_crawl_is_mailed(database: Database, tmp_path: Path) -> None:
    crawl(database, MORNING)
    assert await look(database, tmp_path, MORNING + 24 * HOUR) == []
    assert await look(database, tmp_path, MORNING + 25 * HOUR) == []
    [alert] = await look(database, tmp_path, MORNING + 26 * HOUR)
    assert "Nothing has been crawled since" in alert


async def test_mail_that_stops_reaches_the_operator_by_a_channel(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - HOUR)
    with smtp_server(tmp_path) as server:
        pass  # its port is closed again
    mail = MailSettings.model_validate(
        {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none", "timeout_seconds": 2}
    )
    operator = OperatorSettings(channels=("ops",))
    with webhook() as hook:
        channels = [ChannelSettings.model_validate({"name": "ops", "url": hook.url("token")})]
        for hours in (0, 2, 4, 6):
            at = MORNING + hours * HOUR
            await alert_operator(database, operator, mail, free_bytes=FREE, crawl_every_seconds=3600, now=at)
            await deliver_due(database, [subscribe()], mail, channels=channels, clock=stopped_at(at))
    [message] = hook.messages
    assert message["title"].startswith("tipwatch needs you: Messages cannot be sent")
    assert "no connection" in message["message"]


def test_no_digest_may_be_called_as_the_operators_alerts() -> None:
    with pytest.raises(ValueError, match="tipwatch's own alerts"):
        subscribe(name="Operator")
