"""An operator's handling of mail: what waits is tried now, what failed is sent again or cancelled, who left is no
problem."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.database.engine import Database
from tests.support.announcing import tell
from tests.support.smtp_server import Mailbox, smtp_server
from tipwatch.__main__ import main

ANA, EVA = "ana@example.org", "Eva <eva@example.org>"


class Desk:
    """An installation with a digest for two, and the server that takes its mail."""

    def __init__(self, folder: Path, port: int, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.port, self.mailbox, self.capsys = folder, port, mailbox, capsys
        self.configure(ANA, EVA)
        (folder / "data").mkdir()
        with Database.open(f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}") as database:
            tell(database, "Safe Harbour", "FJ", at=datetime.now(UTC) - timedelta(minutes=1))

    def configure(self, *recipients: str) -> None:
        mail = {"transport": "smtp", "host": "127.0.0.1", "port": self.port, "security": "none"}
        settings = {
            "contact": "ops@example.org",
            "mail": mail | {"sender": "tipwatch@example.org"},
            "subscriptions": [{"name": "morning", "recipients": list(recipients), "time": "00:00"}],
        }
        (self.folder / "config.yaml").write_text(yaml.safe_dump(settings))

    def run(self, *command: str, code: int = 0) -> str:
        assert main(["--config", str(self.folder / "config.yaml"), *command]) == code
        shown = self.capsys.readouterr()
        return shown.out + shown.err

    def deliveries(self) -> dict[str, Any]:
        return {each["recipient"]: each for each in json.loads(self.run("deliveries", "list", "--json"))}

    @property
    def reached(self) -> list[str]:
        return [recipient for recipient, _ in self.mailbox.messages]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    with smtp_server(tmp_path) as server:
        yield Desk(tmp_path, server.port, server.mailbox, capsys)


def test_what_waits_for_another_try_gets_it_when_the_operator_asks(desk: Desk) -> None:
    desk.mailbox.answers = {"ana@example.org": "451 greylisted"}
    desk.run("digest")
    assert desk.reached == ["eva@example.org"]
    desk.mailbox.answers = {}
    assert "1 sent" in desk.run("digest")
    assert desk.reached == ["eva@example.org", "ana@example.org"]


def test_a_status_right_after_a_try_says_why_it_failed_and_when_the_next_is(desk: Desk) -> None:
    desk.mailbox.answers = {"ana@example.org": "451 greylisted"}
    desk.run("digest")
    said = desk.run("status")
    assert "a***@example.org" in said
    assert "451 greylisted" in said
    assert "in 5" in said  # 59 seconds and less, of a minute


def test_who_was_refused_for_good_is_reached_once_the_operator_sends_it_again(desk: Desk) -> None:
    desk.mailbox.answers = {"ana@example.org": "550 no such user"}
    desk.run("digest", code=1)
    assert "1 delivery given up" in desk.run("status", code=1)
    number = str(desk.deliveries()[ANA]["id"])
    desk.mailbox.answers = {}
    desk.run("digest")
    assert desk.reached == ["eva@example.org"], "given up is not tried again by itself"
    assert "1 delivery will be sent again" in desk.run("deliveries", "resend", number)
    desk.run("digest")
    desk.run("digest")
    assert desk.reached == ["eva@example.org", "ana@example.org"]
    assert "given up" not in desk.run("status")


def test_a_delivery_that_is_cancelled_is_neither_tried_nor_a_problem(desk: Desk) -> None:
    desk.mailbox.answers = {"ana@example.org": "451 greylisted"}
    desk.run("digest")
    number = str(desk.deliveries()[ANA]["id"])
    assert "1 delivery cancelled" in desk.run("deliveries", "cancel", number)
    desk.mailbox.answers = {}
    desk.run("digest")
    assert desk.reached == ["eva@example.org"]
    assert "greylisted" not in desk.run("status")
    assert "1 done" not in desk.run("digest", "list")
    desk.run("deliveries", "resend", number)
    desk.run("digest")
    assert desk.reached == ["eva@example.org", "ana@example.org"]


def test_what_has_arrived_is_neither_sent_again_nor_cancelled(desk: Desk) -> None:
    desk.run("digest")
    number = str(desk.deliveries()[ANA]["id"])
    for command in ("resend", "cancel"):
        assert f"delivery {number} cannot be" in desk.run("deliveries", command, number, code=2)
    assert "there is no delivery 99" in desk.run("deliveries", "resend", "99", code=2)
    assert len(desk.reached) == 2


@pytest.mark.parametrize("answer", ["451 greylisted", "550 no such user"])
def test_a_recipient_who_is_no_longer_configured_is_no_problem_any_more(desk: Desk, answer: str) -> None:
    desk.mailbox.answers = {"eva@example.org": answer}
    desk.run("digest", code=int(answer.startswith("550")))
    desk.configure(ANA)
    desk.mailbox.answers = {}
    desk.run("digest")
    assert desk.deliveries()[EVA]["state"] == "cancelled"
    assert desk.reached == ["ana@example.org"]
    said = desk.run("status")
    assert answer not in said
    assert "Needs a person" not in said


def test_nothing_is_sent_again_to_who_is_no_longer_configured(desk: Desk) -> None:
    desk.mailbox.answers["eva@example.org"] = "550 no such user"
    desk.run("digest", code=1)
    number = str(desk.deliveries()[EVA]["id"])
    desk.configure(ANA)
    said = desk.run("deliveries", "resend", number, code=2)
    assert f"delivery {number} cannot be sent again: {EVA} is no longer a recipient of morning" in said
    assert desk.deliveries()[EVA]["state"] == "failed"


def test_a_recipient_whose_name_alone_was_changed_still_gets_it(desk: Desk) -> None:
    desk.mailbox.answers = {"eva@example.org": "451 greylisted"}
    desk.run("digest")
    desk.configure(ANA, "Eva Maria <eva@example.org>")
    desk.mailbox.answers = {}
    desk.run("digest")
    assert desk.reached == ["ana@example.org", "eva@example.org"]


def test_a_state_that_is_none_is_said(desk: Desk) -> None:
    assert "Did you mean 'failed'?" in desk.run("deliveries", "list", "--state", "failde", code=2)
