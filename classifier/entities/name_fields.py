"""Fields that a body deals with, told in a list or after `and`: `Ministry of Gender, Children and Social Services`.

In: tokens of a sentence, the name so far, and the books of a language. Out: how far the name goes on. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from classifier.entities.capitals import is_capital
from classifier.entities.name_reach import is_county
from classifier.entities.name_words import NameWords
from classifier.lexicon import Agency
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token, fold

__all__ = ["ROMANCE", "FieldForm", "goes_on_after_and", "tokens_of_fields"]

ROMANCE = frozenset(["es", "fr", "it", "pt"])
"""Languages in which a further field of a ministry may have its article again."""

_MINISTRIES = {"ro": "ministerul", "pl": "ministerst"}
"""How ministries begin whose fields need no genitive between them: `Ministerul Muncii și Justiției Sociale`."""

_FOR = fold("für")
"""The word before the fields of a German office, whose own name may be any compound."""

_OFFICES = (
    *("minist", "federal", "department", "departament", "secretar", "directorate", "administration", "commission"),
    *("bureau", "consejeri", "conseller", "oficina", "escritorio"),
)
"""How the names of bodies begin that count their fields."""

_LONGEST_LIST = 16  # tokens of a list of fields


class FieldForm(Protocol):
    """What tells words for bodies and known bodies of one language, as `NameForm` does."""

    lang: str
    words: NameWords
    agencies: PhraseMatcher[Agency]
    heads: PhraseMatcher[str]

    def head(self, tokens: Sequence[Token], at: int) -> Match[str] | None:
        """The word for a body at `at`, or None."""

    def head_kind(self, tokens: Sequence[Token], first: int, last: int) -> str | None:
        """The kind of body that the words for one in `tokens[first:last]` tell, or None."""


def tokens_of_fields(form: FieldForm, tokens: Sequence[Token], first: int, at: int) -> int:
    """How many tokens a list of fields adds to a ministry: `Ministry of Gender, Children and Social Protection`.

    0 unless every part is a plain run of capitals and the last stands after `and`.
    """
    if tokens[at].text != "," or not _counts_fields(form, tokens, first):
        return 0
    end = at
    while end + 1 < len(tokens) and end - at < _LONGEST_LIST:
        is_last = tokens[end].folded in form.words.conjunctions
        if not is_last and tokens[end].text != ",":
            return 0
        begin = end + 1
        if not is_last and begin < len(tokens) and tokens[begin].folded in form.words.conjunctions:
            is_last, begin = True, begin + 1  # Children, Youth, and Family Affairs
        while begin < len(tokens) and tokens[begin].text.islower() and _is_small(form, tokens[begin]):
            begin += 1  # Ministério da Mulher, da Família e dos Direitos Humanos
        end = begin
        while end < len(tokens) and is_capital(tokens[end]) and not tokens[end].text.isupper():
            if _is_body(form, tokens, begin, end):
                return 0
            end += 1
        if end == begin:
            return 0
        if is_last:
            return end - at
    return 0


def _is_body(form: FieldForm, tokens: Sequence[Token], first: int, at: int) -> bool:
    """Whether a body of its own is named at `at` of a list of fields; `Social Services` are what a ministry does."""
    if form.agencies.match(tokens, at) is not None:
        return True
    return form.heads.match(tokens, at) is not None and not (at > first and tokens[at].folded in form.words.duties)


def _counts_fields(form: FieldForm, tokens: Sequence[Token], first: int) -> bool:
    """Whether a name begins as those of bodies do that count their fields; in German with what they are for."""
    if form.lang != "de" or tokens[first].folded.startswith(_OFFICES):
        return tokens[first].folded.startswith(_OFFICES)
    head = form.head(tokens, first)
    return head is not None and head.value == "state" and tokens[head.last].folded == _FOR


def _is_small(form: FieldForm, word: Token) -> bool:
    """Whether a word repeats the genitive before a further field of a ministry."""
    return form.lang in ROMANCE and (word.folded in form.words.genitives or word.folded in form.words.articles)


def goes_on_after_and(
    form: FieldForm,
    tokens: Sequence[Token],
    first: int,
    at: int,
    after: int,
    *,
    small: set[str],
    is_small: bool,
    is_of: bool,
    had_of: bool,
) -> bool:
    """Whether `and` lies within a name (Office on Drugs and Crime) rather than between two.

    Args:
        form: the books of the language.
        tokens: of the sentence; the name so far is `tokens[first:at]`, and goes on at `after`, if it does.
        first: where the name begins.
        at: where the small words begin, `and` among them.
        after: where they end.
        small: those words, folded.
        is_small: whether the name's first word lets its complements be written small.
        is_of: whether a genitive is among the small words.
        had_of: whether the name had one before.
    """
    if tokens[at - 1].folded.endswith("ing") and tokens[after].folded.endswith("ing") and form.lang == "en":
        return is_capital(tokens[after])  # Committee on Combating and Preventing Trafficking in Persons
    ministry = _MINISTRIES.get(form.lang)
    if ministry and small <= form.words.conjunctions and _begins_with(tokens, first, ministry):
        return form.heads.match(tokens, after) is None and form.agencies.match(tokens, after) is None
    if not had_of and not (is_small and is_of):
        return False
    if form.agencies.match(tokens, after) is not None:
        return False
    if form.heads.match(tokens, after) is not None:
        return tokens[first].folded.startswith(_OFFICES) and _is_duty(form, tokens, after)
    if form.lang == "en" and not small & form.words.articles and _ends_as_body(form, tokens, after):
        return False  # Ministry of Overseas Pakistanis and Punjab University
    if tokens[after].text.islower() and after + 1 < len(tokens) and form.heads.match(tokens, after + 1) is not None:
        return False  # Ministerium für Fischerei und der belgischen Organisation
    if is_of:
        return True
    if form.lang in ROMANCE and form.head_kind(tokens, first, at) is None:
        return False  # Ecos del Norte y Marola
    if is_county(tokens, after):
        return False  # the Department of Commerce and Orange County
    if form.lang in ROMANCE and tokens[first].folded.startswith(_OFFICES):
        return small <= form.words.articles | form.words.conjunctions  # Ministério da Cidadania e a Igualdade
    is_acronym = after + 1 < len(tokens) and tokens[after + 1].text == "(" and tokens[after].text.isupper()
    return not small & form.words.articles - {"de", "der"} and not is_acronym


def _begins_with(tokens: Sequence[Token], first: int, stem: str) -> bool:
    """Whether the name that begins at `first` begins so, a sentence's verb aside: `Płaci Ministerstwo Spraw X i Y`."""
    return any(token.folded.startswith(stem) for token in tokens[first : first + 2])


def _ends_as_body(form: FieldForm, tokens: Sequence[Token], first: int) -> bool:
    """Whether capitals from `first` on end in a word for a body: an English body beside another."""
    last = first
    while last + 1 < len(tokens) and is_capital(tokens[last + 1]):
        last += 1
    is_head = last > first and form.heads.match(tokens, last) is not None
    return is_head and tokens[last].folded not in form.words.duties


def _is_duty(form: FieldForm, tokens: Sequence[Token], at: int) -> bool:
    """Whether a word for a body is what a ministry does: `Resources and Services`, `Justice and Home Affairs`."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or not is_capital(after):
        return tokens[at].folded in form.words.duties
    return after.folded == "affairs"
