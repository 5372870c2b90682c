"""What the form of a candidate and the words beside it say for or against its being a project's name.

In: the tokens of a sentence and the candidate's place. Out: named features. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from classifier.entities.name_words import currency_words, load_name_words
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token

_APPOSITION_TOKENS = 7  # between a name's comma and the noun that says what it is: `FINTRATA, a new regional project`
_FEW = 3  # words


def is_odd_word(word: str) -> bool:
    """Whether a word is an acronym or has a capital inside (`COMPASS`, `SaferKidsPH`), as projects often do."""
    if len(word) < _FEW or word[1:].islower() or (word[-1] == "s" and word[:-1].isupper()):
        return False  # NGOs is a plural, no name
    return sum(map(str.isupper, word)) >= 2


def is_dotted_acronym(tokens: Sequence[Token]) -> bool:
    """Whether capitals with full stops between them are all there is (`GLO.ACT`)."""
    return len(tokens) > 2 and all(
        token.text == "." if at % 2 else token.text.isupper() for at, token in enumerate(tokens)
    )


def form_features(
    tokens: Sequence[Token],
    first: int,
    last: int,
    *,
    projects: Mapping[int, Match[bool]],
    acronyms: Mapping[str, int],
    heads: PhraseMatcher[str],
) -> list[str]:
    """Features of a candidate at `tokens[first:last]`; `acronyms` counts the odd words of the whole text."""
    lexicon = load_name_words()
    words = [token for token in tokens[first:last] if token.kind == "w"]
    capitals = sum(token.text[0].isupper() for token in words)
    features = [f"size:{min(len(words), 12) // 2}", f"capitals:{4 * capitals // max(1, len(words))}"]
    folded = [word.folded for word in words]
    if not lexicon.subject_words.isdisjoint(folded) or any(word.startswith(_SUBJECT_STEMS) for word in folded):
        features.append("subject")
    if len(words) < last - first and any(token.kind == "n" for token in tokens[first:last]):
        features.append("number")
    if len(words) == 1:
        features += _single(words[0], acronyms)
    elif is_dotted_acronym(tokens[first:last]):
        features += ["single", "acronym", "dotted"]
    if words:
        features += [f"w0={words[0].folded}", f"w-1={words[-1].folded}"]
        features += [f"w={word.folded}" for word in words if len(word.text) > _FEW]
        if words[0].folded.endswith("ing"):
            features.append("gerund")
        if first > 0 and tokens[first - 1].kind == "w" and tokens[first - 1].text[0].isupper():
            features.append("cut-left")
    features += _project_beside(tokens, first, last, projects)
    features += _body_words(tokens, first, last, heads)
    features += _bracket(tokens, _behind_mark(tokens, last), words, acronyms)
    features += _listed(tokens, first, last)
    features += _sums_beside(tokens, first, last)
    return features


def _sums_beside(tokens: Sequence[Token], first: int, last: int) -> list[str]:
    """Whether a sum stands right beside a candidate, as beside one that gets a share: `Open Doors ($350,000)`."""
    money = currency_words()
    return [
        f"sum-{side}"
        for side, near in (
            ("left", tokens[max(0, first - _SUM_TOKENS) : first]),
            ("right", tokens[last : last + _SUM_TOKENS]),
        )
        if not money.isdisjoint([token.folded for token in near])
    ]


_SUM_TOKENS = 3


def _listed(tokens: Sequence[Token], first: int, last: int) -> list[str]:
    """Whether a candidate stands in a list of names, as the bodies that share a sum do: `A, B and C`."""
    features = [name for name, is_so in (("list-right", _is_followed_by_name(tokens, last)),) if is_so]
    if _is_preceded_by_name(tokens, first):
        features += ["list-left", "list-both"] if features else ["list-left"]
    return features


def _is_followed_by_name(tokens: Sequence[Token], last: int) -> bool:
    lexicon = load_name_words()
    at = last
    if at < len(tokens) and tokens[at].text == "(":
        at = next((step + 1 for step in range(at, len(tokens)) if tokens[step].text == ")"), len(tokens))
    if at >= len(tokens) or not (tokens[at].text in ",;" or tokens[at].folded in lexicon.conjunctions):
        return False
    at += 1
    if at < len(tokens) and tokens[at].folded in lexicon.conjunctions:
        at += 1
    if at < len(tokens) and tokens[at].folded in lexicon.determiners:
        at += 1
    return at < len(tokens) and tokens[at].kind == "w" and tokens[at].text[0].isupper()


def _is_preceded_by_name(tokens: Sequence[Token], first: int) -> bool:
    lexicon = load_name_words()
    at = first - 1
    if at >= 0 and tokens[at].folded in lexicon.determiners:
        at -= 1
    if at < 1 or not (tokens[at].text in ",;" or tokens[at].folded in lexicon.conjunctions):
        return False
    at -= 2 if tokens[at - 1].text == "," else 1
    return at > 0 and (tokens[at].text == ")" or (tokens[at].kind == "w" and tokens[at].text[0].isupper()))


_SUBJECT_STEMS = ("traffick", "traffic", "торг")


def _single(word: Token, acronyms: Mapping[str, int]) -> list[str]:
    features = ["single"]
    if word.text.isupper():
        features.append("acronym")
    elif is_odd_word(word.text):
        features.append("camel")
    if is_odd_word(word.text):
        features.append(f"odd:{min(acronyms.get(word.text, 0), 4)}")
    return features


def _body_words(tokens: Sequence[Token], first: int, last: int, heads: PhraseMatcher[str]) -> list[str]:
    """Whether a candidate begins or ends with a word for a body, or is a law, a paper, a day."""
    features = []
    for side, at in (("first", first), ("last", last - 1)):
        hit = heads.match(tokens, at)
        if hit is not None:
            features.append(f"head-{side}:{hit.value}")
    if not load_name_words().no_bodies.isdisjoint([token.folded for token in tokens[first:last]]):
        features.append("law-word")
    return features


def body_features(
    tokens: Sequence[Token], first: int, last: int, kind: str, *, heads: PhraseMatcher[str], places: AbstractSet[int]
) -> list[str]:
    """What tells a body or a place: a word for a body before the name (`the charity “X”`), words of places in it.

    `places` are where the words of places begin.
    """
    features = []
    before = first - 1
    if before >= 0 and tokens[before].text in _QUOTES:
        before -= 1
    if before >= 0 and (hit := heads.match(tokens, before)) is not None:
        features += [f"head-before:{hit.value}", f"{kind}&head-before:{hit.value}"]
    capitals = [token for token in tokens[first:last] if token.kind == "w" and token.text[0].isupper()]
    told = sum(token.start in places for token in capitals)
    if told:
        features.append(f"places:{_PLACE_SHARES * told // len(capitals)}")
    return features


_PLACE_SHARES = 3  # thirds of a candidate's capitals


def _project_beside(tokens: Sequence[Token], first: int, last: int, projects: Mapping[int, Match[bool]]) -> list[str]:
    """Whether a noun for a project stands within, before, after, or in apposition."""
    features = []
    if last - 1 in projects:
        features.append("ends-project")
    if first in projects:
        features.append("begins-project")
    features += [
        f"project-before:{min(step, 2)}" for step in (1, 2, 3) if first - step >= 0 and first - step in projects
    ]
    features += [
        f"project-after:{min(step, 1)}" for step in (0, 1, 2) if last + step < len(tokens) and last + step in projects
    ]
    if _is_defined(tokens, last, projects):
        features.append("defined")
    if _is_glossed(tokens, last):
        features.append("glossed")
    if _is_apposed(tokens, last, projects):
        features.append("apposition")
    return features


def _is_apposed(tokens: Sequence[Token], last: int, projects: Mapping[int, Match[bool]]) -> bool:
    """Whether a noun for a project stands in the clause after a comma."""
    if last >= len(tokens) or tokens[last].text != ",":
        return False
    for at in range(last + 1, min(last + _APPOSITION_TOKENS, len(tokens))):
        if tokens[at].text in ",.;":
            return False
        if at in projects:
            return True
    return False


def _is_defined(tokens: Sequence[Token], last: int, projects: Mapping[int, Match[bool]]) -> bool:
    """Whether the words after a comma say that it is a project: `X, a new regional project`, `X, plan de dos años`."""
    if last + 1 >= len(tokens) or tokens[last].text not in ",–—(":
        return False
    lexicon = load_name_words()
    for at in range(last + 1, min(last + _DEFINITION_TOKENS, len(tokens))):
        if at in projects:
            return not tokens[at].text[0].isupper()
        token = tokens[at]
        if at == last + 1 and token.folded in lexicon.determiners:
            continue
        is_modifier = at > last + 1 and (token.kind in "wn" or token.text in "-‑")
        is_origin = at == last + _AFTER_ARTICLE and token.text[1:].islower()  # `X, a British project`
        if not is_modifier or token.folded in lexicon.genitives or (token.text[0].isupper() and not is_origin):
            return False
    return False


def _is_glossed(tokens: Sequence[Token], last: int) -> bool:
    """Whether a meaning in quotation marks follows: `Tetezani, which means “protect”, will last …`.

    What begins with a capital right behind the comma is no meaning but what somebody says: `Mr Doe, «We hope so»`; so
    is what stands behind the dash of a dateline.
    """
    if last + 1 >= len(tokens) or tokens[last].text not in ",(":
        return False
    for at in range(last + 1, min(last + _GLOSS_TOKENS, len(tokens) - 1)):
        if tokens[at].text in _DASHES:
            return False
        if tokens[at].text in _QUOTES:
            return tokens[last].text == "(" or at > last + 1 or tokens[at + 1].text[0].islower()
    return False


_DEFINITION_TOKENS = 7
_AFTER_ARTICLE = 2  # tokens after a name: a comma and an article
_GLOSS_TOKENS = 5
_DASHES = frozenset("–—")
_QUOTES = frozenset('"“«„‘')


def _behind_mark(tokens: Sequence[Token], last: int) -> int:
    """The place after the mark that closes a quotation: an acronym stands there, `“Safe Paths” (SAPA)`."""
    return last + 1 if last < len(tokens) and tokens[last].text in _CLOSING_QUOTES else last


_CLOSING_QUOTES = frozenset('"”»“’')
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
