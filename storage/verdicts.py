"""How verdicts are kept: as JSON in which every sentence stands once, whatever it is evidence of.

A `Verdict` goes in, plain lists and dictionaries come out, and back. One sentence of an article is often evidence of
half a dozen reasons and facts; written out each time, verdicts were most of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.document import Facts, Verdict
from classifier.verdict_json import facts_to_json, verdict_from_json, verdict_to_json

__all__ = ["PASSAGES", "Passages", "pack_verdict", "read_passages", "unpack_verdict"]

PASSAGES = "passages"
"""The key under which the sentences stand, as lists of text, part, start and end."""

_FIELDS = ("text", "part", "start", "end")
_NO_FACTS = facts_to_json(Facts())


class Passages:
    """Sentences, each once, in the order they came; a sentence is given back as its number."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, passage: Mapping[str, Any], *further: str) -> int:
        """The number of a sentence; `further` names fields it has beside text, part, start and end."""
        row = [passage.get(field) for field in (*_FIELDS, *further)]
        number = self._numbers.setdefault(tuple(row), len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
        return number


def pack_verdict(verdict: Verdict) -> dict[str, Any]:
    """The verdict as it is stored, JSON-ready; `unpack_verdict(pack_verdict(v)) == v`, also through JSON."""
    plain = verdict_to_json(verdict)
    passages = Passages()
    reasons = plain["reasons"]
    plain["reasons"] = [
        [r["about"], r["words"], r["weight"], None if r["evidence"] is None else passages.add(r["evidence"])]
        for r in reasons
    ]
    facts = plain["facts"]
    if facts is not None:
        facts["sums"] = [{**s, "evidence": passages.add(s["evidence"])} for s in facts["sums"]]
        facts["evidence"] = {name: [passages.add(e) for e in found] for name, found in facts["evidence"].items()}
        plain["facts"] = {name: value for name, value in facts.items() if value != _NO_FACTS[name]}
    plain[PASSAGES] = passages.rows
    return plain


def unpack_verdict(stored: Mapping[str, Any]) -> Verdict:
    """The verdict again.

    Raises:
        ValueError: what is given was not made by `pack_verdict`.
    """
    try:
        plain = dict(stored)
        passages = [dict(zip(_FIELDS, row, strict=True)) for row in plain.pop(PASSAGES)]
        plain["reasons"] = [
            {"about": about, "words": words, "weight": weight, "evidence": None if at is None else passages[at]}
            for about, words, weight, at in plain["reasons"]
        ]
        if plain["facts"] is not None:
            facts = plain["facts"] = {**_NO_FACTS, **plain["facts"]}
            facts["sums"] = [{**s, "evidence": passages[s["evidence"]]} for s in facts["sums"]]
            facts["evidence"] = {name: [passages[at] for at in found] for name, found in facts["evidence"].items()}
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ValueError(f"no stored verdict: {error}") from error
    return verdict_from_json(plain)


def read_passages(stored: Mapping[str, Any]) -> dict[tuple[str, int, int], str]:
    """The sentences of a stored verdict by part, start and end."""
    return {(part, start, end): text for text, part, start, end in stored.get(PASSAGES, ())}
