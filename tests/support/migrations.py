"""A database of the schema as it is, and a migration that leads on from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import migrations
from storage.database.engine import Database
from storage.database.migrations import run

VERSIONS = Path(migrations.__file__).parent / "versions"
NEXT = '''
"""Adds a column, and fails where the database holds a counter named "fail"."""
from alembic import op
import sqlalchemy as sa

revision = "9001"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("source") as batch:
        batch.add_column(sa.Column("remark", sa.Text()))
    if op.get_bind().execute(sa.text("SELECT 1 FROM counter WHERE name = 'fail'")).first():
        op.execute("THIS IS NO SQL")
'''


def fill(database: Database, *, name: str = "kept") -> None:
    with database.writing() as connection:
        connection.execute(text(f"INSERT INTO counter (name, value) VALUES ('{name}', 7)"))
        connection.execute(
            text(
                "INSERT INTO source (id, name, kind, url, host, tags, languages, is_active, added_at, next_due_at, "
                "interval_seconds, failures, redirects_seen, entries, articles) "
                "VALUES (1, 's', 'feed', 'u', 'h', '[]', '[]', 1, 0, 0, 60, 0, 0, 1, 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO entry (source_id, identity, url, canonical_url, host, title, summary, content_hash, "
                "seen_at, state, attempts, next_at) VALUES (1, 'i', 'u', 'u', 'h', 't', 's', 'c', 0, 'waiting', 0, 0)"
            )
        )


def add_next_migration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a copy of the migrations with one more in this folder, for the program to upgrade to."""
    (folder / "versions").mkdir(parents=True)
    own = Path(migrations.__file__).parent
    for name in ("env.py", "script.py.mako", *(f"versions/{path.name}" for path in VERSIONS.glob("000*"))):
        (folder / name).write_bytes((own / name).read_bytes())
    (folder / "versions" / "9001_next.py").write_text(NEXT)
    monkeypatch.setattr(migrations, "REVISIONS", ("0001", "9001"))
    monkeypatch.setattr(migrations, "HEAD", "9001")
    monkeypatch.setattr(run, "HEAD", "9001")
    monkeypatch.setattr(run, "SCRIPTS", str(folder))
