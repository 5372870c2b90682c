"""What happened to a project: articles that joined it, merges, splits, what people corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.database.statements import one_of
from storage.projects.projects import find_project_id, load_sources
from storage.register.persist.families import find_families
from storage.tables.schema import decision


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a project: `kind` is `created`, `joined`, `merge`, `split`, `fix`, `label` or `undo`.

    `who` is a person, or `register` where a rule decided; `what` holds the details as written down; `number` is that of
    the decision, where it was one.
    """

    at: datetime
    kind: str
    who: str
    is_human: bool
    why: str
    what: dict[str, Any]
    number: int | None = None


def list_history(connection: Connection, public_id: str) -> list[HistoryEntry]:
    """What happened to a project, the oldest first: articles that joined and why, merges, splits, what people fixed."""
    found = find_project_id(connection, public_id)
    if found is None:
        return []
    entries: list[HistoryEntry] = []
    sources = load_sources(connection, [found]).get(found, ())
    for number, source in enumerate(sources):
        what = {"article": source.id, "title": source.title, "url": source.url}
        kind = "joined" if number else "created"
        entries.append(HistoryEntry(source.registered_at, kind, "register", False, source.reason or "", what))
    decided: dict[tuple[Any, ...], HistoryEntry] = {}  # once, though written down for both projects of a split
    family = [member for _, member in find_families(connection, [found])]
    for column, ids in ((decision.c.project_id, family), (decision.c.article_id, [one.id for one in sources])):
        for one in connection.execute(select(decision).where(one_of(column, ids)).order_by(decision.c.id)):
            if "part_of" not in one.what:  # the label of the whole project says it
                what = one.what if one.article_id is None else {**one.what, "article": one.article_id}
                entry = HistoryEntry(one.at, one.kind, one.who, one.is_human, one.why, what, one.id)
                decided.setdefault((one.kind, one.at, str(what)), entry)
    entries += sorted(decided.values(), key=lambda one: one.number or 0)
    return sorted(entries, key=lambda one: one.at)  # stable: of one moment articles come before what was decided
