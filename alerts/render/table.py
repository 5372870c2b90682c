"""The table of new projects that goes with a digest, written row by row; it is never held with all its projects."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from alerts.render.message import Attachment
from storage.projects.export import csv_lines
from storage.projects.projects import Project

# A table longer than this goes packed: some servers take messages of 10 MB only, and each recipient's is kept.
MAX_PLAIN_TABLE_BYTES = 2_000_000
# Of the table as it is sent; in a message it becomes a third more. What does not fit comes with the next digest.
MAX_TABLE_BYTES = 5_000_000
# What a packed table still grows by at its end: the packer holds back up to 16 thousand symbols of at most 28 bits
# (zlib), and the archive's directory follows.
HELD_BACK_BYTES = 60_000


def write_table(name: str, projects: Iterable[Project], *, is_whole: bool = False) -> tuple[Attachment, int]:
    """The projects as a table, packed where it is long, and how many of them it holds: all, or as many as fit.

    Args:
        name: of the file, without its ending.
        projects: read one by one, and no further than the table goes; the first always has its place.
        is_whole: all of them, whatever their size: for the few that a digest could show itself.
    """
    file_name = f"{name}.csv"
    plain: io.BytesIO | None = io.BytesIO()
    packed = io.BytesIO()
    count = -1  # the head is no project
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(_entry(file_name), "w") as entry,
    ):
        for line in csv_lines(projects):
            is_small = plain is not None and plain.tell() + len(line) <= MAX_PLAIN_TABLE_BYTES
            size = packed.tell() + HELD_BACK_BYTES + len(line)
            if size > MAX_TABLE_BYTES and not is_small and not is_whole and count > 0:
                break
            if plain is not None and is_small:
                plain.write(line)
            else:
                plain = None
            entry.write(line)
            count += 1
    if plain is not None:
        return Attachment(file_name, "text/csv", plain.getvalue()), count
    return Attachment(f"{file_name}.zip", "application/zip", packed.getvalue()), count


def _entry(name: str) -> zipfile.ZipInfo:
    """With the epoch of archives for its time, so that the same projects give the same bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
