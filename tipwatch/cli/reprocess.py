"""`tipwatch reprocess`: judge and register again from stored text, after a better model or rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, load, open_database, since_at, utc_now
from tipwatch.cli.show import print_json
from tipwatch.text import counted, one_line

if TYPE_CHECKING:
    from classifier.document import Verdict
    from storage.database.engine import Database
    from storage.register.reprocess import Change


def reprocess(
    context: typer.Context,
    since: Annotated[
        str,
        typer.Option("--since", metavar="WHEN", help="Articles registered since a date (2026-11-01) or a span (30d)."),
    ],
    *,
    config: ConfigOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    json: JsonOption = False,
) -> None:
    """Judge and register stored articles again; nothing is fetched, and nothing is sent again.

    Articles and projects keep their ids, and corrections stay. All of this is one transaction; a crawl in progress
    waits for it.

    Example: `tipwatch reprocess --since 2026-11-01 --dry-run`
    """
    from classifier.judge import Judge
    from storage.register.reprocess import list_documents

    configuration = load(context, config)
    judge = Judge.load(configuration.classifier)
    at = since_at(since, utc_now())
    assert at is not None  # only where nothing was given
    with open_database(configuration) as database:
        with database.reading() as connection:
            verdicts = {id_: judge.judge(document) for id_, document in list_documents(connection, at)}
        changes = _write(database, verdicts, is_dry_run=dry_run)
    if json:
        rows = [{"article": c.article_id, "title": c.title, "was": c.was, "is_now": c.is_now} for c in changes]
        print_json({"articles": len(verdicts), "is_dry_run": dry_run, "changes": rows})
        return
    for change in changes:
        print(f"{change.article_id}  {one_line(change.title)}")
        print(f"    was:  {one_line(change.was)}")
        print(f"    now:  {one_line(change.is_now)}")
    would = "would change" if dry_run else "changed"
    print(f"{counted(len(verdicts), 'article')} judged again, {len(changes)} {would}.")


class _DryRun(Exception):  # noqa: N818  # ends a transaction, no fault
    def __init__(self, changes: list[Change]) -> None:
        super().__init__()
        self.changes = changes


def _write(database: Database, verdicts: dict[int, Verdict], *, is_dry_run: bool) -> list[Change]:
    from storage.register.reprocess import reprocess_articles

    try:
        with database.writing() as connection:
            changes = reprocess_articles(connection, verdicts, utc_now())
            if is_dry_run:
                raise _DryRun(changes)
    except _DryRun as ended:
        return ended.changes
    return changes
