"""Where in a sentence a project's name may stand.

In: the tokens of a sentence. Out: spans of tokens: what stands in quotation marks, what follows "called" or a noun for
a project, what an acronym in brackets spells, the number of a helpline, the parts of a headline. Pure; which span is
the name is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.entities.name_words import load_name_words
from classifier.extraction.context import Context
from classifier.extraction.names.features import is_odd_word
from classifier.extraction.names.runs import MAX_NAME_TOKENS
from classifier.text.parsed_text import Sentence
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token, fold

_OPEN = {"«": "»", "“": "”", "„": '“”"', '"': '"', "‘": "’", "'": "'"}
_OPEN_GERMAN = {**_OPEN, "»": "«"}
"""Quotation marks with those that may close them; German books and papers turn the French ones inwards."""


def title_parts(tokens: Sequence[Token], is_sheet: bool) -> list[tuple[int, int, str]]:
    """A headline, and what stands before and after its colon or dash, each of which may be a name."""
    is_short = is_sheet or len(tokens) <= _LONGEST_TITLE or (tokens[-1].text == ")" and is_odd_word(tokens[-2].text))
    parts = [(0, len(tokens), "title")] if is_short else []
    for at, token in enumerate(tokens):
        if token.text in (":", "–", "—", "|") and 0 < at < len(tokens) - 1:
            parts += [(0, at, "title-part"), (at + 1, len(tokens), "title-part")]
    return parts


_LONGEST_TITLE = 16  # tokens: a longer headline is a sentence, but on a page that is a project's sheet


def heading(tokens: Sequence[Token]) -> int:
    """Where a name may end that is a line by itself, such as a page puts over its text, without brackets that close it;
    0 where a sentence ends or a label and its value stand there."""
    if not tokens or not tokens[0].text[0].isupper() or len(tokens) > MAX_NAME_TOKENS:
        return 0
    last = len(tokens)
    if tokens[-1].text == ")":
        last = next((at for at in range(last - 1, 0, -1) if tokens[at].text == "("), 0)
    is_line = last >= _SHORTEST_HEADING and tokens[last - 1].kind in "wn"
    return last if is_line and not any(token.text in _NO_HEADING for token in tokens[:last]) else 0


_SHORTEST_HEADING = 2  # tokens
_NO_HEADING = frozenset('.!?…:;–—|«»“”"#$€£')


def quoted(tokens: Sequence[Token], lang: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, without them."""
    found, at = [], 0
    marks = _OPEN_GERMAN if lang == "de" else _OPEN
    while at < len(tokens):
        closing = marks.get(tokens[at].text)
        if closing is None or (tokens[at].text in "‘'" and not _opens_single(tokens, at)):
            at += 1
            continue
        end = next(
            (
                step
                for step in range(at + 1, min(len(tokens), at + MAX_NAME_TOKENS + 2))
                if tokens[step].text in closing and not (closing in "’'" and _is_apostrophe(tokens, step))
            ),
            None,
        )
        if end is None:
            at += 1
            continue
        last = end
        while last > at + 1 and tokens[last - 1].text in ".,;":
            last -= 1
        if last > at + 1:
            found.append((at + 1, last))
        at = end + 1
    return found


def _opens_single(tokens: Sequence[Token], at: int) -> bool:
    """Whether a single mark opens a name: a capital follows it, and nothing stands right before it as in `l'Office`."""
    return (
        at + 1 < len(tokens)
        and tokens[at + 1].text[0].isupper()
        and tokens[at + 1].start == tokens[at].end
        and (at == 0 or tokens[at - 1].end < tokens[at].start)
    )


def _is_apostrophe(tokens: Sequence[Token], at: int) -> bool:
    """Whether a single mark is none that closes: a letter follows it at once (`Don’t`), or it stands free."""
    is_free = tokens[at - 1].end < tokens[at].start
    return is_free or (at + 1 < len(tokens) and tokens[at + 1].kind == "w" and tokens[at + 1].start == tokens[at].end)


def announced(
    tokens: Sequence[Token], projects: Mapping[int, Match[bool]], context: Context, sentence: Sentence
) -> list[tuple[int, int]]:
    """What follows `called`, or stands between commas after a word for a project: `The action, Safe roads, …`."""
    found = []
    words = load_name_words()
    named = [cue for cue in context.cues(sentence) if "named" in cue.value]
    starts = [cue.last for cue in named]
    strict = {cue.last for cue in named if cue.first not in projects}
    for at in range(len(tokens) - 2):
        hit = projects.get(at)
        if hit is not None and hit.last < len(tokens) - 1 and tokens[hit.last].text in ",:":
            starts.append(hit.last + 1)
    for start in starts:
        first = start
        while first < len(tokens) and tokens[first].text in ",:":
            first += 1
        if start not in strict and first < len(tokens) and tokens[first].text.islower():
            first += tokens[first].folded in words.articles  # `a new project, the Safe Roads Collaborative, …`
        if first >= len(tokens) or not (tokens[first].text[0].isupper() or tokens[first].kind == "n"):
            continue
        last = first
        while (
            last < len(tokens)
            and last - first < MAX_NAME_TOKENS
            and not (tokens[last].kind == "s" and tokens[last].text in ',.;:()–—«»“”"')
            and tokens[last].folded not in words.title_stops
        ):
            last += 1
        while last > first and tokens[last - 1].folded in words.title_joiners:
            last -= 1
        if last - first >= 2 or (last - first == 1 and first in strict):
            found.append((first, last))
    return found


def behind_nouns(tokens: Sequence[Token], projects: Mapping[int, Match[bool]]) -> list[tuple[int, int]]:
    """A single word in Latin letters behind a noun for a project, in a script without capitals: `مشروع Amani`."""
    ends = {hit.last for hit in projects.values()}
    return [
        (at, at + 1)
        for at in ends
        if at < len(tokens)
        and tokens[at].text[0].isupper()
        and not (at + 1 < len(tokens) and tokens[at + 1].text[0].isupper())
    ]


def line_numbers(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """The short numbers of telephone lines, which many are known by: `the national hotline 111`, `dial 1123`."""
    words = load_name_words().line_words
    found = []
    for at in [at for at, token in enumerate(tokens) if token.kind == "n"]:
        digits = tokens[at].text
        if len(digits) not in _LINE_DIGITS or not digits.isdigit() or _is_year(digits):
            continue
        beside = (*tokens[max(0, at - _LINE_BEFORE) : at], *tokens[at + 1 : at + 1 + _LINE_AFTER])
        if any(other.folded in words for other in beside):
            found.append((at, at + 1))
    return found


_LINE_DIGITS = (3, 4, 5)
_LINE_BEFORE, _LINE_AFTER = 2, 2  # tokens between a number and the word that makes it a line's


def _is_year(digits: str) -> bool:
    return len(digits) == len("2024") and digits[:2] in ("19", "20")


def before_acronyms(tokens: Sequence[Token], projects: Mapping[int, Match[bool]]) -> list[tuple[int, int]]:
    """A noun for a project with a capital and all that follows it up to an acronym in brackets, or what it spells.

    So names are written in languages that write their other words small: `Programme de prévention de la traite (PPT)`.
    What an acronym spells may hold commas: `Halt Abuse, Learn to Testify (HALT)`.
    """
    found = []
    for at in range(2, len(tokens) - 2):
        if tokens[at].text != "(" or tokens[at + 2].text != ")" or not is_odd_word(tokens[at + 1].text):
            continue
        spelt = _spelt_from(tokens, at)
        if spelt is not None and any(tokens[step].text == "," for step in range(spelt, at)):
            found.append((spelt, at))
        for first in range(at - 2, max(-1, at - _LONGEST_BEFORE_ACRONYM), -1):
            if tokens[first].text in '.;:()«»“”"' or tokens[first].folded in _VERBS:
                break
            if tokens[first].text[0].isupper() and first in projects:
                found.append((first, at))
                break
    return found


_LONGEST_BEFORE_ACRONYM = 26  # tokens
_VERBS = frozenset(["is", "was", "has", "have", "are", "were", "will", "would", "est", "sera", "es", "será", "é"])
"""Words of a sentence that no name holds."""


def _spelt_from(tokens: Sequence[Token], bracket: int) -> int | None:
    """Where the words begin that an acronym in brackets is made of, all its letters in their order."""
    letters = fold(tokens[bracket + 1].text)
    left = len(letters)
    for at in range(bracket - 1, max(-1, bracket - _LONGEST_BEFORE_ACRONYM), -1):
        token = tokens[at]
        if token.text in '.;()«»“”"':
            return None
        if token.kind == "w" and token.folded[0] == letters[left - 1]:
            left -= 1
            if left == 0:
                return at if token.text[0].isupper() else None
        elif token.kind == "w" and token.text[0].isupper():
            return None
    return None
