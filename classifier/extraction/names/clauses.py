"""Whether words in quotation marks or in a headline are said of something, or name it.

In: tokens of a sentence and a candidate's place. Out: named features, and whether somebody speaks there. Pure. Names
are nouns with their complements, or a short call; speech and headlines are clauses with a verb that is bent.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.name_words import load_name_words
from classifier.text.tokens import Token

_MAY_BE_CLAUSES = frozenset(["quote", "title", "title-part", "heading", "announced"])
"""Kinds of candidates whose bounds are signs, not the form of a name: a whole sentence may stand there."""
_ENDS = frozenset(".!?…")
_OPENING = frozenset('«“„"‘»')
_CLOSING = frozenset("»”“\"’'«")
_SHORTEST_NOMINAL = 6  # letters, ending among them

_NOMINAL_ENDS = (
    *("ing", "tion", "sion", "ment", "ance", "ence", "ship"),
    *("cion", "miento", "cao", "mento", "zione", "sione", "age", "anza"),
    *("ung", "heit", "keit", "schutz", "area", "erea", "irea", "masi", "mesi"),
    *("ние", "ство", "тие", "ння", "ття"),
)
"""How nouns end that are made of verbs, by which descriptive names begin (`Strengthening`, `Prevención`)."""


_TURKISH_VERBS = ("iyor", "uyor", "iyoruz", "uyoruz", "ecek", "acak", "ecegiz", "acagiz")
"""How verbs end in a language that has few small words to tell a clause by."""


def clause_features(tokens: Sequence[Token], first: int, last: int, kind: str) -> list[str]:
    """What tells a clause from a name: words of a sentence, a full stop within the marks, a noun made of a verb."""
    if kind not in _MAY_BE_CLAUSES:
        return []
    features = []
    if has_clause_word(tokens, first, last):
        features.append("clause")
    opener = tokens[first]
    if kind != "announced":
        if len(opener.folded) >= _SHORTEST_NOMINAL and opener.folded.endswith(_NOMINAL_ENDS):
            features.append("nominal")
        if opener.kind == "w" and opener.text[0].islower():
            features.append("lower-start")
    if kind == "quote" and _is_closed(tokens, last):
        features.append("stops-inside")
    return [*features, *(f"{kind}&{feature}" for feature in features)]


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


def _is_closed(tokens: Sequence[Token], last: int) -> bool:
    """Whether a sentence ends within the marks: speech does, a name leaves the full stop outside."""
    return tokens[last - 1].text in _ENDS or (
        last + 1 < len(tokens) and tokens[last].text in _ENDS and tokens[last + 1].text in _CLOSING
    )
