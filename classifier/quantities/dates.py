"""Dates, spans of years and lengths of time as a text states them.

In: a `ParsedText`. Out: `Moment`s (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`), `Range`s and `Length`s in order, with places.
A day and month that could be read two ways (03/04/2026) give the year alone in English, which is written with either
first; all other languages put the day first. Which of them are the project's is decided
elsewhere.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field

from classifier.quantities.digit_spans import FIRST_YEAR, LAST_YEAR, short_span, span_of_months, year_of
from classifier.quantities.durations import length_at
from classifier.quantities.time_words import DASHES, DIGITS, TimeWords, time_words, time_words_of
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.tokens import Token


@dataclass(slots=True)
class Moment:
    """A date as stated: `tokens[first:last]` of its sentence. Without its year it is `MM` or `MM-DD`."""

    sentence: Sentence
    first: int
    last: int
    value: str


@dataclass(slots=True)
class Range:
    """From one date to another, as stated in one phrase (`2019-2022`, `January 2024 to December 2026`)."""

    sentence: Sentence
    first: int
    last: int
    start: str
    end: str


@dataclass(slots=True)
class Length:
    """A length of time in whole months, as stated."""

    sentence: Sentence
    first: int
    last: int
    months: int


@dataclass(slots=True)
class Times:
    """All a document says of time, in order of mention; a range's two dates are not listed as moments.

    `yearless` are the dates that name a month, and a day or not, but leave the year to the reader.
    """

    moments: list[Moment]
    ranges: list[Range]
    lengths: list[Length]
    yearless: list[Moment] = field(default_factory=list)


def find_times(reading: ParsedText) -> Times:
    """Everything the document says of time."""
    words = time_words_of(reading.lang)
    times = Times([], [], [])
    for sentence in reading.sentences:
        tokens = sentence.tokens
        dates: list[Moment] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.kind == "s" or (token.kind == "w" and not words.may_begin(token.folded)):
                at += 1
                continue
            short = short_span(tokens, at)
            if short is not None:
                times.ranges.append(Range(sentence, at, at + 3, *short))
                at += 3
                continue
            months = span_of_months(tokens, at, words)
            if months is not None:
                times.ranges.append(Range(sentence, at, *months))
                at = months[0]
                continue
            date = _date_at(tokens, at, words)
            if date is not None:
                dates.append(Moment(sentence, at, date[1], date[0]))
                at = date[1]
                continue
            length = length_at(tokens, at, words)
            if length is not None:
                times.lengths.append(Length(sentence, at, length[1], length[0]))
                at = length[1]
                continue
            at += 1
        _pair(dates, tokens, words, times)
    return times


def _pair(dates: list[Moment], tokens: Sequence[Token], words: TimeWords, times: Times) -> None:
    """Joins two dates with a dash or a word of direction between them to a range."""
    at = 0
    while at < len(dates):
        first = dates[at]
        if at + 1 < len(dates):
            second = dates[at + 1]
            between = tokens[first.last : second.first]
            if _is_joined(between, words) and _is_ordered(first, second):
                start = _with_year_of(second.value, first.value)
                times.ranges.append(Range(first.sentence, first.first, second.last, start, second.value))
                at += 2
                continue
        (times.moments if has_year(first.value) else times.yearless).append(first)
        at += 1


def has_year(date: str) -> bool:
    """Whether a date as found tells its year: `2019`, `2019-09`; not `09` or `09-21`."""
    return len(date) == len("2019") or len(date) >= len("2019-09")


def _with_year_of(end: str, start: str) -> str:
    """A start without year in the year of its end, or the year before where its month comes later in the year."""
    if has_year(start):
        return start
    return f"{int(end[:4]) - (start[:2] > end[5:7])}-{start}"


def _is_joined(between: Sequence[Token], words: TimeWords) -> bool:
    if not between or len(between) > 4:
        return False
    if len(between) == 1 and between[0].text in DASHES:
        return True
    return any(token.folded in words.to for token in between) and all(
        token.folded in words.to or token.folded in time_words("small") or len(token.folded) <= 3 for token in between
    )


def _is_ordered(first: Moment, second: Moment) -> bool:
    if not has_year(second.value):
        return False
    if not has_year(first.value):
        return len(second.value) >= len("2019-09")
    return first.value[:4] <= second.value[:4] and first.value != second.value


def _day(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """A day of the month at `at` and where it ends, with an ordinal's letters or stop."""
    if at >= len(tokens) or tokens[at].kind != "n":
        return None
    digits = tokens[at].text.translate(DIGITS)
    if not (digits.isdigit() and len(digits) <= 2 and 1 <= int(digits) <= 31):
        return None
    last = at + 1
    if (
        last < len(tokens)
        and (tokens[last].start == tokens[at].end or tokens[last].folded == "er")  # 1 er janvier
        and tokens[last].folded in {"st", "nd", "rd", "th", "er", "º", "°", ".", "e", "o"}
    ):
        last += 1
    return int(digits), last


def _date_at(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[str, int] | None:
    """A date beginning at `at` and where it ends. One without a year is `MM` or `MM-DD`."""
    if tokens[at].kind == "n":
        return _date_from_number(tokens, at, words)
    return _date_from_month(tokens, at, words) if tokens[at].kind == "w" else None


def _date_from_number(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[str, int] | None:
    """`2019-09-21`, `2019`, `21 September 2019`."""
    numeric = _numeric(tokens, at, is_day_first=not words.is_english)
    if numeric is not None:
        return numeric
    year = year_of(tokens[at], words.years_ahead)
    if year is not None:
        if at + 1 < len(tokens) and tokens[at + 1].text in _YEAR_SIGNS:
            return _behind_year_sign(tokens, at + 2, year)
        month = _month_at(tokens, at + 1, words) if words.is_year_first else None
        return (year, at + 1) if month is None else (f"{year}-{month[0]:02d}", month[1])
    day = _day(tokens, at)
    month = None if day is None else _month_at(tokens, _skip(tokens, day[1]), words)
    if day is None or month is None:
        return None
    last, found = _year_after(tokens, month[1], words)
    if found is not None:
        return _written(found, month[0], day[0]), last
    return f"{month[0]:02d}-{day[0]:02d}", month[1]


_YEAR_SIGNS, _MONTH_SIGNS, _DAY_SIGNS = frozenset("年년"), frozenset("月월"), frozenset("日일")


def _behind_year_sign(tokens: Sequence[Token], at: int, year: str) -> tuple[str, int]:
    """The rest of a date of East Asia: `2026年4月1日`."""
    found: list[int] = []
    for signs, most in ((_MONTH_SIGNS, 12), (_DAY_SIGNS, 31)):
        if at + 1 >= len(tokens) or tokens[at].kind != "n" or tokens[at + 1].text not in signs:
            break
        digits = tokens[at].text.translate(DIGITS)
        if not (digits.isdigit() and 1 <= int(digits) <= most):
            break
        found.append(int(digits))
        at += 2
    if not found:
        return year, at
    return (f"{year}-{found[0]:02d}" if len(found) == 1 else _written(year, *found)), at


def _month_at(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[int, int] | None:
    """The month whose name stands at `at`, and where it ends: with its name in another calendar's words behind it
    (`كانون الثاني/يناير`, `يناير (كانون الثاني)`)."""
    month = words.months.match(tokens, at) if at < len(tokens) else None
    if month is None:
        return None
    last = month.last
    other = words.months.match(tokens, last + 1) if last + 1 < len(tokens) and tokens[last].text in "/(" else None
    if other is not None and other.value == month.value:
        is_closed = tokens[last].text == "(" and other.last < len(tokens) and tokens[other.last].text == ")"
        last = other.last + is_closed
    return month.value, last


def _written(year: str, month: int, day: int) -> str:
    """A date; the month alone where it has no such day (29 February 2009)."""
    is_day = day <= monthrange(int(year), month)[1]
    return f"{year}-{month:02d}-{day:02d}" if is_day else f"{year}-{month:02d}"


def _date_from_month(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[str, int] | None:
    """`September 21, 2019`, `September 2019`, `September`."""
    token = tokens[at]
    found_month = _month_at(tokens, at, words)
    if found_month is None:
        return None
    month, end = found_month
    day = _day(tokens, end if end >= len(tokens) or tokens[end].text != "." else end + 1)
    if day is not None:
        last, found = _year_after(tokens, day[1], words)
        if found is not None:
            return _written(found, month, day[0]), last
    last, found = _year_after(tokens, end, words)
    if found is not None:
        return f"{found}-{month:02d}", last
    is_plain = not words.is_english and len(token.text) >= _SHORTEST_PLAIN_MONTH and token.folded != "sept"
    if not (is_plain or token.text[0].isupper() or not token.text.isascii()):
        return None
    if day is not None and words.is_english:
        return f"{month:02d}-{day[0]:02d}", day[1]
    return f"{month:02d}", end


_SHORTEST_PLAIN_MONTH = 4
"""Letters: shorter months and abbreviations are words of their own too (`set`, `out`, `mai`)."""


def _skip(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].folded in time_words("small") and tokens[at].text not in (",", "."):
        at += 1
    return at


def _year_after(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[int, str | None]:
    """The year that follows a month or day, small words between them allowed, and where it ends."""
    for last in range(at, min(at + 3, len(tokens))):
        year = year_of(tokens[last], words.years_ahead) if tokens[last].kind == "n" else None
        if year is not None:
            return last + 1, year
        if tokens[last].folded not in time_words("small"):
            break
    return at, None


def _numeric(tokens: Sequence[Token], at: int, *, is_day_first: bool) -> tuple[str, int] | None:
    """Dates in digits: 2019-09-21, 21/09/2019, 09/21/2019, 21.09.2019."""
    whole = tokens[at].text.translate(DIGITS)
    if whole.count(".") == 2:
        parts, last = whole.split("."), at + 1
    elif at + 4 < len(tokens) and tokens[at + 1].text == tokens[at + 3].text and tokens[at + 1].text in ("/", "-"):
        parts, last = [tokens[at + step].text.translate(DIGITS) for step in (0, 2, 4)], at + 5
        if any(tokens[at + step].start != tokens[at + step - 1].end for step in range(1, 5)):
            return None
    else:
        return None
    if not all(part.isdigit() for part in parts):
        return None
    if len(parts[0]) == 4:
        year, month, day = parts
    elif len(parts[2]) == 4:
        first, second, year = parts
        if int(first) > 12 >= int(second):
            day, month = first, second
        elif int(second) > 12 >= int(first):
            month, day = first, second
        elif "." in whole or is_day_first:
            day, month = first, second
        else:
            return (year, last) if FIRST_YEAR <= int(year) <= LAST_YEAR else None
    else:
        return None
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return _written(year, int(month), int(day)), last
