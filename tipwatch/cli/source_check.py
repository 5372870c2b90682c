"""`tipwatch sources check`: an address in, a trial of it over the real network, a report for people or scripts out."""

from __future__ import annotations

import asyncio
import logging
import shlex
from pathlib import Path

from pydantic import ValidationError

from crawler.check import check_source
from crawler.settings import CrawlerSettings
from crawler.sources.trial import SourceReport
from tipwatch.cli.show import moment, print_fields, print_text
from tipwatch.config.load import load_config
from tipwatch.config.problems import first_message
from tipwatch.errors import BadInput, ExitCode
from tipwatch.text import escape_controls


def check_address(url: str, file: Path) -> SourceReport:
    """Tries an address with the limits, addresses and credentials of a configuration; with the defaults where the
    file is missing, so that sources can be tried before there is any.

    Raises:
        BadInput: the address is none that may be watched.
        ConfigError: the file is there, and broken.
    """
    source, settings = None, CrawlerSettings()
    if file.exists():
        configuration = load_config(file, is_for_mail=False)
        settings = configuration.crawler
        source = next((one for one in configuration.sources if one.url == url), None)
    log = logging.getLogger("crawler")
    level = log.level
    log.setLevel(logging.CRITICAL)  # the report says it all
    try:
        return asyncio.run(check_source(url, settings, source=source))
    except ValueError as error:
        reason = first_message(error) if isinstance(error, ValidationError) else error
        raise BadInput(f"{url} cannot be watched: {reason}") from error
    finally:
        log.setLevel(level)


def print_report(report: SourceReport) -> ExitCode:
    """Prints a report for people; `NEEDS_A_PERSON` where there is nothing to watch."""
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
    print("\nFor `sources:` in config.yaml:\n")
    print_text(report.suggestion, indent="  ")
    kind = [] if report.kind == "feed" else ["--kind", str(report.kind)]
    print(f"\nOr: {escape_controls(shlex.join(['tipwatch', 'sources', 'add', report.source_url, *kind]))}")
    return ExitCode.DONE
