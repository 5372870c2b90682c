"""A digest of thousands of projects: the most important in the message, all in its table, none twice and none lost."""

from __future__ import annotations

import asyncio
import csv
import io
import random
import string
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select, update

from alerts.digest.build import MAX_HTML_BYTES
from alerts.digest.choice import MOST_NEW
from alerts.render.table import MAX_TABLE_BYTES, write_table
from alerts.service import deliver_due
from alerts.settings import MailSettings, SubscriptionSettings
from benchmarks.register_fill import copy_blocks
from storage.database.engine import Database
from storage.projects.projects import Project
from storage.tables.schema import project
from tests.support import project_examples as examples
from tests.support.announcing import tell
from tests.support.digest_tables import COUNTRIES, table_in

pytestmark = pytest.mark.slow

MORNING = datetime(2026, 11, 25, 7, 5, tzinfo=UTC)
LARGEST_MESSAGE_BYTES = 10_000_000
"""What the strictest of the large providers take."""

RECIPIENTS = ("ana@example.org", "eva@example.org")
SUBSCRIPTION = SubscriptionSettings.model_validate(
    {"name": "morning", "recipients": RECIPIENTS, "time": "07:00", "send_empty": False}
)


def deliver(database: Database, folder: Path, at: datetime) -> list[set[str]]:
    """Delivers what is due; for each message, of a size that any server takes, the ids of the projects in its table."""
    mail = MailSettings(folder=str(folder))
    asyncio.run(deliver_due(database, [SUBSCRIPTION], mail, clock=lambda: at))
    told = []
    for file in folder.glob("*.eml"):
        assert file.stat().st_size < LARGEST_MESSAGE_BYTES
        message = message_from_bytes(file.read_bytes(), policy=default)
        body = message.get_body(("html",))
        assert body is not None
        assert len(body.get_content().encode()) <= MAX_HTML_BYTES
        (table,) = message.iter_attachments()
        told.append({row["id"] for row in csv.DictReader(io.StringIO(table_in(table.get_content())))})
    return told


def test_each_of_five_thousand_projects_and_more_is_told_once(database_url: str, tmp_path: Path) -> None:
    with Database.open(database_url) as database:
        for country in COUNTRIES:
            tell(database, f"Harbour of {country}", country, at=MORNING - timedelta(hours=3))
        copy_blocks(database, MOST_NEW + 100)
        first = deliver(database, tmp_path / "first", MORNING)
        second = deliver(database, tmp_path / "second", MORNING + timedelta(days=1))
        third = deliver(database, tmp_path / "third", MORNING + timedelta(days=2))
    assert [len(told) for told in first] == [MOST_NEW] * len(RECIPIENTS)
    assert [len(told) for told in second] == [100] * len(RECIPIENTS)
    assert first[0] == first[1]
    assert first[0].isdisjoint(second[0])
    assert third == []


def test_a_table_of_thirty_megabytes_goes_packed() -> None:
    one = examples.project()
    projects = [replace(one, id=number, public_id=f"p{number}", title="Begun. " * 900) for number in range(5_000)]
    table, count = write_table("new-projects-2026-11-25", projects)
    assert count == len(projects)
    assert len(table.content) < MAX_TABLE_BYTES
    with zipfile.ZipFile(io.BytesIO(table.content)) as archive:
        (name,) = archive.namelist()
        content = archive.read(name)
    assert (name, len(content) > 30_000_000) == ("new-projects-2026-11-25.csv", True)


def noise() -> Iterator[Project]:
    """A thousand projects whose words cannot be packed."""
    chance = random.Random(1)
    one = examples.project()
    for number in range(1_000):
        text = "".join(chance.choices(string.printable[:62], k=9_000))
        yield replace(one, id=number, public_id=f"p{number}", title=text)


def test_what_no_message_could_hold_waits_for_the_next_digest() -> None:
    table, count = write_table("new-projects", noise())
    assert 400 < count < 1_000
    assert 0.97 * MAX_TABLE_BYTES < len(table.content) <= MAX_TABLE_BYTES
    with zipfile.ZipFile(io.BytesIO(table.content)) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("new-projects.csv").decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [f"p{number}" for number in range(count)]


def test_what_has_no_place_in_the_table_is_not_told(database_url: str, tmp_path: Path) -> None:
    """Nor counted: it comes with the next digest."""
    with Database.open(database_url) as database:
        for country in COUNTRIES:
            tell(database, f"Harbour of {country}", country, at=MORNING - timedelta(hours=3))
        copy_blocks(database, 400)
        with database.writing() as connection:
            for (id_,) in connection.execute(select(project.c.id)).all():
                words = b64encode(random.Random(id_).randbytes(22_500)).decode()
                connection.execute(update(project).where(project.c.id == id_).values(title=words))
        first = deliver(database, tmp_path / "first", MORNING)
        second = deliver(database, tmp_path / "second", MORNING + timedelta(days=1))
    assert 100 < len(first[0]) < 400
    assert first[0].isdisjoint(second[0])
    assert len(first[0] | second[0]) == 400
