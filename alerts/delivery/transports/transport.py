"""What a transport of messages is, and what it says of each sending.

What enters are bytes and addresses; what leaves is an `Attempt` that says what became of them, never an exception for
what a server or a disk may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

AttemptResult = Literal["sent", "later", "refused", "unauthorised", "stopped"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one sending.

    `sent`: the server took it. `later`: it may be tried again (4xx, connection lost; `is_ambiguous` where the server
    may hold it already). `refused`: this recipient or message is refused for good (5xx). `unauthorised`: the server
    refuses us, so that no other message needs to be tried now. `stopped`: we were asked to stop meanwhile.
    """

    result: AttemptResult
    error: str | None = None
    is_ambiguous: bool = False


class Transport(Protocol):
    """Sends messages one at a time; making one contacts nobody."""

    @property
    def connections(self) -> int:
        """How many may be open at once."""
        ...

    @property
    def limit_seconds(self) -> float:
        """The longest that one message may take, from `open` to the server's last answer."""
        ...

    @property
    def may_have_arrived(self) -> bool:
        """Whether what was being sent when `send` was cut off may have reached its recipient's server."""
        ...

    def destination(self, recipient: str) -> str:
        """Where a message to `recipient` goes, as in "sent to ana@example.org"."""
        ...

    async def takes_beyond_ascii(self) -> bool | None:
        """Whether addresses beyond ASCII are taken; None where the server cannot be asked."""
        ...

    async def open(self) -> Attempt | None:
        """Gets ready for a message; an attempt that failed where that is not possible."""
        ...

    async def send(self, message: bytes, *, recipient: str, message_id: str) -> Attempt: ...

    async def close(self) -> None: ...
