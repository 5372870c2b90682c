"""Names what went wrong between us and a server: an error of the HTTP library in, a `FetchError` out.

Apart from `crawler.http.failures`, so that the worker processes, which fetch nothing, need not load the HTTP library:
it is a fifth of their memory.
"""

from __future__ import annotations

import errno
import ssl

import aiohttp

from crawler.http.address_policy import find_refusal
from crawler.http.failures import FetchError

# OpenSSL's numbers for why a certificate was refused (X509_V_ERR_*).
CERTIFICATE_REASONS = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "comes from an unknown, self-signed authority",
    20: "comes from an unknown authority",
    21: "comes without the certificate of its authority",
    23: "has been revoked",
    62: "belongs to another host",
    64: "belongs to another address",
}

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS, errno.ENETUNREACH, errno.ENETDOWN})


def name_failure(error: BaseException) -> FetchError:
    """The `FetchError` for an error of the HTTP library, the TLS library or the system."""
    if isinstance(error, FetchError):
        return error
    refusal = find_refusal(error)
    if refusal is not None:
        text = f"{refusal.address} is private, local or reserved, and is never contacted"
        return FetchError(
            "refused-address", f"{text}; if it is yours, list its network under `crawler.allow_addresses`"
        )
    if isinstance(error, TimeoutError):
        return FetchError("timeout", "no complete answer within the time limit")
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
