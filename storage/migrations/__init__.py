"""Migrations of the database, run by themselves when it is opened: `REVISIONS` in order, the last is what this program needs.

The list stands here, free of Alembic, so that opening a current database never imports it (270 ms).
"""

from __future__ import annotations

REVISIONS: tuple[str, ...] = ("0001",)
HEAD = REVISIONS[-1]
