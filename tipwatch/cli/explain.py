"""A verdict in words: what it is, what decided, and which sentences state the facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from classifier.document import Evidence, Facts, Reason, Verdict
from classifier.schema import FACTS
from tipwatch.cli.show import bold, print_fields
from tipwatch.text import one_line, shorten

LONGEST_SENTENCE = 240  # enough to recognise it; the article has the rest
REASONS_SHOWN = 8  # a side; those behind weigh next to nothing

TITLE_ONLY = (
    "; judged by its headline alone",
    "; judged by its headline alone, until a text or a second outlet supports it",
)
"""Of what could be judged by its title only: where that falls short, and where it would be enough."""

DOES_SHOWN = {
    "start": "reads like news that a project starts",
    "facts": "reads like facts of a new project",
    "running": "reads like news of a running or finished project",
    "more": "reads like more support for a running project",
    "intention": "reads like an intention",
    "gift": "reads like a gift",
    "event": "reads like news of an event",
    "call": "reads like a call for applications or tenders",
    "person": "reads like news of a person",
    "law": "reads like law or policy",
    "figures": "reads like figures or findings",
    "crime": "reads like news of a crime",
    "statement": "reads like an opinion, an appeal or thanks",
    "background": "reads like background",
    "other": "reads like something else",
}
"""How what a sentence does (`classifier.document.SENTENCE_ROLES`) is told."""


def print_verdict(
    title: str, verdict: Verdict, *, said_relevant: bool | None = None, said_new: bool | None = None
) -> None:
    """Prints a verdict for a person; whatever it quotes from outside stays on its line. What a person said of either
    question stands in place of the answer."""
    print(bold(one_line(title)))
    known = "" if verdict.is_language_known else " (no lexicon for it: facts are read from figures and names)"
    print_fields(
        [
            ("relevant", _decision(verdict.is_relevant, verdict.relevance, verdict.relevance_band, said_relevant)),
            (
                "new project",
                _decision(verdict.is_new_project, verdict.new_project_probability, verdict.new_project_band, said_new)
                + (TITLE_ONLY[verdict.awaits_support] if verdict.is_title_only else ""),
            ),
            ("topic", verdict.topic),
            ("language", f"{verdict.lang}{known}"),
        ]
    )
    for about, heading in (("relevant", "What decided relevance"), ("new_project", "What decided new project")):
        reasons = [reason for reason in verdict.reasons if reason.about == about]
        if reasons:
            print(f"\n{bold(heading)}")
            for line in _reasons(reasons):
                print(line)
    told = [one.facts for one in (verdict, *verdict.others) if one.facts is not None]
    for number, facts in enumerate(told, start=1):
        of = f" (project {number} of {len(told)})" if len(told) > 1 else ""
        lines = list(fact_lines(facts))
        if lines:
            print(f"\n{bold(f'Facts, each with the sentence that states it{of}')}")
            for line in lines:
                print(line)


def fact_lines(facts: Facts) -> Iterator[str]:
    """`label  value` and, indented, the sentences that state it."""
    values: dict[str, object] = {**facts.as_project(), "amount": _amount(facts)}
    for spec in FACTS:
        value = values[spec.name]
        if value in (None, [], ""):
            continue
        doubtful = facts.doubtful.get(spec.name, ())
        if isinstance(value, list):
            text = "; ".join(f"perhaps {one}" if one in doubtful else one for one in value)
        else:
            text = f"perhaps {value}" if doubtful else str(value)
        yield f"{spec.label:<10}  {one_line(text)}"
        for sentence in _sentences(facts.evidence.get(spec.name, ())):
            yield f"{'':<10}    “{sentence}”"


def _amount(facts: Facts) -> str:
    if facts.amount is None:
        return ""
    guessed = " (currency guessed)" if facts.is_currency_uncertain else ""
    return f"{facts.currency or '?'} {facts.amount:,.0f}{guessed}"


def _decision(is_it: bool, probability: float, band: str, said: bool | None) -> str:
    if said is not None:
        return f"{'yes' if said else 'no'}, a person says so (judged {probability:.0%})"
    unsure = " (uncertain: shown as maybe)" if band == "maybe" else ""
    return f"{'yes' if is_it else 'no'}, {probability:.0%}{unsure}"


def _reasons(reasons: Sequence[Reason]) -> Iterator[str]:
    for sign, side in (("+", [r for r in reasons if r.weight >= 0]), ("-", [r for r in reasons if r.weight < 0])):
        for reason in sorted(side, key=lambda r: -abs(r.weight))[:REASONS_SHOWN]:
            what = DOES_SHOWN.get(reason.does) or one_line(reason.words)
            sentence = shorten(reason.evidence.text, LONGEST_SENTENCE) if reason.evidence else ""
            if sentence.startswith(what):  # the words only say which sentence it is
                what = ""
            said = "  ".join(filter(None, (what, f"“{sentence}”" if sentence else "")))
            yield f"  {sign}{abs(reason.weight):.2f}  {said}"


def _sentences(evidence: Sequence[Evidence]) -> list[str]:
    return list(dict.fromkeys(shorten(one.text, LONGEST_SENTENCE) for one in evidence))
