"""An open, empty database of each kind, and the records tests put into it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.engine import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Opened and migrated."""
    with Database.open(database_url) as opened:
        yield opened
