"""Chooses the new projects of a digest among thousands, reading them one by one.

In: the ids that storage offers, and what a subscription wants. Out: which are announced, the first of them whole, and
where there are more a table of all. Promises: those that most outlets report come first, then the larger sum, then the
one seen earlier, so that what many report and what is big stands on top; of a project that is not shown, no more is
held than its place in this order and its ids, so that a digest of thousands costs little more memory than one of forty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import islice

from sqlalchemy import Connection

from alerts.render.message import Attachment
from alerts.render.table import write_table
from storage.projects.projects import Project, stream_projects
from storage.register.compare.rates import to_dollars

# More new projects than this come with the next digest: nobody reads so many, and their table must fit a message.
MOST_NEW = 5_000


@dataclass(frozen=True, slots=True)
class NewProjects:
    """The projects that one digest announces, the most important first.

    `ids` are those of all, `article_ids` those of all their articles; `shown` are the first ones, whole. `table` holds
    all of them where there are more than `shown`.
    """

    ids: tuple[int, ...] = ()
    article_ids: tuple[int, ...] = ()
    shown: tuple[Project, ...] = ()
    table: Attachment | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """What is kept of a project once it was read."""

    importance: tuple[int, float, datetime]
    id: int
    article_ids: tuple[int, ...]


def choose_new(
    connection: Connection, ids: Sequence[int], is_wanted: Callable[[Project], bool], *, limit: int, table_name: str
) -> NewProjects:
    """Of the projects `ids` the first `MOST_NEW` that are wanted, in order of importance.

    Args:
        limit: most projects shown; where there are more, all go into a table, as far as one fits a message, and what
            does not fit is not announced.
        table_name: of the table's file, without its ending.
    """
    marks: list[_Mark] = []

    def marked() -> Iterator[Project]:
        for one in islice(filter(is_wanted, stream_projects(connection, ids)), MOST_NEW):
            marks.append(_Mark(importance(one), one.id, tuple(source.id for source in one.sources)))
            yield one

    shown = nsmallest(limit, marked(), key=importance)
    marks.sort(key=lambda mark: mark.importance)
    table = None
    if len(marks) > limit:
        table, count = write_table(table_name, stream_projects(connection, [mark.id for mark in marks]))
        marks = marks[:count]
    return NewProjects(
        ids=tuple(mark.id for mark in marks),
        article_ids=tuple(id_ for mark in marks for id_ in mark.article_ids),
        shown=tuple(shown[: len(marks)]),
        table=table,
    )


def importance(project: Project) -> tuple[int, float, datetime]:
    """Sort key, most important first: outlets that report it, its sum in dollars, when it was first seen."""
    return (-len({source.outlet for source in project.sources}), -_dollars(project), project.first_seen_at)


def _dollars(project: Project) -> float:
    """The shown sum at the rate of the year it was reported; 0 where none is known or its currency has no rate."""
    details = (project.facts.amount[0].details if project.facts.amount else None) or {}
    if "amount" not in details or not details.get("currency"):
        return 0.0
    return to_dollars(float(details["amount"]), str(details["currency"]), project.first_seen_at.year) or 0.0
