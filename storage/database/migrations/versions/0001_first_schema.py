"""The first schema: sources, entries, articles, the register, the outbox, full text."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Runs the SQL frozen beside this file, statement by statement."""
    connection = op.get_bind()
    frozen = Path(__file__).with_suffix(f".{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in frozen.split(";\n\n"):
        if statement:
            connection.exec_driver_sql(statement)
