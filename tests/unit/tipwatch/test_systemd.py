"""systemd is told how the daemon is, over a real socket."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from pathlib import Path

import pytest

from tipwatch.daemon.systemd import Notifier


def test_states_arrive_as_systemd_reads_them(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        notifier = Notifier.from_environment({"NOTIFY_SOCKET": address})
        notifier.ready("watching\n3 sources")
        notifier.alive()
        notifier.reloading()
        notifier.stopping()
        seen = [listener.recv(4096).decode() for _ in range(4)]
    assert seen[0] == "READY=1\nSTATUS=watching 3 sources"
    assert seen[1] == "WATCHDOG=1"
    assert seen[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert seen[3] == "STOPPING=1"


def test_an_abstract_socket_is_reached() -> None:
    name = f"tipwatch-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        Notifier.from_environment({"NOTIFY_SOCKET": f"@{name}"}).alive()
        assert listener.recv(100) == b"WATCHDOG=1"


def test_a_manager_that_does_not_get_round_to_reading_holds_up_nothing(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as crowd,
    ):
        listener.bind(address)
        crowd.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                crowd.sendto(b"STATUS=busy", address)
        beat = threading.Thread(target=Notifier(address).alive, daemon=True)
        beat.start()
        beat.join(timeout=60)
        assert not beat.is_alive()


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "notify"}])
def test_without_systemd_nothing_happens(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    notifier = Notifier.from_environment(environment)
    notifier.ready("x")
    assert list(tmp_path.iterdir()) == []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("notify")
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):  # neither then nor later did anything come
            listener.recv(100)


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_time_is_ours_only(environment: dict[str, str], seconds: float | None) -> None:
    assert Notifier.from_environment(environment).watchdog_seconds == seconds
