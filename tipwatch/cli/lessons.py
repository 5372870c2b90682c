"""What people corrected in the register, as lessons for `tipwatch train`, and what they make of the model, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tipwatch.cli.common import load, open_database
from tipwatch.errors import BadInput
from tipwatch.text import counted

if TYPE_CHECKING:
    from classifier.evaluation.comparison import Comparison
    from storage.corrections.training_records import Corrections

__all__ = ["comparison_json", "print_comparison", "read_lessons_of"]


def read_lessons_of(context: typer.Context, config: Path | None) -> Corrections:
    """The lessons in the database of a configuration.

    Raises:
        BadInput: nobody has corrected an article whose text is kept.
    """
    from storage.corrections.training_records import read_corrections

    with open_database(load(context, config)) as database, database.reading() as connection:
        lessons = read_corrections(connection)
    if not lessons.records:
        kept = f" whose text is kept ({lessons.without_text} without)" if lessons.without_text else ""
        hint = 'label some first: tipwatch articles label ID not-new-project --why "a workshop"'
        raise BadInput(f"nobody has labelled an article{kept} or fixed a fact yet", hint)
    return lessons


def comparison_json(lessons: Corrections, comparison: Comparison) -> dict[str, Any]:
    """The comparison for scripts."""
    return {
        "labelled": len(lessons.records),
        "labelled_without_text": lessons.without_text,
        "judged": comparison.judged,
        "mistakes_before": comparison.mistakes_before,
        "mistakes_after": comparison.mistakes_after,
        "f1": {
            change.name: {"before": round(change.before, 4), "after": round(change.after, 4)}
            for change in comparison.changes
        },
        "worse": [change.name for change in comparison.falls],
    }


def print_comparison(lessons: Corrections, comparison: Comparison) -> None:
    """The comparison for people, and what it means."""
    count = len(lessons.records)
    print(f"{counted(count, 'article')} labelled or with fixed facts in the register.")
    if lessons.without_text:
        print(f"{lessons.without_text} more are left out: their text is no longer kept.")
    print(
        f"Mistakes on them: {comparison.mistakes_before} without learning from them, {comparison.mistakes_after} after."
    )
    print(f"\n{'F1, cross-validated':22}{'without':>9}{'with':>9}{'change':>9}")
    for change in comparison.changes:
        name = change.name.replace("_", " ")
        print(f"{name:22}{change.before:>9.3f}{change.after:>9.3f}{change.after - change.before:>+9.3f}")
    print()
    for change in comparison.falls:
        name = change.name.replace("_", " ")
        print(f"Worse: {name}, by {change.before - change.after:.3f}.")
    if comparison.falls:
        print("Refused; nothing was written. Check the latest labels, and whether they fit the texts.")
