"""Writes each message as NAME.eml and its HTML as NAME.html into a folder, whole or not at all; NAME begins with the
subscription."""

from __future__ import annotations

import asyncio
import os
import re
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

from alerts.delivery.addresses import bare_address
from alerts.delivery.transports.file.settings import FileSettings
from alerts.delivery.transports.transport import Attempt


class FileTransport:
    """Its folder is made with the first message."""

    connections = 1  # one disk
    limit_seconds = 300.0  # megabytes into a network folder that is slow; past that it hangs
    may_have_arrived = False  # a file that is written again is the same file

    def __init__(self, settings: FileSettings) -> None:
        self.folder = Path(settings.folder)

    def destination(self, recipient: str) -> str:
        return f"into the folder {self.folder}"

    async def takes_beyond_ascii(self) -> bool:
        return True

    async def open(self) -> Attempt | None:
        return None

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt:
        return await asyncio.to_thread(self.write, message, recipient, message_id)

    def write(self, message: bytes, recipient: str, message_id: str) -> Attempt:
        # The name comes from the configuration, ids and the address only, never from what an article says.
        parsed = message_from_bytes(message, policy=SMTP_POLICY)
        subscription = str(parsed.get("List-Id", "")).strip("<>").split(".")[0]
        address = re.sub(r"[^a-z0-9.@-]", "_", bare_address(recipient).casefold())
        identity = re.sub(r"[^A-Za-z0-9.-]", "_", message_id.strip("<>").split("@")[0])
        name = ".".join(filter(None, (subscription, identity, address)))
        body = parsed.get_body(("html",))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            replace_file(self.folder / f"{name}.eml", message)
            if body is not None:
                replace_file(self.folder / f"{name}.html", str(body.get_content()).encode())
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
