"""The country of who published an article, as its address tells.

In: a `ParsedText`. Out: an ISO 3166-1 alpha-2 code or None.
"""

from __future__ import annotations

from classifier.text.parsed_text import ParsedText

_HOSTS = {"uk": "GB", "gov": "US", "edu": "US", "mil": "US"}


def country_of_host(reading: ParsedText) -> str | None:
    """The country of the outlet's domain, where its last label is a country's."""
    for address in (reading.document.url, reading.document.outlet):
        if not address:
            continue
        host = address.split("//")[-1].split("/")[0].split(":")[0].rstrip(".").lower()
        label = host.rsplit(".", 1)[-1] if "." in host else ""
        if label in _HOSTS:
            return _HOSTS[label]
        if len(label) == 2 and label.isalpha() and label not in ("eu", "tv", "me", "io", "ai", "co", "fm", "cc", "to"):
            return label.upper()
        if host == "canada.ca":
            return "CA"
    return None
