"""Candidates for facts of labelled records, each with whether it agrees with the label: what models learn from.

In: labelled records, and what was gathered from their texts. Out: for each kind of fact its candidates' features and
whether each is right. A candidate that is right in part teaches nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from classifier.corpus import Record, document_of
from classifier.entities.matching import is_same_name, is_same_organisation, is_whole_name
from classifier.extraction.amounts.features import sum_value
from classifier.extraction.candidates import Candidate
from classifier.extraction.encoder_evidence import Scorer
from classifier.extraction.extractor import Extracted, extract_candidates
from classifier.extraction.roles.entities import Entity
from classifier.schema import ROLES

Sample = tuple[list[str], bool]
"""The features of a candidate, and whether it is right."""

Labelled = tuple[Candidate | Entity, bool]
"""A candidate, and whether it is right."""

_NEARLY_ALL = 0.7
"""Of a name's letters: a candidate that holds less is a part of it, and one in which it is less holds much besides."""


def extract_record(record: Record, scorer: Scorer | None = None) -> Extracted:
    """All candidates of a record's document, with what a scorer says of them: if None, encoders that saw nothing of its
    story."""
    return extract_candidates(document_of(record), record.get("lang") or "en", scorer=scorer or record.get("encoder"))


def samples(record: Record, gathered: Extracted) -> dict[str, list[Sample]]:
    """For each kind of fact the record's candidates: their features and whether the label agrees."""
    return {
        kind: [(one.features, is_right) for one, is_right in labelled]
        for kind, labelled in label_candidates(record, gathered).items()
    }


def label_candidates(record: Record, gathered: Extracted) -> dict[str, list[Labelled]]:
    """For each kind of fact the record's candidates, each with whether the label agrees.

    A project without a field says nothing of that kind, unlike one whose field is null or empty.
    """
    project = record["project"]
    table: dict[str, list[Labelled]] = {}
    if "countries" in project:
        wanted = set(project["countries"])
        table["countries"] = [(one, one.value in wanted) for one in gathered.countries]
    if "amount" in project:
        table["amount"] = [(one, _is_amount(project, one)) for one in gathered.sums]
    if "duration_months" in project:
        months = project["duration_months"]
        table["duration_months"] = [(one, one.value == months) for one in gathered.lengths]
    if "people" in project:
        table["people"] = [(one, one.value == project["people"]) for one in gathered.people]
    for kind, found in (("start", gathered.starts), ("end", gathered.ends)):
        if kind in project:
            table[kind] = [(one, _is_date(project[kind], str(one.value))) for one in found]
    if "name" in project:
        table["name"] = _name_rows(project["name"], gathered.names)
    for role in ROLES:
        if role in project:
            table[role] = _role_rows(project[role], gathered.entities)
    return table


def _role_rows(wanted: Sequence[str], entities: Sequence[Entity]) -> list[Labelled]:
    """Organisations for a role. One that holds only a word of a wanted name, which another gives whole, is left out."""
    alike = [[is_same_organisation(one, entity.name) for one in wanted] for entity in entities]
    whole = [[is_whole_name(one, entity.name) for one in wanted] for entity in entities]
    known = [any(row[at] for row in whole) for at in range(len(wanted))]
    rows: list[Labelled] = []
    for at, entity in enumerate(entities):
        if any(whole[at]):
            rows.append((entity, True))
        elif not any(alike[at]):
            rows.append((entity, False))
        elif not all(known[step] for step, is_alike in enumerate(alike[at]) if is_alike):
            rows.append((entity, True))
    return rows


def _name_rows(name: str | None, candidates: Sequence[Candidate]) -> list[Labelled]:
    """Candidates for the name: right are those that are the name and nearly all of it; a mere part is left out, and so
    is what holds much else besides, as a headline may."""
    rows: list[Labelled] = []
    for one in candidates:
        is_same = bool(name) and is_same_name(str(name), str(one.value))
        if is_same and len(str(one.value)) * _NEARLY_ALL > len(str(name)):
            continue
        if (
            is_same
            and len(str(one.value)) < _NEARLY_ALL * len(str(name))
            and any(
                is_same_name(str(name), str(other.value)) and len(str(other.value)) > len(str(one.value))
                for other in candidates
            )
        ):
            continue
        rows.append((one, is_same))
    return rows


def _is_amount(project: Mapping[str, Any], candidate: Candidate) -> bool:
    amount, currency, _ = sum_value(candidate)
    wanted = project["amount"]
    return wanted is not None and currency == project["currency"] and abs(amount - wanted) <= 0.01 * abs(wanted)


def _is_date(wanted: str | None, found: str) -> bool:
    if not wanted:
        return False
    shared = min(len(wanted), len(found))
    return shared >= 4 and wanted[:shared] == found[:shared]
