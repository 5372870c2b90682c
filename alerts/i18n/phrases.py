"""Formats values for readers: money, countries, dates, languages, spans, in the translator's language. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_percent

from alerts.i18n.translator import N_, Translator

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ku", "sd", "yi"})
MONTHS_A_YEAR = 12
# From a million on people say sums in words ("3 million"); below, a number is as short.
MILLION, BILLION = 1_000_000, 1_000_000_000
# A sum in words may have this many decimals ("16.25 million"); one that needs more is written out.
DECIMALS_IN_WORDS = 2
LEFT_TO_RIGHT_MARK = "\u200e"
HARD_BLANKS = "\u00a0\u202f"  # between the parts of a number, which no line end may part

TOPICS = {
    "project": N_("Project"),
    "policy-law": N_("Policy and law"),
    "crime-case": N_("Crime case"),
    "rescue": N_("Rescue"),
    "report-data": N_("Report and figures"),
    "event": N_("Event"),
    "campaign": N_("Campaign"),
    "opinion-feature": N_("Opinion and feature"),
    "project-update": N_("Ongoing project"),
    "funding-call": N_("Call for proposals"),
    "other-relevant": N_("Trafficking in persons"),
    "drug-arms": N_("Drugs and arms"),
    "wildlife-goods": N_("Wildlife and goods"),
    "smuggling-migration": N_("Smuggling and migration"),
    "development-project": N_("Development"),
    "human-rights-other": N_("Human rights"),
    "traffic-transport": N_("Traffic and transport"),
    "science-tech": N_("Science and technology"),
    "general-news": N_("General news"),
    "sport-business": N_("Sport and business"),
}
"""The classifier's topics in readers' words."""


def one_line(text: str, *, kept: str = "") -> str:
    """`text` as a single line without control, format or separator characters, for headers and headings.

    The characters in `kept` stay as they are.
    """
    if text.isascii() and text.isprintable():  # most texts
        return " ".join(text.split())
    lines = (" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Zs", "Cs"} and c not in kept else c for c in text)
    # Bidirectional overrides (Cf) can turn a line round; joiners used by scripts (ZWJ, ZWNJ) stay.
    shown = (c for c in lines if unicodedata.category(c) != "Cf" or c in "\u200c\u200d")
    if not kept:
        return " ".join("".join(shown).split())
    return " ".join(part for part in "".join(shown).split(" ") if part)


def direction_of(language: str) -> str:
    """The writing direction, for HTML's `dir`."""
    return "rtl" if language.split("-", maxsplit=1)[0].lower() in RIGHT_TO_LEFT else "ltr"


def kept_in_line(name: str) -> str:
    """A name for plain text; one written from right to left draws no figures after it into its own order."""
    return f"{name}{LEFT_TO_RIGHT_MARK}" if is_right_to_left(name) else name


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of `text` is of a script written from right to left."""
    for character in text:
        turn = unicodedata.bidirectional(character)
        if turn in {"L", "R", "AL"}:
            return turn != "L"
    return False


def is_latin(text: str) -> bool:
    """Whether the first letter of `text` is Latin; where there is none, yes."""
    letter = next((character for character in text if character.isalpha()), "a")
    return unicodedata.name(letter, "").startswith("LATIN")


def format_country(translator: Translator, code: str) -> str:
    """The country's name, or the code itself where it is unknown."""
    code = code.upper()
    return translator.terms.countries.get(code) or str(translator.locale.territories.get(code, code))


def format_language(translator: Translator, code: str) -> str:
    """The language's name, or the code itself where it is unknown."""
    return str(translator.locale.languages.get(code.lower(), code))


def format_topic(translator: Translator, topic: str) -> str:
    """The topic in readers' words; one that is unknown as it is called."""
    return translator.gettext(TOPICS[topic]) if topic in TOPICS else topic.replace("-", " ").capitalize()


def format_share(translator: Translator, probability: float) -> str:
    """A probability in percent, such as "97%"."""
    return str(format_percent(probability, locale=translator.locale))


def format_money(translator: Translator, amount: float, currency: str | None, *, is_uncertain: bool = False) -> str:
    """A sum such as "USD 3 million" or "FJD 900,000", a mark added where a bare `$` was read; no line end parts it."""
    number = format_round_number(translator, amount)
    said = translator.gettext("%(currency)s %(number)s", currency=currency, number=number) if currency else number
    said = said.replace(" ", HARD_BLANKS[0])
    return translator.gettext("%(sum)s (currency uncertain)", sum=said) if is_uncertain else said


def format_round_number(translator: Translator, amount: float) -> str:
    """A number of millions or more in words where that loses nothing ("16.25 million"), else in full."""
    is_billions = amount >= BILLION and translator.terms.has_billions
    number = round(amount / (BILLION if is_billions else MILLION), DECIMALS_IN_WORDS)
    if amount < MILLION or abs(number * (BILLION if is_billions else MILLION) - amount) >= 1:
        return translator.number(amount)
    # CLDR's rule for the number as shown: 1.5 is one in French and many in English and Spanish.
    form = 1 if translator.locale.plural_form(number) == "one" else 2
    shown = translator.number(number)
    if is_billions:
        return translator.ngettext("%(number)s billion", "%(number)s billion", form, number=shown)
    return translator.ngettext("%(number)s million", "%(number)s million", form, number=shown)


def format_partial_date(translator: Translator, value: str) -> str:
    """A date as far as it was stated: "2019", "March 2019" or "5 Mar 2019"."""
    parts = value.split("-")
    if len(parts) == 1:
        return value
    try:
        if len(parts) == 2:
            month = date(int(parts[0]), int(parts[1]), 1)
            return str(format_skeleton("yMMMM", month, locale=translator.locale))
        day = date.fromisoformat(value)
        return str(format_date(day, _day_pattern(translator, day), locale=translator.locale))
    except ValueError:
        return value


def format_duration(translator: Translator, months: int) -> str:
    """A duration: "18 months", "3 years"."""
    if months % MONTHS_A_YEAR == 0:
        return translator.ngettext("%(number)s year", "%(number)s years", months // MONTHS_A_YEAR)
    return translator.ngettext("%(number)s month", "%(number)s months", months)


def format_span(translator: Translator, start: str | None, end: str | None, duration_months: int | None) -> str | None:
    """When a project runs: "2019 to 2022 (3 years)"; None where nothing is stated."""
    duration = format_duration(translator, duration_months) if duration_months else None
    dates = ""
    if start and end:
        dates = translator.gettext(
            "%(start)s to %(end)s",
            start=format_partial_date(translator, start),
            end=format_partial_date(translator, end),
        )
    elif start:
        dates = translator.gettext("from %(start)s", start=format_partial_date(translator, start))
    elif end:
        dates = translator.gettext("until %(end)s", end=format_partial_date(translator, end))
    return f"{dates} ({duration})" if dates and duration else dates or duration


def format_day(translator: Translator, at: datetime, timezone: str) -> str:
    """A day such as "25 Nov 2026" in `timezone`."""
    day = at.astimezone(ZoneInfo(timezone)).date()
    return str(format_date(day, _day_pattern(translator, day), locale=translator.locale))


def format_moment(translator: Translator, at: datetime, timezone: str) -> str:
    """A moment such as "Wed 25 Nov 2026, 07:00" in `timezone`."""
    local = at.astimezone(ZoneInfo(timezone))
    return str(format_datetime(local, f"EEE {_day_pattern(translator, local)}, HH:mm", locale=translator.locale))


def _day_pattern(translator: Translator, day: date) -> str:
    """A day as CLDR writes it, but for the first of a month, which French writes with letters."""
    return f"'{translator.terms.first_of_month}' MMM y" if day.day == 1 else "d MMM y"
