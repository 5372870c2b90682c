"""What a request may end with other than an article, and what follows from it: one table for feeds, sites and pages.

The kinds are stored with sources and pages and shown to operators; scripts may rely on them. An answer's kind is
`http-` and its status. `crawler.http.failure_names` finds the kind of an error of the HTTP library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crawler.text.one_line import one_line


class FetchError(Exception):
    """A request that did not bring what was asked for. `kind` is one of `OUTCOMES`, `text` a sentence for an operator.
    `has_answered` says that the server that was asked first did begin to answer, or sent on to another that did not.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(kind, text)
        self.kind = kind
        self.text = one_line(text)
        self.has_answered = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from a request that ended so.

    Args:
        page: what becomes of a page: `later`, it is tried again; `words`, the entry's own words stand in for it, since
            asking again will not change the answer; `park`, the same request would bring the same again, and an
            operator should see it: an attack, or a bug of theirs or ours.
        text: for operators of sources, where the failure brings no sentence of its own.
        note: the remark on an article of the entry's own words.
        is_retried: whether the same request may well succeed a moment later: it is made once more at once.
        is_silent: whether the host may be down: a few of these in a row, and its other sources are not asked.
    """

    page: Literal["later", "words", "park"] = "later"
    text: str = ""
    note: str = ""
    is_retried: bool = False
    is_silent: bool = False


REFUSED, GONE = "the site refused to show the page", "the page is gone"

OUTCOMES: dict[str, Outcome] = {
    # no answer
    "timeout": Outcome(is_silent=True),  # it took longer than its limit
    "dns": Outcome(is_silent=True),  # the name has no address
    "refused": Outcome(is_retried=True, is_silent=True),  # nothing answers at the address
    "dropped": Outcome(is_retried=True),  # the connection ended before the answer did
    "tls": Outcome(),  # the certificate is not to be trusted; the text says why
    "network": Outcome(),  # the machine itself is the cause (no route, no descriptors left)
    "bad-response": Outcome(),  # the answer is not HTTP, or its head is too large
    "refused-address": Outcome("park"),  # the address is private, local or reserved
    "bad-encoding": Outcome("park"),  # the body does not decompress, or is packed too often
    "too-large": Outcome("park"),  # the body is larger than the limit
    "too-many-redirects": Outcome("park"),  # it was sent on more often than the limit
    "bad-redirect": Outcome("park"),  # it was redirected to something that is not an address
    "bad-url": Outcome("park"),  # what was to be fetched is no address
    "bad-scheme": Outcome("park"),  # it was sent on to something other than http and https
    # not asked
    "robots": Outcome("words", note="the site's robots.txt asks not to read the page"),
    "robots-unread": Outcome(),  # robots.txt cannot be read now
    # answered, and not read
    "parse-timeout": Outcome("park"),
    "parse-crash": Outcome("park"),
    "fault": Outcome("park"),  # inside tipwatch
    # answered otherwise than with a document
    "http-304": Outcome(text="the server says that nothing has changed, although there was no earlier visit"),
    "http-400": Outcome(text="the server does not understand the request"),
    "http-401": Outcome("words", "it asks for a user name and password; write them under credentials:", REFUSED),
    "http-402": Outcome("words", "it asks for payment", REFUSED),
    "http-403": Outcome("words", "the server denies us access; its owner may allow it if asked", REFUSED),
    "http-404": Outcome("words", "there is nothing at this address; look on the site for the new one", GONE),
    "http-406": Outcome(text="the server has nothing in a format that was requested"),
    "http-407": Outcome("words", "", REFUSED),
    "http-410": Outcome(
        "words", "the server says it is gone for good; remove the source or give its new address", GONE
    ),
    "http-429": Outcome(text="the server wants fewer requests"),
    "http-451": Outcome("words", "it is withheld for legal reasons", REFUSED),
    "http-500": Outcome(text="the server has an internal error", is_retried=True),
    "http-502": Outcome(text="the server behind the address does not answer", is_retried=True),
    "http-503": Outcome(text="the server is busy or under maintenance", is_retried=True),
    "http-504": Outcome(text="the server behind the address does not answer in time", is_retried=True),
}


def outcome_of(kind: str) -> Outcome:
    """The row of a kind; that of one which is not in the table, such as a rare status, has a page tried again."""
    return OUTCOMES.get(kind) or Outcome()
