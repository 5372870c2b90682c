"""Sums of money as a text states them: value, ISO currency, where.

In: a `ParsedText`. Out: `Money` mentions in order, each a number with a currency beside it. A number whose size or
currency cannot be told is left out: never a factor of a thousand wrong. Which sum is the
project's is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from classifier.languages import load_lexicon
from classifier.lexicon import load_currencies
from classifier.quantities.numerals import DASHES, Numerals, digits_at, multiplier_at, numerals_of
from classifier.quantities.spelled import spelled_at
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token
from classifier.text.word_books import small_words, sum_words

BARE_DOLLAR = "$"
"""Stands for the currency of a dollar sign whose country the text leaves open; it may even be a peso's."""
DOLLAR_WORD = "dollar"
"""Stands for the word: a dollar of some country, and never a peso."""
_OPEN = frozenset([BARE_DOLLAR, DOLLAR_WORD])

_OF = {"of", "de", "d", "'", "’", "di", "do", "da", "des", "من", "in", "en", "у", "в", "us"}
_MAX_SMALL_WORDS = 3  # between a number and its currency: millions d'euros
_SHORT_SIGNS = frozenset("PpKkNnRrMmEeLlQqGg")
"""Letters that are a currency only right before the digits (`P298 million`, `N10m`)."""
_LEAST_BEHIND_A_LETTER = 100
"""A smaller number behind a letter counts something else: `K9`, `Q3 2025`, `M23`."""
_VERBS = frozenset(["won"])
"""Names of currencies that mean something else before a number: `they won 450,000 euros`."""
_MILLIARD_OR_MILLION = frozenset(["M", "m", "T", "t"])
"""Behind rupiahs they are a milliard and a billion (`Rp1,5 M`), behind other money in Indonesian nobody knows."""
MAX_AMOUNT = 1e13
"""Beyond any project or budget: a larger number was misread or is another thing's."""


@dataclass(slots=True)
class Money:
    """A sum: `tokens[first:last]` of its sentence.

    `currency` is ISO 4217, `BARE_DOLLAR`, `DOLLAR_WORD` or a shared word; `giver` how often the text names whose it is.
    """

    sentence: Sentence
    first: int
    last: int
    amount: float
    currency: str
    is_uncertain: bool = False
    giver: float = 0.0


@dataclass(frozen=True)
class _Words:
    numerals: Numerals
    currencies: PhraseMatcher[str]


@cache
def _words(lang: str) -> _Words:
    lexicon = load_lexicon(lang)
    signs = load_currencies().signs
    pairs = [(sign, code) for code, names in signs.items() for sign in names]
    for source in (load_lexicon("en"), lexicon):
        pairs += [(name, DOLLAR_WORD) for name in source.dollars]
        pairs += [(name, code) for code, names in source.currencies.items() for name in names]
    pairs.append(("$", BARE_DOLLAR))
    return _Words(numerals_of(lang), PhraseMatcher(pairs, is_arabic=lang == "ar"))


def find_money(reading: ParsedText) -> list[Money]:
    """The sums of the document in order; a range (`€10-12m`) is none, since no one number was stated."""
    words = _words(reading.lang)
    found: list[Money] = []
    for sentence in reading.sentences:
        tokens = sentence.tokens
        at = 0
        while at < len(tokens):
            if tokens[at].kind == "s":
                at += 1
                continue
            hit = _money_at(tokens, at, words)
            if hit is None and found and found[-1].sentence is sentence:
                hit = _further_at(tokens, at, words, found[-1], reading.lang)
            if hit is None:
                at += 1
                continue
            amount, currency, first, last = hit
            if reading.lang == "id" and currency != "IDR" and tokens[last - 1].text in _MILLIARD_OR_MILLION:
                amount = None
            if amount is not None and 0 < amount <= MAX_AMOUNT:
                found.append(Money(sentence, first, last, amount, currency))
            at = max(last, at + 1)
    return found


def _further_at(
    tokens: Sequence[Token], at: int, words: _Words, before: Money, lang: str
) -> tuple[float | None, str, int, int] | None:
    """A sum in the currency of the one before it: `€1.3m, and the region another 140,000`, `$2,000 each, in all 6,000`.

    It follows a word of adding or of totals, and no noun that it could count follows it.
    """
    if not any(token.folded in sum_words("more", "together") for token in tokens[max(0, at - _FURTHER_TOKENS) : at]):
        return None
    counted = digits_at(tokens, at, words.numerals) if tokens[at].kind == "n" else None
    if counted is None or counted[0] < _LEAST_FURTHER:
        return None
    after = tokens[counted[1]] if counted[1] < len(tokens) else None
    if after is not None and after.kind != "s" and after.folded not in small_words(lang):
        return None
    return counted[0], before.currency, at, counted[1]


_LEAST_FURTHER = 1_000  # a smaller number without a currency counts something
_FURTHER_TOKENS = 2  # before a number: `another`, `in total`, `samen`


def _money_at(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float | None, str, int, int] | None:
    """(amount or None where it is a range, currency, first, last) of a sum whose number begins at `at`."""
    token = tokens[at]
    if token.kind == "n":
        counted = digits_at(tokens, at, words.numerals)
    elif words.numerals.may_begin(token.folded):
        counted = spelled_at(tokens, at, words.numerals)
    else:
        return None
    if counted is None:
        return None
    value, last = counted
    is_range = False
    if last + 1 < len(tokens) and tokens[last].text in DASHES and tokens[last + 1].kind == "n":
        further = digits_at(tokens, last + 1, words.numerals)
        if further is not None and (tokens[last + 1].start == tokens[last].end):
            last, is_range = further[1], True
    joined = load_currencies().joined.get(tokens[last].folded) if last < len(tokens) else None
    if joined is not None:
        return (None if is_range else value * joined[0]), joined[1], at, last + 1
    right = _currency_after(tokens, last, words)
    number = at - 1 if words.numerals.is_multiplier_first and multiplier_at(tokens, at - 1, words.numerals) else at
    left = _currency_before(tokens, number, words)
    if left is not None and tokens[left[1]].text in _SHORT_SIGNS and value < _LEAST_BEHIND_A_LETTER:
        left = None
    if left is not None and (right is None or left[0] not in _OPEN):
        return (None if is_range else value), left[0], left[1], last
    if right is None:
        return None
    currency = right[0]
    return (None if is_range else value), currency, left[1] if left else at, right[1]


def _currency_after(tokens: Sequence[Token], at: int, words: _Words) -> tuple[str, int] | None:
    skipped = 0
    while at < len(tokens) and skipped < _MAX_SMALL_WORDS and (tokens[at].text in DASHES or tokens[at].folded in _OF):
        match = words.currencies.match(tokens, at)
        if match is not None:
            return match.value, match.last
        at += 1
        skipped += 1
    if at >= len(tokens):
        return None
    match = words.currencies.match(tokens, at)
    if match is not None and (tokens[at].text in _SHORT_SIGNS or _is_word_of_its_own(tokens, match)):
        return None
    if match is None or (
        tokens[at].kind == "s"
        and at + 1 < len(tokens)
        and tokens[at].start != tokens[at - 1].end
        and tokens[at + 1].kind == "n"
        and tokens[at + 1].start == tokens[at].end
    ):
        return None
    return match.value, match.last


def _is_sign(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether letters before a dollar sign belong to it: `A$` is Australian, `a $3 million grant` is not."""
    if last - first < 2 or tokens[last - 1].text != "$":
        return not (tokens[first].text in _SHORT_SIGNS and tokens[first].end != tokens[last].start)
    return tokens[first].text[0].isupper() and all(
        tokens[at].end == tokens[at + 1].start or tokens[first].folded == "us" for at in range(first, last - 1)
    )


def _is_word_of_its_own(tokens: Sequence[Token], match: Match[str]) -> bool:
    """Whether a currency's code in small letters is a common word: `369 km`, `22 mad drivers`."""
    return match.last == match.first + 1 and tokens[match.first].text in _CODES_THAT_ARE_WORDS


_CODES_THAT_ARE_WORDS = frozenset(["km", "mad", "cop", "gel", "try", "nis", "rub", "sar", "rm", "re"])


def _currency_before(tokens: Sequence[Token], at: int, words: _Words) -> tuple[str, int] | None:
    for length in (4, 3, 2, 1):
        first = at - length
        if first < 0:
            continue
        match = words.currencies.match(tokens, first)
        if match is None or tokens[first].folded in _VERBS or _is_word_of_its_own(tokens, match):
            continue
        if match.last == at and _is_sign(tokens, first, at):
            return match.value, first
        signs = "." if tokens[first].text in _SHORT_SIGNS else ".-"  # not of `K-12 schools`
        if match.last == at - 1 and tokens[at - 1].text in signs:
            return match.value, first
    if at > 1 and tokens[at - 1].text in _LABEL_ENDS:
        for first in range(at - 2, max(-1, at - 2 - _LABEL_CURRENCY_TOKENS), -1):
            match = words.currencies.match(tokens, first)
            is_letter = tokens[first].text in _SHORT_SIGNS
            if match is not None and not (is_letter or _is_word_of_its_own(tokens, match)):
                return match.value, at  # Budget (USD): 200,000
    return None


_LABEL_ENDS = frozenset(":=")
_LABEL_CURRENCY_TOKENS = 4  # before the colon of a label: `(in US$)`
