"""How values are said to people: money, countries, dates, languages, spans. Pure; English for now."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LOCALE = "en"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ku", "sd", "yi"})
MONTHS_A_YEAR = 12


@cache
def locale() -> Locale:
    return Locale.parse(LOCALE)


def one_line(text: str) -> str:
    """`text` as a single line without control, format or separator characters, for headers and headings."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs", "Cs"} else c for c in text)
    # Bidirectional overrides (Cf) can turn a line round; joiners used by scripts (ZWJ, ZWNJ) stay.
    shown = (c for c in kept if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    return " ".join("".join(shown).split())


def say_country(code: str) -> str:
    """The country's name, or the code itself where it is unknown."""
    return str(locale().territories.get(code.upper(), code))


def say_countries(codes: Sequence[str]) -> str:
    return ", ".join(say_country(code) for code in codes)


def say_language(code: str) -> str:
    """The language's name, or the code itself where it is unknown."""
    return str(locale().languages.get(code.lower(), code))


def say_money(amount: float, currency: str | None, *, is_uncertain: bool = False) -> str:
    """A sum such as "USD 3,000,000"; "(currency uncertain)" is added where a bare `$` was read."""
    number = format_decimal(round(amount, 2), format="#,##0.##", locale=LOCALE)
    said = f"{currency} {number}" if currency else number
    return f"{said} (currency uncertain)" if is_uncertain else said


def say_partial_date(value: str) -> str:
    """A date as far as it was stated: "2019", "March 2019" or "5 Mar 2019"."""
    parts = value.split("-")
    if len(parts) == 1:
        return value
    try:
        if len(parts) == 2:
            return str(format_date(date(int(parts[0]), int(parts[1]), 1), "MMMM y", locale=LOCALE))
        return str(format_date(date.fromisoformat(value), "d MMM y", locale=LOCALE))
    except ValueError:
        return value


def say_duration(months: int) -> str:
    """A duration: "18 months", "3 years"."""
    if months % MONTHS_A_YEAR == 0:
        years = months // MONTHS_A_YEAR
        return "1 year" if years == 1 else f"{years} years"
    return "1 month" if months == 1 else f"{months} months"


def say_span(start: str | None, end: str | None, duration_months: int | None) -> str | None:
    """When a project runs: "2019 to 2022 (3 years)"; None where nothing is stated."""
    said = []
    if start and end:
        said.append(f"{say_partial_date(start)} to {say_partial_date(end)}")
    elif start:
        said.append(f"from {say_partial_date(start)}")
    elif end:
        said.append(f"until {say_partial_date(end)}")
    if duration_months:
        duration = say_duration(duration_months)
        said.append(f"({duration})" if said else duration)
    return " ".join(said) or None


def say_day(at: datetime, timezone: str) -> str:
    """A day such as "25 Nov 2026" in `timezone`."""
    return str(format_date(at.astimezone(ZoneInfo(timezone)).date(), "d MMM y", locale=LOCALE))


def say_moment(at: datetime, timezone: str) -> str:
    """A moment such as "Wed 25 Nov 2026, 07:00" in `timezone`."""
    return str(format_datetime(at.astimezone(ZoneInfo(timezone)), "EEE d MMM y, HH:mm", locale=LOCALE))


def direction_of(language: str) -> str:
    """The writing direction, for HTML's `dir`."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"


def say_count(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


TOPICS = {
    "project": "Project",
    "policy-law": "Policy and law",
    "crime-case": "Crime case",
    "rescue": "Rescue",
    "report-data": "Report and figures",
    "event": "Event",
    "campaign": "Campaign",
    "opinion-feature": "Opinion and feature",
    "project-update": "Running project",
    "funding-call": "Call for proposals",
    "other-relevant": "Trafficking in persons",
}
"""The topics of articles about trafficking in persons, in readers' words."""


def say_topic(topic: str) -> str:
    """The topic in readers' words; other topics as they are called."""
    return TOPICS.get(topic, topic.replace("-", " ").capitalize())
