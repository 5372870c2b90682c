"""The kinds of facts that are chosen among candidates, in the order of the encoder's scores."""

from __future__ import annotations

__all__ = ["KINDS", "ROLES"]

ROLES: tuple[str, ...] = ("implementers", "funders", "partners")

KINDS: tuple[str, ...] = ("countries", "amount", "duration_months", "start", "end", "people", "name", *ROLES)
