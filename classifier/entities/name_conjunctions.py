"""Whether `and` lies within the name of a body or between two: `Office on Drugs and Crime`.

In: tokens of a sentence, the name so far, and the books of a language. Out: yes or no. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from classifier.entities.capitals import is_capital
from classifier.entities.name_reach import is_county
from classifier.entities.name_words import NameWords
from classifier.lexicon import Agency
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token

ROMANCE = frozenset(["es", "fr", "it", "pt"])
"""Languages in which a further field of a ministry may have its article again."""

_MINISTRIES = {"ro": "ministerul", "pl": "ministerst"}
"""How ministries begin whose fields need no genitive between them: `Ministerul Muncii și Justiției Sociale`."""

_OFFICES = (
    *("minist", "federal", "department", "departament", "secretar", "directorate", "administration", "commission"),
    *("bureau", "consejeri", "conseller", "oficina", "escritorio"),
)
"""How the names of bodies begin that count their fields."""


class FieldForm(Protocol):
    """What tells words for bodies and known bodies of one language, as `NameForm` does."""

    lang: str
    words: NameWords
    agencies: PhraseMatcher[Agency]
    heads: PhraseMatcher[str]

    def head_kind(self, tokens: Sequence[Token], first: int, last: int) -> str | None:
        """The kind of body that the words for one in `tokens[first:last]` tell, or None."""


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
