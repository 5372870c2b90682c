"""Search feeds whose pages stand behind a consent wall: their headlines are one project with the publisher's own page,
and never more than a maybe while one outlet's headline is all there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifier.judge import Judge
from crawler.pages import read as read_page
from storage.database.engine import Database
from tests.support.farm import PROJECTS, told
from tests.support.feeds import item, rss
from tests.support.newsroom_pages import CONSENT
from tests.support.sites import Answer, Site, site
from tests.support.small_site import World
from tipwatch.__main__ import main

NAME, COUNTRY = PROJECTS[0]
HEADLINE = f"{NAME}: new project against human trafficking launched in {COUNTRY}"
CONFIG = """contact: ops@example.org
sources: []
subscriptions: [{name: morning, recipients: [ana@example.org], time: "00:00"}]
"""


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_page, "_judge", Judge.load())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "data").mkdir()
    with Database.open(f"sqlite:///{tmp_path / 'data' / 'tipwatch.sqlite3'}") as one:
        yield one


def search_feed(server: Site, outlet: str) -> str:
    """A feed of what a search engine has of the headline at an outlet: the title again for a text, and a link to a
    consent page. Gives its address."""
    name = outlet.replace(" ", "")
    source = f"<source url='https://{name}.example'>{outlet}</source></item>"
    found = item(
        title=f"{HEADLINE} - {outlet}", link=server.url(f"/{name}"), guid=name, description=f"{HEADLINE}  {outlet}"
    )
    server.routes[f"/{name}"] = Answer(body=CONSENT.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    server.routes[f"/feed/{name}"] = Answer(body=rss(found.replace("</item>", source)).encode())
    return server.url(f"/feed/{name}")


def own_feed(server: Site) -> str:
    """The publisher's own feed and page; gives its address."""
    server.routes["/launch"] = told(0)
    server.routes["/feed/own"] = Answer(body=rss(item(title=HEADLINE, link=server.url("/launch"))).encode())
    return server.url("/feed/own")


async def test_headlines_behind_consent_pages_and_the_publishers_page_are_one_project(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> str:
        assert main(["--config", str(tmp_path / "config.yaml"), *arguments]) == 0
        return capsys.readouterr().out

    async def crawl(url: str) -> list[dict[str, str]]:
        """Crawls one more source; gives the projects."""
        world = World(database, [url])
        world.now = datetime.now(UTC) - timedelta(minutes=1)
        assert (await world.crawl()).relevant == 1
        found: list[dict[str, str]] = json.loads(said("projects", "list", "--json"))
        return found

    async with site() as server:
        assert await crawl(search_feed(server, "The Herald")) == []
        assert "judged by its headline alone, until a text or a second outlet supports it" in said(
            "articles", "why", "1"
        )
        assert "by its headline alone" in said("digest", "--dry-run")

        [project] = await crawl(search_feed(server, "Daily Star"))
        shown = said("projects", "show", project["id"])
        assert "headlines alone; none of the articles could be read" in shown
        assert shown.count("(headline only)") == 2
        assert "Known from its headline alone" in said("digest", "--dry-run")

        [same] = await crawl(own_feed(server))
        shown = said("projects", "show", project["id"])
        assert (same["id"], shown.count("(headline only)")) == (project["id"], 2)
        assert "headlines alone" not in shown
        assert "Known from its headline alone" not in said("digest", "--dry-run")
