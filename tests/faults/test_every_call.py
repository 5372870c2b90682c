"""Each database write, file write, socket read and SMTP reply of a small round fails in its turn, once and for ever:
what follows without faults ends as if there had been none."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from alerts.delivery.deliver import deliver_pending
from alerts.delivery.transports.registry import list_routes
from alerts.service import deliver_due
from alerts.settings import MailSettings, SubscriptionSettings
from classifier.document import Document, Evidence, Facts, Verdict
from crawler.pages import read as read_page
from storage.database.engine import Database
from storage.database.errors import DiskFull, StorageError
from storage.digests.digests import list_digests
from storage.tables.schema import announcement, article, delivery, entry, project
from tests.support.announcing import stopped_at
from tests.support.failing import Failing, failing_write
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Site, site
from tests.support.small_site import World, publish
from tests.support.smtp_server import HEALTHY_REPLIES

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
NEXT_MORNING = MORNING + timedelta(days=1)  # what is found in the morning is news in the next digest
RECIPIENTS = ("ana@example.org", "eva@example.org")
SUBSCRIPTION = SubscriptionSettings.model_validate(
    {"name": "morning", "recipients": RECIPIENTS, "time": "07:00", "send_empty": False}
)


class ProjectJudge:
    """Sees a new project in every page, of a name and country of its own."""

    COUNTRIES = ("FJ", "NP", "BI", "GH")
    is_encoder_loaded = True

    def rule_out(self, document: Document) -> None:
        """Nothing."""

    def judge(self, document: Document) -> Verdict:
        number = int((document.url or "0").rpartition("/")[2])
        sentence = Evidence(document.title, "title", 0, len(document.title))
        facts = Facts(
            name=f"Harbour {number}",
            implementers=(f"Shelter Trust {number}",),
            funders=(f"Fund {number}",),
            countries=(self.COUNTRIES[number],),
            amount=1_000_000 * (number + 1),
            currency="USD",
            evidence={"name": (sentence,)},
        )
        return Verdict("en", 0.99, True, "yes", 0.97, True, "yes", "project", facts=facts)


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_page, "_judge", ProjectJudge())


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema, to be copied: making it anew for every call would cost most of the time."""
    path = tmp_path_factory.mktemp("empty") / "tipwatch.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    return path


# --- database writes --------------------------------------------------------------------------------------------------


async def one_round(world: World, folder: Path) -> None:
    """A crawl and the digests after it, as the daemon does them: an error ends the one, and the other still comes."""
    try:
        await world.crawl(is_forced=True)
    except StorageError:
        world.now += timedelta(days=1)
    with suppress(StorageError):
        await deliver_due(world.database, [SUBSCRIPTION], MailSettings(folder=str(folder)), clock=lambda: world.now)


def check_end(world: World, server: Site, folder: Path) -> None:
    """Every page is an article, every project was announced once and stands in exactly one message a recipient."""
    assert world.count(entry) == world.count(entry, state="done") == 3
    assert world.count(article) == 3
    with world.database.reading() as connection:
        names = list(connection.execute(select(project.c.title)).scalars())
        announced = connection.execute(select(func.count()).select_from(announcement)).scalar_one()
        states = set(connection.execute(select(delivery.c.state)).scalars())
        digests = list_digests(connection)
    assert (len(names), announced) == (3, 3)
    assert states == {"sent"}
    assert {one.state for one in digests} == {"done"}
    letters = [message_from_bytes(path.read_bytes()) for path in folder.glob("*.eml")]
    told: Counter[tuple[str, str]] = Counter()
    for letter in letters:
        text = " ".join(letter.get_payload(0).get_payload(decode=True).decode().split())  # type: ignore[union-attr]
        new = text.partition("Updates")[0].partition("UPDATES")[0]
        # as a source of its card, not as the phase that another one follows
        told.update((str(letter["To"]), name) for name in names if f"- {name}" in new)
    assert told == {(recipient, name): 1 for recipient in RECIPIENTS for name in names}
    assert [path for path in folder.iterdir() if path.name.endswith(".unfinished")] == []


async def with_a_failing_write(folder: Path, empty: Path, chosen: int, *, lasts: bool) -> int:
    """A round whose n-th write fails, then two without faults; gives the number of writes of the first."""
    path = folder / "tipwatch.sqlite3"
    folder.mkdir()
    shutil.copy(empty, path)
    async with site() as server:
        publish(server, 1, 2, 3)
        with Database.open(f"sqlite:///{path}") as database:
            world = World(database, [server.url("/feed")])
            failing = Failing(chosen, DiskFull("no space left"), lasts=lasts)
            with pytest.MonkeyPatch.context() as patch:
                failing_write(patch, failing)
                await one_round(world, folder / "outbox")
            for _ in range(2):
                await one_round(world, folder / "outbox")
            check_end(world, server, folder / "outbox")
    return failing.calls


@pytest.mark.parametrize("lasts", [False, True], ids=["once", "for ever"])
def test_each_write_may_fail_in_its_turn(empty_database: Path, tmp_path: Path, lasts: bool) -> None:
    async def run() -> None:
        writes = await with_a_failing_write(tmp_path / "none", empty_database, 1_000, lasts=lasts)
        assert writes > 10
        for chosen in range(1, writes + 1):
            await with_a_failing_write(tmp_path / f"write-{chosen}", empty_database, chosen, lasts=lasts)

    asyncio.run(run())


# --- file writes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["open", "fsync", "replace", "mkdir"])
@pytest.mark.parametrize("lasts", [False, True], ids=["once", "for ever"])
async def test_each_file_write_may_fail_in_its_turn(
    empty_database: Path, tmp_path: Path, call: str, lasts: bool
) -> None:
    for chosen in range(1, 5):
        folder = tmp_path / f"{call}-{chosen}"
        folder.mkdir()
        shutil.copy(empty_database, folder / "tipwatch.sqlite3")
        async with site() as server:
            publish(server, 1, 2, 3)
            with Database.open(f"sqlite:///{folder / 'tipwatch.sqlite3'}") as database:
                world = World(database, [server.url("/feed")])
                failing = Failing(chosen, OSError(errno.ENOSPC, "no space left on device"), lasts=lasts)
                with pytest.MonkeyPatch.context() as patch:
                    fail_files(patch, call, failing, folder / "outbox")
                    await one_round(world, folder / "outbox")
                outbox = folder / "outbox"
                for file in outbox.glob("*.eml") if outbox.exists() else []:
                    assert message_from_bytes(file.read_bytes())["Message-ID"]  # whole
                for _ in range(2):
                    await one_round(world, folder / "outbox")
                check_end(world, server, folder / "outbox")


def fail_files(patch: pytest.MonkeyPatch, call: str, failing: Failing, folder: Path) -> None:
    owner: Any = os if call == "fsync" else Path
    real = getattr(owner, call)

    def fail(first: Any, *args: Any, **kwargs: Any) -> Any:
        is_internal = call == "fsync" or folder in (first, first.parent)
        if is_internal and failing.is_due:
            raise failing.error
        return real(first, *args, **kwargs)

    patch.setattr(owner, call, fail)


# --- socket reads -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_length", [True, False], ids=["length known", "length unknown"])
async def test_an_answer_may_end_at_any_byte(empty_database: Path, tmp_path: Path, has_length: bool) -> None:
    path = tmp_path / "tipwatch.sqlite3"
    shutil.copy(empty_database, path)
    body = rss(*(item(n, link="", guid=f"g-{n}") for n in range(3)), head='<?xml version="1.0"?>').encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(body) if has_length else b"Connection: close\r\n\r\n"
    whole = head + body
    cuts = range(0, len(whole), 17)
    async with site() as server:
        for cut in cuts:
            server.routes[f"/{cut}"] = Answer(is_raw=True, pieces=(whole[:cut],), is_cut=True)
        with Database.open(f"sqlite:///{path}") as database:
            world = World(database, [server.url(f"/{cut}") for cut in cuts])
            await world.crawl(is_forced=True, has_pages=False)
            for cut in cuts:
                server.routes[f"/{cut}"] = Answer(is_raw=True, pieces=(whole,), is_cut=True)
            await world.crawl(is_forced=True, has_pages=False)
            with database.reading() as connection:
                found = connection.execute(
                    select(entry.c.source_id, entry.c.identity, func.count()).group_by(
                        entry.c.source_id, entry.c.identity
                    )
                ).all()
    by_source = Counter(row.source_id for row in found)
    assert len(by_source) == len(cuts)
    wanted = {f"g-{n}" for n in range(3)}
    for source_id in by_source:
        assert wanted <= {row.identity for row in found if row.source_id == source_id}


# --- SMTP replies -----------------------------------------------------------------------------------------------------

BAD_REPLIES = {
    "busy": "451 try later",
    "leaving": "421 closing",
    "refusing": "550 no",
    "nonsense": "\x00\xff what?",
    "endless": "250-" + "x" * 9_000,
    "another yes": "252 perhaps",
    "twice": "250 yes\r\n250 yes",
    "gone": "",
}


class ScriptedServer:
    """An SMTP server that answers one step badly."""

    def __init__(self) -> None:
        self.step = ""
        self.reply = ""
        self.left = 0
        self.taken: list[tuple[str, str]] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def fail(self, step: str, reply: str, times: int) -> None:
        self.step, self.reply, self.left = step, reply, times

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self.talk(connection)

    def answer(self, connection: socket.socket, step: str) -> bool:
        """Sends the reply for a step; False where the connection is to be closed."""
        reply = HEALTHY_REPLIES.get(step, "502 unknown")
        if step == self.step and self.left:
            self.left -= 1
            reply = self.reply
        if not reply:
            return False
        connection.sendall(reply.encode("latin-1") + b"\r\n")
        return not reply.startswith(("421", "221"))

    def talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        recipient = ""
        if not self.answer(connection, "greeting"):
            return
        while line := lines.readline():
            verb = line[:4].decode("latin-1").upper()
            if verb == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            is_bad = verb == self.step and self.left
            if not self.answer(connection, verb):
                return
            if verb == "DATA" and not is_bad:
                content = b""
                while (part := lines.readline()) != b".\r\n":
                    if not part:
                        return
                    content += part
                identity = str(message_from_bytes(content)["Message-ID"])
                if not (self.step == "message" and self.left and self.reply[:1] in "45"):
                    self.taken.append((recipient, identity))
                if not self.answer(connection, "message"):
                    return

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread, which closing alone does not
        self.listener.close()
        self.thread.join(5)


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def frozen(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a digest frozen for two recipients."""
    folder = tmp_path_factory.mktemp("frozen")
    path = folder / "tipwatch.sqlite3"
    shutil.copy(empty_database, path)

    async def make() -> None:
        async with site() as server:
            publish(server, 1)
            with Database.open(f"sqlite:///{path}") as database:
                world = World(database, [server.url("/feed")])
                await world.crawl()
                mail = MailSettings.model_validate(
                    {"transport": "smtp", "host": "127.0.0.1", "port": 1, "security": "none"}
                )
                await deliver_due(database, [SUBSCRIPTION], mail, clock=lambda: NEXT_MORNING)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_page, "_judge", ProjectJudge())
        asyncio.run(make())
    return path


@pytest.mark.parametrize("step", list(HEALTHY_REPLIES))
@pytest.mark.parametrize("bad", list(BAD_REPLIES))
async def test_each_reply_of_a_mail_server_may_be_bad_once(frozen: Path, tmp_path: Path, step: str, bad: str) -> None:
    path = tmp_path / "tipwatch.sqlite3"
    shutil.copy(frozen, path)
    with scripted_server() as server, Database.open(f"sqlite:///{path}") as database:
        server.fail(step, BAD_REPLIES[bad], 1)
        mail = MailSettings.model_validate(
            {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none", "timeout_seconds": 2}
        )
        for hours in (1, 3, 5, 7):
            now = stopped_at(NEXT_MORNING + timedelta(hours=hours))
            await deliver_pending(database, list_routes(mail, ()), clock=now)
        with database.reading() as connection:
            rows = connection.execute(select(delivery).order_by(delivery.c.recipient)).all()
    counts = Counter(server.taken)
    assert len(rows) == len(RECIPIENTS)
    assert {row.state for row in rows} <= {"sent", "failed"}
    for row in rows:
        got = counts[row.recipient, row.message_id]
        if row.state == "failed":
            assert (bad, got) == ("refusing", 0)  # refused for good, and shown
            assert "550" in row.error
        elif got != 1:  # only where the server had it and we could not know
            assert step == "message"
            assert row.may_be_repeated
    assert len(counts) == sum(row.state == "sent" for row in rows)
    assert sum(row.state == "failed" for row in rows) <= 1
