"""A page that is parked costs nothing: its entry's own words are an article at once, the digest names it, and another
try brings the page's own article beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts.digest.build import render_within_size
from alerts.digest.compose import PARKED_SHOWN, compose_now
from alerts.digest.slots import Period, Slot
from crawler.pages import read as read_page
from storage.articles.pages import list_parked, retry_parked
from storage.database.engine import Database
from storage.sources.health import list_source_health
from storage.tables.schema import article, entry
from tests.support.announcing import subscribe
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import WordJudge
from tests.support.sites import Answer, Site
from tests.support.small_site import TEXT, World, page


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_page, "_judge", WordJudge())


def tell_of_loops(server: Site, count: int) -> None:
    """A feed whose items' pages lead to themselves."""
    numbers = range(1, count + 1)
    items = [item(n, link=server.url(f"/news/{n}"), guid=f"id-{n}", description=TEXT) for n in numbers]
    server.routes["/feed"] = Answer(body=rss(*items).encode())
    for n in numbers:
        server.routes[f"/news/{n}"] = Answer(302, headers={"Location": server.url(f"/news/{n}")})


def digest_of(world: World, **changes: object) -> str:
    two_days_ago = world.now - timedelta(days=2)
    period = Period(Slot(world.now, "2026-11-26"), two_days_ago, world.now, two_days_ago)
    with world.database.reading() as connection:
        composition = compose_now(connection, subscribe(**changes), period, world.now)
    rendered = render_within_size(composition, limit=10)
    assert ("/news/12" in rendered.html) == ("/news/12" in rendered.text)
    return " ".join(rendered.text.split())


async def test_the_words_of_a_parked_page_are_an_article_and_another_try_brings_the_pages(
    server: Site, database: Database
) -> None:
    tell_of_loops(server, 1)
    world = World(database, [server.url("/feed")])
    summary = await world.crawl()
    assert (summary.pages, summary.parked, summary.relevant) == (0, 1, 1)
    with database.reading() as connection:
        (one,) = connection.execute(select(article)).all()
        (parked,) = list_parked(connection)
        (health,) = list_source_health(connection, world.now)
    assert (one.read_from, one.title, one.url) == ("summary", "Headline 1", server.url("/news/1"))
    assert one.read_note.startswith("the page could not be read: ")
    assert (parked.error_kind, health.articles) == ("too-many-redirects", 1)

    assert database.write_now(retry_parked, world.now) == 1  # in vain
    assert (await world.crawl(is_forced=True)).parked == 1
    assert world.count(article) == world.count(entry, state="parked", article_id=one.id) == 1

    server.routes["/news/1"] = page(1)
    assert database.write_now(retry_parked, world.now) == 1
    assert (await world.crawl(is_forced=True)).pages == 1
    with database.reading() as connection:
        mended = connection.execute(select(article).where(article.c.read_from == "page")).one()
        (done,) = connection.execute(select(entry)).all()
    assert (done.state, done.article_id) == ("done", mended.id)


async def test_a_digest_names_what_was_parked(server: Site, database: Database) -> None:
    tell_of_loops(server, PARKED_SHOWN + 2)
    world = World(database, [server.url("/feed")])
    await world.crawl()
    told = digest_of(world)
    assert "Pages that could not be read" in told
    assert "Headline 12" in told
    assert "Redirected more than 5 times." in told
    assert "2 more pages: see tipwatch parked list" in told
    assert "Elle redirige sans fin d’une adresse à l’autre." in digest_of(world, language="fr")
    world.now += timedelta(days=3)
    assert "could not be read" not in digest_of(world)  # it is named once
