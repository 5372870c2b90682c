"""Judges stored articles again and registers them again: after a better model or rule, without fetching anything.

New verdicts by article go in; the articles leave what they belong to and are placed anew, all in the caller's one
transaction; what changed comes out, in words. Rolled back, it is a dry run. Ids stay: an article keeps its number, and
a project its id, as long as one of its articles still makes it; one that is no project any more goes, or, where it was
announced or people decided on it, stays as an empty one. What people decided stands: articles they split off, or that
belong to projects they merged, keep their place. Nothing is mailed again: what joins an announced project counts as
announced, and what is found new is dated when its article came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from classifier.document import Document, Facts, Verdict
from storage.articles.labels import LABEL, set_verdict
from storage.articles.parts import part_number, split_reading
from storage.articles.store import place_columns, verdict_columns
from storage.articles.verdicts import unpack_verdict
from storage.database.statements import in_chunks, insert, one_of, read_record
from storage.dates import state_date
from storage.records import ArticleReading
from storage.register.blocking.key_index import forget_keys
from storage.register.persist.emptied_projects import find_emptied, settle_emptied
from storage.register.persist.families import find_families, inherit_announcements
from storage.register.persist.merged_view import refresh_projects
from storage.register.persist.public_ids import make_public_id
from storage.register.registration import find_places, register_articles, resolve, take_turn
from storage.register.resolve.prepare import facts_of
from storage.tables.schema import (
    announced_article,
    announcement,
    article,
    article_text,
    decision,
    project,
    signature,
    story,
)

PAGE = 200  # articles read or placed at a time, so that memory does not grow with their texts
WHY = "judged and registered again"
NOT_REPORTED = "not a separate project"  # what a further project of an article was before it was found


def list_documents(connection: Connection, since_at: datetime) -> Iterator[tuple[int, Document]]:
    """The articles registered since a time whose text is still kept, as they would be judged, the oldest first."""
    asked = (
        select(
            article.c.id, article.c.title, article_text.c.text, article.c.language, article.c.published_at,
            article.c.published_precision, article.c.url, article.c.outlet,
        )
        .join(article_text, article_text.c.article_id == article.c.id)
        .where(article.c.registered_at >= since_at)
        .order_by(article.c.registered_at, article.c.id)
    )  # fmt: skip
    for row in connection.execute(asked).yield_per(PAGE):
        yield (
            row.id,
            Document(
                title=row.title,
                text=row.text,
                lang=row.language or None,
                published=state_date(row.published_at, row.published_precision) if row.published_at else None,
                url=row.url,
                outlet=row.outlet or None,
            ),
        )


def reprocess_articles(connection: Connection, verdicts: Mapping[int, Verdict], now: datetime) -> list[Change]:
    """Gives articles new verdicts and places them anew; gives what changed.

    Args:
        verdicts: by article id; of articles without kept text none can be placed, so they are passed over.
        now: the time of what is decided.
    """
    take_turn(connection)
    labelled = _find_articles_with(connection, LABEL)
    judged = {id_: verdict for id_, verdict in verdicts.items() if id_ not in labelled}
    given = _by_project(connection, judged)
    before = describe_articles(connection, given)
    held = _find_held_articles(connection, given)
    taken = [id_ for id_ in given if id_ not in held]
    homes = _take_out(connection, taken)
    newest = connection.execute(select(func.max(project.c.id))).scalar() or 0
    for id_, new in given.items():
        set_verdict(connection, id_, verdict_columns(new))
    former = {home for home in homes.values() if home is not None}
    vacant = find_emptied(connection, former)
    for chunk in in_chunks(_in_order(connection, taken), PAGE):
        still = find_emptied(connection, vacant)
        reusable = {id_: homes[id_] for id_ in chunk if homes[id_] in still}
        _place(connection, chunk, given, reusable)
    refresh_projects(connection, former | _projects_of(connection, [id_ for id_ in given if id_ in held]))
    settle_emptied(connection, find_emptied(connection, vacant), homes, now, WHY)
    _inherit(connection, homes, newest)
    _mark_announced(connection, taken)
    added = _add_further_projects(connection, {id_: judged[id_] for id_ in taken})
    before.update((id_, (title, NOT_REPORTED)) for id_, (title, _) in describe_articles(connection, added).items())
    after = describe_articles(connection, before)
    return [Change(id_, was[0], was[1], after[id_][1]) for id_, was in before.items() if was[1] != after[id_][1]]


def place_again(connection: Connection, article_id: int, verdict: Verdict, now: datetime) -> None:
    """Gives one article, whose text is kept, another verdict and the place that goes with it, as news of `now`."""
    take_turn(connection)
    homes = _take_out(connection, [article_id])
    if homes[article_id] is None:
        homes[article_id] = _fill_again(connection, article_id)
    set_verdict(connection, article_id, verdict_columns(verdict))
    _place(connection, [article_id], {article_id: verdict}, homes, now=now)
    former = {home for home in homes.values() if home is not None}
    refresh_projects(connection, former)
    settle_emptied(connection, find_emptied(connection, former), homes, now, WHY)


def _fill_again(connection: Connection, article_id: int) -> int | None:
    """The project that an article had made, kept without articles for whoever knows it: it is made again, and nobody is
    told of it twice. None where it made none."""
    url = connection.execute(select(article.c.canonical_url).where(article.c.id == article_id)).scalar_one()
    its = (project.c.public_id == make_public_id(url)) & (project.c.articles == 0) & project.c.merged_into_id.is_(None)
    kept: int | None = connection.execute(
        update(project).where(its).values(band="yes").returning(project.c.id)
    ).scalar_one_or_none()
    return kept


# --- what people decided stands -------------------------------------------------------------------


def _find_articles_with(connection: Connection, kind: str) -> set[int]:
    """Articles (ids) of which there is a decision of this kind."""
    asked = select(decision.c.article_id).where(decision.c.article_id.is_not(None), decision.c.kind == kind)
    return set(connection.execute(asked).scalars())


def _find_held_articles(connection: Connection, ids: Collection[int]) -> set[int]:
    """Articles among these that stay where they are: split off by a person, or of a project a person merged or
    split."""
    asked = select(decision.c.project_id, decision.c.is_human).where(
        decision.c.project_id.is_not(None), decision.c.kind.in_(("merge", "split"))
    )
    projects = {id_ for id_, is_human in connection.execute(asked) if is_human}
    places = connection.execute(select(article.c.id, article.c.project_id).where(one_of(article.c.id, ids)))
    return _find_articles_with(connection, "split") | {id_ for id_, project_id in places if project_id in projects}


# --- several projects in one article --------------------------------------------------------------


def _by_project(connection: Connection, judged: Mapping[int, Verdict]) -> dict[int, Verdict]:
    """Of articles that are stored once for each project they report, each gets the verdict of its own project."""
    given: dict[int, Verdict] = {}
    asked = select(article.c.id, article.c.canonical_url).where(one_of(article.c.id, judged))
    for id_, url in connection.execute(asked):
        own = [judged[id_], *judged[id_].others]
        number = part_number(url)
        given[id_] = replace(own[number - 1], others=()) if number <= len(own) else _without_project(own[0])
    return {id_: given[id_] for id_ in judged if id_ in given}


def _without_project(verdict: Verdict) -> Verdict:
    """The verdict on a further project where the article is not read as reporting it any more."""
    return replace(
        verdict,
        is_relevant=False,
        relevance_band="no",
        is_new_project=False,
        new_project_band="no",
        awaits_support=False,
        reasons=(),
        facts=None,
        elsewhere=(),
        others=(),
    )


def _add_further_projects(connection: Connection, judged: Mapping[int, Verdict]) -> list[int]:
    """Stores further projects that articles are found to report only now, as of when the article came; gives their
    ids."""
    several = {id_: verdict for id_, verdict in judged.items() if verdict.others}
    added: list[int] = []
    for row in _read_texts(connection, several):
        if part_number(row.canonical_url) == 1:
            batch = split_reading(_reading_of(row), several[row.id])[1:]
            answers = register_articles(connection, batch, row.registered_at)
            added += [one.article_id for one in answers if one.outcome != "known-article"]
    return added


# --- out and in again -----------------------------------------------------------------------------


def _projects_of(connection: Connection, ids: Collection[int]) -> set[int]:
    its = one_of(article.c.id, ids) & article.c.project_id.is_not(None)
    return set(connection.execute(select(article.c.project_id).where(its)).scalars())


def _take_out(connection: Connection, ids: Sequence[int]) -> dict[int, int | None]:
    """Takes articles out of their projects and stories; gives the project of each, where it had one."""
    its = one_of(article.c.id, ids)
    rows = connection.execute(select(article.c.id, article.c.project_id, article.c.story_id).where(its)).all()
    connection.execute(delete(signature).where(one_of(signature.c.article_id, ids)))
    connection.execute(update(article).where(its).values(place_columns(None)))
    remove_empty_stories(connection, {row.story_id for row in rows if row.story_id is not None})
    return {row.id: row.project_id for row in rows}


def remove_empty_stories(connection: Connection, ids: Collection[int]) -> None:
    """Removes those of these stories that have no article left."""
    left = connection.execute(select(article.c.story_id).where(one_of(article.c.story_id, ids)).distinct()).scalars()
    gone = set(ids) - set(left)
    forget_keys(connection, "story", gone)
    connection.execute(delete(story).where(one_of(story.c.id, gone)))


def _in_order(connection: Connection, ids: Sequence[int]) -> list[int]:
    """As they came: what was registered first is placed first again."""
    asked = select(article.c.id).where(one_of(article.c.id, ids)).order_by(article.c.registered_at, article.c.id)
    return list(connection.execute(asked).scalars())


def _place(
    connection: Connection,
    ids: Sequence[int],
    given: Mapping[int, Verdict],
    reusable: Mapping[int, int | None],
    *,
    now: datetime | None = None,
) -> None:
    rows = _read_texts(connection, ids)
    readings = {row.id: _reading_of(row) for row in rows if given[row.id].is_relevant}
    if now is not None:  # what a person has placed again is news, whenever it was published
        readings = {id_: replace(reading, is_news=True) for id_, reading in readings.items()}
    relevant = [(id_, reading, given[id_]) for id_, reading in readings.items()]
    if relevant:
        # without `now` the time of the articles, so that a project found only now is dated when its news came
        resolve(connection, relevant, now or max(row.registered_at for row in rows), reusable)


def _read_texts(connection: Connection, ids: Collection[int]) -> Sequence[Row[Any]]:
    """These articles with their texts, as they came; those without text are left out."""
    asked = select(article, article_text.c.text).join(article_text, article_text.c.article_id == article.c.id)
    its = asked.where(one_of(article.c.id, ids)).order_by(article.c.registered_at, article.c.id)
    return connection.execute(its).all()


def _reading_of(row: Row[Any]) -> ArticleReading:
    return read_record(ArticleReading, row, entry_ids=())


# --- nothing is mailed again ----------------------------------------------------------------------


def _inherit(connection: Connection, homes: Mapping[int, int | None], newest: int) -> None:
    """A project made only now of articles that another had was announced with that one."""
    its = one_of(article.c.id, homes) & (article.c.project_id > newest)
    for article_id, project_id in connection.execute(select(article.c.id, article.c.project_id).where(its)).all():
        home = homes[article_id]
        if home is not None and project_id is not None:
            inherit_announcements(connection, home, project_id)


def _mark_announced(connection: Connection, ids: Sequence[int]) -> None:
    """Articles that now belong to a project a subscription knows count as announced to it."""
    homes: dict[int, list[int]] = {}
    for project_id, article_id in connection.execute(
        select(article.c.project_id, article.c.id).where(one_of(article.c.id, ids))
    ):
        if project_id is not None:
            homes.setdefault(project_id, []).append(article_id)
    root_of = {member: root for root, member in find_families(connection, homes)}
    known = (
        select(announcement.c.subscription, announcement.c.project_id, announcement.c.digest_id)
        .where(one_of(announcement.c.project_id, root_of))
        .order_by(announcement.c.digest_id)
    )
    rows = [
        {"subscription": subscription, "article_id": article_id, "digest_id": digest_id}
        for subscription, project_id, digest_id in connection.execute(known)
        for article_id in homes[root_of[project_id]]
    ]
    if rows:
        connection.execute(insert(connection, announced_article).on_conflict_do_nothing(), rows)


# --- in words -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What judging and registering again made of an article, in words; `was` and `is_now` differ."""

    article_id: int
    title: str
    was: str
    is_now: str


def describe_articles(connection: Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Of each article its title, and in words what it is held to be."""
    places = find_places(connection, ids)
    found: dict[int, tuple[str, str]] = {}
    asked = select(article.c.id, article.c.title, article.c.verdict).where(one_of(article.c.id, ids))
    for id_, title, stored in connection.execute(asked.order_by(article.c.id)):
        verdict, at = unpack_verdict(stored), places[id_]
        words = [_say_verdict(verdict)]
        if at.project_id is not None:
            words.append(f"of {at.project_id}")
        elif at.story_id is not None:
            words.append("a story")
        words += _say_facts(facts_of(verdict))
        found[id_] = (title, ", ".join(words))
    return found


def _say_verdict(verdict: Verdict) -> str:
    if not verdict.is_relevant:
        return "maybe relevant" if verdict.relevance_band == "maybe" else "not relevant"
    return {"yes": "a new project", "maybe": "maybe a new project", "no": "relevant"}[verdict.new_project_band]


def _say_facts(facts: Facts | None) -> list[str]:
    if facts is None:
        return []
    stated = facts.as_project()
    return [
        f"{name} {'; '.join(value) if isinstance(value, list) else value}" for name, value in stated.items() if value
    ]
