"""Reads the dates of feeds and pages in every form and language we watch. Pure.

What enters is a date as written, the time it was seen, and the source's languages; what leaves is an aware UTC time,
or None: an undated entry is better than one dated wrongly, so a day that there is not (30 February) is no date, nor is
what could be two. feedparser's own reading is not asked, since it always finds one. Month names come from the CLDR
(`month_names`), so no list of ours can go stale; relative dates ("2 hours ago") are read in the larger languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from crawler.text.month_names import month_names
from crawler.text.plain_text import words

EARLIEST_YEAR = 1990
"""Before there were feeds: a date earlier than this is a default of some program (1970, 1900)."""

FUTURE_DAYS = 2
"""Clocks and zones are off by a day at most; a date further ahead is that of an event, not of publication."""

LONGEST_TEXT = 100


_DIGITS = {ord(character): str(index % 10) for index, character in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp]\.?[Mm]\.?)?")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_NUMERIC = re.compile(r"\b(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})\b")
_IMPOSSIBLE_OFFSET = re.compile(r"[+-]\d{5,}\s*$")
_TOKEN = re.compile(rf"{_WORD.pattern}|\d+")

_ISO_8601 = re.compile(  # in its looser forms
    r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)(?:[Tt ]\s?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?(?!\d)"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_RFC_822 = re.compile(  # as RSS wants it; with an hour of twelve the word behind it is no zone
    r"(?:[A-Za-z]+,?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+(?:\d{2}|\d{4})\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"(?:\s+(?:(?![AaPp][Mm]\b)[A-Za-z]{1,5}|[+-]\d{2}[0-5]\d))?(?:\s*\([^()]*\))?"
)

LARGEST_OFFSET = timedelta(hours=14)
"""No clock on earth is further from UTC (Kiribati); a larger one is a slip, and its date may be another day's."""

LINKING_WORDS = 2
LINKING_CHARACTERS = 3
"""What stands between a day and its month: `3rd of May`, `12 de agosto`."""

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

    Zones are read as offsets and, in the form of RFC 822, by its names; others are taken as UTC. A date without a time
    is its midnight.
    """
    text = text.strip()[:LONGEST_TEXT].translate(_DIGITS)
    if not text or _IMPOSSIBLE_OFFSET.search(text):
        return None
    try:
        at = _iso_8601(text) or _rfc_822(text) or _relative(text, seen_at)
        if at is None:
            day = _east_asian(text) or _numeric(text, languages) or _named(text)
            at = datetime(*day, tzinfo=UTC) + _time_of_day(text) if day is not None else None
    except (ValueError, OverflowError):  # a day or a time that there is not
        return None
    return check_date(at, seen_at) if at is not None else None


def check_date(at: datetime, seen_at: datetime) -> datetime | None:
    """`at`, unless nothing can have been published then: before there were feeds, or ahead of its being seen."""
    if at.year < EARLIEST_YEAR or at > seen_at + timedelta(days=FUTURE_DAYS):
        return None
    return at


def _iso_8601(text: str) -> datetime | None:
    match = _ISO_8601.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), _second(second), tzinfo=UTC)
    if zone and zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        at -= _offset(zone[0], digits[:2], digits[2:])
    return at


def _rfc_822(text: str) -> datetime | None:
    parsed = parsedate_tz(text) if _RFC_822.fullmatch(text) else None
    if parsed is None:
        return None
    year, month, day, hour, minute, second, *_, offset_seconds = parsed
    offset = timedelta(seconds=offset_seconds or 0)
    if abs(offset) > LARGEST_OFFSET:
        return None
    return datetime(year, month, day, hour, minute, _second(second), tzinfo=UTC) - offset


def _second(second: str | int | None) -> int:
    return min(int(second or 0), 59)  # a leap second


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    """What a zone is ahead of UTC. Raises ValueError for what no zone is."""
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > LARGEST_OFFSET or int(minutes) > 59:
        raise ValueError(f"no zone is {offset} from UTC")
    return offset if sign == "+" else -offset


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
    count = int(number.group()) if number is not None else 1  # "an hour ago", and "منذ ساعة"
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
    bases = {language.split("-")[0].lower() for language in languages}
    is_month_first = not bases or bool(bases & _MONTH_FIRST)
    if third <= 99 and is_month_first:  # 24/11/26 may begin with its year
        return None
    year = third if third > 99 else 2000 + third
    if first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    return None if is_month_first else (year, second, first)


def _named(text: str) -> tuple[int, int, int] | None:
    """A day that stands beside the name of its month, and a year."""
    months = month_names()
    tokens = _TOKEN.findall(_OFFSET.sub(" ", _CLOCK.sub(" ", text)))
    at = next((at for at, token in enumerate(tokens) if token.lower().rstrip(".") in months), None)
    if at is None:
        return None
    before = at - 1
    while (
        before >= max(at - LINKING_WORDS, 1) and tokens[before].isalpha() and len(tokens[before]) <= LINKING_CHARACTERS
    ):
        before -= 1
    days = [int(token) for token in (*tokens[before:at][:1], *tokens[at + 1 : at + 2]) if _is_day(token)]
    years = [int(token) for token in tokens if token.isdecimal() and len(token) == 4 and int(token) >= EARLIEST_YEAR]
    if len(days) != 1 or not years:
        return None
    return years[0], months[tokens[at].lower().rstrip(".")], days[0]


def _is_day(token: str) -> bool:
    return token.isdecimal() and len(token) <= 2 and 1 <= int(token) <= 31


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
        time -= _offset(*offset.groups())
    return time
