"""The log of what was sent: kept beside the database, so that one restored from a backup announces nothing again.

A line is a digest, written when the first of its messages has arrived: a JSON object with the fields of
`storage.digests.sent.SentDigest`. A line that was cut off, or is damaged, is passed over.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from storage.database.engine import Database
from storage.digests.sent import SentDigest, find_forgotten, read_sent

logger = logging.getLogger(__name__)

# Two files of this size hold what a usual subscription is sent in a year: older backups than that are seldom restored,
# and the whole is read within a twentieth of a second.
FILE_BYTES = 2_000_000


class SentLog:
    """The log in a file. When that is full it is kept under a second name, in place of the one before.

    Args:
        file: need not be there; its folder must be.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before = file.with_name(f"{file.name}.1")
        self._noted: set[int] = set()
        self._noting = asyncio.Lock()  # several connections send the messages of one digest
        self._is_reported = False

    async def note(self, database: Database, digest_id: int) -> None:
        """Notes that a message of this digest arrived, unless that is noted already. A log that cannot be written is
        reported, and holds up no delivery."""
        async with self._noting:
            if digest_id in self._noted:
                return
            sent = await database.read(read_sent, digest_id)
            try:
                if (sent.subscription, sent.slot_key) not in {(one.subscription, one.slot_key) for one in self.read()}:
                    # or a power cut could leave this line without the messages that are still to be sent
                    await asyncio.to_thread(database.flush)
                    self._append(sent)
            except OSError as error:
                logger.warning("sent_log.unwritable", extra={"file": self._file, "reason": error.strerror})
                return
            self._noted.add(digest_id)

    async def find_forgotten(self, database: Database) -> list[SentDigest]:
        """The digests that were sent and that the database does not know, since it is older. Logged the first time."""
        forgotten = await database.read(find_forgotten, self.read())
        if forgotten and not self._is_reported:
            self._is_reported = True
            slots = {"first": forgotten[0].slot_key, "last": forgotten[-1].slot_key}
            logger.warning("sent_log.database_is_older", extra={"digests": len(forgotten), **slots})
        return forgotten

    def read(self) -> list[SentDigest]:
        """All digests noted, the oldest first."""
        return [*_read(self._before), *_read(self._file)]

    def _append(self, sent: SentDigest) -> None:
        if self._file.exists() and self._file.stat().st_size >= FILE_BYTES:
            self._file.replace(self._before)
        line = json.dumps(asdict(sent), default=datetime.isoformat)
        with self._file.open("a", encoding="ascii") as file:
            file.write(f"\n{line}\n")  # begun on a line of its own, whatever was cut off before
            file.flush()
            os.fsync(file.fileno())


def _read(file: Path) -> Iterator[SentDigest]:
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            found = json.loads(line)
            yield SentDigest(
                subscription=str(found["subscription"]),
                slot_key=str(found["slot_key"]),
                slot_at=datetime.fromisoformat(found["slot_at"]),
                urls=tuple(map(str, found["urls"])),
            )
        except (ValueError, KeyError, TypeError):
            continue
