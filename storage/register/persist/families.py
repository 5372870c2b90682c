"""Projects and all that were merged into them, over any number of merges: a family, of which readers know any or none.

Ids go in; the roots and members of families come out. Called within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select, text

from storage.database.statements import in_chunks, insert
from storage.tables.schema import announcement

# For each of some projects the one it was merged into in the end, itself where it was not.
ROOTS = """
WITH RECURSIVE way (start, id, up) AS (
    SELECT id, id, merged_into_id FROM project WHERE id IN ({ids})
    UNION ALL
    SELECT way.start, project.id, project.merged_into_id FROM way JOIN project ON project.id = way.up
)
SELECT start, id FROM way WHERE up IS NULL
"""

# For each of some projects itself and all that were merged into it, over any number of merges.
FAMILIES = """
WITH RECURSIVE family (root, member) AS (
    SELECT id, id FROM project WHERE id IN ({ids})
    UNION ALL
    SELECT family.root, project.id FROM family JOIN project ON project.merged_into_id = family.member
)
SELECT root, member FROM family
"""


def rows_of(connection: Connection, statement: str, ids: Iterable[int]) -> list[tuple[int, int]]:
    """The pairs that a statement over a list of ids gives. The ids are whole numbers and stand in it literally."""
    pairs: list[tuple[int, int]] = []
    for chunk in in_chunks(sorted(set(ids))):
        listed = ", ".join(str(int(id_)) for id_ in chunk)
        pairs += ((row[0], row[1]) for row in connection.execute(text(statement.format(ids=listed))))
    return pairs


def inherit_announcements(connection: Connection, of: int, to: int) -> None:
    """Whoever knows the one project, or what is part of it, knows the other too: it was announced as part of that
    one, and what comes is news of it."""
    family = [member for _, member in rows_of(connection, FAMILIES, [of])]
    asked = select(announcement.c.subscription, announcement.c.digest_id, announcement.c.at)
    known: dict[str, dict[str, object]] = {}
    for chunk in in_chunks(family):
        announced = asked.where(announcement.c.project_id.in_(chunk)).order_by(announcement.c.digest_id.desc())
        known |= {row["subscription"]: {**row, "project_id": to} for row in connection.execute(announced).mappings()}
    if known:
        connection.execute(insert(connection, announcement).on_conflict_do_nothing(), list(known.values()))
