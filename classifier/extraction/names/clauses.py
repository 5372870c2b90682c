"""Whether somebody says what stands in quotation marks, or it names something.

In: tokens of a sentence and a candidate's place. Out: yes or no. Pure. Speech and headlines are clauses with a verb
that is bent; names are not.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.name_words import load_name_words
from classifier.text.tokens import Token

_OPENING = frozenset('«“„"‘»')
_TURKISH_VERBS = ("iyor", "uyor", "iyoruz", "uyoruz", "ecek", "acak", "ecegiz", "acagiz")
"""How verbs end in a language that has few small words to tell a clause by."""


def has_clause_word(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a verb that is bent, a pronoun or a conjunction stands there, as in sentences; capitals tell names.

    The capital of the first word tells nothing, unless it is an acronym or all words have one: `They Have a Name`.
    """
    words = load_name_words().clause_words
    opener = first + 1 if tokens[first].text in _OPENING else first
    return any(
        (tokens[at].folded in words or tokens[at].folded.endswith(_TURKISH_VERBS))
        and (not tokens[at].text[0].isupper() or (at == opener and not _is_name_by_capitals(tokens[opener:last])))
        for at in range(opener, last)
    )


def _is_name_by_capitals(tokens: Sequence[Token]) -> bool:
    """Whether what begins with a word of clauses is written as names are: an acronym, or with all words in capitals."""
    if len(tokens[0].text) > 1 and tokens[0].text.isupper():
        return True
    others = [token for token in tokens[1:] if token.kind == "w" and len(token.text) > _SMALL_WORD]
    return bool(others) and all(token.text[0].isupper() for token in others)


_SMALL_WORD = 3  # letters: articles and prepositions have no capital in a name


def is_spoken(tokens: Sequence[Token], first: int, last: int, kind: str, *, is_introduced: bool) -> bool:
    """Whether somebody says what stands in quotation marks: a clause, which no word for a project introduces."""
    is_quoted = kind == "quote" or (kind in ("title", "title-part") and tokens[first].text in _OPENING)
    return is_quoted and not is_introduced and has_clause_word(tokens, first, last)
