"""Hands messages to an SMTP server: one conversation after another over one connection.

The conversation waits in the loop (aiosmtplib), so that it can be cut off at any moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from alerts.delivery.addresses import bare_address, needs_smtputf8
from alerts.delivery.transports.registry import MailSettings
from alerts.delivery.transports.transport import Attempt
from alerts.i18n.phrases import one_line

ERROR_LENGTH = 300  # as much of a server's answer as an operator needs

# Answers of a server in one conversation (greeting, EHLO, STARTTLS, EHLO, AUTH twice, MAIL, RCPT, DATA, the message):
# the whole of it may take as long as they all at the configured wait, whatever the server does. With the wait of 30 s
# unless set otherwise, five minutes of the ten in which a digest is promised, and 7 MB over a line of 200 kbit/s.
ANSWERS = 10

QUIT_SECONDS = 1.0  # a courtesy: nothing is lost without the server's goodbye, and a stop must not wait for it

# Replies to MAIL that speak of this message (too large, a parameter unknown), not of the sender: RFC 1870, RFC 5321.
OF_THE_MESSAGE = frozenset({552, 555})

WANTS_LOGIN = 530  # whatever command it answers, it speaks of us: RFC 4954, 6


class Unauthorised(Exception):  # noqa: N818  what the server holds of us
    """The server refuses us, or we refuse it."""


class SmtpTransport:
    """One connection to an SMTP server, kept from message to message as long as the server answers as it should."""

    # As many as large providers take from one account at once. A server that hangs at one recipient holds up this one
    # only.
    connections = 3

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self.sender = bare_address(settings.sender)
        self.may_have_arrived = False
        self.connection: SMTP | None = None

    @property
    def limit_seconds(self) -> float:
        return ANSWERS * self.settings.timeout_seconds

    def destination(self, recipient: str) -> str:
        return f"to {recipient}"

    async def takes_beyond_ascii(self) -> bool | None:
        """Whether the server offers SMTPUTF8."""
        try:
            async with asyncio.timeout(self.settings.timeout_seconds):
                if await self.open() is not None or self.connection is None:
                    return None
                return self.connection.supports_extension("smtputf8")
        except TimeoutError:
            return None
        finally:
            await self.close()

    async def open(self) -> Attempt | None:
        """Connects, or asks a kept connection whether it still serves and makes it ready for the next message."""
        self.may_have_arrived = False
        if self.connection is not None:
            with contextlib.suppress(OSError, SMTPException):
                await self.connection.rset()
                return None
            self.drop()
        try:
            self.connection = await self.connect()
        except Unauthorised as refusal:
            return Attempt("unauthorised", str(refusal))
        except (OSError, SMTPException, ValueError) as error:
            return Attempt("later", f"no connection to {self.server}: {describe(error)}")
        return None

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        assert self.connection is not None  # `open` came first
        try:
            return await self.hand_over(self.connection, message, bare_address(recipient))
        except SMTPSenderRefused as error:
            refusal = f"sender {error.sender} refused: {describe(error)}"
            is_of_us = error.code >= 500 and error.code not in OF_THE_MESSAGE
            return Attempt("unauthorised", refusal) if is_of_us else classify(error.code, refusal)
        except SMTPRecipientRefused as error:
            return classify(error.code, f"recipient refused: {describe(error)}")
        except SMTPDataError as error:
            if error.code < 400:  # 354 and then 250 are due: it answers something else, and may hold the message or not
                self.drop()
                return Attempt("later", f"unexpected answer to the message: {describe(error)}", is_ambiguous=True)
            return classify(error.code, f"message refused: {describe(error)}")
        except (OSError, SMTPException, ValueError) as error:
            # The line broke somewhere in the conversation: after DATA the server may well hold the message.
            self.drop()
            return Attempt("later", f"connection to {self.server} lost: {describe(error)}", self.may_have_arrived)
        except BaseException:
            self.drop()
            raise

    async def hand_over(self, connection: SMTP, message: bytes, recipient: str) -> Attempt:
        options = []
        if needs_smtputf8(self.sender) or needs_smtputf8(recipient):
            if not connection.supports_extension("smtputf8"):
                whose = "sender" if needs_smtputf8(self.sender) else "recipient"
                refusal = f"{self.server} does not accept non-ASCII addresses (SMTPUTF8) such as that of the {whose}"
                return Attempt("unauthorised" if whose == "sender" else "refused", refusal)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        if connection.supports_extension("size"):
            options.append(f"SIZE={len(message)}")
        await accepted(connection.mail(self.sender, options=options, encoding="utf-8"))
        await accepted(connection.rcpt(recipient, encoding="utf-8"))
        self.may_have_arrived = True
        await connection.data(message, timeout=None)  # megabytes over a slow line; `transfer` limits the whole
        return Attempt("sent")

    @property
    def server(self) -> str:
        return f"{self.settings.host}:{self.settings.smtp_port}"

    async def connect(self) -> SMTP:
        """A connection that is encrypted and logged in as configured, and greeted.

        Raises:
            Unauthorised: the server refuses us or cannot do what the configuration asks for.
            OSError, SMTPException, ValueError: it is not there, or talks nonsense.
        """
        settings = self.settings
        connection = SMTP(
            hostname=settings.host,
            port=settings.smtp_port,
            timeout=settings.timeout_seconds,
            use_tls=settings.security == "tls",
            start_tls=False,  # below, where what a server lacks is named
            tls_context=None if settings.security == "none" else ssl.create_default_context(cafile=settings.ca_file),
            local_hostname=socket.gethostname(),  # better is known below; of itself the library would ask DNS
        )
        try:
            await connection.connect()
            connection.local_hostname = own_name(connection.get_transport_info("sockname")[0])
            await greet(connection)
            if settings.security == "starttls":
                if not connection.supports_extension("starttls"):
                    raise Unauthorised(f"{self.server} does not offer what security: starttls needs")
                await connection.starttls()
                await greet(connection)
            if settings.username is not None and settings.password is not None:
                if not connection.supported_auth_methods:
                    raise Unauthorised(f"{self.server} offers no way to log in that tipwatch supports")
                await connection.login(settings.username, settings.password.get_secret_value())
        except SMTPAuthenticationError as error:
            abandon(connection)
            if error.code < 500:  # 454: the server cannot tell just now (RFC 4954, 6)
                raise
            raise Unauthorised(f"{self.server} refuses the user name or password ({describe(error)})") from error
        except BaseException as error:
            abandon(connection)
            untrusted = certificate_error(error)
            if untrusted is None:
                raise
            raise Unauthorised(
                f"the certificate of {self.server} is not trusted: {untrusted.verify_message}"
            ) from error
        return connection

    async def close(self) -> None:
        held = self.connection.transport if self.connection is not None else None
        try:
            if self.connection is not None:
                with contextlib.suppress(OSError, SMTPException):
                    await self.connection.quit(timeout=QUIT_SECONDS)
        finally:
            self.drop()
            if isinstance(held, asyncio.WriteTransport):  # which, with TLS, still waits for the server's goodbye
                held.abort()

    def drop(self) -> None:
        """Gives the connection up at once: what was not sent yet is not sent any more."""
        connection, self.connection = self.connection, None
        if connection is not None:
            abandon(connection)


def abandon(connection: SMTP) -> None:
    """Cuts a connection off, without the goodbyes that TLS would wait for."""
    if isinstance(connection.transport, asyncio.WriteTransport):
        connection.transport.abort()
    connection.close()


async def accepted(command: Awaitable[object]) -> None:
    """RFC 5321, 4.2.1: the first digit is the answer (252: "cannot verify, but will try"); the library wants a 250."""
    try:
        await command
    except (SMTPSenderRefused, SMTPRecipientRefused) as answer:
        if not 200 <= answer.code < 300:
            raise


async def greet(connection: SMTP) -> None:
    try:
        await connection.ehlo()
    except SMTPHeloError:
        await connection.helo()


def own_name(address: str) -> str:
    """What we call ourselves to a server that we reach from `address`: RFC 5321, 4.1.4."""
    name = socket.gethostname()
    if "." in name and name.isascii():
        return name
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def certificate_error(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The reason why a certificate is not trusted, where that is what an error comes from."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__
    return error


def classify(code: int, error: str) -> Attempt:
    """RFC 5321, 4.2.1: 5yz is final, anything else is worth another try."""
    if code == WANTS_LOGIN:
        return Attempt("unauthorised", error)
    return Attempt("refused" if 500 <= code < 600 else "later", error)


def describe(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return one_line(f"{error.code} {error.message}" if error.code > 0 else error.message)[:ERROR_LENGTH]
    return one_line(str(error))[:ERROR_LENGTH] or type(error).__name__
