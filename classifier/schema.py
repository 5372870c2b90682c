"""The facts of a project, one row each: storage, alerts, export, the command line and scoring go through them.

A row says what kind of value a fact has. What is done with a kind stands where it is done, once for all its facts: how
values are read, compared and merged in `storage.register.merge`, how a digest says them in `alerts.digest.facts`, how
answers are scored in `classifier.evaluation.scoring`. Adding a fact: docs/extend/add-a-fact.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FactName = Literal[
    "name", "implementers", "funders", "partners", "countries", "amount", "start", "end", "duration_months", "people"
]
"""The names of the rows of `FACTS`, for the type checker."""

FactKind = Literal["text", "organisations", "countries", "amount", "date", "number"]
"""What values a fact has, and so how they are treated:

- text: a name in words; two are one where the register takes them for one name.
- organisations: a list of names. What articles name is joined, one body in the role that most of them give it.
- countries: a list of ISO 3166-1 alpha-2 codes. Joined, but for those that few of the articles name.
- amount: a sum with its currency, in the field `currency`; two are one within a hundredth.
- date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; two are one as far as both are stated.
- number: a whole number above nought; two are one where they are equal.

Of all but lists the value with most votes is shown, and the others are its conflicts.
"""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact: its `name` (that of its field in `Facts`, in the corpus, in exports), its kind, and what the command line
    calls it.

    A number counts `unit`s; one above `most` is refused where a person gives it.
    """

    name: FactName
    kind: FactKind
    label: str
    unit: str = ""
    most: int | None = None

    @property
    def is_list(self) -> bool:
        """Whether it has several values that stand side by side."""
        return self.kind in ("organisations", "countries")

    @property
    def fields(self) -> tuple[str, ...]:
        """Its fields in `Facts` and in the corpus' `project`: a sum has its currency beside it."""
        return (self.name, "currency") if self.kind == "amount" else (self.name,)


FACTS: tuple[FactSpec, ...] = (
    FactSpec("name", "text", "name"),
    FactSpec("implementers", "organisations", "run by"),
    FactSpec("funders", "organisations", "paid by"),
    FactSpec("partners", "organisations", "partners"),
    FactSpec("countries", "countries", "countries"),
    FactSpec("amount", "amount", "amount"),
    FactSpec("start", "date", "start"),
    FactSpec("end", "date", "end"),
    # fifty years: beyond, years were typed for months
    FactSpec("duration_months", "number", "months", unit="months", most=600),
    # how many the project is to assist; ten million is beyond any
    FactSpec("people", "number", "people", unit="people", most=10_000_000),
)
"""In the order of exports, of what is printed, and of the lines of a card."""

FACT_NAMES: tuple[FactName, ...] = tuple(spec.name for spec in FACTS)

ROLES: tuple[str, ...] = ("implementers", "funders", "partners")

KINDS: tuple[str, ...] = ("countries", "amount", "duration_months", "start", "end", "people", "name", *ROLES)
"""The facts in the order of the encoder's scores of candidates."""
