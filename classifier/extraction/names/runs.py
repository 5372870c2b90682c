"""Runs of capitals in which a project's name may stand, and where in them it begins and ends.

In: the tokens of a sentence. Out: spans of tokens: capitalised words with the small words, numbers and signs between
them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from classifier.entities.name_words import APOSTROPHES, joiners_of, load_name_words
from classifier.extraction.names.features import is_odd_word
from classifier.text.tokens import Token

MAX_NAME_TOKENS = 40
"""The longest real names of projects have some thirty words."""


def runs(tokens: Sequence[Token], lang: str) -> list[tuple[int, int]]:
    """Runs of capitalised words with the small words and numbers between them."""
    words = load_name_words()
    joiners, never_last = _joiners(lang)
    found, at = [], 0
    while at < len(tokens):
        if tokens[at].kind != "w" or not tokens[at].text[0].isupper():
            at += 1
            continue
        last, end = _run_end(tokens, at, joiners, has_suffixes=lang == "tr")
        while last > at + 1 and tokens[last - 1].folded in never_last and not _is_tied(tokens, last - 1):
            last -= 1
        first = at
        while (
            first < last - 1
            and (tokens[first].folded in joiners or tokens[first].folded in words.title_openers)
            and not is_hyphened(tokens, first)
            and not (first + 2 < last and _is_dotted(tokens, first))
        ):
            first += 1
        if first < last - _LEAST_BEHIND and _is_adverb_before_article(tokens, first):
            first += 2
        first = _with_digits(tokens, first)
        for start, stop in ((first, last), *_pieces(tokens, first, last)):
            if stop - start >= 2 or (
                stop > start and (is_odd_word(tokens[start].text) or _may_stand_alone(tokens, start))
            ):
                found.append((start, stop))
            elif stop > start > at and _is_inner_article(tokens, start - 1):
                found.append((start - 1, stop))
        at = max(end, at + 1)
    return list(dict.fromkeys(found))


def _with_digits(tokens: Sequence[Token], first: int) -> int:
    """Where a number begins of which the last digits are written as letters: `1-800-SAFE-NOW`."""
    while first >= _TIED and tokens[first - _TIED].kind == "n" and is_hyphened(tokens, first - _TIED):
        first -= _TIED
    return first


def _is_adverb_before_article(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sentence begins with a word of place or time and an article: a name begins after `There the`."""
    words = load_name_words()
    is_opener = tokens[at].folded in words.leads or tokens[at].folded in words.no_names
    return is_opener and tokens[at + 1].text.islower() and tokens[at + 1].folded in words.articles


_LEAST_BEHIND = 3  # tokens of a run: the opener, its article, and something of a name


def _run_end(tokens: Sequence[Token], first: int, joiners: AbstractSet[str], *, has_suffixes: bool) -> tuple[int, int]:
    """Where a run ends that begins at `first`, without the small words after it and with them.

    In a language that has suffixes after apostrophes a name ends before one: `ILO'nun`.
    """
    last = end = first + 1
    while end < len(tokens) and end - first < MAX_NAME_TOKENS:
        token = tokens[end]
        if has_suffixes and token.text in APOSTROPHES:
            break
        if (token.kind == "w" and token.text[0].isupper()) or (
            token.kind == "n" and token.start - tokens[end - 1].end <= 1
        ):
            last = end = end + 1
        elif _is_inner_acronym(tokens, end):
            end += 3
        elif token.text == "." and (dotted := _dotted_end(tokens, first, end)) > end:
            last = end = dotted
        elif token.kind in "wn" and tokens[end - 1].text in "-'’_" and tokens[end - 1].end == token.start:
            last = end = end + 1
        elif (token.folded in joiners and end - last < 3) or (
            token.text in "-–'’&/:_" and end - last < 2 and _is_tight(tokens, end)
        ):
            end += 1
        else:
            break
    return last, end


@cache
def _joiners(lang: str) -> tuple[frozenset[str], frozenset[str]]:
    """The small words within a project's name, those of the language among them, and words that never end one."""
    joiners = load_name_words().title_joiners | joiners_of(lang)
    return joiners, joiners | {"is", "was", "will", "has", "which", "that"}


def _dotted_end(tokens: Sequence[Token], first: int, at: int) -> int:
    """Where an acronym with full stops inside ends, of which a part stands before `at`; `at` if there is none.

    `GLO.ACT`, `H.E.A.T.` and `Pu.Li.To.2`, not `U.S.`: one part at least has two letters, or there are three parts.
    Two parts alone are in capitals: a full stop without a space after it may end a sentence.
    """
    begin = end = at - 1
    while begin - 2 >= first and _is_dotted(tokens, begin - 2):
        begin -= 2
    while end + 2 < len(tokens) and _is_dotted(tokens, end):
        end += 2
    parts = range(begin, end + 1, 2)
    is_short = len(parts) < _DOTTED_PARTS and (
        all(len(tokens[part].text) == 1 for part in parts) or not all(tokens[part].text.isupper() for part in parts)
    )
    if end == at - 1 or is_short:
        return at
    is_closed = end + 1 < len(tokens) and tokens[end + 1].text == "." and len(tokens[end].text) == 1
    if is_closed and tokens[end + 1].start == tokens[end].end:
        return end + 2
    is_numbered = end + 2 < len(tokens) and tokens[end + 1].text == "." and tokens[end + 2].kind == "n"
    return end + 3 if is_numbered and tokens[end + 2].start == tokens[end].end + 1 else end + 1


_DOTTED_PARTS = 3  # with full stops: fewer single letters are initials or a country

_LONGEST_PART = 4  # letters: a longer word before a full stop ends a sentence


def _is_dotted(tokens: Sequence[Token], at: int) -> bool:
    """Whether a full stop without spaces joins the capitals or the syllable at `at` to a further one."""
    before, stop, after = tokens[at : at + 3]
    if stop.text != "." or before.end != stop.start or stop.end != after.start or after.kind != "w":
        return False
    if before.text.isupper() and after.text.isupper():
        return True
    return all(len(part.text) <= _LONGEST_PART and part.text[0].isupper() for part in (before, after))


def _is_tight(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign may lie within a name: a dash or colon only without spaces, as after them another thing begins."""
    if tokens[at].text not in "–:_":
        return True
    return tokens[at].start == tokens[at - 1].end and at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].end


def _may_stand_alone(tokens: Sequence[Token], at: int) -> bool:
    """Whether one plain word with a capital may be a name: a description or a meaning in quotes follows its comma."""
    return len(tokens[at].text) > _SHORT_WORD and at + 1 < len(tokens) and tokens[at + 1].text in ",–—("


_SHORT_WORD = 3  # letters


def is_hyphened(tokens: Sequence[Token], at: int) -> bool:
    """Whether a hyphen ties a word to the next one: the first letter of `A-TIPSOM` is no article."""
    return (
        at + 2 < len(tokens)
        and tokens[at + 1].text in "-‑"
        and tokens[at].end == tokens[at + 1].start
        and tokens[at + 1].end == tokens[at + 2].start
    )


def _is_tied(tokens: Sequence[Token], at: int) -> bool:
    """Whether a hyphen ties a word to the one before: the last letters of `A-RIS-TO` are no preposition."""
    return at >= _TIED and tokens[at].text.isupper() and is_hyphened(tokens, at - _TIED)


_TIED = 2  # tokens back to what a hyphen ties a word to


def is_joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether tokens are one word to the eye, with hyphens or full stops and no spaces: `RE-ACT`, `GLO.ACT`."""
    return all(tokens[at].end == tokens[at + 1].start for at in range(first, last - 1))


def _is_inner_article(tokens: Sequence[Token], at: int) -> bool:
    """Whether an article has its capital though no sentence begins there: it belongs to the name (`opens The Nest`)."""
    return at > 0 and tokens[at].text in ("The", "A") and tokens[at - 1].kind == "w"


def _is_inner_acronym(tokens: Sequence[Token], at: int) -> bool:
    """Whether an acronym in brackets stands within a name: `No Room for Trafficking (NRFT) Survivor Fund`."""
    return (
        at + 3 < len(tokens)
        and tokens[at].text == "("
        and tokens[at + 2].text == ")"
        and is_odd_word(tokens[at + 1].text)
        and tokens[at + 3].kind == "w"
        and tokens[at + 3].text[0].isupper()
    )


def _pieces(tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """Shorter names within a run: what stands before each small word that may lie outside the name."""
    words = load_name_words()
    return [
        (first, at)
        for at in range(first + 1, last - 1)
        if tokens[at].folded in words.title_cuts
        and not tokens[at].text[0].isupper()
        and tokens[at - 1].folded not in words.title_joiners
    ]
