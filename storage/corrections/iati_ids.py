"""Gives a project the identifier of the IATI activity that is the same project, by the register's own record linkage.

An activity's facts go in, as those of an article would; what became of it comes out. The register itself gains no
article. Called within the caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import Connection, select

from classifier.document import Facts, Verdict
from storage.corrections.facts import fix_fact
from storage.decisions import DecidedBy
from storage.records import ArticleReading
from storage.register.compare.iati import is_publishers
from storage.register.resolve.load import load_resolver
from storage.register.resolve.prepare import prepare
from storage.tables.schema import project

Outcome = Literal["given", "known", "conflict", "perhaps", "unknown", "unidentified"]

NO_ARTICLE = 0  # the number of what is compared like an article and never stored


@dataclass(frozen=True, slots=True)
class IatiMatch:
    """What became of an activity: `given` its project has the identifier now, `known` it had it, `conflict` it has
    another (`other_id`) and keeps it, `perhaps` a person must say, `unknown` no project is alike, `unidentified` it has
    no publisher's identifier to give. `reason` is the linkage's.
    """

    outcome: Outcome
    project_id: str | None = None
    reason: str = ""
    other_id: str | None = None


def give_iati_id(
    connection: Connection, iati_id: str, reading: ArticleReading, facts: Facts, *, by: DecidedBy
) -> IatiMatch:
    """Finds the project that an activity is, and sets its identifier as a person's correction, which can be undone.

    Args:
        reading: the activity's title and description, as an article's would be.
        facts: what the activity states of the project.
        by: its `why` says where the activity comes from, for the history.
    """
    if not is_publishers(iati_id):
        return IatiMatch("unidentified")
    verdict = Verdict(
        lang=reading.language, relevance=1.0, is_relevant=True, relevance_band="yes", new_project_probability=1.0,
        is_new_project=True, new_project_band="yes", topic="project", facts=facts,
    )  # fmt: skip
    item = prepare(NO_ARTICLE, reading, verdict)
    resolver = load_resolver(connection, [item])
    place = resolver.place(item)
    group = item.group.settle()
    if group.kind != "project" or group.id is None:
        maybe = next((one for one in resolver.relations if one.kind == "perhaps-same"), None)
        known = maybe and next((end.settle().id for end in (maybe.other, maybe.group) if end.settle().id), None)
        if maybe is None or known is None:
            return IatiMatch("unknown")
        public_id = connection.execute(select(project.c.public_id).where(project.c.id == known)).scalar_one()
        return IatiMatch("perhaps", public_id, maybe.reason)
    row = connection.execute(select(project.c.public_id, project.c.iati_id).where(project.c.id == group.id)).one()
    reason = place.reason or ""
    if row.iati_id == iati_id:
        return IatiMatch("known", row.public_id, reason)
    if row.iati_id is not None:
        return IatiMatch("conflict", row.public_id, reason, row.iati_id)
    fix_fact(connection, row.public_id, "iati_id", iati_id, by=replace(by, why=f"{by.why}: {reason}"))
    return IatiMatch("given", row.public_id, reason)
