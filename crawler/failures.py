"""Names what went wrong between us and a server: an error of the HTTP library in, a stable word and a sentence out.

The words are stored with sources and pages and shown to operators; scripts may rely on them:

    FetchError
    ├── timeout             it took longer than its limit
    ├── dns                 the name has no address
    ├── refused             nothing answers at the address
    ├── refused-address     the address is private, local or reserved
    ├── tls                 the certificate is not to be trusted; the text says why
    ├── dropped             the connection ended before the answer did
    ├── bad-response        the answer is not HTTP, or its head is too large
    ├── bad-encoding        the body does not decompress, or is packed too often
    ├── too-large           the body is larger than the limit
    ├── too-many-redirects  it was sent on more often than the limit
    ├── bad-redirect        it was sent on to something that is no address
    ├── bad-url             what was to be fetched is no address
    ├── bad-scheme          it was sent on to something other than http and https
    └── network             the machine itself is the cause (no route, no descriptors left)
"""

from __future__ import annotations

import errno
import ssl

import aiohttp

from crawler.address_policy import find_refusal

LONGEST_TEXT = 300
"""Of a reason kept for operators: more is the library's noise."""

# OpenSSL's numbers for why a certificate was refused (X509_V_ERR_*).
CERTIFICATE_REASONS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "comes from a self-signed authority that is not known here",
    20: "comes from an authority that is not known here",
    21: "comes without the certificate of its authority",
    23: "has been revoked",
    62: "belongs to another host",
    64: "belongs to another address",
}

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ENETUNREACH, errno.ENETDOWN})


class FetchError(Exception):
    """A request that brought no answer. `kind` is a stable word, `text` a sentence for an operator."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = one_line(text)

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well succeed a moment later."""
        return self.kind in {"dropped", "refused"}


def one_line(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` with control and separator characters as spaces, cut to `limit`: safe in a log, a mail, a terminal."""
    visible = "".join(character if character.isprintable() else " " for character in text[: limit * 4])
    short = " ".join(visible.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"


def name_failure(error: BaseException) -> FetchError:
    """The `FetchError` for an error of the HTTP library, the TLS library or the system."""
    if isinstance(error, FetchError):
        return error
    refusal = find_refusal(error)
    if refusal is not None:
        return FetchError("refused-address", f"{refusal.address} is private, local or reserved, and is never contacted")
    if isinstance(error, TimeoutError):
        return FetchError("timeout", "no whole answer within the time limit")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError("dns", f"the name {error.host} has no address")
    certificate = _certificate_error(error)
    if certificate is not None:
        return certificate
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError):
        return FetchError("dropped", "the connection ended before the answer did")
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchError("bad-response", f"the answer is not proper HTTP: {error.message}")
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return FetchError("bad-url", f"not an address: {error}")
    return _system_error(error)


def _certificate_error(error: BaseException) -> FetchError | None:
    cause = error.certificate_error if isinstance(error, aiohttp.ClientConnectorCertificateError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = CERTIFICATE_REASONS.get(cause.verify_code) or f"was refused: {cause.verify_message}"
        return FetchError("tls", f"the server's certificate {reason}")
    if isinstance(cause, ssl.CertificateError):
        return FetchError("tls", "the server's certificate belongs to another host")
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        reason = getattr(getattr(error, "os_error", error), "reason", None) or "no common protocol"
        return FetchError("tls", f"no secure connection: {str(reason).replace('_', ' ').lower()}")
    return None


def _system_error(error: BaseException) -> FetchError:
    number = getattr(error, "errno", None)
    if number in EXHAUSTED:
        return FetchError("network", f"this machine cannot connect: {getattr(error, 'strerror', None) or error}")
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("refused", f"nothing answers at {error.host}:{error.port}")
    if isinstance(error, OSError | aiohttp.ClientConnectionError):
        return FetchError("dropped", "the connection was cut")
    return FetchError("bad-response", f"{type(error).__name__}: {error}")
