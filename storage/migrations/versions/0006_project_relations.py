"""Two projects may stand to each other in two more ways: one is part of the other, or adds money to it."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

KINDS = "kind IN ('perhaps-same', 'apart', 'follows', 'part-of', 'supplements')"
ON_POSTGRESQL = (
    "ALTER TABLE project_relation DROP CONSTRAINT ck_project_relation_kind",
    f"ALTER TABLE project_relation ADD CONSTRAINT ck_project_relation_kind CHECK ({KINDS})",
)
# SQLite cannot change a constraint: the table is made anew.
ON_SQLITE = (
    "ALTER TABLE project_relation RENAME TO project_relation_before",
    f"""
    CREATE TABLE project_relation (
        project_id INTEGER NOT NULL,
        other_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL,
        CONSTRAINT pk_project_relation PRIMARY KEY (project_id, other_id, kind),
        CONSTRAINT ck_project_relation_kind CHECK ({KINDS}),
        CONSTRAINT ck_project_relation_not_to_itself CHECK (project_id <> other_id),
        CONSTRAINT fk_project_relation_project_id FOREIGN KEY(project_id) REFERENCES project (id),
        CONSTRAINT fk_project_relation_other_id FOREIGN KEY(other_id) REFERENCES project (id)
    ) STRICT
    """,
    "INSERT INTO project_relation SELECT project_id, other_id, kind, reason, at FROM project_relation_before",
    "DROP TABLE project_relation_before",
    "CREATE INDEX ix_project_relation_other ON project_relation (other_id)",
)


def upgrade() -> None:
    """Lets the table hold the new kinds; what is in it stays."""
    connection = op.get_bind()
    for statement in ON_POSTGRESQL if connection.dialect.name == "postgresql" else ON_SQLITE:
        connection.exec_driver_sql(statement)
