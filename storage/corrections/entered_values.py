"""Reads values that people enter for facts, strictly: what cannot be meant is refused, with what may have been meant.

Countries are those of `storage.codes`, currencies the codes of ISO 4217 that CLDR has, by way of Babel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.core import Locale

from classifier.schema import FACT_NAMES, FACTS, FactSpec
from storage.codes import UnknownCode, read_country
from storage.corrections.requests import CorrectionRefused
from storage.register.merge.values import Claim, key_of, plain_fields

_SUM = re.compile(r"(?:([A-Za-z]{3})\s*([\d.,\s]+)|([\d.,\s]+?)\s*([A-Za-z]{3}))")
_PARTIAL_DATE = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?")

LONGEST_NAME = 300  # characters; what is longer is a text about it
SHOWN = 60  # characters of what is refused


def read_value(spec: FactSpec, text: str) -> dict[str, Any]:
    """A value as claims have it: `value` to compare by, `shown` for people, `details` of a sum.

    Raises:
        CorrectionRefused: it is no value of that fact.
    """
    if spec.kind == "amount":
        return _read_sum(text)
    if spec.kind == "countries":
        text = _read_country(text)
    elif spec.kind == "date":
        _check_date(text)
    elif spec.kind == "number":
        if not text.isdecimal() or not 0 < int(text) <= (spec.most or int(text)):
            most = f" to {spec.most}" if spec.most else " on"
            raise CorrectionRefused(f"{text!r} is not a number of {spec.unit}", f"A whole number from 1{most}.")
        text = str(int(text))
    else:
        text = _read_name(text)
    return {"value": key_of(spec, text), "shown": text}


def read_values(spec: FactSpec, text: str) -> list[dict[str, Any]]:
    """All values of a fact, those of a list parted by `;`, each once as `read_value` gives it; empty where the text is.

    Raises:
        CorrectionRefused: one is no value of that fact.
    """
    parts = text.split(";") if spec.is_list else [text]
    found: dict[str, dict[str, Any]] = {}
    for value in (read_value(spec, part.strip()) for part in parts if part.strip()):
        found.setdefault(value["value"], value)
    return list(found.values())


def read_facts(entered: Mapping[str, str]) -> dict[str, Any]:
    """Facts by name, as a person entered them, as fields of `Facts`; those entered empty are empty.

    Raises:
        CorrectionRefused: a fact that there is not, or a value that cannot be meant.
    """
    fields: dict[str, Any] = {}
    for name, text in entered.items():
        spec = next((spec for spec in FACTS if spec.name == name), None)
        if spec is None:
            raise CorrectionRefused(f"there is no fact {name!r}", f"One of: {', '.join(FACT_NAMES)}")
        values = [Claim(**one) for one in read_values(spec, text)]
        fields |= plain_fields(spec, values) if values else dict.fromkeys(spec.fields, () if spec.is_list else None)
    return fields


def check_order(start: str, end: str, *, hint: str) -> None:
    """Sees that a project does not end before it starts, as far as both dates are exact.

    Raises:
        CorrectionRefused: it does.
    """
    exact = min(len(start), len(end))  # 2026 may be any day of 2026
    if end[:exact] < start[:exact]:
        raise CorrectionRefused(f"the end, {end}, would be before the start, {start}", hint)


def _read_country(text: str) -> str:
    try:
        return read_country(text)
    except UnknownCode as error:
        raise CorrectionRefused(str(error), error.hint) from error


def _read_name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        hint = f"A name is one line of at most {LONGEST_NAME} visible characters."
        raise CorrectionRefused(f"{name[:SHOWN]!r} is not a name", hint)
    return name


def _check_date(text: str) -> None:
    match = _PARTIAL_DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise CorrectionRefused(
            f"{text!r} is not a date", "YYYY, YYYY-MM or YYYY-MM-DD, of the years 1900 to 2099."
        ) from None


def _read_sum(text: str) -> dict[str, Any]:
    hint = "A currency and a plain number, such as USD 3000000."
    match = _SUM.fullmatch(text)
    if match is None:
        raise CorrectionRefused(f"{text!r} is not an amount", hint)
    currency = (match.group(1) or match.group(4)).upper()
    if currency not in Locale("en").currencies:
        raise CorrectionRefused(
            f"{currency} is not the code of a currency", "Three letters of ISO 4217, such as USD or EUR."
        )
    number = re.sub(r"\s", "", match.group(2) or match.group(3))
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", number):
        number = number.replace(",", "")
    if not re.fullmatch(r"\d+(\.\d{1,2})?", number):
        raise CorrectionRefused(f"{text!r} can be read in two ways", hint)
    amount = float(number)
    if not amount:
        raise CorrectionRefused(f"{text!r} is no sum", 'Where none is known, give an empty value: ""')
    details = {"amount": amount, "currency": currency, "is_uncertain": False}
    return {"value": f"{currency} {amount:.0f}", "shown": f"{currency} {amount:,.0f}", "details": details}
