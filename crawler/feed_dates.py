"""Reads the dates of feeds: what feedparser cannot, in the languages we watch. Pure.

What enters is a date as written, the time it was seen, and the source's languages; what leaves is an aware UTC time,
or None: an undated entry is better than one dated wrongly. Month names come from the CLDR (`month_names`), so no list
of ours can go stale; relative dates ("2 hours ago") are read in the larger languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.month_names import month_names

EARLIEST_YEAR = 1990
"""Before there were feeds: a date earlier than this is a default of some program (1970, 1900)."""

FUTURE_DAYS = 2
"""Clocks and zones are off by a day at most; a date further ahead is that of an event, not of publication."""

LONGEST_TEXT = 100


def words(text: str) -> list[str]:
    """A list written as it is read."""
    return text.split()


_DIGITS = {ord(character): str(index % 10) for index, character in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp]\.?[Mm]\.?)?")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_NUMERIC = re.compile(r"\b(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})\b")

_UNITS = {
    "minute": "minute minutes min mins minuto minutos minuta minuti minuten dakika минут минуты хвилин menit"
    " دقيقة دقائق",
    "hour": "hour hours hr hrs heure heures hora horas ora ore stunde stunden uur saat час часа часов годин години jam"
    " ساعة ساعات",
    "day": "day days jour jours dia dias día días giorno giorni tag tagen tage dag dagen gün день дня дней днів дні"
    " hari يوم أيام",
    "week": "week weeks semaine semaines semana semanas settimana settimane woche wochen weken hafta неделя недели"
    " недель minggu أسبوع أسابيع",
}
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_UNIT_OF = {word: unit for unit, names in _UNITS.items() for word in words(names)}
_AGO = frozenset(words("ago il hace há ha fa vor geleden önce назад тому lalu منذ قبل"))
_DAYS_AGO = {
    **dict.fromkeys(
        words("today aujourd'hui aujourd’hui hoy hoje oggi heute vandaag bugün сегодня сьогодні اليوم"),
        0,
    ),
    **dict.fromkeys(
        words("yesterday hier ayer ontem ieri gestern gisteren dün вчера вчора kemarin أمس"),
        1,
    ),
}

# Languages whose numeric dates put the month first or mix both ways: without more, such a date is not read.
_MONTH_FIRST = frozenset({"en", "fil"})


def read_date(text: str, seen_at: datetime, languages: Sequence[str] = ()) -> datetime | None:
    """The time that `text` states; None where it states none, or one that cannot be.

    Zones other than numeric offsets are taken as UTC; a date without a time is its midnight.
    """
    text = text.strip()[:LONGEST_TEXT].translate(_DIGITS)
    if not text:
        return None
    relative = _relative(text, seen_at)
    if relative is not None:
        return relative
    day = _east_asian(text) or _numeric(text, languages) or _named(text)
    if day is None:
        return None
    try:
        at = datetime(*day, tzinfo=UTC) + _time_of_day(text)
        return check_date(at, seen_at)
    except (ValueError, OverflowError):
        return None


def check_date(at: datetime, seen_at: datetime) -> datetime | None:
    """`at`, unless nothing can have been published then: before there were feeds, or ahead of its being seen."""
    if at.year < EARLIEST_YEAR or at > seen_at + timedelta(days=FUTURE_DAYS):
        return None
    return at


def _relative(text: str, seen_at: datetime) -> datetime | None:
    found = [word.lower() for word in _WORD.findall(text)]
    if not found or len(found) > 6:
        return None
    for word in found:
        if word in _DAYS_AGO and not _NUMERIC.search(text) and not any(other in month_names() for other in found):
            start = (seen_at - timedelta(days=_DAYS_AGO[word])).replace(hour=0, minute=0, second=0, microsecond=0)
            return min(start + _time_of_day(text), seen_at)
    unit = next((_UNIT_OF[word] for word in found if word in _UNIT_OF), None)
    if unit is None or not _AGO.intersection(found):
        return None
    number = _NUMBER.search(text)
    count = int(number.group()[:4]) if number is not None else 1  # "an hour ago", and "منذ ساعة"
    return seen_at - timedelta(seconds=count * _SECONDS[unit])


def _east_asian(text: str) -> tuple[int, int, int] | None:
    match = _EAST_ASIAN.search(text)
    return (int(match.group(1)), int(match.group(2)), int(match.group(3))) if match else None


def _numeric(text: str, languages: Sequence[str]) -> tuple[int, int, int] | None:
    match = _NUMERIC.search(text)
    if match is None:
        return None
    first, second, third = (int(part) for part in match.groups())
    if first > 31:
        return first, second, third
    year = third if third > 99 else 2000 + third
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    bases = {language.split("-")[0].lower() for language in languages}
    if not bases or bases & _MONTH_FIRST:
        return None
    return year, second, first


def _named(text: str) -> tuple[int, int, int] | None:
    months = month_names()
    month = None
    for word in _WORD.findall(text):
        month = months.get(word.lower().rstrip("."))
        if month is not None:
            break
    if month is None:
        return None
    numbers = [int(part) for part in _NUMBER.findall(_CLOCK.sub(" ", text)) if len(part) <= 4]
    year = next((number for number in numbers if number >= EARLIEST_YEAR), None)
    day = next((number for number in numbers if 1 <= number <= 31), None)
    return (year, month, day) if year is not None and day is not None else None


def _time_of_day(text: str) -> timedelta:
    match = _CLOCK.search(text)
    if match is None:
        return timedelta(0)
    hour, minute = int(match.group(1)), int(match.group(2))
    half = (match.group(3) or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23 or minute > 59:
        return timedelta(0)
    time = timedelta(hours=hour, minutes=minute)
    offset = _OFFSET.search(text, match.end())
    if offset is not None:
        shift = timedelta(hours=int(offset.group(2)), minutes=int(offset.group(3)))
        time += -shift if offset.group(1) == "+" else shift
    return time
