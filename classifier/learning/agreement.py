"""Whether a stated value is the labelled one, by the kind of fact: for scoring and for learning how sure it is."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from classifier.entities.matching import is_same_name, is_same_organisation
from classifier.schema import FactKind

_AMOUNT_TOLERANCE = 0.01  # "nearly 10 million" and its exact figure in another article are one sum


def _is_same_amount(wanted: float, found: float) -> bool:
    return abs(float(wanted) - float(found)) <= _AMOUNT_TOLERANCE * abs(float(wanted))


def _is_same_date(wanted: str, found: str) -> bool:
    """Equal as far as both are stated, and the year always."""
    shared = min(len(wanted), len(found))
    return shared >= len("2024") and wanted[:shared] == found[:shared]


IS_SAME: dict[FactKind, Callable[[Any, Any], bool]] = {
    "text": is_same_name,
    "organisations": is_same_organisation,
    "countries": lambda wanted, found: wanted.upper() == found.upper(),
    "amount": _is_same_amount,
    "date": _is_same_date,
    "number": operator.eq,
}
"""Called with the labelled value and the stated one. Of sums the currencies are compared apart."""
