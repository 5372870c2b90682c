"""Channels beside mail: the same digest as a short text, once each, by a real webhook."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alerts.service import DeliverySummary, deliver_due
from alerts.settings import ChannelSettings, MailSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.tables.schema import delivery
from tests.support.announcing import MORNING, subscribe, tell
from tests.support.webhook import Webhook, webhook

TOKEN = "s3cret-token"


async def deliver(
    database: Database,
    folder: Path,
    url: str,
    subscription: SubscriptionSettings,
    now: datetime = MORNING,
) -> DeliverySummary:
    channel = ChannelSettings.model_validate({"name": "newsroom", "url": url})
    mail = MailSettings(folder=str(folder))
    return await deliver_due(database, [subscription], mail, channels=[channel], clock=lambda: now)


def with_channel(**more: object) -> SubscriptionSettings:
    return subscribe(channels=["newsroom"], **more)


async def test_a_channel_gets_the_projects_with_their_links_once(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    with webhook() as hook:
        url = hook.url(TOKEN)
        summary = await deliver(database, tmp_path, url, with_channel())
        assert (summary.deliveries.sent, summary.digests[0].recipients) == (3, 3)
        again = await deliver(database, tmp_path, url, with_channel(), MORNING + timedelta(minutes=10))
        assert again.deliveries.sent == 0
    [message] = hook.messages
    assert message["title"] == "1 new counter-trafficking project: Fiji · 25 Nov 2026"
    assert message["message"].replace("\xa0", " ").splitlines()[:2] == [
        "• Fiji · Safe Harbour · USD 2 million",
        "https://herald.example/safe-harbour",
    ]
    assert len(list(tmp_path.glob("*.eml"))) == 2


async def test_a_subscription_may_have_channels_alone(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    subscription = SubscriptionSettings.model_validate({"name": "morning", "channels": ["newsroom"], "time": "07:00"})
    with webhook() as hook:
        await deliver(database, tmp_path, hook.url(TOKEN), subscription)
    assert len(hook.messages) == 1
    assert list(tmp_path.glob("*.eml")) == []


@pytest.mark.parametrize("status", [301, 403, 503])
async def test_a_channel_that_fails_is_tried_again_and_holds_up_no_mail(
    database: Database, tmp_path: Path, status: int
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    with webhook() as hook:
        hook.status = status
        first = await deliver(database, tmp_path, hook.url(TOKEN), with_channel())
        assert (first.deliveries.sent, first.deliveries.later) == (2, 1)
        assert str(status) in str(first.deliveries.error)
        hook.status = 200
        second = await deliver(database, tmp_path, hook.url(TOKEN), with_channel(), MORNING + timedelta(minutes=2))
        assert second.deliveries.sent == 1
    assert len(hook.messages) == 1


async def test_the_address_of_a_channel_is_kept_to_itself(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    caplog.set_level(logging.DEBUG)
    with webhook() as hook:
        hook.status = 500
        await deliver(database, tmp_path, hook.url(TOKEN), with_channel())
    nonsense = await deliver(database, tmp_path, f"nonsense://{TOKEN}", with_channel(), MORNING + timedelta(minutes=2))
    assert "is not one that apprise knows" in str(nonsense.deliveries.error)
    with database.reading() as connection:
        [row] = connection.execute(select(delivery).where(delivery.c.recipient == "newsroom")).all()
    assert TOKEN not in f"{row} {caplog.text} {nonsense}"


async def test_titles_call_nobody_in_a_channel(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe @everyone <!channel> [here](https://evil.example)", "FJ", at=MORNING - timedelta(hours=3))
    hook = await sent_to_webhook(database, tmp_path)
    text = hook.messages[0]["message"].splitlines()[0]
    assert not {"@everyone", "<!channel>", "](https"} & {
        part for part in ("@everyone", "<!channel>", "](https") if part in text
    }


async def sent_to_webhook(database: Database, folder: Path) -> Webhook:
    with webhook() as hook:
        await deliver(database, folder, hook.url(TOKEN), with_channel(), MORNING + timedelta(minutes=1))
    return hook
