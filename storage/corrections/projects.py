"""What people correct in the register: two projects that are one, an article in the wrong project, a fact read wrong.

Every correction is written down with who, when and why, holds from then on whatever a later crawl finds, and can be
corrected in turn. Called within the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, select, update

from storage.corrections.labels import follow_articles, label_members
from storage.corrections.requests import CorrectionRefused, require_project
from storage.database.statements import insert, one_of
from storage.decisions import DecidedBy, record_decision
from storage.projects.projects import Project, load_projects
from storage.register.persist.families import inherit_announcements
from storage.register.persist.merged_view import refresh_projects
from storage.register.persist.project_rows import (
    add_keys_of,
    create_projects,
    create_stories,
    inherit_news,
    merge_rows,
    relation_between,
    revive,
    state_of,
)
from storage.tables.schema import announced_article, announcement, article, decision, project, project_relation


def merge_projects(connection: Connection, into: str, gone: str, *, by: DecidedBy) -> Project:
    """Makes one project of two: `into` stays and gains the articles and ids of `gone`, whose id goes on
    answering.

    Raises:
        CorrectionRefused: one of them is unknown, or both are one already.
    """
    target, source = require_project(connection, into), require_project(connection, gone)
    if target == source:
        raise CorrectionRefused(f"{into} and {gone} are already one project")
    what = merge_rows(connection, source, target) | {"gone_id": gone, "into_id": into}
    record_decision(connection, "merge", what, by=by, project_id=target)
    refresh_projects(connection, [target])
    return load_projects(connection, [target])[0]


def split_article(connection: Connection, public_id: str, article_id: int, *, by: DecidedBy) -> Project | None:
    """Parts an article from the others of a project: into one of its own, or a story where it announces none.

    Where a merge had brought it, or all the others, that merge's project comes back under its old id, and neither id
    changes what it means. Copies of the article stay where they are. The two projects are kept apart from then on.

    Returns:
        The project that the article is of from then on; None where it became a story.

    Raises:
        CorrectionRefused: the project is unknown, the article is not in it, or it is the only one.
    """
    old = require_project(connection, public_id)
    row = connection.execute(select(article).where(article.c.id == article_id)).one_or_none()
    if row is None or row.project_id != old:
        raise CorrectionRefused(
            f"article {article_id} is not in project {public_id}",
            "See its articles with: tipwatch projects show " + public_id,
        )
    members = article.c.project_id == old
    others = list(connection.execute(select(article.c.id).where(members, article.c.id != article_id)).scalars())
    if not others:
        raise CorrectionRefused(
            f"article {article_id} is the only one of project {public_id}", "There is nothing to split."
        )
    held = state_of(connection, old)
    new: int | None = None
    reason = f"split off by {by.who}{f': {by.why}' if by.why else ''}"
    changed: dict[str, Any] = {"copy_of_id": None, "reason": reason}
    leaving = [article_id]
    if row.is_new_project:
        merged = _find_merge(connection, old, leaving)
        if merged is None and (merged := _find_merge(connection, old, others)) is not None:
            leaving = others
        if merged is not None:
            new = int(merged["gone"])
            knew = list(connection.execute(_subscriptions_that_know(new)).scalars())
            revive(connection, merged, leaving)
        else:
            # the address alone may have named the project it is split from: the article's number makes it another
            url = f"{row.canonical_url} split {article_id}"
            new, knew = create_projects(connection, [(url, row.title, row.language)], by.at)[0], []
            inherit_news(connection, old, new, by.at)
            inherit_announcements(connection, old, new)
        _part(connection, old, new, by)
        # who knows what leaves as news of the other project alone hears in an update that it is one of its own
        unheard = one_of(announced_article.c.article_id, leaving) & ~one_of(announced_article.c.subscription, knew)
        connection.execute(announced_article.delete().where(unheard))
        changed = changed | {"project_id": new, "outcome": "new-project"} if leaving == [article_id] else {}
    else:
        its = {"title": row.title, "topic": row.topic, "language": row.language}
        [story_id] = create_stories(connection, [{**its, "first_seen_at": row.registered_at}], by.at)
        changed |= {"story_id": story_id, "project_id": None, "outcome": "new-story"}
    if changed:
        connection.execute(update(article).where(article.c.id == article_id).values(changed))
    add_keys_of(connection, [article_id])
    before = {"outcome": row.outcome, "reason": row.reason, "copy_of_id": row.copy_of_id}
    what = {"from": old, "from_id": public_id, "to": new, "article": article_id, "before": before, "held": held}
    for project_id in filter(None, (old, new)):
        about = {"project_id": project_id, "article_id": article_id}
        record_decision(connection, "split", what, by=by, **about)
    refresh_projects(connection, [old] if new is None else [old, new])
    follow_articles(connection, filter(None, (old, new)), by.at)
    return None if new is None else load_projects(connection, [new if leaving == [article_id] else old])[0]


def _subscriptions_that_know(project_id: int) -> Select[tuple[str]]:
    return select(announcement.c.subscription).where(announcement.c.project_id == project_id)


def _find_merge(connection: Connection, project_id: int, articles: Collection[int]) -> dict[str, Any] | None:
    """The latest merge by which articles came into a project, and the one that they had before is still part of it."""
    asked = (
        select(decision.c.what)
        .where(decision.c.project_id == project_id, decision.c.kind == "merge")
        .order_by(decision.c.id.desc())
    )
    for what in connection.execute(asked).scalars():
        its = select(project.c.id).where(project.c.id == what["gone"], project.c.merged_into_id == project_id)
        if set(articles) <= set(what.get("articles", ())) and connection.execute(its).first() is not None:
            return dict(what)
    return None


def label_project(connection: Connection, public_id: str, *, is_new_project: bool, by: DecidedBy) -> Project:
    """Says that a project is, or is not, a new counter-trafficking project; all its articles are labelled so too.

    One that is none is listed as doubtful and announced to nobody from then on. Labels are given out for training.

    Raises:
        CorrectionRefused: the project is unknown.
    """
    found = require_project(connection, public_id)
    label_members(connection, found, is_new_project=is_new_project, by=by)
    return load_projects(connection, [found])[0]


def _part(connection: Connection, one: int, other: int, by: DecidedBy) -> None:
    connection.execute(project_relation.delete().where(relation_between(one, other)))
    rows = [
        {"project_id": a, "other_id": b, "kind": "apart", "reason": by.why, "at": by.at}
        for a, b in ((one, other), (other, one))
    ]
    connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), rows)
