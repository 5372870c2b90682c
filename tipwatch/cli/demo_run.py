"""`tipwatch demo`: the real crawl, judgement, register and digest on the bundled news world, offline, told step by
step. `tipwatch.cli.demo` loads this when it is asked for.

Three mornings pass: everything is new; nothing is; a follow-up and a launch have appeared. What it writes stays in a
folder, with a configuration, so that every other command can be tried on it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tipwatch.cli.crawl import summary_line
from tipwatch.cli.digest_views import open_in_browser
from tipwatch.cli.progress import showing
from tipwatch.cli.show import bold, print_table, print_text
from tipwatch.config.load import Configuration, load_config
from tipwatch.daemon.stopping import stop_on_signals
from tipwatch.engine.runner import Runner
from tipwatch.errors import ExitCode
from tipwatch.files import write_file
from tipwatch.logs import set_up_logging
from tipwatch.text import one_line

if TYPE_CHECKING:
    from storage.database.engine import Database
    from tipwatch.demo.newsroom import Newsroom

MORNINGS = (
    "First morning: everything is new",
    "Second morning: nothing has changed",
    "Third morning: a follow-up and a launch have appeared",
)


def run_demo(folder: Path | None, *, is_opened: bool) -> int:
    """Runs the demo in `folder` (a fresh one, kept and named, where None); the command's exit code.

    Raises:
        BadInput: the folder holds a demo, or something else, already.
    """
    from tipwatch.errors import BadInput

    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="tipwatch-demo-"))
    elif folder.exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty", "name a new or an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    set_up_logging(folder=folder / "data", is_shown=False)
    return asyncio.run(_run(folder.resolve(), is_opened=is_opened))


def demo_configuration(sources: list[dict[str, Any]], hosts: Mapping[str, str]) -> str:
    """The demo's `config.yaml`: the news world's outlets under their names, found on loopback."""
    settings = {
        "contact": "demo@example.org",
        "sources": sources,
        "crawler": {
            "delay_seconds": 0,  # the outlets are on this machine and ours
            "timeout_seconds": 5,
            "allow_addresses": ["127.0.0.0/8"],
            "hosts": dict(hosts),
        },
        "subscriptions": [
            {"name": "demo", "recipients": ["analyst@example.org"], "time": "06:00", "lookback_days": 60},
        ],
        "mail": {"transport": "file", "sender": "tipwatch <tipwatch@example.org>"},
    }
    head = "# The demo's configuration; the outlets are served while `tipwatch demo` runs only.\n"
    return head + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=120)


async def _run(folder: Path, *, is_opened: bool) -> int:
    from storage.database.engine import Database
    from tipwatch.demo.newsroom import Newsroom

    async with Newsroom.load() as newsroom:
        file = folder / "config.yaml"
        write_file(file, demo_configuration(newsroom.sources, newsroom.hosts).encode())
        configuration = load_config(file, {})
        configuration.data_folder.mkdir(exist_ok=True)
        print(f"A small invented news world: {len(newsroom.hosts)} outlets on this machine, no internet needed.")
        with Database.open(configuration.database_url) as database, stop_on_signals() as stop:
            for title in MORNINGS:
                if newsroom.round > 1 or title != MORNINGS[0]:
                    newsroom.advance()
                print(f"\n{bold(title)}")
                await _morning(database, configuration, newsroom, stop)
                if stop.is_set():
                    return ExitCode.INTERRUPTED
            _show_sources(database, newsroom)
    _show_files(configuration, is_opened=is_opened)
    return ExitCode.DONE


async def _morning(database: Database, configuration: Configuration, newsroom: Newsroom, stop: asyncio.Event) -> None:
    asked_before = len(newsroom.requests)
    with showing() as progress:
        began = time.monotonic()
        # the news world's day, on which time passes as it does here
        clock = lambda: newsroom.now + timedelta(seconds=time.monotonic() - began)  # noqa: E731
        work = Runner(database, configuration, now=clock, progress=progress)
        try:
            summary = await work.crawl(stop)
            delivered = await work.deliver() if not stop.is_set() else None
        finally:
            await work.close()
    print(f"crawled: {summary_line(summary)} ({len(newsroom.requests) - asked_before} requests)")
    for digest in delivered.digests if delivered is not None else ():
        sent = "mailed" if digest.recipients else "nothing new: not mailed"
        print(f"digest:  {one_line(digest.subject)} ({sent})")
        if digest.recipients:
            print()
            print_text(_text_of_latest_mail(configuration))


def _text_of_latest_mail(configuration: Configuration) -> str:
    from email import message_from_bytes
    from email.policy import default

    latest = max(Path(configuration.mail.folder).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    body = message_from_bytes(latest.read_bytes(), policy=default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _show_sources(database: Database, newsroom: Newsroom) -> None:
    """The outlets that are not well, which a digest and `tipwatch sources list` tell too."""
    from storage.sources.health import list_source_health

    with database.reading() as connection:
        ailing = [one for one in list_source_health(connection, newsroom.now) if one.state != "ok"]
    print()
    rows = [(one.state, one.name, one.error_text or one.note or one.redirect_to or "") for one in ailing]
    print_table(("state", "source", "what"), rows, empty="All sources are working.")


def _show_files(configuration: Configuration, *, is_opened: bool) -> None:
    outbox = Path(configuration.mail.folder)
    files = sorted(outbox.glob("*.eml")) + sorted(outbox.glob("*.html"))
    print(f"\n{bold('What it wrote')}")
    for file in files:
        print(f"  {file}")
    print(f"\nTo look further: tipwatch --config {configuration.file} projects list")
    if is_opened:
        for page in sorted(outbox.glob("*.html")):
            open_in_browser(page)
