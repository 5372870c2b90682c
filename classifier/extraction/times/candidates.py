"""Candidates for lengths of time, starts and ends, from their mentions.

In: mentions of one kind with a `Context`. Out: candidates ready to be weighed, one a value.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from classifier.extraction.candidates import Candidate, Pool
from classifier.extraction.context import Context
from classifier.extraction.surroundings import label_of, words_around
from classifier.extraction.times.signs import LENGTH_WORDS, signs_of
from classifier.quantities.dates import Moment, Range, Times, has_year
from classifier.quantities.digit_spans import year_of
from classifier.quantities.time_words import time_words
from classifier.text.parsed_text import ParsedText


def length_candidates(context: Context, times: Times) -> list[Candidate]:
    """Lengths of time by their months."""
    pool = Pool(context)
    spans = {months for span in times.ranges for months in _months_between(span.start, span.end)}
    spans |= {
        months
        for first, second in pairwise(times.moments)
        if first.sentence is second.sentence and first.value < second.value
        for months in _months_between(first.value, second.value)
    }
    for length in times.lengths:
        tokens = length.sentence.tokens
        if length.last < len(tokens) and year_of(tokens[length.last]):
            continue  # the ninth law of the year 2009
        extra = [
            f"months:{length.months}" if length.months % 12 == 0 else "months:odd",
            "short" if length.months < 6 else "long",
        ]
        if any(token.text == "-" for token in tokens[length.first : length.last]):
            extra.append("hyphened")
        if tokens[length.last - 1].folded in ("year", "month", "old"):
            extra.append("singular")
        if any(
            token.folded in ("old", "age", "aged", "ans", "ago", "earlier", "years")
            for token in tokens[length.last : length.last + 1]
        ):
            extra.append(f"after:{tokens[length.last].folded}")
        if any(
            token.folded in time_words("at_most")
            for token in tokens[max(0, length.first - _AT_MOST_TOKENS) : length.first]
        ):
            extra.append("at-most")
        if length.months in spans:
            extra.append("fits-dates")
        extra += [
            *context.governors(length.sentence, length.first),
            *words_around(length, _LENGTH_WORDS),
            *label_of(length),
            *signs_of(length, "length", LENGTH_WORDS),
        ]
        pool.add(length.months, length.sentence, length.first, length.last, extra=extra, kind="length")
    return pool.candidates()


_LENGTH_WORDS, _DATE_WORDS = 8, 6
"""Words looked at on each side: a clause tells whose length it is, and a date's verb stands near. By validation."""

_AT_MOST_TOKENS = 3  # before a length: `for as long as three years`


def _months_between(start: str, end: str) -> set[int]:
    """How many months lie between two dates; two numbers where only years are known (2019-2022: 36 or 48)."""
    if len(start) < 4:
        return set()
    years = int(end[:4]) - int(start[:4])
    if len(start) >= 7 and len(end) >= 7:
        months = 12 * years + int(end[5:7]) - int(start[5:7])
        return {months, months + 1}
    return {12 * years, 12 * (years + 1)}


def date_candidates(reading: ParsedText, context: Context, times: Times) -> tuple[list[Candidate], list[Candidate]]:
    """Candidates for a project's start and for its end, by the date as stated."""
    starts, ends = Pool(context), Pool(context)
    published = (reading.document.published or "")[:4]
    months_told = {length.months for length in times.lengths}
    for span in times.ranges:
        kind = f"range{len(span.start)}"
        size = int(span.end[:4]) - int(span.start[:4]) if len(span.start) >= 4 else 0
        extra = [
            f"span:{min(size, 6)}",
            *_age(span.start, published, "start"),
            *_age(span.end, published, "end"),
            *_shape(span),
            *words_around(span, _DATE_WORDS),
            *signs_of(span, kind),
        ]
        if _is_written_short(span):
            extra.append("short-years")
        if "opens" in extra:
            extra.append("opens-span")  # From 2019 to 2023, the second phase will …
        if not months_told.isdisjoint(_months_between(span.start, span.end)):
            extra.append("fits-length")
        if len(span.start) >= 4:
            starts.add(span.start, span.sentence, span.first, span.last, extra=extra, kind=kind)
        ends.add(span.end, span.sentence, span.first, span.last, extra=extra, kind=kind)
    for moment in (*times.moments, *times.yearless):
        governors = context.governors(moment.sentence, moment.first)
        extra = [*_shape(moment), *governors, *words_around(moment, _DATE_WORDS)]
        if has_year(moment.value):
            kind, start, end = f"date{len(moment.value)}", moment.value, moment.value
        elif published:
            kind, start, end = "yearless", *_with_years(moment.value, reading.document.published or "")
        else:
            continue
        extra += [*_age(start, published, "date"), *(f"{one}&{kind}" for one in governors)]
        if start == reading.document.published:
            extra.append("published-then")
        if "wire" in extra and any(other.value == start and not _is_wire(other) for other in times.moments):
            continue  # the article's own day, which the text tells again as something's
        # a single end is told by its preposition: what happens on it only adds errors, by validation
        signs = [*extra, *signs_of(moment, kind)]
        starts.add(start, moment.sentence, moment.first, moment.last, extra=signs, kind=kind)
        ends.add(end, moment.sentence, moment.first, moment.last, extra=extra, kind=kind)
    return starts.candidates(), ends.candidates()


def _with_years(date: str, published: str) -> tuple[str, str]:
    """A date without its year as a start and as an end: the nearest to when the article was published, and the next."""
    year, month = int(published[:4]), int(date[:2])
    if len(published) < len("2019-09"):
        return f"{year}-{date}", f"{year}-{date}"
    gap = month - int(published[5:7])
    nearest = year + (gap < -_HALF_YEAR) - (gap > _HALF_YEAR)
    return f"{nearest}-{date}", f"{year + (gap < 0)}-{date}"


_HALF_YEAR = 6  # months


def _age(date: str, published: str, name: str) -> list[str]:
    """How a date's year stands to the year of publication."""
    if not published:
        return [f"{name}:unpublished"]
    gap = int(date[:4]) - int(published)
    return [f"{name}:{max(-3, min(6, gap))}"]


def _shape(found: Moment | Range) -> list[str]:
    tokens = found.sentence.tokens
    features = []
    if found.first <= 1 and found.sentence.part == "text":
        features.append("opens")
    if found.last < len(tokens) and tokens[found.last].text in "–—":
        features.append("dateline")
    if found.first > 0 and tokens[found.first - 1].text in "(":
        features.append("bracketed")
        if found.first > 1 and tokens[found.first - 2].text.isupper():
            features.append("bracketed-acronym")  # GLO.ACT (2015-2019)
    before = tokens[max(0, found.first - _PLAN_TOKENS) : found.first]
    for side, near in (("before", before), ("after", tokens[found.last : found.last + 2])):
        if any(token.folded.startswith(_plans()) for token in near):
            features.append(f"plan-{side}")
    if len(tokens) <= found.last - found.first + 3:
        features.append("alone")
    label = label_of(found)
    features += label
    if not label and _is_wire(found):
        features.append("wire")
    return features


@cache
def _plans() -> tuple[str, ...]:
    return tuple(time_words("plans"))


_PLAN_TOKENS = 6  # before a date: `the national plan that covers 2007 to 2013`


def _is_wire(found: Moment | Range) -> bool:
    """Whether a date belongs to a dateline: `WASHINGTON, April 12, 2012 /`, `30 July 2020, Suva -`."""
    tokens, last = found.sentence.tokens, found.last
    if found.sentence.part != "text" or found.first > _WIRE_TOKENS:
        return False
    small = time_words("small")
    if any(
        token.kind == "w" and not token.text[0].isupper() and token.folded not in small
        for token in tokens[: found.first]
    ):
        return False
    if last >= len(tokens) - 1 and found.sentence.index <= _FIRST_SENTENCE and ":" not in [one.text for one in tokens]:
        return True  # The Nation, January 11, 2017.
    return any(
        tokens[at].text in "–—-/(|" and all(token.kind == "s" or token.text[0].isupper() for token in tokens[last:at])
        for at in range(last, min(last + 4, len(tokens)))
    )


_WIRE_TOKENS = 8
"""A dateline's date stands within the first words of a text."""
_FIRST_SENTENCE = 3
"""Index of the last sentence that may be a dateline by itself: the headline is 0, the text begins at 2."""


def _is_written_short(span: Range) -> bool:
    """Whether the second year of a span has two digits (`2018/19`): more often a budget's year."""
    return span.last - span.first == 3 and len(span.sentence.tokens[span.last - 1].text) == 2
