"""What the worker processes are asked for by name, in a module that loads nothing by itself.

A call names its function by its module, and the worker loads that module to find it. Were these in the modules that
call them, every worker would load the HTTP library, the database's and the event loop too: 40 MB that it has no use
for (measured).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.settings import ClassifierSettings
    from crawler.feeds.document import FeedError, FetchedDocument, ParsedFeed


def prepare_worker(
    settings: ClassifierSettings | None = None, model_folder: Path | None = None, *, may_rule_out: bool = True
) -> None:
    """Loads what the calls below and `crawler.pages.read` need, once, before a worker is forked into several."""
    from crawler.pages.read import prepare
    from crawler.warm_up import warm_up_reader

    prepare(settings, model_folder, may_rule_out=may_rule_out)
    warm_up_reader()


def read_feeds(jobs: list[FetchedDocument]) -> list[ParsedFeed | FeedError]:
    """Reads documents; see `crawler.feeds.parse.parse_feeds`."""
    from crawler.feeds.parse import parse_feeds

    return parse_feeds(jobs)
