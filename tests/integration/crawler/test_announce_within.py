"""A new source's archive: what was published long ago fills the register and is announced to nobody."""

from __future__ import annotations

import pytest

from classifier.document import Document, Verdict
from crawler.pages import read as reading
from storage.database.engine import Database
from storage.digests.announcements import unannounced_ids
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import WordJudge
from tests.support.register_world import DAY, NOW, facts, judged
from tests.support.sites import Answer, Site
from tests.support.small_site import World, publish


class ProjectJudge(WordJudge):
    """Takes every page for a project of its own, named by its title."""

    def judge(self, document: Document) -> Verdict:
        number = int(document.title.rpartition(" ")[2])
        return judged(facts(name=f"{'Harbour' if number == 1 else 'Orchard'} {number}", amount=number * 1_000_000.0))


@pytest.mark.parametrize(("settings", "announced"), [({}, 1), ({"announce_within": 0}, 2)])
async def test_only_what_was_published_lately_is_announced(
    server: Site, database: Database, monkeypatch: pytest.MonkeyPatch, settings: dict[str, int], announced: int
) -> None:
    monkeypatch.setattr(reading, "_judge", ProjectJudge())
    publish(server, 1, 2)
    dates = {1: "Wed, 25 Nov 2026 08:00:00 GMT", 2: "Mon, 03 Feb 2025 08:00:00 GMT"}
    items = (item(n, link=server.url(f"/news/{n}"), guid=str(n), pubDate=at) for n, at in dates.items())
    server.routes["/feed"] = Answer(body=rss(*items).encode())
    summary = await World(database, [server.url("/feed")], **settings).crawl()
    assert summary.new_projects == 2
    with database.reading() as connection:
        found = unannounced_ids(connection, "morning", since_at=NOW - DAY, until_at=NOW + 7 * DAY)
    assert len(found) == announced
