"""`tipwatch undo`: what people decided, and taking it back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, LimitOption, WhyOption, decided, load, open_database
from tipwatch.cli.show import print_json, print_records

if TYPE_CHECKING:
    from storage.corrections.undo import PersonsDecision


def undo(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="ID", help="Number of the decision to take back; lists them unless given.")
    ] = None,
    *,
    config: ConfigOption = None,
    reason: WhyOption = "",
    limit: LimitOption = 20,
    json: JsonOption = False,
) -> None:
    """Take back a person's decision: a label, a fact set by hand, a merge, a split. Without an ID, list them.

    This restores what was there before, ids included, and nobody gets the same news twice. The history keeps what was
    undone.

    Examples: `tipwatch undo`, `tipwatch undo 17 --why "the wrong project"`
    """
    from storage.corrections.undo import list_decisions, undo_decision

    with open_database(load(context, config)) as database:
        if number is not None:
            undone = database.write_now(undo_decision, number, by=decided(reason))
            if json:
                print_json(asdict(undone))
            else:
                print(f"Undone: {_in_words(undone)}.")
            return
        with database.reading() as connection:
            found = list_decisions(connection, limit)
    print_records(
        found,
        ("id", "when", "who", "what", "about", "was", "is now", "why"),
        lambda one: (
            one.id,
            one.at,
            one.who,
            f"{one.kind} (undone)" if one.is_undone else one.kind,
            one.about,
            one.was,
            one.is_now,
            one.why,
        ),
        empty="Nothing has been corrected yet.",
        is_json=json,
    )


def _in_words(one: PersonsDecision) -> str:
    changed = f", {one.was or 'nothing'} → {one.is_now or 'nothing'}" if one.was or one.is_now else ""
    return f"{one.kind} of {one.about}{changed}"
