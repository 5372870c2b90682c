"""One address for one article: URLs made comparable, never to be fetched.

An address as a source, a search engine or a reader's share button gives it goes in; the one address under which the
register knows the article comes out. Two addresses that differ only in what the way to the page added (tracking, AMP,
mobile or print view, scheme, `www.`, fragment, order of parameters, spelling of percent-escapes) come out equal; two
that differ in a parameter that may name another page (`?id=7`, `?id=8`) never do. `canonicalise_url` is idempotent.
"""

from __future__ import annotations

import re
import string
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

from storage.host_names import canonical_host
from storage.url_views import is_view_parameter, strip_view_segments
from storage.url_wrappers import is_google, wrapped_target

if TYPE_CHECKING:
    from tldextract import TLDExtract

# What browsers and servers agree to carry; longer ones in feeds are broken or hostile.
MAX_URL_CHARACTERS = 2_000


_UNRESERVED = frozenset((string.ascii_letters + string.digits + "-._~").encode())
_SAFE_IN_PATH = frozenset(b"!$'()*,:@&=+")  # delimiters that may stand in a path segment as they are
_SAFE_IN_QUERY = frozenset(b"!$'()*,:@/?")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\[[0-9a-f:.]+\]")
_SCRIPT = re.compile(r"\.(php|aspx?|jsp|cgi|do|action)$", re.IGNORECASE)


def canonicalise_url(url: str) -> str:
    """Gives the address under which the register knows an article.

    Args:
        url: an absolute http or https address, as found.

    Returns:
        An ASCII address, always https and without `www.`, for comparing only: what it names may not answer there.

    Raises:
        ValueError: not http or https, no host or a malformed one, a user name or password, or over 2,000 characters
            before or after escaping. The message says which.
    """
    canonical = _normalise(url)
    while (target := wrapped_target(canonical)) is not None:
        try:
            unwrapped = _normalise(target)
        except ValueError:
            break
        if len(unwrapped) >= len(canonical):  # each wrapper is longer than what it wraps: this ends
            break
        canonical = unwrapped
    return canonical


def choose_canonical(url: str, declared: str | None) -> str:
    """Takes a page's own word for its address (`rel=canonical`, `og:url`) where it can be trusted.

    Args:
        url: where the page was found; must be fit for `canonicalise_url`.
        declared: what the page declares, absolute or relative to `url`; None or nonsense is ignored.

    Returns:
        The canonical form of `declared` where it lies on the same site and names one page; else that of `url`. A front
        page or a section declared by an article page (a common fault of templates) is not believed, nor a script's
        bare address without the parameters that chose the page.

    Raises:
        ValueError: as `canonicalise_url`, for `url` only.
    """
    own = canonicalise_url(url)
    if not declared or not declared.strip():
        return own
    try:
        stated = canonicalise_url(urljoin(url.strip(), declared.strip()))
    except ValueError:
        return own
    return stated if _is_believable(urlsplit(own), urlsplit(stated)) else own


@lru_cache(4_096)  # the hosts of the watched sources and of what they link to, again and again
def registrable_domain(host: str) -> str:
    """Gives the part of a host name that its owner registered: `news.bbc.co.uk` → `bbc.co.uk`, `a.blogspot.com` whole.

    By the public suffix list that tldextract brings; nothing is fetched. Under a suffix that is not in it the last two
    labels. Addresses in figures come back whole.
    """
    host = host.lower().rstrip(".")
    labels = host.split(".")
    if labels[-1].isdigit() or host.startswith("["):
        return host
    return _suffixes().extract_str(host).top_domain_under_public_suffix or ".".join(labels[-2:])


@cache
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract  # 8 MB with its list: only for whoever compares hosts

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _normalise(url: str) -> str:
    """One pass without unwrapping; idempotent on its own."""
    text = _CONTROL.sub("", _strip_blanks(url).replace(" ", "%20"))
    if len(url) > MAX_URL_CHARACTERS:
        raise ValueError(f"an address of {len(url)} characters; at most {MAX_URL_CHARACTERS:,} are accepted")
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https"):
        raise ValueError(f"not an http or https address: {url[:100]!r}")
    if "@" in parts.netloc:
        raise ValueError("an address with a user name or password in it")
    host = _normalise_host(parts)
    path = _normalise_path(parts.path, host)
    query = _normalise_query(parts.query, host)
    fragment = _escape(parts.fragment, _SAFE_IN_QUERY | frozenset(b"&=+")) if parts.fragment.startswith("!") else ""
    result = f"https://{host}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    if len(result) > MAX_URL_CHARACTERS:
        raise ValueError(
            f"an address of {len(result)} characters once escaped; at most {MAX_URL_CHARACTERS:,} are accepted"
        )
    return result


def _strip_blanks(url: str) -> str:
    """Drops blanks around the address and at the ends of its parts, so that what follows them makes no difference."""
    address, hash_, fragment = url.strip().partition("#")
    base, question, query = address.partition("?")
    return base.rstrip() + question + "&".join(part.rstrip() for part in query.split("&")) + hash_ + fragment


def _normalise_host(parts: SplitResult) -> str:
    try:
        port, name = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ValueError(f"a malformed host or port: {error}") from None
    host = canonical_host(name)
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        raise ValueError(f"no usable host name: {parts.netloc[:100]!r}")
    host = _strip_view_labels(host)
    # Both default ports, since the scheme no longer tells which one was meant.
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _strip_view_labels(host: str) -> str:
    """Drops `www.`, and `m.`, `mobile.`, `amp.` where a whole site name is left."""
    while True:
        labels = host.split(".")
        if labels[-1].isdigit() or host.startswith("["):
            return host
        if (
            len(labels) > 2
            and labels[0] in ("www", "m", "mobile", "amp")
            and len(labels) > len(registrable_domain(host).split("."))
        ):
            host = ".".join(labels[1:])
        elif len(labels) > 3 and labels[1] == "m":  # en.m.wikipedia.org
            host = ".".join([labels[0], *labels[2:]])
        else:
            return host


def _escape(text: str, safe: frozenset[int]) -> str:
    """Escapes what must be, unescapes what need not be, in capitals; a lone percent sign becomes `%25`."""
    raw = text.encode("utf-8", "surrogatepass")
    out = bytearray()
    at = 0
    while at < len(raw):
        byte = raw[at]
        if byte == 0x25 and (match := _ESCAPE.match(raw, at)):
            value = int(match.group(1), 16)
            out += bytes([value]) if value in _UNRESERVED else b"%%%02X" % value
            at += 3
            continue
        out += bytes([byte]) if byte in _UNRESERVED or byte in safe else b"%%%02X" % byte
        at += 1
    return out.decode("ascii")


def _normalise_path(path: str, host: str) -> str:
    path = re.sub(r";jsessionid=[^/?]*", "", path, flags=re.IGNORECASE)
    segments: list[str] = []
    for raw in path.split("/"):
        segment = _escape(raw, _SAFE_IN_PATH | frozenset(b";"))
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    if is_google(host) and segments[:1] == ["amp"]:  # there it wraps another site's address
        return "/amp" + "".join(f"/{s}" for s in strip_view_segments(segments[1:]))
    return "".join(f"/{s}" for s in strip_view_segments(segments)) or "/"


def _normalise_query(query: str, host: str) -> str:
    """Keeps what may name the page, in order of name; equal names keep their order, since it may count."""
    kept = []
    for part in query.replace("&amp;", "&").split("&"):
        raw_name, _, raw_value = part.partition("=")
        name = _escape(raw_name.replace("+", "%20"), _SAFE_IN_QUERY | frozenset(b";"))
        value = _escape(raw_value.replace("+", "%20"), _SAFE_IN_QUERY | frozenset(b";="))
        if name and not is_view_parameter(name.lower(), value.lower(), host):
            kept.append((name, value))
    kept.sort(key=lambda pair: pair[0])
    return "&".join(f"{name}={value}" if value else name for name, value in kept)


def _is_believable(own: SplitResult, stated: SplitResult) -> bool:
    if registrable_domain(own.hostname or "") != registrable_domain(stated.hostname or ""):
        return False
    own_segments = own.path.strip("/").split("/") if own.path.strip("/") else []
    segments = stated.path.strip("/").split("/") if stated.path.strip("/") else []
    if not segments:
        return not own_segments and not own.query
    if stated.query or len(segments) > len(own_segments):
        return True
    if own.query and _SCRIPT.search(segments[-1]):
        return False
    if len(segments) < len(own_segments):
        return _names_one_page(segments[-1])
    return True


def _names_one_page(segment: str) -> bool:
    """Whether a path's last segment reads like an article's (`a-headline-in-words`, `12345`) and not a section's
    (`news`)."""
    words = quote(unquote_to_bytes(segment), safe="-_. ").replace("_", "-").split("-")
    return len(words) >= 4 or bool(re.search(r"\d{3,}", segment)) or segment.lower().endswith((".html", ".htm"))
