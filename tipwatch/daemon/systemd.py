"""Tells systemd how the daemon is: ready, alive, reloading, stopping. Without systemd nothing happens.

The protocol is sd_notify(3): datagrams of `KEY=value` lines to the Unix socket named in `NOTIFY_SOCKET`.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tipwatch.text import one_line

# How long a full queue may hold all work up: the crowd at the start of a machine passes, a READY that is lost is lost.
SEND_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Notifier:
    """Sends the daemon's state to systemd.

    Args:
        address: path of the socket (`@` first for an abstract one); None sends nothing.
        watchdog_seconds: systemd restarts the daemon when it hears nothing for so long; None when it does not watch.
    """

    address: str | None
    watchdog_seconds: float | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Notifier:
        """What systemd asked for in the environment; a watchdog meant for another process is left out."""
        environment = os.environ if environment is None else environment
        microseconds = environment.get("WATCHDOG_USEC", "")
        is_ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        seconds = int(microseconds) / 1_000_000 if microseconds.isdecimal() and is_ours else 0.0
        return cls(environment.get("NOTIFY_SOCKET") or None, seconds or None)

    def ready(self, status: str) -> None:
        """The daemon works (again, after `reloading`)."""
        self._send(f"READY=1\nSTATUS={one_line(status)}")

    def alive(self) -> None:
        """A sign of life for the watchdog."""
        self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """The configuration is being read again; `ready` must follow."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The daemon is on its way out."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self.address:
            return
        path = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender,
        ):
            # a service manager that does not listen is no reason to end the work, nor to hold it up
            sender.settimeout(SEND_SECONDS)
            sender.sendto(message.encode(), path)
