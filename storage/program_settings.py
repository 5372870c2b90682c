"""What the program itself remembers from one start to the next: values by name, as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from storage.database.statements import insert
from storage.tables.schema import setting


def read_setting(connection: Connection, name: str) -> Any:
    """The value; None where none was written. No other process reads it before this transaction ends."""
    asked = select(setting.c.value).where(setting.c.name == name).with_for_update()
    return connection.execute(asked).scalar_one_or_none()


def write_setting(connection: Connection, name: str, value: Any) -> None:
    """Keeps the value in place of the one before."""
    new = insert(connection, setting).values(name=name, value=value)
    connection.execute(new.on_conflict_do_update(index_elements=[setting.c.name], set_={"value": new.excluded.value}))
