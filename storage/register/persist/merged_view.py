"""The merged view of projects, which lists and digests show.

It is made anew from what all articles of a project claim, as their verdicts say, whenever one of its articles, a merge,
a split or a person's decision changes it, so that it never depends on the order things happened in. Called within the
register's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from classifier.schema import FACTS
from storage.articles.labels import last_word, read_labels
from storage.articles.verdicts import unpack_verdict
from storage.database.statements import one_of
from storage.register.compare.organisations import read_organisation
from storage.register.merge.facts import MergedFacts, merge_claims
from storage.register.merge.values import Claim, list_claims
from storage.register.persist.families import find_families
from storage.register.resolve.prepare import facts_of
from storage.search import search
from storage.tables.schema import article, decision, project

# The implementer's or donor's own page knows best; a rewrite comes second; what was read from a feed's summary is a
# hint; a copy is no voice of its own.
OWN_PAGE, REWRITE, SUMMARY, COPY = 2.0, 1.0, 0.5, 0.0

# Nothing that a machine reads is certain: that a project is a new one for sure (1) is a person's word alone.
HIGHEST_OF_MACHINE = 0.999


def searchable(project_id: int, title: str, facts: dict[str, Any]) -> search.Searchable:
    """What a project is found by: its title, and its name and organisations as merged."""
    merged = MergedFacts.from_json(facts)
    words = [c.shown for spec in FACTS if spec.kind in ("text", "organisations") for c in getattr(merged, spec.name)]
    return search.Searchable(project_id, title, " ".join(words))


def refresh_projects(connection: Connection, project_ids: Collection[int]) -> None:
    """Makes the merged view of these projects anew from what their articles claim and what people fixed."""
    ids = sorted(set(project_ids))
    members = _articles_of(connection, ids)
    fixes = fixes_of(connection, ids)
    labels = read_labels(connection, [row.id for its in members.values() for row in its])
    labelled = {id_ for id_, said in labels.items() if last_word(said, "is_new_project")}
    rows, before, after = [], [], []
    for old in connection.execute(select(project).where(one_of(project.c.id, members)).order_by(project.c.id)).all():
        row = _view(members[old.id], fixes.get(old.id, {}), labelled)
        rows.append({"of_project": old.id, **row})
        was, is_now = searchable(old.id, old.title, old.facts), searchable(old.id, row["title"], row["facts"])
        if was != is_now:
            before.append(was)
            after.append(is_now)
    search.unindex_projects(connection, before)
    search.index(connection, "project_search", after)
    if rows:
        connection.execute(update(project).where(project.c.id == bindparam("of_project")), rows)


def _articles_of(connection: Connection, ids: Collection[int]) -> dict[int, list[Any]]:
    asked = (
        select(
            article.c.id, article.c.project_id, article.c.title, article.c.host, article.c.language,
            article.c.read_from, article.c.copy_of_id, article.c.registered_at,
            article.c.new_project_probability, article.c.is_new_project, article.c.verdict,
        )
        .where(one_of(article.c.project_id, ids))
        .order_by(article.c.registered_at, article.c.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.project_id, []).append(row)
    return found


def fixes_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, list[Claim]]]:
    """What people fixed of these projects, and of those that were merged into them, by fact: the last word on each."""
    root_of = {member: root for root, member in find_families(connection, ids)}
    asked = (
        select(decision.c.project_id, decision.c.what)
        .where(one_of(decision.c.project_id, root_of), decision.c.kind == "fix")
        .order_by(decision.c.id)
    )
    found: dict[int, dict[str, list[Claim]]] = {}
    for project_id, what in connection.execute(asked):
        values = [Claim(**one, is_by_person=True) for one in what["values"]]
        found.setdefault(root_of[project_id], {})[what["field"]] = values
    return found


def _view(members: list[Row[Any]], fixes: dict[str, list[Claim]], labelled: Collection[int]) -> dict[str, Any]:
    stated = ((row.id, facts_of(unpack_verdict(row.verdict))) for row in members)
    claims = [claim for id_, facts in stated if facts for claim in list_claims(id_, facts)]
    labels = _labels_of_organisations(claim.shown for name, claim in claims if name in ("implementers", "funders"))
    merged = merge_claims(claims, {row.id: _weigh(row, labels) for row in members}, fixes)
    lead = next((row for row in members if row.is_new_project and row.copy_of_id is None), members[0])
    return {
        "title": lead.title,
        "sentence": _pick_sentence(merged, lead.id),
        "language": lead.language,
        "confidence": max(
            1.0 if row.id in labelled else min(row.new_project_probability, HIGHEST_OF_MACHINE) for row in members
        ),
        "first_seen_at": members[0].registered_at,
        "last_seen_at": members[-1].registered_at,
        "articles": len(members),
        "facts": merged.as_json(),
    }


def _labels_of_organisations(names: Iterable[str]) -> frozenset[str]:
    """What the host of a page by one who runs or pays for the project may hold: acronyms and one-word names."""
    bodies = [read_organisation(name) for name in set(names)]
    labels = {a for body in bodies for a in (*body.acronyms, body.key.removeprefix("@").lower())}
    return frozenset(label for label in labels if len(label) >= _SHORTEST_LABEL)


_SHORTEST_LABEL = 3  # characters: two are a country's domain more often than an organisation


def _weigh(row: Row[Any], labels: frozenset[str]) -> float:
    if row.copy_of_id is not None:
        return COPY
    if row.read_from == "summary":
        return SUMMARY
    is_own = not labels.isdisjoint(row.host.replace("-", ".").split("."))
    return OWN_PAGE if is_own else REWRITE


def _pick_sentence(merged: MergedFacts, lead_id: int) -> str:
    """The sentence that says most: of the lead's, the one that states the most facts; a headline only where there is
    none."""
    stated: dict[str, int] = {}
    for name in ("name", "implementers", "funders", "amount", "countries"):
        for one in getattr(merged, name):
            for sentence in one.sentences:
                if sentence.get("article") == lead_id and sentence.get("part") == "text":
                    stated[sentence["text"]] = stated.get(sentence["text"], 0) + 1
    return max(stated, key=lambda text: (stated[text], -len(text))) if stated else ""
