"""Alembic's entry: runs the migrations on the connection that `run.upgrade` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from storage.schema import SEARCH_TABLES, metadata


def is_described(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Whether autogenerate may look at a table: not at the full-text tables nor at those FTS5 keeps behind them."""
    return kind != "table" or name is None or not name.startswith(SEARCH_TABLES)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    include_object=is_described,
)
with context.begin_transaction():
    context.run_migrations()
