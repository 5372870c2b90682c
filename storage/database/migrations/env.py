"""Alembic's entry: runs the migrations on the connection that `run.upgrade` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from storage.tables.schema import metadata
from storage.tables.search import is_described

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_object=is_described,
)
with context.begin_transaction():
    context.run_migrations()
