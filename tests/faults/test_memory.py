"""All processes together stay within the memory promised, whatever comes at once: odd sources, large ones, a digest of
thousands.

`TIPWATCH_TEST_AT_ONCE=25` tries so many large ones of each kind; `-rP` shows what was held at most.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from alerts.digest.choice import MOST_NEW
from benchmarks.register_fill import copy_blocks
from tests.support.announcing import tell
from tests.support.crawled_farm import crawl_farm
from tests.support.digest_tables import COUNTRIES, table_in
from tests.support.farm import HEALTHY, Case, Place, article, document, farm, feed, trusting
from tests.support.feeds import item, rss
from tests.support.program import Program, Said
from tests.support.sites import Answer, Route

pytestmark = pytest.mark.slow

CRAWL_BYTES = 400_000_000
"""Promised for all processes together while pages are read, the encoder in one of them."""

DIGEST_BYTES = 360_000_000
"""Least of what is promised that a digest of thousands must leave free: forty megabytes."""

AT_ONCE = int(os.environ.get("TIPWATCH_TEST_AT_ONCE", "6"))
"""Hosts of each kind."""

PAGE_BYTES, FEED_BYTES = 14_500_000, 4_500_000
"""Just below what is taken of a page and of a feed."""

SENTENCE = "The International Organization for Migration helps survivors of human trafficking in Kenya. "


def large_page(*, is_packed: bool) -> Answer:
    """A page of the largest size; one letter of it has every other take four bytes once it is text."""
    paragraph = f"<p>{SENTENCE * 6}</p>"
    answer = article("Project against trafficking", around=paragraph * (PAGE_BYTES // len(paragraph)) + "\U0001f600")
    if not is_packed:
        return answer
    return Answer(body=gzip.compress(answer.body, 1), headers={**answer.headers, "Content-Encoding": "gzip"})


def with_page(page: Answer) -> Case:
    def serve(place: Place) -> Mapping[str, Route]:
        return {"/feed": place.feed(1), "/page/1": page}

    return Case(serve)


def large_sources() -> dict[str, Case]:
    """Feeds and pages of the largest size, plain and packed, on a host each."""
    plain, packed = large_page(is_packed=False), large_page(is_packed=True)
    body = rss(item(1, link="", guid=""), f"<!--{SENTENCE * (FEED_BYTES // len(SENTENCE))}-->")
    feeds = (
        document(body),
        document(gzip.compress(body.encode()), **{"Content-Encoding": "gzip"}),
        document(body.replace("</channel>", "\U0001f600")),
    )
    cases = {f"feed-{number}": Case(feed(feeds[number % 3])) for number in range(AT_ONCE)}
    cases |= {f"plain-{number}": with_page(plain) for number in range(AT_ONCE)}
    return cases | {f"packed-{number}": with_page(packed) for number in range(AT_ONCE)}


def test_large_bodies_from_everywhere_at_once_stay_within_the_bound(tmp_path: Path) -> None:
    crawled = asyncio.run(crawl_farm(tmp_path, large_sources()))
    print(f"{crawled.said.peak_bytes / 1e6:.0f} MB at most")
    assert crawled.said.peak_bytes < CRAWL_BYTES
    assert all(len(crawled.left[name].articles) == 3 for name in HEALTHY)
    read = [name for name in crawled.left if name.startswith(("plain", "packed")) and crawled.left[name].articles]
    assert len(read) == 2 * AT_ONCE


async def crawl_and_tell(program: Program, recipients: tuple[str, ...]) -> Said:
    """A crawl of the healthy sources and the digest after it, both by one process, as the daemon does them."""
    async with farm(program.folder) as one:
        program.configure(
            one.sources,
            crawler={"hosts": one.hosts},
            subscriptions=[{"name": "morning", "recipients": list(recipients), "time": "00:00", "send_empty": False}],
        )
        program.data.mkdir(exist_ok=True)
        with program.database() as database:
            at = datetime.now(UTC) - timedelta(hours=3)
            for country in COUNTRIES:
                tell(database, f"Harbour of {country}", country, at=at)
            copy_blocks(database, MOST_NEW)
        return await program.run("run", "--once", environment=trusting(one.authority_file))


def test_a_digest_of_five_thousand_projects_leaves_memory_free(tmp_path: Path) -> None:
    recipients = tuple(f"reader-{number}@example.org" for number in range(10))
    program = Program(tmp_path)
    said = asyncio.run(crawl_and_tell(program, recipients))
    assert said.code == 0, said.err
    print(f"{said.peak_bytes / 1e6:.0f} MB at most")
    assert said.peak_bytes < DIGEST_BYTES
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in tmp_path.rglob("*.eml")]
    assert len(messages) == len(recipients)
    (table,) = messages[0].iter_attachments()
    rows = list(csv.DictReader(io.StringIO(table_in(table.get_content()))))
    assert len({row["id"] for row in rows}) == MOST_NEW
