"""The connector all HTTP goes through: names with a fixed address, the address policy, verified TLS.

What enters is the host and port of a request; what leaves is a connection to an address that may be contacted. There is
one for all that is fetched (`crawler.http.client`).
"""

from __future__ import annotations

import asyncio
import functools
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from aiohttp import ClientRequest, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.http.address_policy import Network, guard_sockets
from storage.host_names import canonical_host

if TYPE_CHECKING:
    from aiohttp import ClientResponse
    from aiohttp.connector import Connection

RESOLVING_THREADS = 8
"""The system's resolver blocks a thread for many seconds on a dead name server; eight keep the other names going."""

KEEPALIVE_SECONDS = 15
"""Servers commonly close idle connections after 5 to 75 s; longer than this only collects dead ones."""


class FixedResolver(AbstractResolver):
    """Resolves the names of `hosts` to their fixed address, all others as the system does.

    A fixed address is still subject to the address policy: it is checked where the connection is made.
    """

    def __init__(self, hosts: Mapping[str, str] | None = None) -> None:
        self._hosts = {canonical_host(name): address for name, address in (hosts or {}).items()}
        self._threads = ThreadPoolExecutor(RESOLVING_THREADS, thread_name_prefix="resolve")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of `host`; raises OSError where there are none."""
        fixed = self._hosts.get(canonical_host(host))
        if fixed is not None:
            kind = socket.AF_INET6 if ":" in fixed else socket.AF_INET
            return [_result(host, fixed, port, kind, 0)]
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _look_up, host, port, int(family))
        if not found:
            raise OSError(None, f"no address for {host}")
        return [_result(host, address, port, kind, protocol) for kind, protocol, address in found]

    def stop(self) -> None:
        """Lets look-ups under way run out without waiting for them."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def close(self) -> None:
        """Like `stop`."""
        self.stop()


def _result(host: str, address: str, port: int, family: int, protocol: int) -> ResolveResult:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=protocol, flags=flags)


def _look_up(host: str, port: int, family: int) -> list[tuple[int, int, str]]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as error:  # a label of more than 63 characters, or an empty one
        raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
    found = []
    for kind, _, protocol, _, address in infos:
        literal = str(address[0])
        if (
            len(address) == 4 and address[3]
        ):  # a link-local address with its interface; refused by the policy, and named whole
            literal = f"{literal}%{address[3]}"
        found.append((int(kind), protocol, literal))
    return found


@functools.cache
def system_trust() -> ssl.SSLContext:
    """The system's authorities, read once a process: reading them takes 6 ms."""
    return ssl.create_default_context()


class GuardedConnector(TCPConnector):
    """A `TCPConnector` that contacts only allowed addresses.

    Args:
        allowed: networks beyond the public internet that may be contacted.
        hosts: names with a fixed address.
        limit: connections at once.
        ssl_context: how certificates are verified; None is the system's authorities.
    """

    def __init__(
        self,
        *,
        allowed: Sequence[Network] = (),
        hosts: Mapping[str, str] | None = None,
        limit: int = 100,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._fixed_resolver = FixedResolver(hosts)
        super().__init__(
            resolver=self._fixed_resolver,
            socket_factory=guard_sockets(allowed),
            limit=limit,
            limit_per_host=0,  # the rate limiter does this
            keepalive_timeout=KEEPALIVE_SECONDS,
            ssl=ssl_context if ssl_context is not None else system_trust(),
        )

    def close(self, *, abort_ssl: bool = False) -> Coroutine[Any, Any, None]:
        """Closes all connections, and lets the resolver's threads run out."""
        self._fixed_resolver.stop()
        return super().close(abort_ssl=abort_ssl)


def reporting_request(on_sent: Callable[[str], None]) -> type[ClientRequest]:
    """The class of requests for a session: each tells `on_sent` its host's name when it has been written to its
    connection.

    The rate limiter counts the delay between two requests from there, so that neither a slow look-up or handshake nor a
    busy loop brings the next request closer to this one.
    """

    class ReportingRequest(ClientRequest):
        """A request that is written at once, and then reported."""

        async def send(self, conn: Connection) -> ClientResponse:
            response = await super().send(conn)
            on_sent(self.url.raw_host or "")
            return response

    return ReportingRequest
