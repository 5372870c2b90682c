"""Calls that fail in their turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from storage.database.engine import Database


class Failing:
    """Lets the n-th call fail with an error, and all later ones too where it `lasts`."""

    def __init__(self, chosen: int, error: Exception, *, lasts: bool = False) -> None:
        self.chosen = chosen
        self.error = error
        self.lasts = lasts
        self.calls = 0

    @property
    def is_due(self) -> bool:
        """Counts a call; whether it fails."""
        self.calls += 1
        return self.calls == self.chosen or (self.lasts and self.calls > self.chosen)


def failing_write(monkeypatch: pytest.MonkeyPatch, failing: Failing) -> None:
    """Transactions fail when they have done all but commit: nothing of them may stay."""
    real = Database.write_now

    def write_now(self: Database, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not failing.is_due:
            return real(self, function, *args, **kwargs)

        def fail(connection: Any, *inner: Any, **named: Any) -> Any:
            function(connection, *inner, **named)
            raise failing.error

        return real(self, fail, *args, **kwargs)

    monkeypatch.setattr(Database, "write_now", write_now)
