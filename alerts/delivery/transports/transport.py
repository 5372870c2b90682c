"""What a transport of messages is and says, and the one that writes them into a folder.

What enters are bytes and addresses; what leaves is an `Attempt` that says what became of them, never an exception for
what a server or a disk may do.
"""

from __future__ import annotations

import asyncio
import os
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Literal, Protocol

from alerts.delivery.addresses import bare_address

AttemptResult = Literal["sent", "later", "refused", "unauthorised", "stopped"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one sending.

    `sent`: the server took it. `later`: it may be tried again (4xx, connection lost; `is_ambiguous` where the server
    may hold it already). `refused`: this recipient or message is refused for good (5xx). `unauthorised`: the server
    refuses us, so that no other message needs to be tried now. `stopped`: we were told to stop meanwhile.
    """

    result: AttemptResult
    error: str | None = None
    is_ambiguous: bool = False


class Transport(Protocol):
    """Sends messages one at a time."""

    @property
    def may_have_arrived(self) -> bool:
        """Whether what was being sent when `send` was cut off may have reached its recipient's server."""
        ...

    async def open(self) -> Attempt | None:
        """Gets ready for a message; an attempt that failed where that is not possible."""
        ...

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt: ...

    async def close(self) -> None: ...


class FileTransport:
    """Writes each message as NAME.eml and its HTML as NAME.html into a folder, whole or not at all."""

    may_have_arrived = False  # a file that is written again is the same file

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def open(self) -> Attempt | None:
        return None

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        return await asyncio.to_thread(self.write, message, recipient, message_id)

    def write(self, message: bytes, recipient: str, message_id: str) -> Attempt:
        # The name comes from ids and the address only, never from what an article says.
        address = re.sub(r"[^a-z0-9.@-]", "_", bare_address(recipient).casefold())
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

    async def close(self) -> None:
        """Nothing: each file is closed when it is written."""


def replace_file(path: Path, content: bytes) -> None:
    """Writes `content` to `path` so that a reader sees the old file or the new one, also after a power cut."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
