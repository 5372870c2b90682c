"""Articles of a made-up world as the crawler would register them; only what a test cares about is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from classifier.document import Band, Evidence, Facts, Verdict
from storage.database.engine import Database
from storage.records import ArticleReading, Registration
from storage.register.registration import register_articles
from storage.tables.schema import project, story

NOW = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LISTED = ("implementers", "funders", "partners", "countries")

LAUNCH = (
    "Norway is paying for Lantern Bridge, a project of the Harbour Light Foundation against child trafficking in "
    "Nampula and Tete. Six centres will open along the roads on which children are taken away, said Inspector Wanjala."
)
RETELLING = (
    "Children who are taken from Nampula shall find a door to knock at. The Harbour Light Foundation has Norwegian "
    "money for six of them, and Wanjala wants the first to open in Tete before the rains."
)


def facts(**stated: Any) -> Facts:
    """Facts of the project Lantern Bridge, but for what is given."""
    all_facts = {
        "name": "Lantern Bridge",
        "implementers": "Harbour Light Foundation",
        "funders": "Norway",
        "countries": "MZ",
        "amount": 2_340_000.0,
        "currency": "USD",
        **stated,
    }
    listed: dict[str, Any] = {n: (v,) if isinstance(v, str) and n in LISTED else v for n, v in all_facts.items()}
    return Facts(**listed, evidence={"name": (Evidence(LAUNCH[:40], "text", 0, 40),)} if listed["name"] else {})


def judged(
    its: Facts | None,
    *,
    new: Band = "yes",
    is_relevant: bool = True,
    topic: str = "project",
    awaits_support: bool = False,
) -> Verdict:
    chance = {"yes": 0.9, "maybe": 0.4, "no": 0.05}[new]
    return Verdict(
        lang="en",
        relevance=0.95 if is_relevant else 0.02,
        is_relevant=is_relevant,
        relevance_band="yes" if is_relevant else "no",
        new_project_probability=chance,
        is_new_project=new == "yes",
        new_project_band=new,
        topic=topic,
        facts=its,
        awaits_support=awaits_support,
    )


def read(
    key: str,
    *,
    title: str = "Norway pays for Lantern Bridge",
    text: str = LAUNCH,
    on: datetime = NOW,
    host: str = "herald.example",
    read_from: Any = "page",
) -> ArticleReading:
    url = f"https://{host}/news/{key}"
    return ArticleReading((), url, url, title, text, "en", "The Herald", on, read_from)


Telling = tuple[ArticleReading, Verdict]


def launch(key: str = "launch", *, new: Band = "yes", stated: dict[str, Any] | None = None, **reading: Any) -> Telling:
    """An article that announces the project, with facts as in `facts`."""
    return read(key, **reading), judged(facts(**(stated or {})), new=new)


def retelling(key: str = "retelling", **changes: Any) -> Telling:
    """The same project in another outlet's words, two days later."""
    return launch(
        key, **{"title": "Six doors for children of Nampula", "text": RETELLING, "on": NOW + 2 * DAY, **changes}
    )


def event(
    key: str = "event", *, title: str = "Two arrested", text: str = "Little is known.", **reading: Any
) -> Telling:
    return read(key, title=title, text=text, **reading), judged(None, new="no", topic="crime-case")


def tell(database: Database, *tellings: Telling, at: datetime = NOW) -> list[Registration]:
    """Registers in one transaction."""
    return database.write_now(register_articles, list(tellings), at)


def count(connection: Connection) -> tuple[int, int]:
    """Living projects and stories."""
    alive = select(func.count()).select_from(project).where(project.c.merged_into_id.is_(None))
    return connection.execute(alive).scalar_one(), connection.execute(
        select(func.count()).select_from(story)
    ).scalar_one()
