"""A fact of a project that a person sets by hand: it stands alone, whatever a later crawl finds."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from classifier.schema import FACT_NAMES, FACTS
from storage.corrections.entered_values import check_order, read_values
from storage.corrections.requests import CorrectionRefused, require_project
from storage.decisions import DecidedBy, record_decision
from storage.projects.projects import Project, load_projects
from storage.register.merge.facts import MergedFacts
from storage.register.persist.merged_view import refresh_projects
from storage.tables.schema import project

FIXABLE: tuple[str, ...] = (*FACT_NAMES, "iati_id")


def fix_fact(connection: Connection, public_id: str, field: str, value: str | None, *, by: DecidedBy) -> Project:
    """Sets a fact of a project by hand; it stands alone, whatever articles say.

    Args:
        field: one of `FIXABLE`.
        value: the value in words: organisations and countries (ISO codes) parted by `;`, a sum as `USD 3000000`, a
            date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a length in months. None or nothing: the fact is empty.

    Raises:
        CorrectionRefused: an unknown project or field, a value that cannot be read, or an end before the start.
    """
    found = require_project(connection, public_id)
    if field not in FIXABLE:
        raise CorrectionRefused(f"there is no fact {field!r}", f"One of: {', '.join(FIXABLE)}")
    spec = next((spec for spec in FACTS if spec.name == field), None)
    given, before = (value or "").strip(), _shown(connection, found, field)
    if spec is None:
        connection.execute(update(project).where(project.c.id == found).values(iati_id=given or None))
        values = [{"value": given, "shown": given}] if given else []
    else:
        values = read_values(spec, given)
    if values and field in ("start", "end"):
        _check_order(connection, found, field, values[0]["shown"])
    what = {"field": field, "values": values, "before": before}
    record_decision(connection, "fix", what, by=by, project_id=found)
    refresh_projects(connection, [found])
    return load_projects(connection, [found])[0]


def _check_order(connection: Connection, project_id: int, field: str, given: str) -> None:
    other = "end" if field == "start" else "start"
    for known in _shown(connection, project_id, other)[:1]:
        start, end = (given, known) if field == "start" else (known, given)
        check_order(start, end, hint=f"If {given} is right, correct the {other} first.")


def _shown(connection: Connection, project_id: int, field: str) -> list[str]:
    row = connection.execute(select(project.c.facts, project.c.iati_id).where(project.c.id == project_id)).one()
    if field == "iati_id":
        return [row.iati_id] if row.iati_id else []
    return [one.shown for one in getattr(MergedFacts.from_json(row.facts), field)]
