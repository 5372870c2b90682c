"""How values are said to people: money, countries, dates, languages, spans, in a voice's language. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal, format_percent

from alerts.i18n.translator import Voice, mark

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ku", "sd", "yi"})
MONTHS_A_YEAR = 12
# From a million on people say sums in words ("3 million"); below, a number is as short.
MILLION, BILLION = 1_000_000, 1_000_000_000
SAY_BILLIONS = frozenset({"en", "fr"})  # Spanish counts on in millions: "2.500 millones"
# A sum in words may have this many decimals ("16.25 million"); one that needs more is written out.
DECIMALS_IN_WORDS = 2
HARD_BLANKS = "\u00a0\u202f"  # between the parts of a number, which no line end may part

# CLDR's names for disambiguation ("Congo - Kinshasa", "Hong Kong SAR China") are not what news calls these places.
COUNTRIES_AS_CALLED = {
    "en": {"CD": "DR Congo", "CG": "Republic of the Congo", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar"},
    "fr": {"CD": "RD Congo", "CG": "République du Congo", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar"},
    "es": {"CD": "RD del Congo", "CG": "República del Congo", "HK": "Hong Kong", "MO": "Macao", "MM": "Myanmar"},
}

TOPICS = {
    "project": mark("Project"),
    "policy-law": mark("Policy and law"),
    "crime-case": mark("Crime case"),
    "rescue": mark("Rescue"),
    "report-data": mark("Report and figures"),
    "event": mark("Event"),
    "campaign": mark("Campaign"),
    "opinion-feature": mark("Opinion and feature"),
    "project-update": mark("Running project"),
    "funding-call": mark("Call for proposals"),
    "other-relevant": mark("Trafficking in persons"),
    "drug-arms": mark("Drugs and arms"),
    "wildlife-goods": mark("Wildlife and goods"),
    "smuggling-migration": mark("Smuggling and migration"),
    "development-project": mark("Development"),
    "human-rights-other": mark("Human rights"),
    "traffic-transport": mark("Traffic and transport"),
    "science-tech": mark("Science and technology"),
    "general-news": mark("General news"),
    "sport-business": mark("Sport and business"),
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


def say_country(voice: Voice, code: str) -> str:
    """The country's name, or the code itself where it is unknown."""
    code = code.upper()
    return COUNTRIES_AS_CALLED[voice.language].get(code) or str(voice.locale.territories.get(code, code))


def say_language(voice: Voice, code: str) -> str:
    """The language's name, or the code itself where it is unknown."""
    return str(voice.locale.languages.get(code.lower(), code))


def say_topic(voice: Voice, topic: str) -> str:
    """The topic in readers' words; one that is unknown as it is called."""
    return voice.gettext(TOPICS[topic]) if topic in TOPICS else topic.replace("-", " ").capitalize()


def say_number(voice: Voice, number: float) -> str:
    """A number with its thousands and decimals marked as the language does, at most two decimals."""
    return str(format_decimal(round(number, 2), format="#,##0.##", locale=voice.locale))


def say_share(voice: Voice, probability: float) -> str:
    """A probability in percent, such as "97%"."""
    return str(format_percent(probability, locale=voice.locale))


def say_money(voice: Voice, amount: float, currency: str | None, *, is_uncertain: bool = False) -> str:
    """A sum such as "USD 3 million" or "FJD 900,000", a mark added where a bare `$` was read; no line end parts it."""
    number = say_round_number(voice, amount)
    said = voice.gettext("%(currency)s %(number)s", currency=currency, number=number) if currency else number
    said = said.replace(" ", HARD_BLANKS[0])
    return voice.gettext("%(sum)s (currency uncertain)", sum=said) if is_uncertain else said


def say_round_number(voice: Voice, amount: float) -> str:
    """A number of millions or more in words where that loses nothing ("16.25 million"), else in full."""
    is_billions = amount >= BILLION and voice.language in SAY_BILLIONS
    number = round(amount / (BILLION if is_billions else MILLION), DECIMALS_IN_WORDS)
    if amount < MILLION or abs(number * (BILLION if is_billions else MILLION) - amount) >= 1:
        return say_number(voice, amount)
    # CLDR's rule for the number as shown: 1.5 is one in French and many in English and Spanish.
    form = 1 if voice.locale.plural_form(number) == "one" else 2
    shown = say_number(voice, number)
    if is_billions:
        return voice.ngettext("%(number)s billion", "%(number)s billion", form, number=shown)
    return voice.ngettext("%(number)s million", "%(number)s million", form, number=shown)


def say_partial_date(voice: Voice, value: str) -> str:
    """A date as far as it was stated: "2019", "March 2019" or "5 Mar 2019"."""
    parts = value.split("-")
    if len(parts) == 1:
        return value
    try:
        if len(parts) == 2:
            month = date(int(parts[0]), int(parts[1]), 1)
            return str(format_skeleton("yMMMM", month, locale=voice.locale))
        return str(format_date(date.fromisoformat(value), "d MMM y", locale=voice.locale))
    except ValueError:
        return value


def say_duration(voice: Voice, months: int) -> str:
    """A duration: "18 months", "3 years"."""
    if months % MONTHS_A_YEAR == 0:
        years = months // MONTHS_A_YEAR
        return voice.ngettext("%(number)s year", "%(number)s years", years, number=say_number(voice, years))
    return voice.ngettext("%(number)s month", "%(number)s months", months, number=say_number(voice, months))


def say_span(voice: Voice, start: str | None, end: str | None, duration_months: int | None) -> str | None:
    """When a project runs: "2019 to 2022 (3 years)"; None where nothing is stated."""
    duration = say_duration(voice, duration_months) if duration_months else None
    dates = ""
    if start and end:
        dates = voice.gettext(
            "%(start)s to %(end)s", start=say_partial_date(voice, start), end=say_partial_date(voice, end)
        )
    elif start:
        dates = voice.gettext("from %(start)s", start=say_partial_date(voice, start))
    elif end:
        dates = voice.gettext("until %(end)s", end=say_partial_date(voice, end))
    return f"{dates} ({duration})" if dates and duration else dates or duration


def say_day(voice: Voice, at: datetime, timezone: str) -> str:
    """A day such as "25 Nov 2026" in `timezone`."""
    return str(format_date(at.astimezone(ZoneInfo(timezone)).date(), "d MMM y", locale=voice.locale))


def say_moment(voice: Voice, at: datetime, timezone: str) -> str:
    """A moment such as "Wed 25 Nov 2026, 07:00" in `timezone`."""
    return str(format_datetime(at.astimezone(ZoneInfo(timezone)), "EEE d MMM y, HH:mm", locale=voice.locale))
