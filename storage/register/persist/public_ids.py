"""Public ids of projects: `P-7K2M4Q`, short enough to say aloud, without letters that are mistaken for others.

An id is made from the address of the first article that reported the project, so that registering the same news into
an empty database gives the same ids; where one is taken the next attempt gives another. An id never changes, and that
of a merged project goes on answering. There are 31^6 (888 million).
"""

from __future__ import annotations

import hashlib

# Digits and capitals without 0/O, 1/I/L: what is read from paper or heard is typed right.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 6


def make_public_id(canonical_url: str, attempt: int = 0) -> str:
    """Makes the id of the project first reported at this address; `attempt` counts how many were taken."""
    number = int.from_bytes(hashlib.sha256(f"{canonical_url}\n{attempt}".encode()).digest()[:8])
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "P-" + "".join(letters)


def normalise_public_id(typed: str) -> str | None:
    """Reads an id as people type it (`p-7k2m4q`, `7K2M4Q`); None where it cannot be one."""
    text = typed.strip().upper().removeprefix("P-")
    return f"P-{text}" if len(text) == _LENGTH and set(text) <= set(ALPHABET) else None
