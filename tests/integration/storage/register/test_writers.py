"""Several writers at once: articles of one project that arrive together make one project."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from storage.database.engine import Database
from storage.projects.listing import list_projects
from tests.support.register_world import NOW, Telling, count, launch, retelling, tell

WRITERS = 4


def test_tellings_that_arrive_through_several_writers_give_one_project(database_url: str) -> None:
    """Each writer has its own connections, as a process of a cluster would."""
    with Database.open(database_url):
        pass  # migrated before they all come

    def write(number: int) -> None:
        its: list[Telling] = [
            launch(f"{number}-{n}", host=f"outlet{number}{n}.example", title=f"Norway pays, says {number}{n}")
            if n % 2
            else retelling(f"{number}-{n}", host=f"outlet{number}{n}.example", title=f"Doors, says {number}{n}")
            for n in range(4)
        ]
        with Database.open(database_url) as own:
            for one in its:
                tell(own, one)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    with Database.open(database_url) as database, database.reading() as connection:
        [project] = list_projects(connection)
        assert count(connection) == (1, 0)
    assert len(project.sources) == 4 * WRITERS


def test_one_address_read_by_several_writers_is_one_article(database_url: str) -> None:
    with Database.open(database_url):
        pass

    def write(_: int) -> int:
        with Database.open(database_url) as own:
            return tell(own, launch(), at=NOW)[0].article_id

    with ThreadPoolExecutor(WRITERS) as pool:
        assert len(set(pool.map(write, range(WRITERS)))) == 1
