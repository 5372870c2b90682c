"""What comparing a database with `storage.tables` leaves aside: the full-text tables, unknown to its metadata."""

from __future__ import annotations

from storage.tables.schema import SEARCH_TABLES


def is_described(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Whether the metadata describes a thing: all but the full-text tables and those that FTS5 keeps behind them."""
    return kind != "table" or name is None or not name.startswith(SEARCH_TABLES)
