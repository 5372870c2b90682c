"""Public ids of projects: `P-7K2M4Q`, short enough to say aloud, without letters that are mistaken for others.

An id is drawn at random from 31^6 (888 million); the register tries again in the rare case that it is taken. It never
changes, and that of a merged project goes on answering.
"""

from __future__ import annotations

import secrets

__all__ = ["ALPHABET", "draw_public_id", "normalise_public_id"]

# Digits and capitals without 0/O, 1/I/L: what is read from paper or heard is typed right.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 6


def draw_public_id() -> str:
    """Draws a new id at random; the caller makes sure that it is not taken."""
    return "P-" + "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def normalise_public_id(typed: str) -> str | None:
    """Reads an id as people type it (`p-7k2m4q`, `7K2M4Q`); None where it cannot be one."""
    text = typed.strip().upper().removeprefix("P-")
    return f"P-{text}" if len(text) == _LENGTH and set(text) <= set(ALPHABET) else None
