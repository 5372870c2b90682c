"""Names of projects as a text gives them.

In: a `Reading` with its organisations. Out: candidates: what stands in quotation marks, what follows "called" or
"project", runs of capitals that hold a word for a project, and a headline that is itself a name. Which one is the
project's is decided by a linear model; a name is never taken from a sentence that somebody speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.facts.candidates import Candidate, Pool
from classifier.facts.context import Context
from classifier.facts.organisations import Mention
from classifier.facts.phrases import PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold
from classifier.lexicon import load_lexicon

MAX_NAME_TOKENS = 40
"""The longest real names of projects have some thirty words."""

_OPEN = {"«": "»", "“": "”", "„": "“”", '"': '"', "‘": "’"}
_JOINERS = frozenset(
    ["of", "for", "the", "and", "in", "to", "against", "on", "with", "a", "an", "through", "from", "de", "du", "des", "la", "le", "les", "et", "contre", "pour", "en", "del", "y", "para", "contra", "da", "do", "dos", "das", "e", "di", "della", "und", "für", "der", "die", "gegen", "în", "și", "la", "al", "împotriva", "pentru", "van", "het", "&", "at", "by"]
)
_NEVER_LAST = _JOINERS | {"is", "was", "will", "has", "which", "that"}
_ADDED = frozenset(
    ["trafficking", "slavery", "traite", "trata", "trafico", "trafico", "tratta", "menschenhandel", "torgivli", "torgovli", "الاتجار", "ticareti", "mensenhandel", "perdagangan", "exploitation", "survivors", "victims", "migration", "labour", "labor"]
)


@cache
def _project_words(lang: str) -> PhraseBook[bool]:
    words = [word for language in dict.fromkeys(("en", lang)) for word in load_lexicon(language).projects]
    return PhraseBook(((word, True) for word in words), is_arabic=lang == "ar")


def find_names(reading: Reading, context: Context, organisations: Sequence[Mention]) -> list[Candidate]:
    """Candidates for the project's name; each value is the name as written."""
    pool = Pool(context)
    projects = _project_words(reading.lang)
    bodies: dict[int, list[Mention]] = {}
    for mention in organisations:
        bodies.setdefault(mention.sentence.index, []).append(mention)
    seen: dict[str, str] = {}

    def add(sentence: Sentence, first: int, last: int, kind: str) -> None:
        if last - first > MAX_NAME_TOKENS or first >= last:
            return
        name = " ".join(reading.raw(sentence, first, last).split())
        key = " ".join(fold(token.text) for token in sentence.tokens[first:last] if token.kind != "s")
        if len(name) < 3 or not key:
            return
        name = seen.setdefault(key, name)
        extra = _form(sentence.tokens, first, last, projects, reading.lang)
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
    starts = [cue.last for cue in context.cues(sentence) if "named" in cue.value]
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
        if last - first >= 2:
            found.append((first, last))
    return found


def _runs(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Runs of capitalised words with the small words and numbers between them."""
    found, at = [], 0
    while at < len(tokens):
        if tokens[at].kind != "w" or not tokens[at].text[0].isupper():
            at += 1
            continue
        last = end = at + 1
        while end < len(tokens) and end - at < MAX_NAME_TOKENS:
            token = tokens[end]
            if (token.kind == "w" and token.text[0].isupper()) or (token.kind == "n" and token.start - tokens[end - 1].end <= 1):
                end += 1
                last = end
            elif (token.folded in _JOINERS and end - last < 3) or (token.text in "-–'’&/:" and end - last < 2):
                end += 1
            elif token.kind == "w" and tokens[end - 1].text in "-'’" and tokens[end - 1].end == token.start:
                end += 1
                last = end
            else:
                break
        while last > at + 1 and tokens[last - 1].folded in _NEVER_LAST:
            last -= 1
        first = at
        while first < last - 1 and (tokens[first].folded in _JOINERS):
            first += 1
        if last - first >= 2 or (
            sum(letter.isupper() for letter in tokens[first].text) >= 2 and len(tokens[first].text) >= 3
        ):
            found.append((first, last))
        at = max(end, at + 1)
    return found


def _form(tokens: Sequence[Token], first: int, last: int, projects: PhraseBook[bool], lang: str) -> list[str]:
    """Features of a name's own form."""
    words = [token for token in tokens[first:last] if token.kind == "w"]
    capitals = sum(token.text[0].isupper() for token in words)
    features = [f"size:{min(len(words), 12) // 2}", f"capitals:{4 * capitals // max(1, len(words))}"]
    if any(token.folded in _ADDED or token.folded.startswith(("traffick", "traffic", "торг")) for token in words):
        features.append("subject")
    if any(token.kind == "n" for token in tokens[first:last]):
        features.append("number")
    if len(words) == 1 and words[0].text.isupper():
        features.append("acronym")
    if projects.match(tokens, last - 1) is not None:
        features.append("ends-project")
    if projects.match(tokens, first) is not None:
        features.append("begins-project")
    for step in (1, 2, 3):
        if first - step >= 0 and projects.match(tokens, first - step) is not None:
            features.append(f"project-before:{min(step, 2)}")
    for step in (0, 1, 2):
        if last + step < len(tokens) and projects.match(tokens, last + step) is not None:
            features.append("project-after")
    if last < len(tokens) and tokens[last].text == "(":
        features.append("bracket")
    if words:
        features += [f"w0={words[0].folded}", f"w-1={words[-1].folded}"]
        if words[0].folded.endswith("ing") and lang == "en":
            features.append("gerund")
    return features


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
