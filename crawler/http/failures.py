"""What went wrong between us and a server: a stable word and a sentence. `crawler.http.failure_names` finds them.

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
    ├── bad-redirect        it was redirected to something that is not an address
    ├── bad-url             what was to be fetched is no address
    ├── bad-scheme          it was sent on to something other than http and https
    └── network             the machine itself is the cause (no route, no descriptors left)
"""

from __future__ import annotations

LONGEST_TEXT = 300
"""Of a reason kept for operators: more is the library's noise."""


class FetchError(Exception):
    """A request that brought no answer. `kind` is a stable word, `text` a sentence for an operator. `has_answered` says
    that the server that was asked first did begin to answer, or sent on to another that did not.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind = kind
        self.text = one_line(text)
        self.has_answered = False

    @property
    def is_passing(self) -> bool:
        """Whether the same request may well succeed a moment later."""
        return self.kind in {"dropped", "refused"}


def one_line(text: str, limit: int = LONGEST_TEXT) -> str:
    """`text` with control and separator characters as spaces, cut to `limit`: safe in a log, a mail, a terminal."""
    visible = "".join(character if character.isprintable() else " " for character in text[: limit * 4])
    short = " ".join(visible.split())
    return short if len(short) <= limit else short[: limit - 1] + "…"
