"""Whatever people decide, in any order, and take back bit by bit: in the end all is as it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project, merge_projects, split_article
from storage.corrections.requests import CorrectionRefused
from storage.corrections.undo import list_decisions, undo_decision
from storage.database.engine import Database
from storage.decisions import DecidedBy
from storage.digests.announcements import unannounced_ids
from storage.projects.listing import ProjectFilter, list_projects
from storage.projects.projects import Project, load_projects
from tests.support.register_world import DAY, NOW, facts, judged, launch, retelling, tell

OTHERS: tuple[dict[str, Any], ...] = (
    {"name": "Mountain Watch", "implementers": "Caritas Ararat", "funders": "Japan", "countries": "AM", "amount": 9e4},
    {"name": "Free Boats", "implementers": "Harbour Trust", "funders": "Canada", "countries": "GH", "amount": 7e6},
)
FIXES = (("amount", "USD 5"), ("name", "Another name"), ("name", ""), ("start", "2026"), ("iati_id", "XM-DAC-1-A.1"))
MOST_DECISIONS = 9
SEEDS = (1, 2, 3, 98, 142)  # the last two split what people had labelled, or labelled what a merge had brought


def projects(database: Database) -> list[Project]:
    with database.reading() as connection:
        found = [list_projects(connection, ProjectFilter(is_refuted=is_refuted)) for is_refuted in (False, True)]
    return [*found[0], *found[1]]


def everything(database: Database) -> tuple[dict[str, Any], set[str]]:
    """What lists and digests show of each project, and which are to be announced."""
    shown = {
        one.public_id: (
            one.facts, one.confidence, one.is_refuted, one.iati_id, [source.id for source in one.sources],
            {(link.kind, link.public_id) for link in one.links},
        )
        for one in projects(database)
    }  # fmt: skip
    with database.reading() as connection:
        ids = unannounced_ids(connection, "daily", since_at=NOW - DAY, until_at=NOW + 30 * DAY)
        return shown, {one.public_id for one in load_projects(connection, ids)}


def decide(database: Database, random: Random, at: datetime) -> None:
    """One decision at random, about what is there; some are refused."""
    by, known = DecidedBy("ana", "", at), projects(database)
    one, other = random.choice(known), random.choice(known)
    article = random.choice(one.sources).id if one.sources else 1
    is_new = random.random() < 0.5
    match random.choice(("article", "project", "merge", "split", "fix", "undo")):
        case "article":
            said: dict[str, Any] = {"is_relevant": is_new or None, "is_new_project": is_new}
            database.write_now(label_article, article, verdict=judged(facts()), **said, by=by)
        case "project":
            database.write_now(label_project, one.public_id, is_new_project=is_new, by=by)
        case "merge":
            database.write_now(merge_projects, one.public_id, other.public_id, by=by)
        case "split":
            database.write_now(split_article, one.public_id, article, by=by)
        case "fix":
            database.write_now(fix_fact, one.public_id, *random.choice(FIXES), by=by)
        case _:
            undo(database, random.randrange(2), by)


def undo(database: Database, number: int, by: DecidedBy) -> bool:
    """Undoes the latest decision but for a `number` of later ones; whether there was one."""
    with database.reading() as connection:
        standing = [one for one in list_decisions(connection, 100) if not one.is_undone][number:]
    if standing:
        database.write_now(undo_decision, standing[0].id, by=by)
    return bool(standing)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_decided_and_undone_leaves_nothing(database: Database, seed: int) -> None:
    tell(database, launch(), *(launch(f"{number}", stated=stated) for number, stated in enumerate(OTHERS)))
    tell(database, retelling(), launch("again", title="Boats are freed", stated=OTHERS[1]))
    before, random, at = everything(database), Random(seed), NOW + DAY
    for _ in range(random.randint(2, MOST_DECISIONS)):
        at += timedelta(minutes=1)
        try:
            decide(database, random, at)
        except CorrectionRefused:
            continue
    while undo(database, 0, DecidedBy("bo", "", at)):
        at += timedelta(minutes=1)
    assert everything(database) == before
