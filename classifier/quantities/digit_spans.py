"""Spans of years and months written in digits alone: `2019-20`, `2023/25`, `01/2025 – 12/2027`.

In: tokens of a sentence and a place. Out: the span that begins there. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.quantities.time_words import DASHES, DIGITS, TimeWords
from classifier.text.tokens import Token

FIRST_YEAR, LAST_YEAR = 1990, 2045
"""Counter-trafficking projects are younger than the first and not planned beyond the last; other numbers of four digits
are seldom years."""


def year_of(token: Token, years_ahead: int = 0) -> str | None:
    """The year a token states, in Western digits; None for other numbers and words. A calendar that is `years_ahead` is
    read where the number is no year of the common one."""
    digits = token.text.translate(DIGITS)
    if years_ahead and len(digits) == 4 and digits.isdigit() and int(digits) - years_ahead >= FIRST_YEAR:
        digits = str(int(digits) - years_ahead)
    if len(digits) == 4 and digits.isdigit() and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return digits
    return None


def short_span(tokens: Sequence[Token], at: int) -> tuple[str, str] | None:
    """The years of a span whose second is written short: `2019-20`, `2023/25`; None where it could be a month."""
    if at + 2 >= len(tokens) or tokens[at].kind != "n" or tokens[at + 1].text not in DASHES:
        return None
    start, digits = year_of(tokens[at]), tokens[at + 2].text.translate(DIGITS)
    is_tight = tokens[at].end == tokens[at + 1].start and tokens[at + 1].end == tokens[at + 2].start
    is_alone = at + 3 >= len(tokens) or tokens[at + 3].start > tokens[at + 2].end or tokens[at + 3].text not in DASHES
    if start is None or not (is_tight and is_alone and len(digits) == 2 and digits.isdigit() and int(digits) > 12):
        return None
    end = start[:2] + digits
    return (start, end) if int(start) < int(end) <= int(start) + _LONGEST_SHORT_SPAN else None


_LONGEST_SHORT_SPAN = 10
"""Years: further apart, two digits after a year are seldom another year."""


def span_of_months(tokens: Sequence[Token], at: int, words: TimeWords) -> tuple[int, str, str] | None:
    """Where a span in digits that begins at `at` ends, and its months: `01/2025 – 12/2027`.

    One such number alone is as often a law's (`Law 11/2019`).
    """
    first = _month_in_digits(tokens, at)
    if first is None or at + _SPAN_OF_MONTHS > len(tokens):
        return None
    between = at + 3
    second = _month_in_digits(tokens, between + 1)
    is_joined = tokens[between].text in DASHES or tokens[between].folded in words.to
    if second is None or not is_joined or first >= second:
        return None
    return at + _SPAN_OF_MONTHS, first, second


_SPAN_OF_MONTHS = 7  # tokens: two months of three tokens each, and what joins them


def _month_in_digits(tokens: Sequence[Token], at: int) -> str | None:
    """The month that three tokens written without spaces state: `09/2019`, as `2019-09`."""
    if at + 2 >= len(tokens) or tokens[at].kind != "n" or tokens[at + 1].text != "/":
        return None
    digits, year = tokens[at].text.translate(DIGITS), year_of(tokens[at + 2])
    is_tight = tokens[at].end == tokens[at + 1].start and tokens[at + 1].end == tokens[at + 2].start
    if year is None or not (is_tight and len(digits) <= 2 and digits.isdigit() and 1 <= int(digits) <= 12):
        return None
    return f"{year}-{int(digits):02d}"
