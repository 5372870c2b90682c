"""A way to PostgreSQL that can be shut: a TCP gateway whose connections end, and are refused while it is shut."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

# What tipwatch asks of the server (see `storage.database.engine`), only sooner.
KEEPALIVE = (
    (socket.TCP_KEEPIDLE, 2),
    (socket.TCP_KEEPINTVL, 1),
    (socket.TCP_KEEPCNT, 3),
    (socket.TCP_USER_TIMEOUT, 5_000),
)


class Gateway:
    """Passes bytes on to the server of a PostgreSQL address, from an address of this machine; a context manager."""

    def __init__(self, url: str, address: str = "127.0.0.1") -> None:
        self._address = address
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 5432)
        self._listener: socket.socket | None = None
        self._port = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.open()
        user = f"{parts.username}:{parts.password}" if parts.password else parts.username
        self.url = urlunsplit((parts.scheme, f"{user}@{address}:{self._port}", parts.path, "", ""))

    def open(self) -> None:
        """Lets connections through."""
        listener = socket.create_server((self._address, self._port), reuse_port=False)
        self._port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Ends every connection and refuses new ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            ended, self._open = self._open, set()
        for one in ended:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shut()

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                for name, value in KEEPALIVE:
                    client.setsockopt(socket.IPPROTO_TCP, name, value)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                server = socket.create_connection(self._target)
                with self._lock:
                    self._open |= {client, server}
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            with self._lock:
                self._open.discard(one)
