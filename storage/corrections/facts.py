"""A fact of a project that a person sets by hand: it stands alone, whatever a later crawl finds."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from classifier.schema import FACT_NAMES, FACTS
from storage.corrections.entered_values import check_order, read_values
from storage.corrections.requests import CorrectionRefused, require_project
from storage.decisions import DecidedBy, record_decision
from storage.projects.projects import Project, load_projects
from storage.register.compare.iati import is_publishers
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
        if given:
            _check_identifier(connection, found, given)
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


def _check_identifier(connection: Connection, project_id: int, iati_id: str) -> None:
    if not is_publishers(iati_id):
        hint = "An IATI identifier is the publisher's, a dash and the activity's, such as XM-DAC-47066-CT.1234."
        raise CorrectionRefused(f"{iati_id!r} is not an IATI identifier of a publisher", hint)
    asked = select(project.c.public_id).where(project.c.iati_id == iati_id, project.c.merged_into_id.is_(None))
    other = connection.execute(asked.where(project.c.id != project_id)).scalar()
    if other is not None:
        hint = f"If both are one project: tipwatch projects merge {other} {_public_id(connection, project_id)}"
        raise CorrectionRefused(f"{iati_id} is the identifier of {other}", hint)


def _public_id(connection: Connection, project_id: int) -> str:
    return str(connection.execute(select(project.c.public_id).where(project.c.id == project_id)).scalar_one())


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
