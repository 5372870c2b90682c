"""What was decided of articles and projects, by a person or by a rule, when and why: only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage.database.statements import insert
from storage.tables.schema import decision

RULE = "register"  # who decided, where no person did


@dataclass(frozen=True, slots=True)
class DecidedBy:
    """Who decides, why and when; `who` None stands for a rule."""

    who: str | None
    why: str
    at: datetime


def record_decision(
    connection: Connection, kind: str, what: Mapping[str, Any], *, by: DecidedBy,
    project_id: int | None = None, article_id: int | None = None,
) -> None:  # fmt: skip
    """Writes down what was decided."""
    values = {"at": by.at, "who": by.who or RULE, "is_human": by.who is not None, "why": by.why}
    about = {"project_id": project_id, "article_id": article_id}
    connection.execute(insert(connection, decision).values(kind=kind, what=dict(what), **values, **about))
