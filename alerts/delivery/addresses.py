"""Mail addresses as people write them, read strictly and put into the form that mail servers take.

Enters as text, leaves as an `Address` whose domain is ASCII (IDNA); what stands before the @ may be beyond ASCII and
then needs a server that offers SMTPUTF8 (RFC 6531). Pure.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from email.headerregistry import Address
from email.utils import parseaddr, unquote
from typing import Annotated

from pydantic import AfterValidator

from storage.host_names import canonical_host

MAILBOX = re.compile(r"(?P<name>.*)<(?P<inner>[^<>]*)>|(?P<bare>[^<>]*)", re.DOTALL)
LISTED = frozenset("@,;")  # in a name that is not quoted: what was written is several addresses
ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+")  # RFC 5322, 3.2.3, for the characters of ASCII
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
LOCAL_PART_BYTES, DOMAIN_BYTES = 64, 253  # RFC 5321, 4.5.3.1


def parse_mailbox(text: str) -> Address:
    """The mailbox that `text` names: "user@example.org" or "Name <user@example.org>".

    Raises:
        ValueError: it is not one address that can be written in a header and sent to a server; says why.
    """
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ValueError("a mail address may not contain control characters")
    match = MAILBOX.fullmatch(text.strip())
    name, address = (match["name"] or "", match["inner"] or match["bare"] or "") if match else ("", "")
    local, _, domain = address.rpartition("@")
    local = unicodedata.normalize("NFC", local)  # RFC 6532, 3.1
    is_one = _is_name(name.strip()) and all(map(_is_atom, local.split(".")))
    if not is_one or len(local.encode()) > LOCAL_PART_BYTES:
        raise ValueError(f"not a mail address: {text!r}; write user@example.org or Name <user@example.org>")
    return Address(unquote(name.strip()), local, _ascii_domain(domain, text))


def parse_address(text: str) -> str:
    """As `parse_mailbox`, in its standard form as text."""
    return str(parse_mailbox(text))


MailAddress = Annotated[str, AfterValidator(parse_address)]
"""A setting that is an address."""


def bare_address(mailbox: str) -> str:
    """The address alone of a mailbox that was read before."""
    return parseaddr(mailbox)[1]


def needs_smtputf8(address: str) -> bool:
    """Whether a bare address can only be sent to a server that offers SMTPUTF8."""
    return not address.isascii()


def _is_name(name: str) -> bool:
    return name.startswith('"') and name.endswith('"') if '"' in name else LISTED.isdisjoint(name)


def _is_atom(word: str) -> bool:
    """A word between the dots of a local part: of ASCII only what needs no quotes, beyond it whatever can be seen."""
    plain = "".join(character for character in word if character.isascii())
    return bool(word) and word.isprintable() and (not plain or ATOM.fullmatch(plain) is not None)


def _ascii_domain(domain: str, text: str) -> str:
    if domain.startswith("[") and domain.endswith("]"):
        ipaddress.ip_address(domain[1:-1].removeprefix("IPv6:"))  # its own ValueError says what is wrong
        return domain
    if not domain.isascii():
        try:
            domain = canonical_host(domain)
        except ValueError as error:
            raise ValueError(f"not a mail address: {text!r}; its domain is not an internet name ({error})") from error
    if HOST.fullmatch(domain) is None or len(domain) > DOMAIN_BYTES:
        raise ValueError(f"not a mail address: {text!r}; its domain is not an internet name")
    return domain
