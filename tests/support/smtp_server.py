"""A real SMTP server on loopback (aiosmtpd), with certificates of an authority made for the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PATIENCE_SECONDS = 60.0  # for what a test lets go at once

USER, PASSWORD = "watch", "correct horse"


@dataclass
class Mailbox:
    """What the server took in, and how it behaves: `answers` maps a recipient to the reply it gets instead of 250; at
    those in `hangs_at` it says nothing until `let_go`, at those in `leaves_at` it drops the connection. `login_answer`,
    where set, is what it says of any password."""

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hangs_at: set[str] = field(default_factory=set)
    leaves_at: set[str] = field(default_factory=set)
    let_go: threading.Event = field(default_factory=threading.Event)
    drop_after_data: int = 0
    login_answer: str | None = None
    is_encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        if address in self.hangs_at:
            await asyncio.to_thread(self.let_go.wait, PATIENCE_SECONDS)
        if address in self.leaves_at:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages += [(recipient, content) for recipient in envelope.rcpt_tos]
        assert server.transport is not None
        self.is_encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.drop_after_data:
            self.drop_after_data -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    if server.event_handler.login_answer:
        return AuthResult(success=False, handled=False, message=server.event_handler.login_answer)
    is_right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)


class Postman(Controller):
    """Hangs up on whoever is still there before it stops. aiosmtpd would stop in the midst of taking up a connection,
    as happens on a busy machine, and the garbage collector would complain of its socket during some later test."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.answering: list[SMTP] = []

    def factory(self) -> SMTP:
        self.answering.append(super().factory())  # type: ignore[no-untyped-call]
        return self.answering[-1]

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self.hang_up(), self.loop).result(PATIENCE_SECONDS)
        super().stop(no_assert)

    async def hang_up(self) -> None:
        while True:
            for one in self.answering:
                if isinstance(one.transport, asyncio.WriteTransport):
                    one.transport.abort()
            for _ in range(2):  # who knocks is let in; who was hung up on leaves
                await asyncio.sleep(0)
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            if not tasks:
                return
            await asyncio.wait(tasks, timeout=0.05)


@dataclass(frozen=True)
class SmtpServer:
    port: int
    mailbox: Mailbox
    ca_file: Path


@contextlib.contextmanager
def smtp_server(
    folder: Path, *, security: str = "none", needs_login: bool = False, **more: Any
) -> Iterator[SmtpServer]:
    """A server on 127.0.0.1; `security` is `none`, `starttls` or `tls`. A login needs `starttls` (aiosmtpd's rule).
    `more` is for aiosmtpd."""
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Postman(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        auth_required=needs_login,
        authenticator=authenticate if needs_login else None,
        **more,
    )
    controller.start()
    try:
        yield SmtpServer(port, mailbox, ca_file)
    finally:
        mailbox.let_go.set()
        controller.stop()


HEALTHY_REPLIES = {
    "greeting": "220 mail.example",
    "EHLO": "250 mail.example",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 go on",
    "message": "250 taken",
    "RSET": "250 reset",
    "QUIT": "221 bye",
}
