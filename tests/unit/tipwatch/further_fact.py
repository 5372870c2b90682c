"""Adds a fact as docs/extend/add-a-fact.md says, by a row and a field, and prints where it comes out, as JSON.

Run as a process of its own: the row has to stand before any other module reads `FACTS`.
"""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import make_dataclass
from typing import Any, cast

from classifier import schema

SHELTERS = schema.FactSpec(cast("Any", "shelters"), "number", "shelters", unit="shelters")


def add_fact() -> None:
    """The row and the field."""
    schema.FACTS = (*schema.FACTS, SHELTERS)
    schema.FACT_NAMES = tuple(spec.name for spec in schema.FACTS)
    from classifier import document

    field = ("shelters", int | None, None)
    document.Facts = make_dataclass(  # type: ignore[misc, assignment]  # stands for a line in the class
        "Facts", [field], bases=(document.Facts,), frozen=True, slots=True
    )


def tell() -> dict[str, Any]:
    """What becomes of the fact, of which two articles say 1,200 and one 900."""
    from alerts.digest.cards import make_card
    from alerts.i18n.translator import translator_for
    from classifier.document import Facts
    from classifier.evaluation.scoring import score_predictions
    from classifier.verdict_json import facts_from_json, facts_to_json
    from storage.corrections.facts import FIXABLE
    from storage.projects.export import csv_lines, export_rows
    from storage.register.merge.facts import MergedFacts, merge_claims
    from storage.register.merge.values import list_claims
    from tests.support.project_examples import project, source
    from tipwatch.cli.project_views import print_project

    stated = [facts_from_json(facts_to_json(cast("Any", Facts)(shelters=number))) for number in (900, 1200, 1200)]
    claims = [claim for number, facts in enumerate(stated, start=1) for claim in list_claims(number, facts)]
    stored = json.loads(json.dumps(merge_claims(claims, {}).as_json()))
    told = project(
        source(1, "The Herald"), source(2, "Gazette"), source(3, "Mirror"), facts=MergedFacts.from_json(stored)
    )
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        print_project(told)
    answer = {"lang": "en", "relevant": True, "new_project": True, "project": stated[1].as_project()}
    scores = score_predictions([answer], [{**answer, "relevance": 1.0, "new_project_probability": 1.0, "topic": None}])
    return {
        "card": [(line.label, line.value, line.others) for line in make_card(told, translator_for("en")).facts],
        "csv": b"".join(csv_lines([told])).decode("utf-8-sig"),
        "json": export_rows([told])[0]["shelters"],
        "shown": shown.getvalue(),
        "right": scores.facts["shelters"].right,
        "fixable": "shelters" in FIXABLE,
    }


if __name__ == "__main__":
    add_fact()
    print(json.dumps(tell()))
