"""Redirect services, AMP caches and web archives: addresses that hold another one."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

# Redirect services that carry the target's address in a parameter: host, path, parameters in which it may stand.
_WRAPPERS: tuple[tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"google(\.[a-z]{2,3}){1,2}"), re.compile(r"/url"), ("url", "q")),
    (re.compile(r"bing\.com"), re.compile(r"/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(l|lm)\.facebook\.com|facebook\.com"), re.compile(r"/(l\.php|flx/warn)"), ("u",)),
    (re.compile(r"l\.instagram\.com"), re.compile(r"/?"), ("u",)),
    (re.compile(r"out\.reddit\.com"), re.compile(r"/.*"), ("url",)),
    (re.compile(r"linkedin\.com"), re.compile(r"/(redir/redirect|safety/go)"), ("url",)),
    (re.compile(r"youtube\.com"), re.compile(r"/redirect"), ("q",)),
    (re.compile(r"t\.umblr\.com"), re.compile(r"/redirect"), ("z",)),
    (re.compile(r"([a-z0-9]+\.)?safelinks\.protection\.outlook\.com"), re.compile(r"/?.*"), ("url",)),
    (re.compile(r"translate\.google\.com"), re.compile(r"/translate"), ("u",)),
)
_GOOGLE_HOST = re.compile(r"google(\.[a-z]{2,3}){1,2}")
_GOOGLE_AMP = re.compile(r"/amp/(s/)?([^/]+\..+)")
_AMP_CACHE = re.compile(r"/[cv]/(s/)?([^/]+\..+)")
_WEB_ARCHIVE = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/.+)", re.IGNORECASE)


def is_google(host: str) -> bool:
    """Whether it is Google's search, in any country."""
    return _GOOGLE_HOST.fullmatch(host) is not None


def wrapped_target(canonical: str) -> str | None:
    """The address inside a redirect service's, an AMP cache's or a web archive's; None where it is none of these."""
    parts = urlsplit(canonical)
    host, path = parts.netloc, parts.path
    if host.endswith("cdn.ampproject.org") and (match := _AMP_CACHE.fullmatch(path)):
        return _rebuild(match.group(2), parts.query)
    if is_google(host) and (match := _GOOGLE_AMP.fullmatch(path)):
        return _rebuild(match.group(2), parts.query)
    if host == "web.archive.org" and (match := _WEB_ARCHIVE.fullmatch(path)):
        return re.sub(r"^(https?):/+", r"\1://", match.group(1), flags=re.IGNORECASE) + (
            f"?{parts.query}" if parts.query else ""
        )
    for host_pattern, path_pattern, names in _WRAPPERS:
        if host_pattern.fullmatch(host) and path_pattern.fullmatch(path):
            given = dict(parse_qsl(parts.query, errors="surrogateescape"))
            for name in names:
                if re.match(r"https?://", given.get(name, ""), re.IGNORECASE):
                    return given[name]
    return None


def _rebuild(address: str, query: str) -> str:
    return f"https://{address}" + (f"?{query}" if query else "")
