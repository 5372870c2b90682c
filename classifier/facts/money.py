"""Sums of money as a text states them: value, ISO currency, where.

In: a `Reading`. Out: `Money` mentions in order, each a number with a currency beside it. A number whose size or
currency cannot be told is left out: never a factor of a thousand wrong. Which sum is the
project's is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from classifier.facts.context import small_words
from classifier.facts.phrases import Found, PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold
from classifier.lexicon import load_currencies, load_lexicon, read_yaml

BARE_DOLLAR = "$"
"""Stands for the currency of a dollar sign whose country the text leaves open; it may even be a peso's."""
DOLLAR_WORD = "dollar"
"""Stands for the word: a dollar of some country, and never a peso."""
_OPEN = frozenset([BARE_DOLLAR, DOLLAR_WORD])

_UNIVERSAL_MULTIPLIERS = {"m": 1e6, "mn": 1e6, "mln": 1e6, "mio": 1e6, "bn": 1e9, "million": 1e6, "billion": 1e9}
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_GROUPING = "'’٬ \u00a0\u202f\u2009"
_DASHES = {"-", "–", "—", "‐", "‑"}
_OF = {"of", "de", "d", "'", "’", "di", "do", "da", "des", "من", "in", "en", "у", "в", "us"}
_MAX_SMALL_WORDS = 3  # between a number and its currency: millions d'euros
ARTICLES = frozenset(["a", "an", "un", "une", "una", "um", "uma", "ein", "eine", "einer", "einem", "een", "se"])
"""Small words that count one only before a multiplier: `a million`."""
_SHORT_SIGNS = {"P", "p", "K", "k"}
"""Letters that are a currency only right before the digits (`P298 million`)."""
MAX_AMOUNT = 1e13
"""Beyond any project or budget: a larger number was misread or is another thing's."""


@dataclass(slots=True)
class Money:
    """A sum: `tokens[first:last]` of its sentence. `currency` is ISO 4217, `BARE_DOLLAR`, `DOLLAR_WORD` or a shared word."""

    sentence: Sentence
    first: int
    last: int
    amount: float
    currency: str
    is_uncertain: bool = False


@dataclass(frozen=True)
class _Words:
    numbers: dict[str, float]
    multipliers: dict[str, float]
    currencies: PhraseBook[str]
    decimal: str


@cache
def _words(lang: str) -> _Words:
    lexicon = load_lexicon(lang)
    signs, _ = load_currencies()
    pairs = [(sign, code) for code, names in signs.items() for sign in names]
    for source in (load_lexicon("en"), lexicon):
        pairs += [(name, DOLLAR_WORD) for name in source.dollars]
        pairs += [(name, code) for code, names in source.currencies.items() for name in names]
    pairs.append(("$", BARE_DOLLAR))
    multipliers = dict(_UNIVERSAL_MULTIPLIERS)
    multipliers.update({fold(word): float(value) for word, value in lexicon.multipliers.items()})
    numbers = {fold(word): float(value) for word, value in lexicon.numbers.items()}
    book: PhraseBook[str] = PhraseBook(pairs, is_arabic=lang == "ar")
    return _Words(numbers, multipliers, book, lexicon.decimal)


def parse_number(written: str, *, decimal: str = ".", has_multiplier: bool = False) -> float | None:
    """The value of a written number, whose separators may be of any custom; None where it could mean two things.

    `decimal` is the language's decimal sign, used only where the writing itself does not tell. With a multiplier after
    it (`2.345 million`) a single group of three is a fraction in a language that writes fractions so.
    """
    digits = written.translate(_DIGITS)
    for sign in _GROUPING:
        digits = digits.replace(sign, "")
    digits = digits.replace("٫", ".")
    separators = [c for c in digits if c in ".,"]
    if not separators:
        return float(digits) if digits.isdigit() else None
    kinds = set(separators)
    if len(kinds) == 2:
        last = digits[max(digits.rfind("."), digits.rfind(","))]
        if separators.count(last) > 1:
            return None
        other = "," if last == "." else "."
        return _join(digits.replace(other, ""), last) if _is_grouped(digits.split(last)[0], other) else None
    sign = separators[0]
    groups = digits.split(sign)
    if len(groups) > 2:
        return float("".join(groups)) if _is_grouped(digits, sign) else None
    whole, fraction = groups
    if len(fraction) != 3 or whole in ("0", "") or len(whole) > 3:
        return _join(digits, sign)
    if has_multiplier and sign == decimal:
        return _join(digits, sign)
    return float(whole + fraction)


def _is_grouped(digits: str, sign: str) -> bool:
    first, *rest = digits.split(sign)
    return (
        (1 <= len(first) <= 3 and all(len(group) == 3 for group in rest))
        or (
            all(
                len(group) == 2
                for group in rest[:-1]  # lakhs and crores: 1,00,00,000
            )
            and len(rest[-1:]) == 1
            and len(rest[-1]) == 3
            and 1 <= len(first) <= 2
        )
    )


def _join(digits: str, sign: str) -> float | None:
    try:
        return float(digits.replace(sign, "."))
    except ValueError:
        return None


def find_money(reading: Reading) -> list[Money]:
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
    if not any(token.folded in _further_words() for token in tokens[max(0, at - _FURTHER_TOKENS) : at]):
        return None
    counted = _digits(tokens, at, words) if tokens[at].kind == "n" else None
    if counted is None or counted[0] < _THOUSAND:
        return None
    after = tokens[counted[1]] if counted[1] < len(tokens) else None
    if after is not None and after.kind != "s" and after.folded not in small_words(lang):
        return None
    return counted[0], before.currency, at, counted[1]


_FURTHER_TOKENS = 2  # before a number: `another`, `in total`, `samen`


@cache
def _further_words() -> frozenset[str]:
    lists = read_yaml("sums.yaml")
    return frozenset(fold(word) for section in ("more", "together") for word in lists[section])


def _money_at(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float | None, str, int, int] | None:
    """(amount or None where it is a range, currency, first, last) of a sum whose number begins at `at`."""
    token = tokens[at]
    if token.kind == "n":
        counted = _digits(tokens, at, words)
    elif token.folded in words.numbers or _multiplier(tokens, at, words) is not None:
        counted = _spelled(tokens, at, words)
    else:
        return None
    if counted is None:
        return None
    value, last = counted
    is_range = False
    if last + 1 < len(tokens) and tokens[last].text in _DASHES and tokens[last + 1].kind == "n":
        further = _digits(tokens, last + 1, words)
        if further is not None and (tokens[last + 1].start == tokens[last].end):
            last, is_range = further[1], True
    right = _currency_after(tokens, last, words)
    left = _currency_before(tokens, at, words)
    if left is not None and (right is None or left[0] not in _OPEN):
        return (None if is_range else value), left[0], left[1], last
    if right is None:
        return None
    currency = right[0]
    return (None if is_range else value), currency, left[1] if left else at, right[1]


def _digits(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float, int] | None:
    """A number in digits with its multipliers and further parts: `5 mil 751 millones`, `1 milione e 300 mila`."""
    part = _part(tokens, at, words)
    if part is None:
        return None
    value, factor, last = part
    total = 0.0
    below = value * factor  # what the next multiplier of millions may still multiply
    while True:
        if factor >= _MILLION:
            total, below = total + below, 0.0
        after = last + 1 if last < len(tokens) and tokens[last].folded in _AND else last
        further = _part(tokens, after, words) if factor > 1 else None
        if further is None or not _continues(further, factor, has_conjunction=after > last, before=total):
            return round(total + below, 6), last
        value, next_factor, last = further
        if next_factor > factor:  # 5 mil 751 millones
            below = (below + value) * next_factor
        else:
            below += value * next_factor
        factor = next_factor


def _part(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float, float, int] | None:
    """(value, multiplier, where it ends) of one number in digits."""
    if at >= len(tokens) or tokens[at].kind != "n":
        return None
    factor, last = _multipliers(tokens, at + 1, words)
    value = parse_number(tokens[at].text, decimal=words.decimal, has_multiplier=factor != 1)
    return None if value is None else (value, factor, last)


def _continues(part: tuple[float, float, int], factor: float, *, has_conjunction: bool, before: float) -> bool:
    """Whether a number right after another with the multiplier `factor` is a smaller part of it."""
    value, smaller, _ = part
    if smaller > factor:
        return not has_conjunction and factor == _THOUSAND and value < _THOUSAND and before == 0
    if smaller == 1:
        return not has_conjunction and factor == _THOUSAND and value < _THOUSAND and value == int(value)
    return smaller < factor and value * smaller < factor


_THOUSAND, _MILLION = 1e3, 1e6
_AND = frozenset(["and", "e", "y", "et", "und", "si", "en", "ve", "dan", "та", "и", "і", "i"])


def _multipliers(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float, int]:
    """The product of the multipliers from `at` on (`mil millones`), a dash between them allowed."""
    factor, last = 1.0, at
    while last < len(tokens):
        skip = 1 if tokens[last].text in _DASHES and last + 1 < len(tokens) else 0
        value = _multiplier(tokens, last + skip, words)
        if value is None:
            break
        factor *= value
        last += skip + 1
        if (
            last < len(tokens)
            and tokens[last].text == "."
            and last + 1 < len(tokens)
            and len(tokens[last - 1].text) <= 4
        ):
            last += 1  # an abbreviation's stop: mln. mio.
    return factor, last


def _multiplier(tokens: Sequence[Token], at: int, words: _Words) -> float | None:
    if at >= len(tokens):
        return None
    word = tokens[at].folded
    value = words.multipliers.get(word)
    if value is None and len(word) > 4 and word[0] in "بول" and "\u0600" <= word[0] <= "\u06ff":
        value = words.multipliers.get(word[1:]) or (words.multipliers.get(word[2:]) if word[1] == "ل" else None)
    return value


def _spelled(tokens: Sequence[Token], at: int, words: _Words) -> tuple[float, int] | None:
    """A number in words with its multipliers: `two and a half million`, `twenty-five thousand`, `نصف مليون`."""
    total, last = 0.0, at
    if tokens[at].folded in ARTICLES and _multiplier(tokens, at + 1, words) is None:
        return None
    while last < len(tokens):
        value = words.numbers.get(tokens[last].folded)
        if value is None:
            skip = tokens[last].text in _DASHES or tokens[last].folded in ("and", "et", "y", "e", "va", "en")
            if last > at and skip and last + 1 < len(tokens) and tokens[last + 1].folded in words.numbers:
                last += 1
                continue
            break
        if 0 < total < 1:  # half a (million)
            total *= value
        elif value == 1 and tokens[last].folded in ARTICLES and total >= 1:
            pass  # two and a half
        else:
            total += value
        last += 1
    factor, end = _multipliers(tokens, last, words)
    if last == at:  # `a few million`; a letter alone is a name's initial
        return (factor, end) if end > at and len(tokens[at].text) >= _SHORTEST_MULTIPLIER else None
    return round(total * factor, 6), end


_SHORTEST_MULTIPLIER = 3


def _currency_after(tokens: Sequence[Token], at: int, words: _Words) -> tuple[str, int] | None:
    skipped = 0
    while at < len(tokens) and skipped < _MAX_SMALL_WORDS and (tokens[at].text in _DASHES or tokens[at].folded in _OF):
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


def _is_word_of_its_own(tokens: Sequence[Token], match: Found[str]) -> bool:
    """Whether a currency's code in small letters is a common word: `369 km`, `22 mad drivers`."""
    return match.last == match.first + 1 and tokens[match.first].text in _CODES_THAT_ARE_WORDS


_CODES_THAT_ARE_WORDS = frozenset(["km", "mad", "cop", "gel", "try", "nis", "rub", "sar", "rm", "re"])


def _currency_before(tokens: Sequence[Token], at: int, words: _Words) -> tuple[str, int] | None:
    for length in (4, 3, 2, 1):
        first = at - length
        if first < 0:
            continue
        match = words.currencies.match(tokens, first)
        if match is not None and _is_word_of_its_own(tokens, match):
            continue
        if match is not None and match.last == at and _is_sign(tokens, first, at):
            return match.value, first
        if match is not None and match.last == at - 1 and tokens[at - 1].text in (".", "-"):
            return match.value, first
    if at > 1 and tokens[at - 1].text in _LABEL_ENDS:
        for first in range(at - 2, max(-1, at - 2 - _LABEL_CURRENCY_TOKENS), -1):
            match = words.currencies.match(tokens, first)
            if match is not None and not _is_word_of_its_own(tokens, match):
                return match.value, at  # Budget (USD): 200,000
    return None


_LABEL_ENDS = frozenset(":=")
_LABEL_CURRENCY_TOKENS = 4  # before the colon of a label: `(in US$)`
