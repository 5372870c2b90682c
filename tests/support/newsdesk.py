"""An installation so cheap that thousands of lives of one can be lived: real HTTP, mail and database, all in the test's
own process, its pages judged by a rule that sees a new project in each, its clock set by the test."""

from __future__ import annotations

import asyncio
import functools
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from classifier.document import Document, Evidence, Facts, Verdict
from crawler.pages import read as read_page
from storage.database.engine import Database, make_engines
from storage.database.errors import DiskFull, StorageError
from storage.digests.deliveries import resend_deliveries
from storage.digests.digests import list_failed_deliveries
from tests.support.failing import Failing, failing_write
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Seen, Site, site
from tests.support.smtp_server import SmtpServer, smtp_server
from tests.support.watch import InlinePool
from tipwatch.config.load import Configuration, load_config
from tipwatch.engine.runner import Runner

OUTLETS = ("herald", "post", "courier")
COUNTRIES = ("FJ", "NP", "BI", "GH", "PE")
"""One a project."""

RECIPIENTS = ("ana@example.org", "eva@example.org")
MORNING = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)

FEED_FAULTS: dict[str, Answer] = {
    "missing": Answer(404),
    "busy": Answer(503),
    "empty": Answer(),
    "another page": Answer(body=b"<html><body>Welcome</body></html>", headers={"Content-Type": "text/html"}),
    "cut off": Answer(is_raw=True, pieces=(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<rss>",), is_cut=True),
}
PAGE_FAULTS: dict[str, Answer] = {
    "busy": Answer(503),
    "cut off": Answer(is_raw=True, pieces=(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<html>",), is_cut=True),
}

NEW = re.compile(
    r"^new projects$(.*?)(?=^(?:updates to known|maybe a new|also in the news|sources)|\Z)", re.I | re.M | re.S
)
"""The section of a message that tells of new projects."""


class ProjectJudge:
    """Sees in every page the new project whose number is in its address; counts what it was shown."""

    is_encoder_loaded = True

    def __init__(self) -> None:
        self.judged: Counter[str] = Counter()

    def rule_out(self, document: Document) -> None:
        """Nothing."""

    def load_fact_reading(self) -> None:
        """Nothing."""

    def judge(self, document: Document) -> Verdict:
        path = urlsplit(document.url or "").path
        self.judged[path] += 1
        number = int(path.rpartition("/")[2])
        sentence = Evidence(document.title, "title", 0, len(document.title))
        facts = Facts(
            name=f"Harbour {number}",
            implementers=(f"Shelter Trust {number}",),
            funders=(f"Fund {number}",),
            countries=(COUNTRIES[number],),
            amount=1_000_000 * (number + 1),
            currency="USD",
            evidence={"name": (sentence,)},
        )
        return Verdict("en", 0.99, True, "yes", 0.97, True, "yes", "project", facts=facts)


def page(outlet: str, number: int) -> Answer:
    """An outlet's article on a project."""
    paragraph = (
        f"Harbour {number}, said the {outlet}, will protect victims of trafficking in persons in {COUNTRIES[number]}. "
        f"Shelter Trust {number} runs it with USD {number + 1},000,000 of Fund {number} for three years from now on."
    )
    title = f"Harbour {number} against trafficking, by the {outlet}"
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{f'<p>{paragraph}</p>' * 4}"
    return Answer(body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


class Newsdesk:
    """Servers that stay, and one installation at a time; `reset` begins a new one.

    `feeds` holds what each outlet's feed links to, as (outlet, number) of pages. What is in `feed_faults` and
    `page_faults` is answered so, a page as often as its number says.
    """

    def __init__(self, folder: Path, runner: asyncio.Runner, server: Site, mail: SmtpServer) -> None:
        self.folder = folder
        self.runner = runner
        self.server = server
        self.mail = mail
        self.empty = folder / "empty.sqlite3"
        Database.open(f"sqlite:///{self.empty}").close()
        self.configuration = self._configure()
        self.data = folder / "data"
        server.routes["/robots.txt"] = Answer(404)
        for outlet in OUTLETS:
            server.routes[f"/{outlet}/feed"] = self._feed_of(outlet)
            for number in range(len(COUNTRIES)):
                server.routes[f"/{outlet}/page/{number}"] = self._page_of(outlet, number)

    def reset(self) -> None:
        self.truth = MORNING
        self.skew = timedelta()
        self.feeds: dict[str, list[tuple[str, int]]] = {outlet: [] for outlet in OUTLETS}
        self.feed_faults: dict[str, str] = {}
        self.page_faults: dict[tuple[str, int], list[str]] = {}
        self.served: Counter[str] = Counter()
        self.mail.mailbox.messages.clear()
        self.mend_mail()
        self.judge = ProjectJudge()
        read_page._judge = self.judge
        self.data.mkdir()
        shutil.copy(self.empty, self.data / "tipwatch.sqlite3")
        self.start()

    def start(self) -> None:
        self.database = Database.open(self.configuration.database_url)
        self.work = Runner(self.database, self.configuration, now=lambda: self.truth + self.skew)

    def stop(self) -> None:
        self.runner.run(self.work.close())
        self.database.close()

    def forget(self) -> None:
        """Ends this installation and removes it."""
        self.stop()
        shutil.rmtree(self.data)

    def crawl(self) -> None:
        self.truth += timedelta(minutes=1)
        self.runner.run(self.work.crawl(asyncio.Event(), is_forced=True))

    def deliver(self) -> None:
        self.truth += timedelta(minutes=1)
        self.runner.run(self.work.deliver())

    @contextmanager
    def failing(self, chosen: int) -> Iterator[None]:
        """The n-th transaction in the block fails, whole; what failed by that is nobody's fault."""
        with pytest.MonkeyPatch.context() as patch, suppress(StorageError):
            failing_write(patch, Failing(chosen, DiskFull("no space left")))
            yield

    def resend_failed(self) -> None:
        """What an operator does for those who were refused for good, once that is mended."""
        with self.database.writing() as connection:
            failed = [one.id for one in list_failed_deliveries(connection, limit=1000)]
            resend_deliveries(connection, failed, now=self.truth)

    def mend_mail(self) -> None:
        self.mail.mailbox.answers.clear()
        self.mail.mailbox.drop_after_data = 0

    def url(self, outlet: str, path: str) -> str:
        return f"http://{outlet}.example:{self.server.port}/{outlet}/{path}"

    def announced(self) -> dict[str, Counter[int]]:
        """By recipient, in how many messages each project stood as new; a message that was repeated counts once."""
        counts: dict[str, Counter[int]] = {recipient: Counter() for recipient in RECIPIENTS}
        seen: dict[tuple[str, str], bytes] = {}
        for recipient, content in self.mail.mailbox.messages:
            letter = message_from_bytes(content, policy=default)
            before = seen.setdefault((recipient, str(letter["Message-ID"])), content)
            assert before == content, "one Message-ID, two messages"
            if before is content:
                text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
                sections = "\n".join(NEW.findall(text.replace("\r\n", "\n")))
                counts[recipient].update(
                    {int(number) for number in re.findall(r"^\s*\d+\. Harbour (\d)", sections, re.M)}
                )
        return counts

    def _configure(self) -> Configuration:
        settings = {
            "contact": "ops@example.org",
            "sources": [{"name": name, "url": self.url(name, "feed")} for name in OUTLETS],
            "crawler": {
                "allow_addresses": ["127.0.0.1/32"],
                "hosts": {f"{name}.example": "127.0.0.1" for name in OUTLETS},
                "delay_seconds": 0,
                "timeout_seconds": 3,
            },
            "subscriptions": [
                {"name": "morning", "recipients": list(RECIPIENTS), "time": "07:00", "lookback_days": 366, "limit": 9}
            ],
            "mail": {"transport": "smtp", "host": "127.0.0.1", "port": self.mail.port, "security": "none"}
            | {"sender": "tipwatch@example.org"},
        }
        file = self.folder / "config.yaml"
        file.write_text(yaml.safe_dump(settings))
        return load_config(file, {})

    def _feed_of(self, outlet: str) -> Callable[[Seen], Answer]:
        def answer(_: Seen) -> Answer:
            if fault := self.feed_faults.get(outlet):
                return FEED_FAULTS[fault]
            items = [
                item(number, link=self.url(of, f"page/{number}"), guid=f"{of}-{number}")
                for of, number in self.feeds[outlet]
            ]
            return self._dated(Answer(body=rss(*items).encode(), headers={"Content-Type": "application/rss+xml"}))

        return answer

    def _page_of(self, outlet: str, number: int) -> Callable[[Seen], Answer]:
        def answer(seen: Seen) -> Answer:
            if faults := self.page_faults.get((outlet, number)):
                return PAGE_FAULTS[faults.pop()]
            self.served[seen.path] += 1
            return self._dated(page(outlet, number))

        return answer

    def _dated(self, answer: Answer) -> Answer:
        date = {"Date": format_datetime(self.truth, usegmt=True)}
        return Answer(body=answer.body, headers={**answer.headers, **date})


@contextmanager
def newsdesk(folder: Path) -> Iterator[Newsdesk]:
    """Running servers, and a loop for all that works on them."""
    with pytest.MonkeyPatch.context() as patch, smtp_server(folder) as mail, asyncio.Runner() as runner:
        patch.setattr("crawler.service.WorkerPool", lambda *_, **__: InlinePool())
        patch.setattr(read_page, "_judge", None)
        # Each life opens the same path: its statements, compiled once, serve them all.
        patch.setattr("storage.database.engine.make_engines", functools.cache(make_engines))
        serving = site()
        server = runner.run(serving.__aenter__())
        try:
            yield Newsdesk(folder, runner, server, mail)
        finally:
            runner.run(serving.__aexit__(None, None, None))
