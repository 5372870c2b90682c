"""A project that a person adds: from a page that no source brought, or by hand.

It enters as an article that a person labels as announcing a new project, so that the register makes or joins a project
as it does for any article, and taking the label back leaves nothing of it in list and digest. Called within the
caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from classifier.document import Verdict
from storage.articles.labels import set_verdict
from storage.articles.store import keep_text
from storage.corrections.entered_values import check_order
from storage.corrections.labels import label_article
from storage.decisions import DecidedBy
from storage.records import ArticleReading
from storage.register.registration import register_articles
from storage.tables.schema import article, project

NOTHING = {"is_relevant": False, "relevance_band": "no", "is_new_project": False, "new_project_band": "no"}
"""What an article that a person added is without that person's word."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of an addition: its article, and the project that it made or joined.

    `was_known`: the article was in the register before. `is_made`: no project that was known is the same. `reason` says
    by what it is held to be a known one.
    """

    article_id: int
    project_id: str
    was_known: bool
    is_made: bool
    reason: str


def add_project(connection: Connection, reading: ArticleReading, verdict: Verdict, *, by: DecidedBy) -> Addition:
    """Registers an article of which a person says that it announces a new project; its project is announced.

    An article that is known already keeps what was read of it, and is labelled.

    Args:
        verdict: one that says so too, with the facts of the project.

    Raises:
        CorrectionRefused: it would end before it starts.
    """
    facts = verdict.facts
    if facts is not None and facts.start and facts.end:
        check_order(facts.start, facts.end, hint="Give both: --fact start=… --fact end=…")
    unsaid = replace(verdict, is_relevant=False, relevance_band="maybe", is_new_project=False, new_project_band="no")
    [registered] = register_articles(connection, [(reading, unsaid)], by.at)
    article_id, was_known = registered.article_id, registered.outcome == "known-article"
    if was_known:
        keep_text(connection, article_id, reading.text, by.at)
    else:
        set_verdict(connection, article_id, NOTHING)
    label_article(connection, article_id, verdict=verdict, is_relevant=True, is_new_project=True, by=by)
    asked = select(project.c.public_id, article.c.outcome, article.c.reason).join(
        article, article.c.project_id == project.c.id
    )
    row = connection.execute(asked.where(article.c.id == article_id)).one()
    return Addition(article_id, row.public_id, was_known, row.outcome == "new-project", row.reason or "")
