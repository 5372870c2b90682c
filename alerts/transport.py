"""Hands a frozen message to the world: into a folder, or to an SMTP server.

What enters are bytes and addresses; what leaves is an `Attempt` that says what became of them, never an exception for
what a server or a disk may do. Blocking: the service calls it in a thread.
"""

from __future__ import annotations

import contextlib
import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, Protocol

from alerts.phrases import one_line
from alerts.settings import MailSettings

ERROR_LENGTH = 300  # as much of a server's answer as an operator needs

AttemptResult = Literal["sent", "later", "refused", "unauthorised"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one sending.

    `sent`: the server took it. `later`: it may be tried again (4xx, connection lost; `is_ambiguous` where the server
    may hold it already). `refused`: this recipient or message is refused for good (5xx). `unauthorised`: the server
    refuses us, so that no other message needs to be tried now.
    """

    result: AttemptResult
    error: str | None = None
    is_ambiguous: bool = False


class Transport(Protocol):
    """Sends messages one at a time."""

    def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt: ...


class FileTransport:
    """Writes each message as NAME.eml and its HTML as NAME.html into a folder, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        # The name comes from ids and the address only, never from what an article says.
        address = re.sub(r"[^a-z0-9.@-]", "_", parseaddr(recipient)[1].casefold())
        identity = re.sub(r"[^A-Za-z0-9.-]", "_", message_id.strip("<>").split("@")[0])
        body = message_from_bytes(message, policy=SMTP_POLICY).get_body(("html",))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self.folder / f"{identity}.{address}.eml", message)
            if body is not None:
                replace_file(self.folder / f"{identity}.{address}.html", str(body.get_content()).encode())
        except OSError as error:
            return Attempt("later", f"cannot write into {self.folder}: {error.strerror or error}")
        return Attempt("sent")


def replace_file(path: Path, content: bytes) -> None:
    """Writes `content` to `path` so that a reader sees the old file or the new one, also after a power cut."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


class SmtpTransport:
    """Sends through one SMTP connection, opened at the first message and kept until `close`."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.sender = parseaddr(settings.sender)[1]
        self.connection: smtplib.SMTP | None = None

    def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        try:
            connection = self.connection or self.connect()
        except smtplib.SMTPAuthenticationError as error:
            return Attempt("unauthorised", f"{self.server} refuses the user name or password ({say(error)})")
        except smtplib.SMTPNotSupportedError as error:
            return Attempt(
                "unauthorised", f"{self.server} does not offer what security: {self.settings.security} needs ({error})"
            )
        except ssl.SSLCertVerificationError as error:
            return Attempt("unauthorised", f"the certificate of {self.server} is not trusted: {error.verify_message}")
        except (OSError, smtplib.SMTPException) as error:
            return Attempt("later", f"no connection to {self.server}: {say(error)}")
        self.connection = connection
        try:
            connection.sendmail(self.sender, [parseaddr(recipient)[1]], message)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            self.reset()
            return classify(code, f"recipient refused: {code} {decode(answer)}")
        except smtplib.SMTPSenderRefused as error:
            self.reset()
            refusal = f"sender {error.sender} refused: {error.smtp_code} {decode(error.smtp_error)}"
            return Attempt("later" if error.smtp_code < 500 else "unauthorised", refusal)
        except smtplib.SMTPResponseException as error:
            self.reset()
            return classify(error.smtp_code, f"message refused: {error.smtp_code} {decode(error.smtp_error)}")
        except (OSError, smtplib.SMTPException) as error:
            # The line broke somewhere in the conversation: after DATA the server may well hold the message.
            self.close()
            return Attempt("later", f"connection to {self.server} lost: {say(error)}", is_ambiguous=True)
        return Attempt("sent")

    @property
    def server(self) -> str:
        return f"{self.settings.host}:{self.settings.smtp_port}"

    def connect(self) -> smtplib.SMTP:
        settings = self.settings
        assert settings.host is not None  # MailSettings.check_transport
        context = ssl.create_default_context(cafile=settings.ca_file)
        timeout = settings.timeout_seconds
        connection: smtplib.SMTP
        if settings.security == "tls":
            connection = smtplib.SMTP_SSL(settings.host, settings.smtp_port, timeout=timeout, context=context)
        else:
            connection = smtplib.SMTP(settings.host, settings.smtp_port, timeout=timeout)
        try:
            if settings.security == "starttls":
                connection.starttls(context=context)
            if settings.username is not None and settings.password is not None:
                connection.login(settings.username, settings.password.get_secret_value())
        except BaseException:
            connection.close()
            raise
        return connection

    def reset(self) -> None:
        """Makes the connection ready for the next message, or gives it up."""
        try:
            if self.connection is not None:
                self.connection.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def classify(code: int, error: str) -> Attempt:
    """RFC 5321, 4.2.1: 4yz is worth another try, 5yz is final."""
    return Attempt("later" if 400 <= code < 500 else "refused", error)


def decode(answer: bytes | str) -> str:
    return one_line(answer.decode(errors="replace") if isinstance(answer, bytes) else answer)[:ERROR_LENGTH]


def say(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {decode(error.smtp_error)}"
    return one_line(str(error))[:ERROR_LENGTH] or type(error).__name__


@contextlib.contextmanager
def open_transport(settings: MailSettings, outbox_folder: Path) -> Iterator[Transport]:
    """The configured transport; an SMTP connection is closed at the end."""
    if settings.transport == "file":
        yield FileTransport(outbox_folder)
        return
    transport = SmtpTransport(settings)
    try:
        yield transport
    finally:
        transport.close()
