"""`tipwatch projects`: the register of counter-trafficking projects, and a person's corrections to it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import (
    ConfigOption,
    JsonOption,
    LimitOption,
    OffsetOption,
    OutOption,
    SinceOption,
    WhyOption,
    decided,
    load,
    open_database,
    since_at,
    utc_now,
)
from tipwatch.cli.show import print_json, print_records, write_out
from tipwatch.errors import BadInput
from tipwatch.text import counted

if TYPE_CHECKING:
    from storage.projects.listing import ProjectFilter
    from storage.projects.projects import Project

group = typer.Typer(no_args_is_help=True, help="The register of projects: view, correct, export.")

IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="A project's id, such as P-7K2M4Q; old ids of merged ones work too.")
]
WordsArgument = Annotated[
    str | None, typer.Argument(metavar="WORDS", help="Only projects with these words.", show_default=False)
]
CountryOption = Annotated[
    str | None, typer.Option("--country", metavar="CODE", help="Only those in this country, e.g. BI.")
]
FunderOption = Annotated[
    str | None, typer.Option("--funder", metavar="NAME", help="Only those that this funder pays for.")
]
ImplementerOption = Annotated[
    str | None, typer.Option("--implementer", metavar="NAME", help="Only those that this organisation runs.")
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Only those reported in this language.")
]

LeastOption = Annotated[
    float | None,
    typer.Option("--least", metavar="USD", min=0, help="Only those of at least this amount, at yearly rates."),
]
MostOption = Annotated[
    float | None,
    typer.Option("--most", metavar="USD", min=0, help="Only those of at most this amount, at yearly rates."),
]
RunningOption = Annotated[
    int | None,
    typer.Option("--running-in", metavar="YEAR", min=1900, max=2099, help="Only those that run in this year."),
]
LABELS = ("new-project", "not-new-project")

FURTHER_FORMATS = ("iati", "datapackage")
EXPORT_PAGE = 500  # projects read at a time, so that memory does not grow with the register


@group.command("list")
def list_(
    context: typer.Context,
    text: WordsArgument = None,
    *,
    config: ConfigOption = None,
    country: CountryOption = None,
    funder: FunderOption = None,
    implementer: ImplementerOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    least: LeastOption = None,
    most: MostOption = None,
    running_in: RunningOption = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only those whose articles contradict each other.")
    ] = False,
    refuted: Annotated[
        bool, typer.Option("--refuted", help="Only those labelled not-new-project, which are otherwise left out.")
    ] = False,
    limit: LimitOption = 50,
    offset: OffsetOption = 0,
    json: JsonOption = False,
) -> None:
    """List projects, newest first (best match first if words are given).

    Examples: `tipwatch projects list --country BI`, `tipwatch projects list "shelter" --since 30d`
    """
    from storage.projects.listing import list_projects
    from tipwatch.cli.project_views import as_record, table_row

    asked = _filter(context)
    with open_database(load(context, config)) as database, database.reading() as connection:
        found = list_projects(connection, asked, limit=limit, offset=offset)
    headings = ("id", "first seen", "countries", "amount", "run by", "articles", "project")
    print_records(found, headings, table_row, empty="No project matches.", is_json=json, as_json=as_record)


@group.command("show")
def show(context: typer.Context, project: IdArgument, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Show a project: its facts and who states them, conflicts, every article, and its history.

    Example: `tipwatch projects show P-7K2M4Q`
    """
    from storage.projects.history import list_history
    from storage.projects.projects import get_project

    with open_database(load(context, config)) as database, database.reading() as connection:
        found = get_project(connection, project)
        history = list_history(connection, project) if found is not None else []
    if found is None:
        raise BadInput(f"there is no project {project}", "see `tipwatch projects list`")
    if json:
        from tipwatch.cli.project_views import as_record

        entries = [
            {"number": one.number, "at": one.at, "kind": one.kind, "who": one.who, "why": one.why, "what": one.what}
            for one in history
        ]
        print_json({**as_record(found), "history": entries})
        return
    from tipwatch.cli.project_views import print_corrections, print_history, print_project

    print_project(found)
    print_history(history)
    print_corrections(found)


@group.command("merge")
def merge(
    context: typer.Context,
    project: IdArgument,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The project that is the same; its id keeps working.")],
    config: ConfigOption = None,
    reason: WhyOption = "",
) -> None:
    """Merge two projects that are the same. `tipwatch undo` takes it back.

    Example: `tipwatch projects merge P-7K2M4Q P-9X3ABC --why "same grant"`
    """
    from storage.corrections.projects import merge_projects

    with open_database(load(context, config)) as database:
        kept = database.write_now(merge_projects, project, other, by=decided(reason))
    print(f"{other} is now part of {kept.public_id} ({counted(len(kept.sources), 'article')}).")


@group.command("split")
def split(
    context: typer.Context,
    project: IdArgument,
    article: Annotated[
        int, typer.Argument(metavar="ARTICLE", help="Number of the article that does not belong to it.")
    ],
    config: ConfigOption = None,
    reason: WhyOption = "",
) -> None:
    """Take an article out of a project; the two stay apart from then on. `tipwatch undo` takes it back.

    Example: `tipwatch projects split P-7K2M4Q 1042 --why "the second phase"`
    """
    from storage.corrections.projects import split_article

    with open_database(load(context, config)) as database:
        fresh = database.write_now(split_article, project, article, by=decided(reason))
    where = f"is now project {fresh.public_id}" if fresh is not None else "is now a story of its own"
    print(f"Article {article} {where}.")


@group.command("fix")
def fix(
    context: typer.Context,
    project: IdArgument,
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD",
            help="A fact as exports name it, such as funders or start, or iati_id; a wrong name lists them all.",
        ),
    ],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help='The right value: "USD 3000000", "2019-04", "BI; RW"; "" for none.')
    ],
    *,
    config: ConfigOption = None,
    reason: WhyOption = "",
) -> None:
    """Set a fact by hand. It replaces what articles say, until `tipwatch undo` takes it back.

    Example: `tipwatch projects fix P-7K2M4Q amount "USD 3000000" --why "grant agreement"`
    """
    from storage.corrections.facts import fix_fact

    with open_database(load(context, config)) as database:
        fixed = database.write_now(fix_fact, project, field.replace("-", "_"), value or None, by=decided(reason))
    claims = getattr(fixed.facts, field.replace("-", "_"), None)
    shown = fixed.iati_id if claims is None else "; ".join(claim.shown for claim in claims)
    print(f"{fixed.public_id}: {field} is {shown or 'empty'} now.")


@group.command("label")
def label(
    context: typer.Context,
    project: IdArgument,
    word: Annotated[str, typer.Argument(metavar="LABEL", help="new-project or not-new-project.")],
    config: ConfigOption = None,
    reason: WhyOption = "",
) -> None:
    """Say whether a project really is a new project. This labels all its articles, for `tipwatch train` to learn from.

    A project labelled `not-new-project` is no longer announced to anybody.

    Example: `tipwatch projects label P-7K2M4Q not-new-project --why "a workshop"`
    """
    from storage.corrections.projects import label_project
    from tipwatch.config.problems import did_you_mean

    if word not in LABELS:
        raise BadInput(f"unknown label {word!r}", did_you_mean(word, LABELS))
    with open_database(load(context, config)) as database:
        labelled = database.write_now(label_project, project, is_new_project=word == "new-project", by=decided(reason))
    print(f"{labelled.public_id} with its {counted(len(labelled.sources), 'article')} is labelled {word}.")


@group.command("export")
def export(
    context: typer.Context,
    text: WordsArgument = None,
    *,
    config: ConfigOption = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="csv, json, xlsx, iati (activities of IATI 2.03) or datapackage (Frictionless; --out names a folder). "
            "Without it the file's ending decides (.xml is iati), else csv.",
        ),
    ] = None,
    out: OutOption = None,
    country: CountryOption = None,
    funder: FunderOption = None,
    implementer: ImplementerOption = None,
    language: LanguageOption = None,
    since: SinceOption = None,
    least: LeastOption = None,
    most: MostOption = None,
    running_in: RunningOption = None,
) -> None:
    """Export projects with their facts, organisations' identifiers, dates and sources (docs/export.md).

    Cells that a spreadsheet would run as formulas are written as text.

    Examples: `tipwatch projects export --out projects.xlsx`, `tipwatch projects export --format datapackage --out data`
    """
    from storage.projects.export import FORMATS, export_projects
    from storage.projects.export_iati import write_iati
    from storage.projects.export_package import write_package
    from tipwatch.config.problems import did_you_mean

    ending = out.suffix.lstrip(".").lower() if out is not None else ""
    chosen = (form or {"xml": "iati"}.get(ending, ending) or "csv").lower()
    file_format = next((known for known in FORMATS if known == chosen), None)
    if file_format is None and chosen not in FURTHER_FORMATS:
        raise BadInput(f"unknown format {chosen!r}", did_you_mean(chosen, (*FORMATS, *FURTHER_FORMATS)))
    if chosen == "datapackage" and out is None:
        raise BadInput("a data package is a folder", "name it: --out projects")
    if chosen == "xlsx" and out is None and sys.stdout.isatty():
        raise BadInput("xlsx is not for a terminal", "name a file: --out projects.xlsx")
    asked = _filter(context)
    with open_database(load(context, config)) as database, database.reading() as connection:
        found = _all(connection, asked)
    if chosen == "iati" and not found:
        raise BadInput("no project matches", "an IATI file holds at least one activity")
    if file_format is not None:
        write_out(export_projects(found, file_format), out)
    elif out is None or chosen == "iati":
        write_out(write_iati(found, utc_now()), out)
    else:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in write_package(found, utc_now()).items():
            write_out(content, out / name)
    if out is not None:
        print(f"{counted(len(found), 'project')} exported.", file=sys.stderr)


def _all(connection: object, asked: ProjectFilter) -> list[Project]:
    from storage.projects.listing import list_projects

    found: list[Project] = []
    while page := list_projects(connection, asked, limit=EXPORT_PAGE, offset=len(found)):  # type: ignore[arg-type]  # a Connection; imported late
        found.extend(page)
    return found


def _filter(context: typer.Context) -> ProjectFilter:
    """What the options of `list` and `export` ask for; those that only `list` has may be missing."""
    from storage.codes import read_country, read_language
    from storage.projects.listing import ProjectFilter

    given = context.params
    least, most = given["least"], given["most"]
    if least is not None and most is not None and least > most:
        raise BadInput(f"no sum is at least {least:g} and at most {most:g}", "give --least the smaller sum of the two")
    return ProjectFilter(
        text=given["text"],
        country=read_country(given["country"]) if given["country"] else None,
        funder=given["funder"],
        implementer=given["implementer"],
        language=read_language(given["language"]) if given["language"] else None,
        since_at=since_at(given["since"], utc_now()),
        least_dollars=least,
        most_dollars=most,
        running_in=given["running_in"],
        is_doubted=True if given.get("conflicts") else None,
        is_refuted=given.get("refuted", False),
    )
