"""Writes projects down: new ones, their claims and keys, merges, and the merged view that lists and digests show.

Called within the register's transaction. The merged view is made anew from all claims of a project whenever one of
its articles, a merge, a split or a person's decision changes it, so that it never depends on the order things
happened in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, literal_column, select, update

from classifier.document import Facts
from classifier.schema import FACTS
from storage.articles.verdicts import read_passages
from storage.database.statements import add_to_counters, in_chunks, insert
from storage.register.blocking.key_index import move_keys
from storage.register.compare.organisations import read_organisation
from storage.register.merge.facts import Claim, MergedClaim, MergedFacts, list_claims, merge_claims
from storage.register.persist.public_ids import make_public_id
from storage.search import search
from storage.tables.schema import article, claim, decision, project, project_alias, project_relation

__all__ = [
    "NewClaims",
    "create_projects",
    "merge_rows",
    "record_decision",
    "refresh_projects",
    "relation_between",
    "write_claims",
]

# The implementer's or donor's own page knows best; a rewrite comes second; what was read from a feed's summary is a
# hint; a copy is no voice of its own.
OWN_PAGE, REWRITE, SUMMARY, COPY = 2.0, 1.0, 0.5, 0.0


@dataclass(frozen=True, slots=True)
class NewClaims:
    """The facts an article states of the project it belongs to."""

    project_id: int
    article_id: int
    facts: Facts


def create_projects(connection: Connection, firsts: Sequence[tuple[str, str, str]], now: datetime) -> list[int]:
    """Makes empty projects, one for each first article (canonical URL, title, language), and gives their ids in
    order."""
    if not firsts:
        return []
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for url, title, language in firsts:
        public_id = _free_public_id(connection, url, taken)
        taken.add(public_id)
        rows.append(
            {
                "public_id": public_id,
                "title": title,
                "sentence": "",
                "language": language,
                "band": "yes",
                "confidence": 0.0,
                "first_seen_at": now,
                "last_seen_at": now,
                "confirmed_at": now,
                "articles": 0,
                "facts": {},
            }
        )
    new = insert(connection, project).returning(project.c.public_id, project.c.id)
    made: dict[str, int] = dict(connection.execute(new, rows).all())
    ids = [made[row["public_id"]] for row in rows]
    aliases = [{"public_id": row["public_id"], "project_id": id_} for row, id_ in zip(rows, ids, strict=True)]
    connection.execute(insert(connection, project_alias), aliases)
    search.index_projects(
        connection, [search.Searchable(id_, row["title"]) for row, id_ in zip(rows, ids, strict=True)]
    )
    add_to_counters(connection, {"projects": len(ids)})
    return ids


def _free_public_id(connection: Connection, url: str, taken: set[str]) -> str:
    attempt = 0
    while True:
        public_id = make_public_id(url, attempt)
        is_taken = (
            public_id in taken
            or connection.execute(
                select(project_alias.c.project_id).where(project_alias.c.public_id == public_id)
            ).first()
        )
        if not is_taken:
            return public_id
        attempt += 1


def write_claims(connection: Connection, stated: Iterable[NewClaims], now: datetime) -> None:
    """Stores what articles state, one row a value."""
    rows = [
        {
            "project_id": new.project_id,
            "article_id": new.article_id,
            "field": one.field,
            "value": one.value,
            "shown": one.shown,
            "details": dict(one.details) if one.details else None,
            # where its sentences stand; the words are in the article's verdict
            "evidence": [[s["part"], s["start"], s["end"]] for s in one.sentences] or None,
            "stated_at": now,
        }
        for new in stated
        for one in list_claims(new.article_id, new.facts)
    ]
    if rows:
        connection.execute(insert(connection, claim), rows)


def merge_rows(connection: Connection, gone: int, into: int, *, reason: str, now: datetime) -> None:
    """Makes one project of two: articles, claims, keys and ids of `gone` go over to `into`; `gone` stays as a pointer.

    The caller refreshes `into` afterwards and writes the decision down.
    """
    connection.execute(update(article).where(_is_of_project(gone)).values(project_id=into))
    connection.execute(update(claim).where(claim.c.project_id == gone).values(project_id=into))
    move_keys(connection, ("project", gone), ("project", into))
    connection.execute(update(project_alias).where(project_alias.c.project_id == gone).values(project_id=into))
    _move_relations(connection, gone, into)
    row = connection.execute(select(project).where(project.c.id == gone)).one()
    search.unindex_projects(connection, [searchable(row.id, row.title, row.facts)])
    connection.execute(
        update(project)
        .where(project.c.id == gone)
        .values(merged_into_id=into, merged_at=now, merge_reason=reason, articles=0, facts={}, title=row.title)
    )
    add_to_counters(connection, {"projects": -1})


def relation_between(one: int, other: int) -> ColumnElement[bool]:
    """What two projects are to each other, in either direction."""
    return project_relation.c.project_id.in_((one, other)) & project_relation.c.other_id.in_((one, other))


def _move_relations(connection: Connection, gone: int, into: int) -> None:
    """What `gone` was to other projects `into` is from now on: what it follows, and from what a person parted it."""
    connection.execute(delete(project_relation).where(relation_between(gone, into)))
    its = (project_relation.c.project_id == gone) | (project_relation.c.other_id == gone)
    rows = [dict(row) for row in connection.execute(select(project_relation).where(its)).mappings()]
    connection.execute(delete(project_relation).where(its))
    for row in rows:
        row |= {end: into for end in ("project_id", "other_id") if row[end] == gone}
    if rows:
        connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), rows)


def record_decision(
    connection: Connection,
    kind: str,
    *,
    who: str,
    why: str,
    what: dict[str, Any],
    now: datetime,
    is_human: bool,
    project_id: int | None = None,
    article_id: int | None = None,
) -> None:
    """Writes down what was decided, by whom and why; history is never changed, only added to."""
    connection.execute(
        insert(connection, decision),
        {
            "kind": kind,
            "at": now,
            "who": who,
            "is_human": is_human,
            "why": why,
            "what": what,
            "project_id": project_id,
            "article_id": article_id,
        },
    )


def searchable(project_id: int, title: str, facts: dict[str, Any]) -> search.Searchable:
    """What a project is found by: its title, and its name and organisations as merged."""
    merged = MergedFacts.from_json(facts)
    words = [c.shown for spec in FACTS if spec.kind in ("text", "organisations") for c in getattr(merged, spec.name)]
    return search.Searchable(project_id, title, " ".join(words))


# --- the merged view ------------------------------------------------------------------------------


def refresh_projects(connection: Connection, project_ids: Collection[int]) -> None:
    """Makes the merged view of these projects anew from their claims, their articles and what people fixed."""
    for chunk in in_chunks(sorted(set(project_ids))):
        members = _articles_of(connection, chunk)
        claims = _claims_of(connection, chunk)
        fixes = fixes_of(connection, chunk)
        old = {row.id: row for row in connection.execute(select(project).where(project.c.id.in_(chunk)))}
        rows, before, after = [], [], []
        for id_ in chunk:
            its = members.get(id_, [])
            if not its:
                continue
            row = _view(its, claims.get(id_, []), fixes.get(id_, {}))
            rows.append({"of_project": id_, **row})
            before.append(searchable(id_, old[id_].title, old[id_].facts))
            after.append(searchable(id_, row["new_title"], row["new_facts"]))
        if rows:
            changed = [i for i in range(len(rows)) if before[i] != after[i]]
            search.unindex_projects(connection, [before[i] for i in changed])
            search.index_projects(connection, [after[i] for i in changed])
            connection.execute(_REFRESHED, rows)


_REFRESHED = (
    update(project)
    .where(project.c.id == bindparam("of_project"))
    .values(
        title=bindparam("new_title"),
        sentence=bindparam("new_sentence"),
        language=bindparam("new_language"),
        confidence=bindparam("new_confidence"),
        first_seen_at=bindparam("new_first_seen_at"),
        last_seen_at=bindparam("new_last_seen_at"),
        articles=bindparam("new_articles"),
        facts=bindparam("new_facts"),
    )
)


def _is_of_project(project_id: int) -> Any:
    return literal_column("article.project_id IS NOT NULL") & (article.c.project_id == project_id)


def _articles_of(connection: Connection, ids: list[int]) -> dict[int, list[Any]]:
    asked = (
        select(
            article.c.id, article.c.project_id, article.c.title, article.c.host, article.c.language,
            article.c.read_from, article.c.copy_of_id, article.c.registered_at,
            article.c.new_project_probability, article.c.is_new_project,
        )
        .where(article.c.project_id.in_(ids))
        .order_by(article.c.registered_at, article.c.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.project_id, []).append(row)
    return found


def _claims_of(connection: Connection, ids: list[int]) -> dict[int, list[Claim]]:
    verdicts = select(article.c.id, article.c.verdict).where(article.c.project_id.in_(ids))
    passages = {id_: read_passages(verdict) for id_, verdict in connection.execute(verdicts)}
    asked = select(
        claim.c.project_id,
        claim.c.article_id,
        claim.c.field,
        claim.c.value,
        claim.c.shown,
        claim.c.details,
        claim.c.evidence,
    )
    found: dict[int, list[Claim]] = {}
    for row in connection.execute(asked.where(claim.c.project_id.in_(ids)).order_by(claim.c.id)):
        said = passages.get(row.article_id, {})
        sentences = tuple(
            {"text": said[part, start, end], "part": part, "start": start, "end": end, "article": row.article_id}
            for part, start, end in row.evidence or ()
            if (part, start, end) in said
        )
        one = Claim(row.article_id, row.field, row.value, row.shown, row.details, sentences)
        found.setdefault(row.project_id, []).append(one)
    return found


def fixes_of(connection: Connection, ids: Collection[int]) -> dict[int, dict[str, list[MergedClaim]]]:
    """What people fixed of these projects, by fact: the last word on each."""
    asked = (
        select(decision.c.project_id, decision.c.what)
        .where(decision.c.project_id.in_(list(ids)), decision.c.kind == "fix")
        .order_by(decision.c.id)
    )
    found: dict[int, dict[str, list[MergedClaim]]] = {}
    for project_id, what in connection.execute(asked):
        values = [
            MergedClaim(v["value"], v["shown"], (), (), v.get("details"), is_by_person=True) for v in what["values"]
        ]
        found.setdefault(project_id, {})[what["field"]] = values
    return found


def _view(members: list[Row[Any]], claims: list[Claim], fixes: dict[str, list[MergedClaim]]) -> dict[str, Any]:
    labels = _labels_of_organisations(claims)
    merged = merge_claims(claims, {row.id: _weigh(row, labels) for row in members}, fixes)
    lead = next((row for row in members if row.is_new_project and row.copy_of_id is None), members[0])
    return {
        "new_title": lead.title,
        "new_sentence": _pick_sentence(merged, lead.id),
        "new_language": lead.language,
        "new_confidence": max(row.new_project_probability for row in members),
        "new_first_seen_at": members[0].registered_at,
        "new_last_seen_at": members[-1].registered_at,
        "new_articles": len(members),
        "new_facts": merged.as_json(),
    }


def _labels_of_organisations(claims: list[Claim]) -> frozenset[str]:
    """What the host of a page by one who runs or pays for the project may hold: acronyms and one-word names."""
    shown = {claim.shown for claim in claims if claim.field in ("implementers", "funders")}
    bodies = [read_organisation(name) for name in shown]
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
    """The sentence that tells most: of the lead's, the one that states the most facts; a headline only where there is
    none."""
    told: dict[str, int] = {}
    for name in ("name", "implementers", "funders", "amount", "countries"):
        for one in getattr(merged, name):
            for sentence in one.sentences:
                if sentence.get("article") == lead_id and sentence.get("part") == "text":
                    told[sentence["text"]] = told.get(sentence["text"], 0) + 1
    return max(told, key=lambda text: (told[text], -len(text))) if told else ""
