"""Verdicts as JSON: how the database and the command line keep them.

In: a `Verdict`, or the dictionary made of one. Out: the other; `verdict_from_json(verdict_to_json(v)) == v`, also
through `json.dumps` and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from classifier.document import Evidence, Facts, Reason, Sum, Verdict
from classifier.schema import FACTS


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain dictionaries, lists, texts, numbers; every field present."""
    plain = asdict(verdict)
    plain["facts"] = None if verdict.facts is None else facts_to_json(verdict.facts)
    plain["reasons"] = [asdict(reason) for reason in verdict.reasons]
    plain["elsewhere"] = [list(span) for span in verdict.elsewhere]
    plain["others"] = [verdict_to_json(other) for other in verdict.others]
    return plain


def verdict_from_json(plain: Mapping[str, Any]) -> Verdict:
    """The verdict again.

    Raises:
        ValueError: what is given was not made by `verdict_to_json`.
    """
    try:
        fields = dict(plain)
        fields["reasons"] = tuple(Reason(**{**r, "evidence": _evidence(r["evidence"])}) for r in fields["reasons"])
        fields["facts"] = None if fields["facts"] is None else facts_from_json(fields["facts"])
        fields["elsewhere"] = tuple((start, end) for start, end in fields.get("elsewhere", ()))
        fields["others"] = tuple(verdict_from_json(other) for other in fields.get("others", ()))
        return Verdict(**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no verdict: {error}") from error


def facts_to_json(facts: Facts) -> dict[str, Any]:
    """Facts as plain data; every field present."""
    return {
        **facts.as_project(),
        "is_currency_uncertain": facts.is_currency_uncertain,
        "sums": [asdict(s) for s in facts.sums],
        "evidence": {name: [asdict(e) for e in found] for name, found in facts.evidence.items()},
        "probabilities": {name: dict(values) for name, values in facts.probabilities.items()},
    }


def facts_from_json(plain: Mapping[str, Any]) -> Facts:
    """Facts again.

    Raises:
        ValueError: what is given was not made by `facts_to_json`.
    """
    try:
        fields = dict(plain)
        fields |= {spec.name: tuple(fields[spec.name]) for spec in FACTS if spec.is_list}
        fields["sums"] = tuple(Sum(**{**s, "evidence": Evidence(**s["evidence"])}) for s in fields["sums"])
        fields["evidence"] = {name: tuple(Evidence(**e) for e in found) for name, found in fields["evidence"].items()}
        return Facts(**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no facts: {error}") from error


def _evidence(plain: Mapping[str, Any] | None) -> Evidence | None:
    return None if plain is None else Evidence(**plain)
