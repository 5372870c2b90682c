from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.delivery.sending import transfer
from alerts.delivery.transports.registry import make_transport
from alerts.delivery.transports.smtp.transport import SmtpTransport
from alerts.delivery.transports.transport import Attempt
from alerts.render.message import Heading, RenderedDigest, make_message
from alerts.settings import MailSettings
from tests.support.digest_examples import SLOT_AT
from tests.support.smtp_server import PASSWORD, USER, SmtpServer, smtp_server


def mail_to(server: SmtpServer, **changes: object) -> MailSettings:
    return MailSettings.model_validate(
        {
            "transport": "smtp",
            "host": "127.0.0.1",
            "port": server.port,
            "security": "none",
            "sender": "tipwatch <watch@example.org>",
            "timeout_seconds": 5,
        }
        | changes
    )


def message_for(recipient: str) -> tuple[bytes, str]:
    message = make_message(
        RenderedDigest("News ž", "Letter\n", "<p>Page</p>"),
        Heading("morning", "2026-11-25", "tipwatch <watch@example.org>", SLOT_AT),
        recipient,
    )
    return message.as_bytes(), message["Message-ID"]


async def send(settings: MailSettings, *recipients: str) -> list[Attempt]:
    attempts = []
    transport = make_transport(settings)
    for recipient in recipients:
        message, identity = message_for(recipient)
        attempts.append(await transfer(transport, message, recipient=recipient, message_id=identity))
    await transport.close()
    return attempts


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_message_arrives_encrypted_and_whole(tmp_path: Path, security: str) -> None:
    with smtp_server(tmp_path, security=security) as server:
        settings = mail_to(server, security=security, ca_file=str(server.ca_file))
        assert await send(settings, "Ana <ana@example.org>") == [Attempt("sent")]
    recipient, content = server.mailbox.messages[0]
    assert recipient == "ana@example.org"
    assert server.mailbox.is_encrypted == [True]
    assert message_from_bytes(content, policy=default)["Subject"] == "News ž"


async def test_a_server_that_wants_a_login_gets_it(tmp_path: Path) -> None:
    with smtp_server(tmp_path, security="starttls", needs_login=True) as server:
        settings = mail_to(server, security="starttls", username=USER, password=PASSWORD, ca_file=str(server.ca_file))
        assert await send(settings, "ana@example.org", "eva@example.org") == [Attempt("sent"), Attempt("sent")]
    assert server.mailbox.is_encrypted == [True, True]


async def test_a_wrong_password_is_told_apart_from_a_refused_message(tmp_path: Path) -> None:
    with smtp_server(tmp_path, security="starttls", needs_login=True) as server:
        settings = mail_to(server, security="starttls", username=USER, password="wrong", ca_file=str(server.ca_file))
        [attempt] = await send(settings, "ana@example.org")
    assert attempt.result == "unauthorised"
    assert "user name or password" in str(attempt.error)
    assert PASSWORD not in str(attempt.error)


async def test_starttls_is_required_and_not_merely_tried(tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        [attempt] = await send(mail_to(server, security="starttls"), "ana@example.org")
    assert attempt.result == "unauthorised"
    assert server.mailbox.messages == []


async def test_an_untrusted_certificate_gets_no_message(tmp_path: Path) -> None:
    with smtp_server(tmp_path, security="tls") as server:
        [attempt] = await send(mail_to(server, security="tls"), "ana@example.org")
    assert attempt.result == "unauthorised"
    assert "not trusted" in str(attempt.error)
    assert server.mailbox.messages == []


async def test_a_refused_recipient_does_not_touch_the_others(tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.answers = {"gone@example.org": "550 no such user", "busy@example.org": "451 greylisted"}
        attempts = await send(
            mail_to(server), "gone@example.org", "ana@example.org", "busy@example.org", "eva@example.org"
        )
    assert [attempt.result for attempt in attempts] == ["refused", "sent", "later", "sent"]
    assert "550 no such user" in str(attempts[0].error)
    assert [recipient for recipient, _ in server.mailbox.messages] == ["ana@example.org", "eva@example.org"]


async def test_a_connection_lost_after_the_message_is_ambiguous_and_tried_again(tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        server.mailbox.drop_after_data = 1
        first, second = await send(mail_to(server), "ana@example.org", "ana@example.org")
    assert (first.result, first.is_ambiguous) == ("later", True)
    assert second == Attempt("sent")
    identities = {message_from_bytes(content)["Message-ID"] for _, content in server.mailbox.messages}
    assert len(server.mailbox.messages) == 2
    assert len(identities) == 1


async def test_a_message_too_large_for_the_server_is_refused_and_no_other(tmp_path: Path) -> None:
    with smtp_server(tmp_path, data_size_limit=100) as server:
        attempts = await send(mail_to(server), "ana@example.org", "eva@example.org")
    assert [attempt.result for attempt in attempts] == ["refused", "refused"]
    assert "552" in str(attempts[0].error)


async def test_no_server_is_a_reason_to_try_later(tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        pass  # the port is closed again
    [attempt] = await send(mail_to(server), "ana@example.org")
    assert attempt.result == "later"
    assert not attempt.is_ambiguous
    assert f"127.0.0.1:{server.port}" in str(attempt.error)


async def test_close_is_safe_without_a_connection(tmp_path: Path) -> None:
    with smtp_server(tmp_path) as server:
        transport = SmtpTransport(mail_to(server))
        await transport.close()
        message, identity = message_for("ana@example.org")
        attempt = await transfer(transport, message, recipient="ana@example.org", message_id=identity)
        await transport.close()
        await transport.close()
    assert attempt == Attempt("sent")
    assert transport.connection is None


async def test_files_hold_the_message_and_its_page_under_harmless_names(tmp_path: Path) -> None:
    settings = MailSettings(folder=str(tmp_path / "outbox"))
    [attempt] = await send(settings, "/./Eve/./x@example.org")
    assert attempt == Attempt("sent")
    _, identity = message_for("/./Eve/./x@example.org")
    names = sorted(path.name for path in (tmp_path / "outbox").iterdir())
    assert [Path(name).suffix for name in names] == [".eml", ".html"]
    assert all("/" not in name and "digest.2026-11-25." in name for name in names)
    kept = message_from_bytes((tmp_path / "outbox" / names[0]).read_bytes())
    assert (kept["To"], kept["Message-ID"]) == ("/./Eve/./x@example.org", identity)
    assert (tmp_path / "outbox" / names[1]).read_text() == "<p>Page</p>\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outbox"]


async def test_a_folder_that_cannot_be_written_is_a_reason_to_try_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    [attempt] = await send(MailSettings(folder=str(tmp_path / "outbox")), "ana@example.org")
    assert attempt.result == "later"
    assert "cannot write into" in str(attempt.error)
