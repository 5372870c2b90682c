"""`tipwatch sources check`: an address in, a trial of it over the real network, a report for people or scripts out."""

from __future__ import annotations

import asyncio
import logging
import shlex
from pathlib import Path

from pydantic import ValidationError

from crawler.check import check_source
from crawler.settings import CrawlerSettings
from crawler.sources.settings import SourceSettings
from crawler.sources.trial import SourceReport
from tipwatch.cli.show import moment, print_fields, print_text
from tipwatch.config.load import load_config
from tipwatch.config.problems import first_message
from tipwatch.config.selection import all_sources, find_source
from tipwatch.errors import BadInput, ExitCode
from tipwatch.text import escape_controls


def check_address(url: str, file: Path) -> tuple[SourceReport, str | None]:
    """Tries an address with the limits, addresses and credentials of a configuration; with the defaults where the
    file is missing, so that sources can be tried before there is any. Gives the report, and the name of the source
    that the configuration has for what was found.

    Raises:
        BadInput: the address is none that may be watched.
        ConfigError: the file is there, and broken.
    """
    known: tuple[SourceSettings, ...] = ()
    settings = CrawlerSettings()
    if file.exists():
        configuration = load_config(file, is_for_mail=False)
        settings = configuration.crawler
        known = all_sources(configuration.settings)
    log = logging.getLogger("crawler")
    level = log.level
    log.setLevel(logging.CRITICAL)  # the report says it all
    try:
        report = asyncio.run(check_source(url, settings, source=find_source(known, url)))
    except ValueError as error:
        reason = first_message(error) if isinstance(error, ValidationError) else error
        raise BadInput(f"{url} cannot be watched: {reason}") from error
    finally:
        log.setLevel(level)
    found = find_source(known, report.source_url)
    return report, None if found is None else found.label


def print_report(report: SourceReport, known_as: str | None) -> ExitCode:
    """Prints a report for people, with how to watch what is not `known_as` a source; `NEEDS_A_PERSON` where there is
    nothing to watch."""
    fields: list[tuple[str, object]] = [("address", report.source_url)]
    if report.kind is not None:
        fields += [
            ("kind", report.kind),
            ("title", report.title),
            ("language", report.language or "not stated"),
            ("entries", report.entries),
            ("latest", moment(report.latest_at) if report.latest_at else "without a date"),
        ]
    print_fields(fields)
    for entry in report.latest:
        published = moment(entry.published_at) if entry.published_at else "without a date"
        print(f"  {published:20}  {escape_controls(entry.title or entry.url)}")
    for feed in report.feeds:
        print(f"another feed: {escape_controls(feed.url)}  {escape_controls(feed.title)}")
    for problem in report.problems:
        print(f"note: {escape_controls(problem)}")
    if report.suggestion is None:
        print("There is nothing to watch at this address.")
        return ExitCode.NEEDS_A_PERSON
    if known_as is not None:
        print(f"It is in config.yaml already, as {escape_controls(known_as)!r}.")
        return ExitCode.DONE
    print("\nFor `sources:` in config.yaml:\n")
    print_text(report.suggestion, indent="  ")
    kind = [] if report.kind == "feed" else ["--kind", str(report.kind)]
    print(f"\nOr: {escape_controls(shlex.join(['tipwatch', 'sources', 'add', report.source_url, *kind]))}")
    return ExitCode.DONE
