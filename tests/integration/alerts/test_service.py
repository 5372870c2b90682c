from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.digest.periods import claim_due_slot
from alerts.service import DeliverySummary, deliver_due, preview
from alerts.settings import MailSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.digests.digests import list_digests
from tests.support.announcing import MORNING, crawl, subscribe, tell
from tests.support.smtp_server import smtp_server


async def deliver(
    database: Database,
    folder: Path,
    *subscriptions: SubscriptionSettings,
    now: datetime = MORNING,
    mail: MailSettings | None = None,
) -> DeliverySummary:
    return await deliver_due(database, subscriptions, mail or MailSettings(folder=str(folder)), clock=lambda: now)


def subjects(folder: Path) -> list[str]:
    messages = [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
    return [str(message["Subject"]) for message in messages]


async def test_a_new_project_reaches_every_recipient_of_a_subscription_once(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    first = await deliver(database, tmp_path / "out", subscribe())
    assert [(made.new_projects, made.recipients) for made in first.digests] == [(1, 2)]
    assert first.deliveries.sent == 2
    again = await deliver(database, tmp_path / "out", subscribe(), now=MORNING + timedelta(minutes=10))
    assert (again.digests, again.deliveries.sent) == ((), 0)
    following = await deliver(database, tmp_path / "out", subscribe(), now=MORNING + timedelta(days=1))
    assert [(made.new_projects, made.recipients) for made in following.digests] == [(0, 0)]
    assert subjects(tmp_path / "out") == ["1 new counter-trafficking project: Fiji · 25 Nov 2026"] * 2


@pytest.mark.parametrize(("minutes", "sent"), [(10, 0), (90, 1)])
async def test_that_nothing_came_is_not_told_minutes_after_the_last_digest(
    database: Database, tmp_path: Path, minutes: int, sent: int
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    quiet = subscribe(send_empty=True, recipients=["ana@example.org"])
    await deliver(database, tmp_path, quiet, now=MORNING + timedelta(days=1, minutes=-minutes))  # yesterday's, late
    await deliver(database, tmp_path, quiet, now=MORNING + timedelta(days=1))
    assert sum(subject.startswith("No new") for subject in subjects(tmp_path)) == sent


async def test_a_further_outlet_is_an_update_and_not_new(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    await deliver(database, tmp_path, subscribe())
    tell(database, "Safe Harbour", "FJ", outlet="gazette", at=MORNING + timedelta(hours=3))
    summary = await deliver(database, tmp_path, subscribe(), now=MORNING + timedelta(days=1))
    assert [(made.new_projects, made.updates) for made in summary.digests] == [(0, 1)]
    later = await deliver(database, tmp_path, subscribe(), now=MORNING + timedelta(days=2))
    assert [(made.new_projects, made.updates) for made in later.digests] == [(0, 0)]


async def test_each_subscription_has_a_memory_and_countries_of_its_own(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    tell(database, "Mountain Watch", "NP", at=MORNING - timedelta(hours=2))
    nepal = subscribe(name="nepal", recipients=["ram@example.org"], countries=["NP"])
    french = subscribe(name="french", recipients=["luc@example.org"], languages=["fr"])
    summary = await deliver(database, tmp_path, subscribe(), nepal, french)
    assert {made.subscription: made.new_projects for made in summary.digests} == {"morning": 2, "nepal": 1, "french": 0}


async def test_days_of_downtime_give_one_digest_with_its_period_stated(database: Database, tmp_path: Path) -> None:
    crawl(database, MORNING - timedelta(hours=1))
    await deliver(database, tmp_path, subscribe(send_empty=True))
    tell(database, "Safe Harbour", "FJ", at=MORNING + timedelta(days=1))
    tell(database, "Mountain Watch", "NP", at=MORNING + timedelta(days=3))
    summary = await deliver(database, tmp_path, subscribe(), now=MORNING + timedelta(days=4))
    assert [(made.slot_key, made.new_projects) for made in summary.digests] == [("2026-11-29", 2)]
    with database.reading() as connection:
        latest = list_digests(connection, limit=1)[0]
    assert (latest.period_from_at, latest.period_to_at) == (MORNING, MORNING + timedelta(days=4))


async def test_an_empty_digest_is_sent_only_where_asked_for(database: Database, tmp_path: Path) -> None:
    quiet, told = subscribe(name="quiet"), subscribe(name="told", send_empty=True)
    crawl(database, MORNING - timedelta(hours=1))
    summary = await deliver(database, tmp_path, quiet, told)
    assert {made.subscription: made.recipients for made in summary.digests} == {"quiet": 0, "told": 2}
    assert subjects(tmp_path) == ["No new counter-trafficking project · 25 Nov 2026"] * 2


async def test_the_first_digest_of_all_waits_until_something_was_read(database: Database, tmp_path: Path) -> None:
    told = subscribe(send_empty=True)
    assert (await deliver(database, tmp_path, told)).digests == ()
    crawl(database, MORNING + timedelta(minutes=3))
    tell(database, "Safe Harbour", "FJ", at=MORNING + timedelta(minutes=3))
    summary = await deliver(database, tmp_path, told, now=MORNING + timedelta(minutes=4))
    assert [(made.slot_key, made.new_projects) for made in summary.digests] == [("2026-11-25", 1)]


async def test_a_digest_claimed_by_a_process_that_died_is_made_by_the_next(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    await claim_due_slot(database, subscribe(), MORNING)  # and then nothing: killed
    summary = await deliver(database, tmp_path, subscribe(), now=MORNING + timedelta(hours=1))
    assert [(made.slot_key, made.new_projects) for made in summary.digests] == [("2026-11-25", 1)]


async def test_a_server_that_is_away_gets_the_same_bytes_later(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    with smtp_server(tmp_path) as server:
        mail = MailSettings.model_validate(
            {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none", "timeout_seconds": 5}
        )
        server.mailbox.answers = {"ana@example.org": "451 later", "eva@example.org": "550 unknown"}
        first = await deliver(database, tmp_path, subscribe(), mail=mail)
        assert (first.deliveries.sent, first.deliveries.later, first.deliveries.failed) == (0, 1, 1)
        server.mailbox.answers = {}
        second = await deliver(database, tmp_path, subscribe(), mail=mail, now=MORNING + timedelta(minutes=2))
        assert (second.digests, second.deliveries.sent) == ((), 1)
        third = await deliver(database, tmp_path, subscribe(), mail=mail, now=MORNING + timedelta(minutes=9))
        assert third.deliveries.sent == 0
    assert [recipient for recipient, _ in server.mailbox.messages] == ["ana@example.org"]


async def test_a_preview_changes_nothing(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    assert preview(database, subscribe(), MORNING).subject.startswith("1 new counter-trafficking project: Fiji")
    with database.reading() as connection:
        assert list_digests(connection) == []
    summary = await deliver(database, tmp_path, subscribe())
    assert [made.new_projects for made in summary.digests] == [1]


async def test_the_card_says_who_pays_where_and_how_much(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    letter = " ".join(preview(database, subscribe(), MORNING).text.split())
    for said in ("Runs it: Shelter Trust FJ", "Pays: Harbour Fund", "USD 2 million", "herald.example"):
        assert said in letter


async def test_a_subscription_gets_only_what_it_asks_for(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    tell(database, "Mountain Watch", "NP", at=MORNING - timedelta(hours=2))
    asked: dict[str, dict[str, object]] = {
        "pacific": {"regions": ["oceania"]},
        "the trust's": {"implementers": ["Shelter Trust NP"]},
        "the fund's": {"funders": ["The Harbour Fund"]},
        "another's": {"funders": ["Kingdom of Norway"]},
        "large": {"amount_above": "EUR 5,000,000"},
        "not small": {"amount_above": "1,500,000 USD"},
        "certain": {"confidence": 0.99},
    }
    subscriptions = [
        subscribe(name=name.replace("'", ""), recipients=[f"{n}@example.org"], **more)
        for n, (name, more) in enumerate(asked.items())
    ]
    summary = await deliver(database, tmp_path, *subscriptions)
    assert [made.new_projects for made in summary.digests] == [1, 1, 2, 0, 0, 2, 0]


async def test_more_projects_than_the_limit_are_attached_as_a_table(database: Database, tmp_path: Path) -> None:
    for n, country in enumerate(("FJ", "NP", "KE")):
        tell(database, f"Harbour {country}", country, at=MORNING - timedelta(hours=5 - n))
    summary = await deliver(database, tmp_path, subscribe(limit=2, recipients=["ana@example.org"]))
    assert [made.new_projects for made in summary.digests] == [3]
    [file] = tmp_path.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=default)
    [table] = message.iter_attachments()
    assert table.get_filename() == "new-projects-2026-11-25.csv"
    rows = bytes(table.get_payload(decode=True)).decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    again = await deliver(database, tmp_path, subscribe(limit=2), now=MORNING + timedelta(days=1))
    assert [made.new_projects for made in again.digests] == [0]


async def test_a_watched_country_is_told_at_once_and_not_again(database: Database, tmp_path: Path) -> None:
    asked = subscribe(immediate={"countries": ["NP"]}, recipients=["ana@example.org"])
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    await deliver(database, tmp_path, asked)
    noon = MORNING + timedelta(hours=5)
    tell(database, "Harvest Shield", "KE", at=noon - timedelta(minutes=5))
    assert (await deliver(database, tmp_path, asked, now=noon)).digests == ()
    tell(database, "Mountain Watch", "NP", at=noon + timedelta(minutes=5))
    at_once = await deliver(database, tmp_path, asked, now=noon + timedelta(minutes=10))
    assert [(made.slot_key, made.new_projects) for made in at_once.digests] == [("2026-11-25T1215Z", 1)]
    following = await deliver(database, tmp_path, asked, now=MORNING + timedelta(days=1))
    assert [(made.slot_key, made.new_projects) for made in following.digests] == [("2026-11-26", 1)]
    assert sorted(subjects(tmp_path)) == [
        "1 new counter-trafficking project: Fiji · 25 Nov 2026",
        "1 new counter-trafficking project: Kenya · 26 Nov 2026",
        "1 new counter-trafficking project: Nepal · 25 Nov 2026",
    ]


async def test_a_subscription_may_ask_for_plain_text_alone(database: Database, tmp_path: Path) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    await deliver(database, tmp_path, subscribe(format="text", recipients=["ana@example.org"]))
    [file] = tmp_path.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message.get_content_type() == "text/plain"


async def test_one_click_unsubscribing_is_offered_where_an_address_is_configured(
    database: Database, tmp_path: Path
) -> None:
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(hours=3))
    mail = MailSettings(folder=str(tmp_path), unsubscribe_url="https://example.org/leave?who={recipient}")
    await deliver(database, tmp_path, subscribe(recipients=["ana+tip@example.org"]), mail=mail)
    [file] = tmp_path.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert "<https://example.org/leave?who=ana%2Btip%40example.org>" in str(message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_summary_of_the_week_follows_the_digest_of_its_day(database: Database, tmp_path: Path) -> None:
    asked = subscribe(weekly_summary="wed", recipients=["ana@example.org"])  # MORNING is a Wednesday
    tell(database, "Safe Harbour", "FJ", at=MORNING - timedelta(days=2))
    tell(database, "Mountain Watch", "NP", at=MORNING - timedelta(hours=2))
    first = await deliver(database, tmp_path, asked)
    assert [(made.slot_key, made.new_projects) for made in first.digests] == [("2026-11-25", 2), ("2026-W48", 2)]
    [weekly] = tmp_path.glob("*W48*.eml")
    body = message_from_bytes(weekly.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    assert "Fiji" in body.get_content()
    assert "Harbour Fund" in body.get_content()
    thursday = await deliver(database, tmp_path, asked, now=MORNING + timedelta(days=1))
    assert [made.slot_key for made in thursday.digests] == ["2026-11-26"]


def test_a_summary_on_a_day_without_a_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="follows a digest"):
        subscribe(weekly_summary="sun", days=["mon"])


async def test_larger_sums_come_first_whatever_their_currency(database: Database, tmp_path: Path) -> None:
    for n, (name, country, currency) in enumerate(
        (("Fjord Watch", "NO", "NOK"), ("Thames Shield", "GB", "GBP"), ("Safe Harbour", "FJ", "USD"))
    ):
        tell(database, name, country, at=MORNING - timedelta(hours=5 - n), currency=currency)
    await deliver(database, tmp_path, subscribe(recipients=["ana@example.org"]))
    [subject] = subjects(tmp_path)
    assert subject == "3 new counter-trafficking projects: United Kingdom, Fiji, Norway · 25 Nov 2026"


async def test_more_updates_than_a_message_holds_come_with_the_next_digest(database: Database, tmp_path: Path) -> None:
    countries = ["FJ", "NP", "KE", "UG", "RW", "BI", "TZ", "MZ", "ZM", "MW", "GH", "NG", "SN", "ML", "BF", "NE", "TD"]
    names = [
        "Harbour",
        "Lantern",
        "Mountain",
        "River",
        "Orchard",
        "Meadow",
        "Bridge",
        "Anchor",
        "Beacon",
        "Cedar",
        "Delta",
        "Ember",
        "Falcon",
        "Garden",
        "Hazel",
        "Island",
        "Jasmine",
    ]
    for name, country in zip(names, countries, strict=True):
        tell(database, f"{name} Watch", country, at=MORNING - timedelta(hours=3))
    asked = subscribe(recipients=["ana@example.org"])
    await deliver(database, tmp_path, asked)
    for name, country in zip(names, countries, strict=True):
        tell(database, f"{name} Watch", country, outlet="gazette", at=MORNING + timedelta(hours=3))
    following = await deliver(database, tmp_path, asked, now=MORNING + timedelta(days=1))
    last = await deliver(database, tmp_path, asked, now=MORNING + timedelta(days=2))
    assert [made.updates for made in (*following.digests, *last.digests)] == [15, 2]
