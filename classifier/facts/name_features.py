"""What the form of a candidate and the words beside it say for or against its being a project's name.

In: the tokens of a sentence and the candidate's place. Out: named features. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.facts.name_words import load_name_words
from classifier.facts.phrases import PhraseBook
from classifier.facts.tokens import Token

_APPOSITION_TOKENS = 7  # between a name's comma and the noun that says what it is: `FINTRATA, a new regional project`
_FEW = 3  # words


def is_odd_word(word: str) -> bool:
    """Whether a word is an acronym or has a capital inside (`COMPASS`, `SaferKidsPH`), as projects often do."""
    if len(word) < _FEW or word[1:].islower() or (word[-1] == "s" and word[:-1].isupper()):
        return False  # NGOs is a plural, no name
    return sum(map(str.isupper, word)) >= 2


def form_features(
    tokens: Sequence[Token],
    first: int,
    last: int,
    *,
    projects: PhraseBook[bool],
    acronyms: Mapping[str, int],
    heads: PhraseBook[str],
) -> list[str]:
    """Features of a candidate at `tokens[first:last]`; `acronyms` counts the odd words of the whole text."""
    lexicon = load_name_words()
    words = [token for token in tokens[first:last] if token.kind == "w"]
    capitals = sum(token.text[0].isupper() for token in words)
    features = [f"size:{min(len(words), 12) // 2}", f"capitals:{4 * capitals // max(1, len(words))}"]
    if any(
        token.folded in lexicon.subject_words or token.folded.startswith(("traffick", "traffic", "торг"))
        for token in words
    ):
        features.append("subject")
    if any(token.kind == "n" for token in tokens[first:last]):
        features.append("number")
    if len(words) == 1:
        features += _single(words[0], acronyms)
    if words:
        features += [f"w0={words[0].folded}", f"w-1={words[-1].folded}"]
        if words[0].folded.endswith("ing"):
            features.append("gerund")
        if first > 0 and tokens[first - 1].kind == "w" and tokens[first - 1].text[0].isupper():
            features.append("cut-left")
    features += _project_beside(tokens, first, last, projects)
    features += _body_words(tokens, first, last, heads)
    features += _bracket(tokens, last, words, acronyms)
    return features


def _single(word: Token, acronyms: Mapping[str, int]) -> list[str]:
    features = ["single"]
    if word.text.isupper():
        features.append("acronym")
    elif is_odd_word(word.text):
        features.append("camel")
    if is_odd_word(word.text):
        features.append(f"odd:{min(acronyms.get(word.text, 0), 4)}")
    return features


def _body_words(tokens: Sequence[Token], first: int, last: int, heads: PhraseBook[str]) -> list[str]:
    """Whether a candidate begins or ends with a word for a body, or is a law, a paper, a day."""
    features = []
    for side, at in (("first", first), ("last", last - 1)):
        hit = heads.match(tokens, at)
        if hit is not None:
            features.append(f"head-{side}:{hit.value}")
    if any(token.folded in load_name_words().no_bodies for token in tokens[first:last]):
        features.append("law-word")
    return features


def _project_beside(tokens: Sequence[Token], first: int, last: int, projects: PhraseBook[bool]) -> list[str]:
    """Whether a noun for a project stands within, before, after, or in apposition."""
    features = []
    if projects.match(tokens, last - 1) is not None:
        features.append("ends-project")
    if projects.match(tokens, first) is not None:
        features.append("begins-project")
    features += [
        f"project-before:{min(step, 2)}"
        for step in (1, 2, 3)
        if first - step >= 0 and projects.match(tokens, first - step) is not None
    ]
    features += [
        f"project-after:{min(step, 1)}"
        for step in (0, 1, 2)
        if last + step < len(tokens) and projects.match(tokens, last + step) is not None
    ]
    if _is_defined(tokens, last, projects):
        features.append("defined")
    if _is_glossed(tokens, last):
        features.append("glossed")
    if _is_apposed(tokens, last, projects):
        features.append("apposition")
    return features


def _is_apposed(tokens: Sequence[Token], last: int, projects: PhraseBook[bool]) -> bool:
    """Whether a noun for a project stands in the clause after a comma."""
    if last >= len(tokens) or tokens[last].text != ",":
        return False
    for at in range(last + 1, min(last + _APPOSITION_TOKENS, len(tokens))):
        if tokens[at].text in ",.;":
            return False
        if projects.match(tokens, at) is not None:
            return True
    return False


def _is_defined(tokens: Sequence[Token], last: int, projects: PhraseBook[bool]) -> bool:
    """Whether the words after a comma say that it is a project: `X, a new regional project`, `X, plan de dos años`."""
    if last + 1 >= len(tokens) or tokens[last].text not in ",–—(":
        return False
    lexicon = load_name_words()
    for at in range(last + 1, min(last + _DEFINITION_TOKENS, len(tokens))):
        if projects.match(tokens, at) is not None:
            return not tokens[at].text[0].isupper()
        token = tokens[at]
        if at == last + 1 and token.folded in lexicon.determiners:
            continue
        is_modifier = at > last + 1 and (token.kind in "wn" or token.text in "-‑")
        if not is_modifier or token.folded in lexicon.genitives or token.text[0].isupper():
            return False
    return False


def _is_glossed(tokens: Sequence[Token], last: int) -> bool:
    """Whether a meaning in quotation marks follows: `Tetezani, which means “protect”, will last …`."""
    return (
        last + 1 < len(tokens)
        and tokens[last].text in ",("
        and any(token.text in _QUOTES for token in tokens[last + 1 : last + _GLOSS_TOKENS])
    )


_DEFINITION_TOKENS = 7
_GLOSS_TOKENS = 5
_QUOTES = frozenset('"“«„‘')


_BRACKET_TOKENS = 7  # a name shortened in brackets to its first words and an acronym: `(USAID Asia CTIP)`


def _bracket(tokens: Sequence[Token], last: int, words: Sequence[Token], acronyms: Mapping[str, int]) -> list[str]:
    """Whether an acronym follows in brackets, is that of the words, and is used again."""
    if last + 2 >= len(tokens) or tokens[last].text != "(" or not words:
        return []
    features = ["bracket"]
    closing = next(
        (at for at in range(last + 2, min(last + _BRACKET_TOKENS, len(tokens))) if tokens[at].text == ")"), 0
    )
    if closing > last + 2 and is_odd_word(tokens[closing - 1].text) and tokens[last + 1].text == words[0].text:
        return [*features, "bracket-acronym", "bracket-again"]
    inside = tokens[last + 1].text
    if tokens[last + 2].text == ")" and is_odd_word(inside):
        features.append("bracket-acronym")
        initials = "".join(word.folded[0] for word in words if word.text[0].isupper())
        if inside.casefold() == initials or inside.casefold() == "".join(word.folded[0] for word in words):
            features.append("bracket-initials")
        if acronyms.get(inside, 0) > 1:
            features.append("bracket-used")
    return features
