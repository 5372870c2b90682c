"""Names of projects as a text gives them.

In: a `Reading` with its organisations. Out: candidates: what stands in quotation marks, what follows "called" or
"project", runs of capitals that hold a word for a project, and a headline that is itself a name. Which one is the
project's is decided by a linear model; a name is never taken from a sentence that somebody speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from classifier.facts.candidates import Candidate, Pool
from classifier.facts.context import Context, project_book
from classifier.facts.mention import Mention
from classifier.facts.name_features import form_features, is_odd_word
from classifier.facts.name_words import load_name_words
from classifier.facts.phrases import PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold

MAX_NAME_TOKENS = 40
"""The longest real names of projects have some thirty words."""

_OPEN = {"«": "»", "“": "”", "„": "“”", '"': '"', "‘": "’"}


def find_names(reading: Reading, context: Context, organisations: Sequence[Mention]) -> list[Candidate]:
    """Candidates for the project's name; each value is the name as written."""
    pool = Pool(context)
    projects = project_book(reading.lang)
    bodies: dict[int, list[Mention]] = {}
    for mention in organisations:
        bodies.setdefault(mention.sentence.index, []).append(mention)
    seen: dict[str, str] = {}
    acronyms = Counter(
        token.text for sentence in reading.sentences for token in sentence.tokens if is_odd_word(token.text)
    )

    def add(sentence: Sentence, first: int, last: int, kind: str) -> None:
        if last - first > MAX_NAME_TOKENS or first >= last:
            return
        name = " ".join(reading.raw(sentence, first, last).split())
        key = " ".join(fold(token.text) for token in sentence.tokens[first:last] if token.kind != "s")
        if len(name) < 3 or not key:
            return
        name = seen.setdefault(key, name)
        extra = form_features(sentence.tokens, first, last, projects, acronyms)
        inside = [body for body in bodies.get(sentence.index, ()) if body.first <= first and last <= body.last]
        extra += [f"body:{body.kind}" for body in inside] or ["body:none"]
        pool.add(name, sentence, first, last, extra, kind)

    for sentence in reading.sentences:
        tokens = sentence.tokens
        quoted = _quoted(tokens)
        for first, last in quoted:
            add(sentence, first, last, "quote")
        if sentence.part == "title":
            _from_title(sentence, add)
        if reading.lang == "ar":
            continue
        for first, last in _announced(tokens, projects, context, sentence):
            add(sentence, first, last, "announced")
        for first, last in _runs(tokens):
            if not any(start <= first and last <= end for start, end in quoted):
                holds = any(projects.match(tokens, at) is not None for at in range(first, last))
                add(sentence, first, last, "project-run" if holds else "run")
    candidates = pool.candidates()
    _mark_overlaps(candidates, reading)
    return candidates


def _from_title(sentence: Sentence, add: object) -> None:
    tokens = sentence.tokens
    assert callable(add)
    if len(tokens) <= 16:
        add(sentence, 0, len(tokens), "title")
    for at, token in enumerate(tokens):
        if token.text in (":", "–", "—", "|") and 0 < at < len(tokens) - 1:
            add(sentence, 0, at, "title-part")
            add(sentence, at + 1, len(tokens), "title-part")


def _quoted(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Spans between quotation marks, without them."""
    found, at = [], 0
    while at < len(tokens):
        closing = _OPEN.get(tokens[at].text)
        if closing is None or (
            tokens[at].text == "‘" and at + 1 < len(tokens) and not tokens[at + 1].text[0].isupper()
        ):
            at += 1
            continue
        end = next(
            (
                step
                for step in range(at + 1, min(len(tokens), at + MAX_NAME_TOKENS + 2))
                if tokens[step].text in closing
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


def _announced(
    tokens: Sequence[Token], projects: PhraseBook[bool], context: Context, sentence: Sentence
) -> list[tuple[int, int]]:
    """What follows `called` or stands between commas after a word for a project: `The action, Safe roads for all, …`."""
    found = []
    named = [cue for cue in context.cues(sentence) if "named" in cue.value]
    starts = [cue.last for cue in named]
    strict = {cue.last for cue in named if projects.match(tokens, cue.first) is None}
    for at in range(len(tokens) - 2):
        hit = projects.match(tokens, at)
        if hit is not None and hit.last < len(tokens) - 1 and tokens[hit.last].text in ",:":
            starts.append(hit.last + 1)
    for first in starts:
        while first < len(tokens) and tokens[first].text in ",:":
            first += 1
        if first >= len(tokens) or not (tokens[first].text[0].isupper() or tokens[first].kind == "n"):
            continue
        last = first
        while (
            last < len(tokens)
            and last - first < MAX_NAME_TOKENS
            and not (tokens[last].kind == "s" and tokens[last].text in ',.;:()–—«»“”"')
        ):
            last += 1
        if last - first >= 2 or (last - first == 1 and first in strict):
            found.append((first, last))
    return found


def _runs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs of capitalised words with the small words and numbers between them."""
    words = load_name_words()
    never_last = words.title_joiners | {"is", "was", "will", "has", "which", "that"}
    found, at = [], 0
    while at < len(tokens):
        if tokens[at].kind != "w" or not tokens[at].text[0].isupper():
            at += 1
            continue
        last = end = at + 1
        while end < len(tokens) and end - at < MAX_NAME_TOKENS:
            token = tokens[end]
            if (token.kind == "w" and token.text[0].isupper()) or (
                token.kind == "n" and token.start - tokens[end - 1].end <= 1
            ):
                end += 1
                last = end
            elif (token.folded in words.title_joiners and end - last < 3) or (
                token.text in "-–'’&/:" and end - last < 2
            ):
                end += 1
            elif token.kind == "w" and tokens[end - 1].text in "-'’" and tokens[end - 1].end == token.start:
                end += 1
                last = end
            else:
                break
        while last > at + 1 and tokens[last - 1].folded in never_last:
            last -= 1
        first = at
        while first < last - 1 and tokens[first].folded in words.title_joiners:
            first += 1
        for start, stop in ((first, last), *_pieces(tokens, first, last)):
            if stop - start >= 2 or (stop > start and is_odd_word(tokens[start].text)):
                found.append((start, stop))
        at = max(end, at + 1)
    return list(dict.fromkeys(found))


def _pieces(tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """Shorter names within a run: what stands before or after a small word, and the run without its first word."""
    words = load_name_words()
    pieces = []
    for at in range(first + 1, last - 1):
        if tokens[at].folded in words.title_cuts and not tokens[at].text[0].isupper():
            after = at + 1
            while after < last and tokens[after].folded in words.title_joiners:
                after += 1
            pieces += [(first, at), (after, last)]
    if first == 0 and last - first >= 2:
        pieces.append((1, last))  # a sentence begins with a capital
    return [
        (start, stop)
        for start, stop in pieces
        if start < stop and tokens[start].text[0].isupper() and tokens[stop - 1].folded not in words.title_joiners
    ]


def _mark_overlaps(candidates: Sequence[Candidate], reading: Reading) -> None:
    """Notes which names hold another, are held by one, or stand in the title as well as in the text."""
    plain = [f" {fold(str(candidate.value))} " for candidate in candidates]
    for at, candidate in enumerate(candidates):
        parts = {sentence.part for sentence, _, _ in candidate.places}
        if len(parts) == 2:
            candidate.features.append("both")
        for other, text in enumerate(plain):
            if other != at and plain[at].strip() in text and len(text) > len(plain[at]):
                candidate.features.append("held")
                break
