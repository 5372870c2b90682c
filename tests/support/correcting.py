"""What tests of corrections share: two projects, one who signs, and what lists and digests then hold."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import select

from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import unannounced_ids
from storage.digests.outbox import claim_digest, freeze_digest
from storage.projects.listing import ProjectFilter, list_projects
from storage.projects.projects import Project, get_project
from storage.tables.schema import project
from tests.support.register_world import DAY, NOW, launch, tell

OTHER: dict[str, Any] = {
    "name": "Mountain Watch",
    "implementers": "Caritas Ararat",
    "funders": "Japan",
    "countries": "AM",
    "amount": 90_500.0,
}


class Signed(TypedDict):
    by: DecidedBy


SIGNED: Signed = {"by": DecidedBy("amina", "seen on site", NOW + DAY)}
NOT_NEW: dict[str, Any] = {"is_relevant": None, "is_new_project": False}
NEW: dict[str, Any] = {"is_relevant": True, "is_new_project": True}


def show(database: Database, public_id: str | None) -> Project:
    assert public_id is not None
    with database.reading() as connection:
        found = get_project(connection, public_id)
    assert found is not None
    return found


def listed(database: Database, *, is_refuted: bool = False) -> list[str]:
    with database.reading() as connection:
        return [one.public_id for one in list_projects(connection, ProjectFilter(is_refuted=is_refuted))]


def to_announce(database: Database) -> list[str]:
    with database.reading() as connection:
        ids = unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=NOW + 30 * DAY)
        return list(connection.execute(select(project.c.public_id).where(project.c.id.in_(ids))).scalars())


def undo_last(database: Database, why: str = "") -> None:
    with database.reading() as connection:
        last = next(one for one in list_decisions(connection, 50) if not one.is_undone)
    database.write_now(undo_decision, last.id, by=DecidedBy("bo", why, NOW + 2 * DAY))


def two_projects(database: Database) -> tuple[str, str]:
    first, second = tell(
        database,
        launch(),
        launch("other", title="Mountain Watch begins", text="In Yerevan a shelter opens.", stated=OTHER),
    )
    assert first.project_id is not None
    assert second.project_id is not None
    return first.project_id, second.project_id


def send(database: Database, slot: str, *, new: tuple[str, ...] = (), articles: tuple[int, ...] = ()) -> None:
    """A digest to `daily` that announces projects with all their articles, or articles of known ones."""
    digest_id = database.write_now(claim_digest, "daily", slot, NOW, now=NOW)
    projects = [show(database, one) for one in new]
    database.write_now(
        freeze_digest, digest_id or 0, summary={}, deliveries=[], now=NOW, project_ids=[one.id for one in projects],
        article_ids=[*articles, *(source.id for one in projects for source in one.sources)],
    )  # fmt: skip
