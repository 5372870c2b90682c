"""What an article claims of its project, read for comparison.

Pure data, and the time between two publications or two stated days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from storage.dates import DatePrecision
from storage.register.compare.names import ProjectName
from storage.register.compare.near_copy import Signature
from storage.register.compare.organisations import Organisation
from storage.register.compare.ties import Tie
from storage.register.compare.words import ANOTHER

# Days apart that stand for "in one month, as far as the coarser date tells".
MONTH_ALONE = 20
MONTH_DAYS = 31
YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Money:
    """A sum an article states as the project's; `is_main` marks the project's total as read."""

    amount: float
    currency: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Claims:
    """What one article claims of its project, read for comparison.

    `start` and `end` are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `phase` is that of the name or, failing that, of the
    headline or of a sentence that states the project; `is_phase_said` where a word calls it so, and not a number behind
    the name alone; `is_housed` where that number is a house's, a unit's or a model's. `ties` are the sentences that tie
    it to other projects. `named_countries` are those its words name, for whatever reason. `address` is the canonical
    URL without the mark of a further item on one page; `part` is the number, from 1, of the project among those its
    article reports. `headline` and `outlet` are as `headlines` reads them; `signature` is None where there is no text
    beside the title.
    """

    name: ProjectName | None = None
    phase: int | None = None
    is_phase_said: bool = False
    is_housed: bool = False
    ties: tuple[Tie, ...] = ()
    implementers: tuple[Organisation, ...] = ()
    funders: tuple[Organisation, ...] = ()
    partners: tuple[Organisation, ...] = ()
    countries: frozenset[str] = frozenset()
    sums: tuple[Money, ...] = ()
    start: str | None = None
    end: str | None = None
    duration_months: int | None = None
    iati_id: str | None = None
    published_on: date | None = None
    published_precision: DatePrecision = "day"
    language: str = ""
    details: frozenset[str] = frozenset()
    named_countries: frozenset[str] = frozenset()
    title_words: frozenset[str] = frozenset()
    signature: Signature | None = field(default=None, compare=False)
    address: str = ""
    part: int = 1
    headline: str = ""
    outlet: str = ""

    def is_beside(self, other: Claims) -> bool:
        """Whether the other is another project of the same article."""
        return bool(self.address) and self.address == other.address and self.part != other.part

    def is_elsewhere(self, other: Claims) -> bool:
        """Whether both name countries, and none in common."""
        return bool(self.countries and other.countries) and not self.countries & other.countries

    def is_another(self, other: Claims) -> bool:
        """Whether one headline says that it is another of its kind."""
        return bool(self.title_words & ANOTHER) != bool(other.title_words & ANOTHER)


@dataclass(slots=True, eq=False)
class Member:
    """An article as it is compared, that is of a project or story or is to become one.

    `has_facts` is False where no facts were read from it; `words` are its folded words, in order, with a space between
    and at both ends; empty where nobody asked for them.
    """

    article_id: int
    claims: Claims
    has_facts: bool
    words: str


def days_apart(ours: Claims, theirs: Claims) -> int | None:
    """Days between the publications, as far as both dates are stated; None where they do not tell.

    Of two months the days between their beginnings, and `MONTH_ALONE` for what may be of one month. Of a year alone at
    least so many as lie between the years; one year and the next may be days apart, and tell nothing.
    """
    if ours.published_on is None or theirs.published_on is None:
        return None
    one, other = ours.published_on, theirs.published_on
    precisions = {ours.published_precision, theirs.published_precision}
    if "year" in precisions:
        years = abs(one.year - other.year)
        return None if years <= 1 else (years - 1) * YEAR_DAYS
    apart = abs((one - other).days)
    return MONTH_ALONE if "month" in precisions and apart <= MONTH_DAYS else apart


def months_apart(one: str | None, other: str | None) -> int | None:
    """Months between two starts as far as both are stated; years alone apart by one may be days, and count 6."""
    if not one or not other:
        return None
    years = abs(int(one[:4]) - int(other[:4]))
    if len(one) >= 7 and len(other) >= 7:
        return abs((int(one[:4]) - int(other[:4])) * 12 + int(one[5:7]) - int(other[5:7]))
    return 0 if years == 0 else 6 if years == 1 else 12 * years
