"""What was decided of articles and projects, by a person or by a rule, when and why: only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage.database.statements import insert
from storage.tables.schema import decision

RULE = "register"  # who decided, where no person did


def record_decision(
    connection: Connection, kind: str, what: Mapping[str, Any], *, who: str | None, why: str, now: datetime,
    project_id: int | None = None, article_id: int | None = None,
) -> None:  # fmt: skip
    """Writes down what was decided; `who` None stands for a rule."""
    values = {"kind": kind, "what": dict(what), "at": now, "who": who or RULE, "is_human": who is not None, "why": why}
    new = insert(connection, decision).values(**values, project_id=project_id, article_id=article_id)
    connection.execute(new)
