"""What a mail server may do in the midst of a conversation, and a stop of ours: nobody else waits, nothing is left half
done, and it comes to an end in time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Row, select

from alerts.delivery.transports.smtp.transport import SmtpTransport
from alerts.service import DeliverySummary, deliver_due
from alerts.settings import MailSettings, SubscriptionSettings
from storage.database.engine import Database
from storage.tables.schema import delivery
from tests.support.announcing import MORNING, tell
from tests.support.smtp_server import HEALTHY_REPLIES, PASSWORD, USER, Mailbox, smtp_server
from tipwatch.__main__ import main

EIGHT = tuple(f"{name}@example.org" for name in ("ana", "eva", "ram", "luc", "noor", "tam", "ida", "bo"))
PATIENCE_SECONDS = 60.0  # for what comes at once on an idle machine


def mail_to(port: int, **more: Any) -> MailSettings:
    return MailSettings.model_validate(
        {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 30, **more}
    )


async def deliver(
    database: Database, mail: MailSettings, recipients: tuple[str, ...] = EIGHT, at: datetime = MORNING
) -> DeliverySummary:
    subscription = SubscriptionSettings.model_validate({"name": "morning", "recipients": recipients, "time": "07:00"})
    return await deliver_due(database, [subscription], mail, clock=lambda: at)


def deliveries(database: Database) -> dict[str, Row[Any]]:
    with database.reading() as connection:
        return {row.recipient: row for row in connection.execute(select(delivery))}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():
            await asyncio.sleep(0.01)


def got(mailbox: Mailbox) -> Counter[str]:
    return Counter(recipient for recipient, _ in mailbox.messages)


# --- beyond ASCII -----------------------------------------------------------------------------------------------------

WORLDWIDE = ("zoë@example.org", "ana@bücher.example", "квіточка@пошта.укр", "eva@example.org")
IN_ASCII = ("ana@xn--bcher-kva.example", "eva@example.org")
BEYOND = ("zoë@example.org", "квіточка@xn--80a1acn3a.xn--j1amh")


async def test_addresses_beyond_ascii_get_their_message(told_database: Database, tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        await deliver(told_database, mail_to(server.port, sender="Wächter <wächter@bücher.example>"), WORLDWIDE)
    assert got(server.mailbox) == Counter((*IN_ASCII, *BEYOND))
    for recipient, content in server.mailbox.messages:
        head = content.partition(b"\r\n\r\n")[0].decode()
        assert f"\r\nTo: {recipient}\r\n" in head
        assert "wächter@xn--bcher-kva.example" in head


async def test_a_server_without_them_refuses_that_recipient_alone(told_database: Database, tmp_path: Path) -> None:
    with smtp_server(tmp_path, enable_SMTPUTF8=False) as server:
        summary = await deliver(told_database, mail_to(server.port), WORLDWIDE)
    assert got(server.mailbox) == Counter(IN_ASCII)
    assert (summary.deliveries.sent, summary.deliveries.failed) == (2, 2)
    assert "non-ASCII addresses (SMTPUTF8)" in str(summary.deliveries.error)


async def test_a_server_without_them_and_a_sender_that_needs_them_waits_for_a_person(
    told_database: Database, tmp_path: Path
) -> None:
    with smtp_server(tmp_path, enable_SMTPUTF8=False) as server:
        summary = await deliver(told_database, mail_to(server.port, sender="wächter@example.org"))
    assert server.mailbox.messages == []
    assert summary.needs_a_person
    assert summary.deliveries.failed == 0


def test_config_check_asks_the_server_whether_it_takes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def check(port: int, sender: str = "watch@example.org") -> tuple[int, str]:
        file = tmp_path / "config.yaml"
        mail = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "sender": sender}
        subscriptions = [{"name": "morning", "recipients": ["ana@bücher.example", "zoë@example.org"]}]
        settings = {"contact": "ops@example.org", "mail": mail, "subscriptions": subscriptions}
        file.write_text(yaml.safe_dump(settings, allow_unicode=True))
        code = main(["config", "check", "--config", str(file)])
        said = capsys.readouterr()
        return code, said.out + said.err

    with smtp_server(tmp_path) as server:
        assert check(server.port)[0] == 0
    code, said = check(server.port)  # it is gone
    assert code == 0
    assert "could not be asked" in said
    with smtp_server(tmp_path, enable_SMTPUTF8=False) as server:
        code, said = check(server.port, "wächter@example.org")
    assert code == 2
    assert "config.yaml:6:11: mail.sender: " in said
    assert "subscriptions.0.recipients.1: " in said
    assert "recipients.0" not in said


# --- one recipient and the others -------------------------------------------------------------------------------------


async def test_a_recipient_at_whom_the_server_hangs_holds_up_nobody(told_database: Database, tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.hangs_at = {EIGHT[0], EIGHT[3]}
        task = asyncio.create_task(deliver(told_database, mail_to(server.port)))
        await until(lambda: len(server.mailbox.messages) == 6)  # while the two hang
        assert set(got(server.mailbox)) == set(EIGHT) - server.mailbox.hangs_at
        server.mailbox.let_go.set()
        assert (await task).deliveries.sent == 8


async def test_whoever_is_tried_again_waits_behind_those_who_were_not_tried_yet(
    told_database: Database, tmp_path: Path
) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.answers = dict.fromkeys(EIGHT, "451 later")
        await deliver(told_database, mail_to(server.port))
        server.mailbox.answers = {}
        tell(told_database, "Mountain Watch", "NP", at=MORNING + timedelta(hours=1))
        await deliver(told_database, mail_to(server.port), ("new@example.org",), MORNING + timedelta(days=1))
    assert server.mailbox.messages[0][0] == "new@example.org"


async def test_a_server_that_leaves_at_one_recipient_is_called_again_for_the_next(
    told_database: Database, tmp_path: Path
) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.leaves_at = {EIGHT[0], EIGHT[2], EIGHT[5]}
        summary = await deliver(told_database, mail_to(server.port))
    assert (summary.deliveries.sent, summary.deliveries.later) == (5, 3)
    assert not any(row.may_be_repeated for row in deliveries(told_database).values())


async def test_a_fault_of_ours_at_one_message_delays_this_one_only(
    told_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = SmtpTransport.hand_over

    async def hand_over(self: SmtpTransport, connection: Any, message: bytes, recipient: str) -> Any:
        if recipient == EIGHT[1]:
            raise ZeroDivisionError("ours")
        return await real(self, connection, message, recipient)

    monkeypatch.setattr(SmtpTransport, "hand_over", hand_over)
    with smtp_server(tmp_path) as server:
        summary = await deliver(told_database, mail_to(server.port))
    assert (summary.deliveries.sent, summary.deliveries.later) == (7, 1)
    assert "ZeroDivisionError" in deliveries(told_database)[EIGHT[1]].error
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(("answer", "is_of_us"), [("454 4.7.0 try again later", False), ("535 5.7.8 no", True)])
async def test_a_server_that_cannot_check_a_password_just_now_does_not_refuse_it(
    told_database: Database, tmp_path: Path, answer: str, is_of_us: bool
) -> None:
    with smtp_server(tmp_path, security="starttls", needs_login=True) as server:
        login = {"security": "starttls", "username": USER, "password": PASSWORD, "ca_file": str(server.ca_file)}
        server.mailbox.login_answer = answer
        summary = await deliver(told_database, mail_to(server.port, **login), EIGHT[:2])
        assert (summary.deliveries.sent, summary.needs_a_person) == (0, is_of_us)
        server.mailbox.login_answer = None
        await deliver(told_database, mail_to(server.port, **login), EIGHT[:2], MORNING + timedelta(hours=1))
        assert got(server.mailbox) == Counter(EIGHT[:2])


async def test_a_server_that_wants_a_login_refuses_us_and_no_recipient(told_database: Database, tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.answers = dict.fromkeys(EIGHT, "530 5.7.0 Authentication required")
        summary = await deliver(told_database, mail_to(server.port))
        assert (summary.deliveries.failed, summary.needs_a_person) == (0, True)
        server.mailbox.answers = {}
        await deliver(told_database, mail_to(server.port), at=MORNING + timedelta(hours=1))
    assert got(server.mailbox) == Counter(EIGHT)


# --- answers without end ----------------------------------------------------------------------------------------------


class Stubborn:
    """A server that at one step sends a line every few moments, and never the last one; or says nothing more."""

    def __init__(self, step: str, line: bytes) -> None:
        self.step = step
        self.line = line
        self.reached = asyncio.Event()
        self.port = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = (OSError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*gone), contextlib.closing(writer.transport):
            await self.answer(writer, "greeting")
            while line := await reader.readline():
                verb = line[:4].decode().strip().upper()
                await self.answer(writer, verb)
                if verb == "DATA":
                    await reader.readuntil(b"\r\n.\r\n")
                    await self.answer(writer, "message")

    async def answer(self, writer: asyncio.StreamWriter, step: str) -> None:
        while step == self.step:
            self.reached.set()
            writer.write(self.line)
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.write(HEALTHY_REPLIES[step].encode() + b"\r\n")


@contextlib.asynccontextmanager
async def stubborn(step: str, line: bytes = b"") -> AsyncIterator[Stubborn]:
    one = Stubborn(step, line)
    conversations: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        await one.talk(reader, writer)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


LINES = {"silence": b"", "lines without end": b"250-and more\r\n", "a line without end": b"2", "nulls": b"\0" * 999}


@pytest.mark.slow
@pytest.mark.parametrize("line", list(LINES))
@pytest.mark.parametrize("step", ["greeting", "EHLO", "RCPT", "message", "QUIT"])
async def test_an_answer_without_end_is_cut_off_and_the_message_is_tried_again(
    told_database: Database, tmp_path: Path, step: str, line: str
) -> None:
    async with stubborn(step, LINES[line]) as server:
        mail = mail_to(server.port, timeout_seconds=0.3)
        summary = await deliver(told_database, mail, ("ana@example.org",))
    row = deliveries(told_database)["ana@example.org"]
    if step == "QUIT":
        assert row.state == "sent"
        return
    assert (row.state, summary.deliveries.later) == ("pending", 1)
    assert row.error
    assert "inside" not in row.error
    assert row.may_be_repeated == (step == "message")
    with smtp_server(tmp_path) as healthy:
        await deliver(told_database, mail_to(healthy.port), ("ana@example.org",), MORNING + timedelta(hours=1))
    assert got(healthy.mailbox) == {"ana@example.org": 1}


# --- a stop -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["greeting", "RCPT", "message"])
async def test_what_is_cut_off_by_a_stop_waits_for_the_next_start_and_not_for_its_lease(
    told_database: Database, tmp_path: Path, step: str
) -> None:
    async with stubborn(step) as server:
        task = asyncio.create_task(deliver(told_database, mail_to(server.port)))
        await server.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    rows = deliveries(told_database)
    assert {row.state for row in rows.values()} == {"pending"}
    assert any(row.may_be_repeated for row in rows.values()) == (step == "message")
    with smtp_server(tmp_path) as healthy:
        await deliver(told_database, mail_to(healthy.port))
    assert got(healthy.mailbox) == Counter(EIGHT)


async def test_when_told_to_stop_no_further_message_is_begun(told_database: Database, tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.hangs_at = set(EIGHT)
        stop = asyncio.Event()
        subscription = SubscriptionSettings.model_validate({"name": "morning", "recipients": EIGHT, "time": "07:00"})
        task = asyncio.create_task(
            deliver_due(
                told_database,
                [subscription],
                mail_to(server.port),
                clock=lambda: MORNING,
                stop=stop,
            )
        )
        await until(lambda: any(row.state == "sending" for row in deliveries(told_database).values()))
        stop.set()
        server.mailbox.let_go.set()
        await task
    states = Counter(row.state for row in deliveries(told_database).values())
    assert set(states) == {"sent", "pending"}
    assert len(server.mailbox.messages) == states["sent"] <= 3


def install(folder: Path, port: int) -> Path:
    """A configuration whose digest is due, with one project to tell of."""
    (folder / "data").mkdir()
    with Database.open(f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}") as database:
        tell(database, "Safe Harbour", "FJ", at=datetime.now(UTC) - timedelta(minutes=1))
    file = folder / "config.yaml"
    settings = {
        "contact": "ops@example.org",
        "mail": {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none"},
        "subscriptions": [{"name": "morning", "recipients": list(EIGHT), "time": "00:00"}],
    }
    file.write_text(yaml.safe_dump(settings))
    return file


async def run_and_stop(folder: Path, command: tuple[str, ...], *, signals: int) -> int:
    """Starts a command, stops it while its mail server is silent after DATA, and gives its exit code."""
    async with stubborn("message") as server:
        file = install(folder, server.port)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tipwatch", "--config", str(file), *command,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env=os.environ,
        )  # fmt: skip
        assert process.stdout is not None
        reading = asyncio.create_task(process.stdout.read())
        async with asyncio.timeout(PATIENCE_SECONDS):
            await server.reached.wait()
        for _ in range(signals):
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.3)
        async with asyncio.timeout(15):  # ten are promised, and five are for a busy machine
            code = await process.wait()
        assert b"Traceback" not in await reading
    with Database.open(f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}") as database:
        assert {row.state for row in deliveries(database).values()} == {"pending"}
    return code


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "code"), [(("run",), 0), (("run", "--once"), 130), (("digest",), 130)], ids=["run", "once", "digest"]
)
async def test_a_stop_does_not_wait_for_a_mail_server(tmp_path: Path, command: tuple[str, ...], code: int) -> None:
    assert await run_and_stop(tmp_path, command, signals=1) == code


@pytest.mark.slow
async def test_a_second_signal_ends_a_delivery_at_once(tmp_path: Path) -> None:
    assert await run_and_stop(tmp_path, ("digest",), signals=2) == 130
