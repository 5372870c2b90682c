"""A fact of a project that a person sets by hand: it stands above all claims, whatever a later crawl finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from classifier.schema import FACT_NAMES, FACTS, FactSpec
from storage.corrections.requests import CorrectionRefused, get_corrected, require_project
from storage.projects.projects import Project
from storage.register.merge.values import key_of
from storage.register.persist.merged_view import refresh_projects
from storage.register.persist.project_rows import record_decision
from storage.tables.schema import project

FIXABLE: tuple[str, ...] = (*FACT_NAMES, "iati_id")
_PARTIAL_DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_SUM = re.compile(r"(?:([A-Za-z]{3})\s*([\d.,\s]+)|([\d.,\s]+?)\s*([A-Za-z]{3}))")


def fix_fact(
    connection: Connection,
    public_id: str,
    field: str,
    value: str | Sequence[str] | None,
    *,
    who: str,
    why: str,
    now: datetime,
) -> Project:
    """Sets a fact of a project by hand; it stands above all claims, which stay visible as conflicts.

    Args:
        field: one of `FIXABLE`.
        value: the value in words: a list for organisations and countries (ISO codes; one string may part them by
            `;`), a sum as `USD 3000000`, a date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a length in months. None or
            nothing: the fact is empty.

    Raises:
        CorrectionRefused: an unknown project or field, or a value that cannot be read.
    """
    found = require_project(connection, public_id)
    if field not in FIXABLE:
        raise CorrectionRefused(f"there is no fact {field!r}", f"One of: {', '.join(FIXABLE)}")
    spec = next((spec for spec in FACTS if spec.name == field), None)
    is_list = spec is not None and spec.is_list
    given = (value.split(";") if is_list else [value]) if isinstance(value, str) else value or ()
    parts = [part.strip() for part in given if part.strip()]
    if spec is None:
        connection.execute(update(project).where(project.c.id == found).values(iati_id=parts[0] if parts else None))
        values: list[dict[str, Any]] = [{"value": part, "shown": part} for part in parts[:1]]
    else:
        if not is_list and len(parts) > 1:
            raise CorrectionRefused(f"{field} has one value, {len(parts)} were given")
        values = [_read_value(spec, part) for part in parts]
    what = {"field": field, "values": values}
    record_decision(connection, "fix", who=who, why=why, what=what, now=now, is_human=True, project_id=found)
    refresh_projects(connection, [found])
    return get_corrected(connection, found)


def _read_value(spec: FactSpec, text: str) -> dict[str, Any]:
    if spec.kind == "amount":
        return _read_sum(text)
    if spec.kind == "countries":
        if not re.fullmatch(r"[A-Za-z]{2}", text):
            raise CorrectionRefused(
                f"{text!r} is not a country code", "Two letters of ISO 3166, such as KE; several separated by ';'."
            )
        text = text.upper()
    elif spec.kind == "date" and not _PARTIAL_DATE.fullmatch(text):
        raise CorrectionRefused(f"{text!r} is not a date", "YYYY, YYYY-MM or YYYY-MM-DD.")
    elif spec.kind == "number":
        if not text.isdecimal() or not 0 < int(text) <= (spec.most or int(text)):
            raise CorrectionRefused(f"{text!r} is not a number of {spec.unit}")
        text = str(int(text))
    return {"value": key_of(spec, text), "shown": text}


def _read_sum(text: str) -> dict[str, Any]:
    hint = "A currency and a plain number, such as USD 3000000."
    match = _SUM.fullmatch(text)
    if match is None:
        raise CorrectionRefused(f"{text!r} is not an amount", hint)
    currency = (match.group(1) or match.group(4)).upper()
    number = re.sub(r"\s", "", match.group(2) or match.group(3))
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", number):
        number = number.replace(",", "")
    if not re.fullmatch(r"\d+(\.\d{1,2})?", number):
        raise CorrectionRefused(f"{text!r} can be read in two ways", hint)
    amount = float(number)
    details = {"amount": amount, "currency": currency, "is_uncertain": False}
    return {"value": f"{currency} {amount:.0f}", "shown": f"{currency} {amount:,.0f}", "details": details}
