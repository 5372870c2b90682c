"""Writes what was measured into the docs: `python -m benchmarks.accuracy_pages CORPUS KEPT_APART`.

In: what `tipwatch evaluate --json` and `tipwatch evaluate --held-out --json` printed, each in a file, and (`--real`)
what the latter printed of real pages, which are not part of the project. Out: the tables of `docs/accuracy.md` and
`docs/model-card.md` anew, between their marks. `make accuracy` does all of it; a test compares what the pages say of
held-out articles with what the shipped model does there.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel import Locale

from classifier.evaluation.scoring import Score

Scores = Mapping[str, Any]
"""`Report.as_json()` of `classifier.evaluation.scoring`."""

_QUESTIONS = {"relevant": "about trafficking in persons", "new_project": "a new project"}
_FACTS = {
    "countries": "countries",
    "amount": "amount with currency",
    "duration_months": "duration",
    "end": "end",
    "start": "start",
    "name": "name",
    "funders": "funders",
    "implementers": "implementers",
    "people": "people to be reached",
    "partners": "partners",
}
"""In the order of what is asked of them, the highest first; others follow under their own names."""


def measured_block(scores: Scores) -> str:
    """The table of questions and facts with their bounds, and a line on probabilities and topics."""
    rows = [(told, scores[question]) for question, told in _QUESTIONS.items()]
    facts = [fact for fact in dict.fromkeys((*_FACTS, *scores["facts"])) if fact in scores["facts"]]
    rows += [(_FACTS.get(fact, fact), scores["facts"][fact]) for fact in facts]
    calibration = " and ".join(f"{scores[question]['calibration_error']:.3f}" for question in _QUESTIONS)
    return "\n".join(
        [
            "| question | precision | recall | F1 | 95% interval |",
            "| --- | --- | --- | --- | --- |",
            *(_row(told, score) for told, score in rows),
            "",
            f"Probabilities are off by {calibration} on average (expected calibration error).",
            f"{scores['topic']['right']:.0%} of topics are right.",
            *_doubt(scores.get("doubt", {})),
        ]
    )


def _doubt(doubt: Mapping[str, Scores]) -> list[str]:
    if not doubt:
        return []
    marked, others = (Score(doubt[name]["right"], doubt[name]["wrong"]) for name in ("doubtful", "others"))
    share = (marked.right + marked.wrong) / (marked.right + marked.wrong + others.right + others.wrong)
    return [
        f"{share:.0%} of the stated facts are marked as doubtful (“perhaps”): {marked.precision:.0%} of these are "
        f"right, and {others.precision:.0%} of the others."
    ]


def _row(told: str, scores: Scores) -> str:
    score = Score(scores["right"], scores["wrong"], scores["missed"])  # which were rounded already
    bounds = "{:.3f} to {:.3f}".format(*scores["f1_interval"]) if "f1_interval" in scores else "–"
    return f"| {told} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {bounds} |"


def groups_block(scores: Scores) -> str:
    """The table of both questions by group of languages and kind of source, in counts: there are few of each."""
    rows = []
    for group, found in scores["groups"].items():
        for question, told in _QUESTIONS.items():
            score = Score(found[question]["right"], found[question]["wrong"], found[question]["missed"])
            bounds = "{:.2f} to {:.2f}".format(*found[question]["f1_interval"])
            counts = f"{score.right} | {score.wrong} | {score.missed}"
            rates = f"{score.precision:.2f} | {score.recall:.2f}"
            rows.append(f"| {group} ({found['articles']}) | {told} | {rates} | {counts} | {bounds} |")
    head = "| pages | question | precision | recall | right | wrong | missed | F1, 95% interval |"
    return "\n".join([head, "| --- " * 8 + "|", *rows])


def languages_block(corpus: Scores, kept_apart: Scores) -> str:
    """The table of F1 by language, those with most articles first."""
    sets = [scores["languages"] for scores in (corpus, kept_apart)]
    known = sorted({*sets[0], *sets[1]}, key=lambda lang: (-sum(_articles(one, lang) for one in sets), lang))
    head = ["language", *("corpus", "on trafficking", "new project"), *("held out", "on trafficking", "new project")]
    rows = [
        [Locale(lang).get_display_name("en") or lang, *_cells(sets[0], lang), *_cells(sets[1], lang)] for lang in known
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _articles(languages: Mapping[str, Scores], lang: str) -> int:
    return int(languages[lang]["articles"]) if lang in languages else 0


def _cells(languages: Mapping[str, Scores], lang: str) -> list[str]:
    if lang not in languages:
        return ["0", "–", "–"]
    return [str(_articles(languages, lang)), *(f"{languages[lang][question]['f1']:.2f}" for question in _QUESTIONS)]


def with_block(page: str, name: str, block: str) -> str:
    """The page with `block` between its marks `<!-- NAME -->` and `<!-- /NAME -->`.

    Raises:
        ValueError: the page has no such marks, or has them twice.
    """
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    changed, times = pattern.subn(lambda marks: f"{marks[1]}{block}{marks[2]}", page)
    if times != 1:
        raise ValueError(f"the page holds the marks <!-- {name} --> and <!-- /{name} --> {times} times, not once")
    return changed


def main() -> None:
    """Writes the tables of both pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="what `tipwatch evaluate --json` printed")
    parser.add_argument("kept_apart", type=Path, help="what `tipwatch evaluate --held-out --json` printed")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the folder of the pages (docs)")
    parser.add_argument("--real", type=Path, help="what `tipwatch evaluate --held-out REAL --json` printed")
    arguments = parser.parse_args()
    corpus, kept_apart = (json.loads(file.read_text()) for file in (arguments.corpus, arguments.kept_apart))
    blocks = {
        "accuracy.md": {"corpus": measured_block(corpus), "kept-apart": measured_block(kept_apart)},
        "model-card.md": {"languages": languages_block(corpus, kept_apart)},
    }
    if arguments.real:
        blocks["accuracy.md"]["real"] = groups_block(json.loads(arguments.real.read_text()))
    for name, of_page in blocks.items():
        path = arguments.docs / name
        page = path.read_text(encoding="utf-8")
        for mark, block in of_page.items():
            page = with_block(page, mark, block)
        path.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
