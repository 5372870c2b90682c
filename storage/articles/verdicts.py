"""How verdicts are kept: as JSON in which every sentence stands once, whatever it is evidence of.

A `Verdict` goes in, plain lists and dictionaries come out, and back. One sentence of an article is often evidence of
half a dozen reasons and facts; written out each time, verdicts were most of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from classifier.document import Evidence, Facts, Verdict
from classifier.verdict_json import facts_to_json, verdict_from_json

PASSAGES = "passages"
"""The key under which the sentences stand, as lists of text, part, start and end."""

_FIELDS = ("text", "part", "start", "end")
_NO_FACTS = facts_to_json(Facts())
_PLAIN = tuple(field.name for field in fields(Verdict) if field.name not in ("reasons", "facts", "elsewhere", "others"))


class Passages:
    """Sentences, each once, in the order they came; a sentence is given back as its number."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, *passage: Any) -> int:
        """The number of a sentence: its text, part, start and end, and what else tells it from others."""
        number = self._numbers.setdefault(passage, len(self.rows))
        if number == len(self.rows):
            self.rows.append(list(passage))
        return number


def pack_verdict(verdict: Verdict) -> dict[str, Any]:
    """The verdict as it is stored, JSON-ready; `unpack_verdict(pack_verdict(v)) == v`, also through JSON, but for the
    verdicts of further projects (`others`), which are stored as articles of their own.

    Field by field, since `dataclasses.asdict`, which copies deeply, was a fifth of what registering an article cost.
    """
    passages = Passages()

    def add(evidence: Evidence) -> int:
        return passages.add(evidence.text, evidence.part, evidence.start, evidence.end)

    packed = {name: getattr(verdict, name) for name in _PLAIN}
    packed["reasons"] = [
        [r.about, r.words, r.weight, None if r.evidence is None else add(r.evidence), *([r.does] if r.does else ())]
        for r in verdict.reasons
    ]
    if verdict.elsewhere:
        packed["elsewhere"] = [list(span) for span in verdict.elsewhere]
    packed["facts"] = None
    if (facts := verdict.facts) is not None:
        stated = {
            **facts.as_project(),
            "is_currency_uncertain": facts.is_currency_uncertain,
            "sums": [
                {
                    "amount": s.amount,
                    "currency": s.currency,
                    "scope": s.scope,
                    "evidence": add(s.evidence),
                    "is_uncertain": s.is_uncertain,
                }
                for s in facts.sums
            ],
            "evidence": {name: [add(e) for e in found] for name, found in facts.evidence.items()},
            "probabilities": {name: dict(values) for name, values in facts.probabilities.items()},
        }
        packed["facts"] = {name: value for name, value in stated.items() if value != _NO_FACTS[name]}
    packed[PASSAGES] = passages.rows
    return packed


def unpack_verdict(stored: Mapping[str, Any]) -> Verdict:
    """The verdict again.

    Raises:
        ValueError: what is given was not made by `pack_verdict`.
    """
    try:
        plain = dict(stored)
        passages = [dict(zip(_FIELDS, row, strict=True)) for row in plain.pop(PASSAGES)]
        plain["reasons"] = [
            {
                "about": about,
                "words": words,
                "weight": weight,
                "evidence": None if at is None else passages[at],
                "does": does[0] if does else "",
            }
            for about, words, weight, at, *does in plain["reasons"]
        ]
        if plain["facts"] is not None:
            facts = plain["facts"] = {**_NO_FACTS, **plain["facts"]}
            facts["sums"] = [{**s, "evidence": passages[s["evidence"]]} for s in facts["sums"]]
            facts["evidence"] = {name: [passages[at] for at in found] for name, found in facts["evidence"].items()}
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"no stored verdict: {error}") from error
    return verdict_from_json(plain)
