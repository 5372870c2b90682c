"""Registers what was read: each article once, each story once, each project once.

    readings with verdicts
      → known address?       the article is there: its entries are attached, nothing else happens
      → not relevant?        stored with title, address and score, without its text
      → much the same text?  joins what the other belongs to
      → facts of a project?  joins the known project, or makes a new one
      → else                 joins the known story, or makes a new one

A batch is one transaction, and batches are registered one after another: two writers with articles of one project at
once make one project. What a batch may be the same as is looked up by indexed keys beforehand (`lookup`), sorted on
the `workbench` without touching the database, and written down at the end.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, update

from classifier.document import Facts, Verdict
from storage.articles import ArticlePlace, StoredAs, set_places, store_articles
from storage.records import ArticleReading, Registration
from storage.register.claims import facts_for_comparison, list_asked_keys, list_keys, read_claims
from storage.register.details import pack_details
from storage.register.lookup import Owner, OwnerKind, find_by_bands, find_by_keys, join_words, load_members, places_of
from storage.register.near_copy import estimate_similarity, fold_text, list_bands, read_signature, sign_text
from storage.register.project_rows import (
    NewClaims,
    add_keys,
    create_projects,
    merge_rows,
    record_decision,
    refresh_projects,
    write_claims,
)
from storage.register.workbench import Bench, Group, Item, Place
from storage.schema import article, decision, match_key, near_copy_band, project, project_relation, signature, story
from storage.statements import in_chunks, insert
from storage.verdicts import unpack_verdict

__all__ = ["FoundPlace", "find_places", "register_articles"]

# The lock of PostgreSQL's under which registers resolve one after another; any number that nothing else uses.
REGISTER_LOCK = 0x7469_7077_6174_6368 & 0x7FFF_FFFF_FFFF_FFFF  # "tipwatch"
# Two texts under one address are one piece from this likeness; an imported file may hold several pieces of one page.
SAME_PIECE = 0.3
MAX_PIECES = 50
RULE = "register"  # who decided, where no person did


def register_articles(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]], now: datetime
) -> list[Registration]:
    """Registers a batch of readings, all layers, within the caller's transaction.

    Args:
        batch: readings with their verdicts, in the order they are to be registered.
        now: the time that is written down as theirs.

    Returns:
        One registration a reading, in order. Idempotent: the same batch again changes nothing and gives
        `known-article`.
    """
    if any(verdict.is_relevant for _, verdict in batch):
        _take_turn(connection)
    trimmed = [(_trim(reading, verdict), verdict) for reading, verdict in _settle_pieces(connection, batch)]
    stored = store_articles(connection, trimmed, now)
    new = [(at, reading, verdict) for at, (reading, verdict) in zip(stored, trimmed, strict=True) if at.is_new]
    relevant = [(at.article_id, reading, verdict) for at, reading, verdict in new if verdict.is_relevant]
    placed = _resolve(connection, relevant, now) if relevant else {}
    return _answer(connection, stored, placed)


def _take_turn(connection: Connection) -> None:
    """Waits until no other transaction registers; SQLite's BEGIN IMMEDIATE has seen to that already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(bindparam("lock", REGISTER_LOCK))))


def _trim(reading: ArticleReading, verdict: Verdict) -> ArticleReading:
    """Without its text, where the article was ruled out for sure; the middle band is kept for people to read."""
    is_kept = verdict.is_relevant or verdict.relevance_band != "no"
    return reading if is_kept else replace(reading, text="")


# --- several pieces at one address (imports) ------------------------------------------------------


def _settle_pieces(
    connection: Connection, batch: Sequence[tuple[ArticleReading, Verdict]]
) -> list[tuple[ArticleReading, Verdict]]:
    """Tells apart imported pieces that share an address (a newsletter's items): the second becomes `…#2`, and so on.

    The crawl fetches an address once, so only imports bring such pieces. A fragment is in no canonical URL otherwise.
    """
    imports = {reading.canonical_url for reading, _ in batch if reading.read_from == "import"}
    if not imports:
        return list(batch)
    known = _load_pieces(connection, imports)
    settled = []
    for reading, verdict in batch:
        number = 1
        if reading.read_from == "import":
            number = _piece_number(known.setdefault(reading.canonical_url, []), reading)
        url = reading.canonical_url if number == 1 else f"{reading.canonical_url}#{number}"
        settled.append((replace(reading, canonical_url=url), verdict))
    return settled


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    title: str
    minhash: bytes


def _load_pieces(connection: Connection, urls: Collection[str]) -> dict[str, list[_Piece]]:
    found: dict[str, list[_Piece]] = {}
    asked = select(article.c.canonical_url, article.c.title, signature.c.minhash).outerjoin(
        signature, signature.c.article_id == article.c.id
    )
    for chunk in in_chunks(sorted(urls)):
        rows = connection.execute(asked.where(article.c.canonical_url.in_(chunk))).all()
        for url, title, minhash in rows:
            found[url] = [_Piece(1, title, minhash or b"")]
        if rows:
            further = [f"{row.canonical_url}#{number}" for row in rows for number in range(2, MAX_PIECES + 1)]
            for part in in_chunks(further):
                for url, title, minhash in connection.execute(asked.where(article.c.canonical_url.in_(part))):
                    base, _, number = url.rpartition("#")
                    found[base].append(_Piece(int(number), title, minhash or b""))
    return found


def _piece_number(pieces: list[_Piece], reading: ArticleReading) -> int:
    signed = sign_text(f"{reading.title}\n{reading.text}")
    for piece in pieces:
        is_alike = (
            bool(piece.minhash)
            and signed is not None
            and estimate_similarity(read_signature(piece.minhash), signed) >= SAME_PIECE
        )
        if piece.title == reading.title or is_alike or len(pieces) >= MAX_PIECES:
            return piece.number
    number = max((piece.number for piece in pieces), default=0) + 1
    pieces.append(_Piece(number, reading.title, b"" if signed is None else signed.tobytes()))
    return number


# --- resolving ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is written down of an item beside its place."""

    reading: ArticleReading
    verdict: Verdict
    facts: Facts | None


def _resolve(
    connection: Connection, relevant: Sequence[tuple[int, ArticleReading, Verdict]], now: datetime
) -> dict[int, Item]:
    items = [_prepare(*one) for one in relevant]
    readings = {id_: _Reading(reading, verdict, _facts_of(verdict)) for id_, reading, verdict in relevant}
    bench = _lay_out(connection, items)
    for item in items:
        bench.place(item)
    _write_down(connection, bench, items, readings, now)
    return {item.article_id: item for item in items}


def _facts_of(verdict: Verdict) -> Facts | None:
    """Facts worth comparing: at least something beside countries and a length was read."""
    facts = verdict.facts
    if facts is None or verdict.new_project_band == "no":
        return None
    tells = facts.name or facts.implementers or facts.funders or facts.amount is not None or facts.start
    return facts if tells or verdict.is_new_project else None


def _prepare(article_id: int, reading: ArticleReading, verdict: Verdict) -> Item:
    signed = sign_text(f"{reading.title}\n{reading.text}")
    facts = _facts_of(verdict)
    claims = read_claims(
        title=reading.title,
        text=reading.text,
        language=reading.language,
        published_at=reading.published_at,
        canonical_url=reading.canonical_url,
        facts=facts,
        signature=signed,
    )
    words = join_words(reading.title, reading.text)
    return Item(
        article_id=article_id,
        claims=claims,
        has_facts=facts is not None,
        is_new_project=verdict.is_new_project,
        bands=() if signed is None else tuple(_band_key(band) for band in list_bands(signed)),
        keys=tuple(dict.fromkeys((*list_keys(claims), *(() if verdict.is_new_project else _acronym_keys(reading))))),
        asked_keys=(*list_asked_keys(claims), *(() if verdict.is_new_project else _mention_keys(words))),
        words=words,
    )


def _band_key(band: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(band, digest_size=8).digest()) >> 1  # 63 bits: fits a signed column


def _acronym_keys(reading: ArticleReading) -> Iterable[str]:
    """Keys under which news without facts is found by a project that it names by its acronym and that is told of only
    later."""
    found = dict.fromkeys(word for word in _CAPITALS.findall(f"{reading.title}\n{reading.text}"))
    return [f"w:{fold_text(word)}" for word in list(found)[:MAX_ACRONYMS]]


def _mention_keys(words: str) -> tuple[str, ...]:
    """Keys by which later news of a project finds it: the long and rare words it may be named by; asked for, not
    kept."""
    ranked = sorted(set(words.split()), key=lambda word: (-len(word), word))
    return tuple(f"w:{word}" for word in ranked[:MAX_MENTIONED] if len(word) >= 4)


_CAPITALS = re.compile(r"\b[A-ZÀ-ÞА-Я]{4,12}\b")
MAX_ACRONYMS = 6
# A project's name is rarely among the common words: of an article's words the longest are asked for.
MAX_MENTIONED = 40


def _lay_out(connection: Connection, items: Sequence[Item]) -> Bench:
    by_band = find_by_bands(connection, {band for item in items for band in item.bands})
    copies = places_of(connection, {id_ for ids in by_band.values() for id_ in ids})
    keys = {key for item in items for key in (*item.keys, *item.asked_keys)}
    kinds: tuple[OwnerKind, ...] = ("project", "story")
    by_key = {kind: find_by_keys(connection, kind, keys) for kind in kinds}
    owners = {owner for owner in copies.values() if owner is not None} | _worth_loading(items, by_key)
    projects = {id_ for kind, id_ in owners if kind == "project"}
    stories = {id_ for kind, id_ in owners if kind == "story"}
    bench = Bench(_parted(connection, projects), _settled_stories(connection, stories))
    named = {key for item in items if item.is_new_project for key in item.keys if key.startswith("w:")}
    may_name = {id_ for key, ids in by_key["story"].items() if key in named for id_ in ids}
    for member in load_members(connection, owners, with_words=may_name):
        bench.lay_out(member)
    for kind, found in by_key.items():
        bench.lay_out_keys(kind, found)
    bench.lay_out_bands(by_band)
    return bench


# Of each kind; twice as many were loaded and compared at first and joined nothing more.
LOADED_OWNERS = 12


def _worth_loading(items: Sequence[Item], by_key: dict[OwnerKind, dict[str, list[int]]]) -> set[Owner]:
    """Of the owners that share keys with an article those with the most and rarest: what the bench would compare."""
    wanted: set[Owner] = set()
    for kind, found in by_key.items():
        for item in items:
            points: dict[int, float] = {}
            for key in (*item.keys, *item.asked_keys):
                ids = found.get(key, ())
                for id_ in ids:
                    points[id_] = points.get(id_, 0.0) + 1 / len(ids)
            best = sorted(points, key=lambda id_: (-points[id_], -id_))[:LOADED_OWNERS]
            wanted.update((kind, id_) for id_ in best)
    return wanted


def _parted(connection: Connection, ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Pairs among these projects that a person parted."""
    asked = select(project_relation.c.project_id, project_relation.c.other_id).where(project_relation.c.kind == "apart")
    pairs: set[tuple[int, int]] = set()
    for chunk in in_chunks(sorted(ids)):
        rows = connection.execute(asked.where(project_relation.c.project_id.in_(chunk)))
        pairs.update((min(a, b), max(a, b)) for a, b in rows)
    return frozenset(pairs)


def _settled_stories(connection: Connection, ids: Collection[int]) -> frozenset[int]:
    """Stories among these that a person made by splitting an article off a project: no rule takes them back."""
    asked = (
        select(article.c.story_id)
        .join(decision, decision.c.article_id == article.c.id)
        .where(literal_column("decision.article_id IS NOT NULL"), decision.c.kind == "split")
    )
    found: set[int] = set()
    for chunk in in_chunks(sorted(ids)):
        its = literal_column("article.story_id IS NOT NULL") & article.c.story_id.in_(chunk)
        found.update(connection.execute(asked.where(its)).scalars())
    return frozenset(found)


# --- writing down ---------------------------------------------------------------------------------


def _write_down(
    connection: Connection, bench: Bench, items: Sequence[Item], readings: dict[int, _Reading], now: datetime
) -> None:
    _create_groups(connection, bench, readings, now)
    set_places(connection, [_as_place(item) for item in items])
    _write_comparison(connection, items, readings)
    for kind in ("project", "story"):
        keys = [
            (g.id, key) for item in items if (g := _group(item)).kind == kind and g.id is not None for key in item.keys
        ]
        add_keys(connection, kind, keys)
    stated = [
        NewClaims(id_, item.article_id, facts)
        for item in items
        if (id_ := _group(item).id) is not None
        and _group(item).kind == "project"
        and (facts := readings[item.article_id].facts)
    ]
    write_claims(connection, stated, now)
    touched = {g.id for item in items if (g := _group(item)).kind == "project" and g.id is not None}
    touched |= _write_merges(connection, bench, now)
    refresh_projects(connection, touched)
    _count_stories(connection, [item for item in items if _group(item).kind == "story"], now)
    _write_relations(connection, bench, now)


def _group(item: Item) -> Group:
    assert item.place is not None
    return item.place.group.settle()


def _create_groups(connection: Connection, bench: Bench, readings: dict[int, _Reading], now: datetime) -> None:
    alive = [group for group in bench.new_groups if group.merged_into is None and group.new_items]
    projects = [group for group in alive if group.kind == "project"]
    firsts = [readings[group.new_items[0].article_id].reading for group in projects]
    made = create_projects(connection, [(r.canonical_url, r.title, r.language) for r in firsts], now)
    for group, id_ in zip(projects, made, strict=True):
        group.id = id_
    stories = [group for group in alive if group.kind == "story"]
    if stories:
        rows = []
        for group in stories:
            first = readings[group.new_items[0].article_id]
            rows.append(
                {
                    "title": first.reading.title,
                    "topic": first.verdict.topic,
                    "language": first.reading.language,
                    "first_seen_at": now,
                    "last_seen_at": now,
                    "articles": 0,
                    "facts": {},
                }
            )
        new = insert(connection, story).returning(story.c.id, sort_by_parameter_order=True)
        for group, id_ in zip(stories, connection.execute(new, rows).scalars(), strict=True):
            group.id = id_


def _as_place(item: Item) -> ArticlePlace:
    place, group = item.place, _group(item)
    assert place is not None
    is_project = group.kind == "project"
    outcome = place.outcome
    if is_project and outcome in ("new-story", "known-story"):
        outcome = "known-project"  # a story of this batch that turned out to tell of a project
    return ArticlePlace(
        item.article_id,
        outcome,
        place.reason,
        project_id=group.id if is_project else None,
        story_id=None if is_project else group.id,
        copy_of_id=place.copy_of_id,
    )


def _write_comparison(connection: Connection, items: Sequence[Item], readings: dict[int, _Reading]) -> None:
    rows = [
        {
            "article_id": item.article_id,
            "minhash": b"" if item.claims.signature is None else item.claims.signature.tobytes(),
            "details": pack_details(item.claims.details),
            "claims": facts_for_comparison(readings[item.article_id].facts),
        }
        for item in items
    ]
    connection.execute(insert(connection, signature), rows)
    bands = sorted({(band, item.article_id) for item in items for band in item.bands})
    if bands:
        new = insert(connection, near_copy_band).on_conflict_do_nothing()
        connection.execute(new, [{"band": band, "article_id": id_} for band, id_ in bands])


def _write_merges(connection: Connection, bench: Bench, now: datetime) -> set[int]:
    """Writes down what the bench joined: stories that became a project's, projects that are one. Gives the projects
    changed."""
    touched: set[int] = set()
    for gone, into, reason in bench.merges:
        target = into.settle()
        if gone.id is None or target.id is None:
            continue
        if gone.kind == "story":
            _move_story(connection, gone.id, target.id, reason, now)
        else:
            merge_rows(connection, gone.id, target.id, reason=reason, now=now)
            what = {"gone": gone.id, "into": target.id}
            record_decision(
                connection, "merge", who=RULE, why=reason, what=what, now=now, is_human=False, project_id=target.id
            )
            touched.discard(gone.id)
        touched.add(target.id)
    return touched


def _move_story(connection: Connection, story_id: int, project_id: int, reason: str, now: datetime) -> None:
    """Makes a stored story's articles a project's sources; the story itself goes, since nothing of it is left."""
    its = literal_column("article.story_id IS NOT NULL") & (article.c.story_id == story_id)
    asked = select(article.c.id, article.c.verdict).where(its)
    members = connection.execute(asked).all()
    connection.execute(
        update(article).where(its).values(project_id=project_id, story_id=None, outcome="known-project", reason=reason)
    )
    stated = [
        NewClaims(project_id, id_, facts) for id_, verdict in members if (facts := _facts_of(unpack_verdict(verdict)))
    ]
    write_claims(connection, stated, now)
    owned = (match_key.c.owner == "story") & (match_key.c.owner_id == story_id)
    keys = connection.execute(select(match_key.c.key).where(owned)).scalars().all()
    add_keys(connection, "project", [(project_id, key) for key in keys])
    connection.execute(delete(match_key).where(owned))
    connection.execute(delete(story).where(story.c.id == story_id))


def _count_stories(connection: Connection, items: Sequence[Item], now: datetime) -> None:
    more: dict[int, int] = {}
    for item in items:
        id_ = _group(item).id
        assert id_ is not None
        more[id_] = more.get(id_, 0) + 1
    if more:
        counted = (
            update(story)
            .where(story.c.id == bindparam("of_story"))
            .values(articles=story.c.articles + bindparam("more"), last_seen_at=bindparam("seen"))
        )
        rows = [{"of_story": id_, "more": count, "seen": now} for id_, count in sorted(more.items())]
        connection.execute(counted, rows)


def _write_relations(connection: Connection, bench: Bench, now: datetime) -> None:
    rows = []
    for relation in bench.relations:
        one, other = relation.group.settle().id, relation.other.settle().id
        if one is not None and other is not None and one != other:
            rows.append(
                {"project_id": one, "other_id": other, "kind": relation.kind, "reason": relation.reason, "at": now}
            )
    if rows:
        connection.execute(insert(connection, project_relation).on_conflict_do_nothing(), rows)


# --- answering ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where an article belongs now: a project (its public id), else a story, else neither (ruled out)."""

    project_id: str | None
    story_id: int | None


def find_places(connection: Connection, article_ids: Collection[int]) -> dict[int, FoundPlace]:
    """Where these articles belong now; later articles may have joined what was apart when they were registered."""
    found: dict[int, FoundPlace] = {}
    asked = select(article.c.id, article.c.story_id, project.c.public_id).outerjoin(
        project, project.c.id == article.c.project_id
    )
    for chunk in in_chunks(sorted(set(article_ids))):
        for id_, story_id, public_id in connection.execute(asked.where(article.c.id.in_(chunk))):
            found[id_] = FoundPlace(public_id, story_id)
    return found


def _answer(connection: Connection, stored: Sequence[StoredAs], placed: dict[int, Item]) -> list[Registration]:
    asked = {at.article_id for at in stored if not at.is_new or at.article_id in placed}
    places = find_places(connection, asked)
    answers = []
    for at in stored:
        found = places.get(at.article_id, FoundPlace(None, None))
        place: Place | None = placed[at.article_id].place if at.article_id in placed else None
        if not at.is_new:
            answers.append(
                Registration(
                    at.article_id,
                    "known-article",
                    found.project_id,
                    found.story_id,
                    "its address is an article already",
                )
            )
        elif place is None:
            answers.append(Registration(at.article_id, "ruled-out", None, None, None))
        else:
            outcome = _as_place(placed[at.article_id]).outcome
            answers.append(Registration(at.article_id, outcome, found.project_id, found.story_id, place.reason))
    return answers
