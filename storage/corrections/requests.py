"""What all corrections of a project share: it is there, or the correction is refused."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.database.errors import StorageError
from storage.projects.projects import find_project_id


class CorrectionRefused(StorageError):  # noqa: N818  # named like its family in storage.database.errors
    """A correction that makes no sense; the message says why, `hint` what to do instead."""

    default_hint = "See the projects with: tipwatch projects list"

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)


def require_project(connection: Connection, public_id: str) -> int:
    """The internal id behind a public one. Raises CorrectionRefused where there is no such project."""
    found = find_project_id(connection, public_id)
    if found is None:
        raise CorrectionRefused(f"there is no project {public_id}", "See them with: tipwatch projects list")
    return found
