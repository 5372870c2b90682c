"""Names of projects as a text gives them.

In: a `Reading` with its organisations. Out: candidates: what stands in quotation marks, what follows "called" or
"project", runs of capitals that hold a word for a project, and a headline that is itself a name. Which one is the
project's is decided by a linear model; a name is never taken from a sentence that somebody speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from classifier.facts.candidates import Candidate, Pool
from classifier.facts.context import Context, project_book
from classifier.facts.linear import Linear, chances_among
from classifier.facts.mention import Mention, name_key
from classifier.facts.name_clauses import clause_features, is_spoken
from classifier.facts.name_complements import complemented
from classifier.facts.name_features import form_features, is_odd_word, is_taken_up, title_share
from classifier.facts.name_labels import is_sheet, label_end, label_words
from classifier.facts.name_spans import (
    MAX_NAME_TOKENS,
    announced,
    before_acronyms,
    line_numbers,
    quoted,
    runs,
    title_parts,
)
from classifier.facts.name_words import currency_words, load_name_words, months_of, multipliers_of, region_keys
from classifier.facts.phrases import Found
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold


def find_names(reading: Reading, context: Context, organisations: Sequence[Mention]) -> list[Candidate]:
    """Candidates for the project's name; each value is the name as written."""
    finder = _Finder(reading, context, organisations)
    for sentence in reading.sentences:
        finder.read(sentence)
    candidates = finder.pool.candidates()
    _mark_overlaps(candidates)
    return candidates


class _Finder:
    """One pass over a document: what it knows of its organisations, places and acronyms, and the candidates so far."""

    def __init__(self, reading: Reading, context: Context, organisations: Sequence[Mention]) -> None:
        self.reading = reading
        self.context = context
        self.pool = Pool(context)
        self.projects = project_book(reading.lang)
        self._seen: dict[str, str] = {}
        self._here: dict[int, Found[bool]] = {}  # of the sentence that is read: nouns for a project
        self._named: set[int] = set()  # likewise, where `called` ends
        self._bodies: dict[int, list[Mention]] = {}
        self._agencies: dict[int, list[Mention]] = {}
        self._places: dict[int, set[int]] = {}
        self._is_sheet = is_sheet(reading.sentences)
        self._label = 0  # of the sentence that is read: where its label ends, on a sheet
        for mention in organisations:
            self._bodies.setdefault(mention.sentence.index, []).append(mention)
            if mention.agency is not None:
                self._agencies.setdefault(mention.sentence.index, []).append(mention)
            if mention.kind in ("country", "place"):
                here = self._places.setdefault(mention.sentence.index, set())
                here.update(mention.sentence.tokens[at].start for at in range(mention.first, mention.last))
        self._acronyms = Counter(
            token.text
            for sentence in reading.sentences
            for token in sentence.tokens
            if not token.text[1:].islower() and is_odd_word(token.text)
        )
        self._title_words = {
            token.folded
            for sentence in reading.sentences
            if sentence.part == "title"
            for token in sentence.tokens
            if token.kind == "w"
        }
        self._taken_up = {
            sentence.index
            for sentence, following in pairwise(reading.sentences)
            if sentence.part == following.part and is_taken_up(following.tokens, self.projects)
        }

    def read(self, sentence: Sentence) -> None:
        """Adds the candidates of a sentence."""
        tokens = sentence.tokens
        projects = {hit.first: hit for hit in self.projects.find_all(tokens)}
        self._here = projects
        self._label = label_end(tokens) if self._is_sheet and sentence.part == "text" else 0
        self._named = _ends_of_naming(sentence, self.context, projects)
        inside_quotes = quoted(tokens, self.reading.lang)
        for first, last in inside_quotes:
            is_gloss = first >= _GLOSS_BEFORE and tokens[first - _GLOSS_BEFORE].folded in load_name_words().gloss_words
            if not is_gloss:
                self._add(sentence, first, last, "quote")
        if sentence.part == "title":
            for first, last, kind in title_parts(tokens, self._is_sheet):
                self._add(sentence, first, last, kind)
        for first, last in line_numbers(tokens):
            self._add(sentence, first, last, "line")
        with_complement = complemented(tokens, projects, self.reading.lang)
        for first, last in with_complement:
            self._add(sentence, first, last, "complemented")
        if self.reading.lang == "ar":
            return  # a script without capitals shows names by quotation marks alone
        for first, last in announced(tokens, projects, self.context, sentence):
            self._add(sentence, first, last, "announced")
        for first, last in before_acronyms(tokens, projects):
            self._add(sentence, first, last, "before-acronym")
        known = (*inside_quotes, *with_complement)
        for first, last in runs(tokens, self.reading.lang):
            if not known or not any(start <= first and last <= end for start, end in known):
                begin = self._behind_place(sentence, first, last)
                holds = any(at in projects for at in range(begin, last))
                self._add(sentence, begin, last, "project-run" if holds else "run")

    def _behind_place(self, sentence: Sentence, first: int, last: int) -> int:
        """Where a name begins behind the place it is launched in: `puts into action in Peru Safe Route`."""
        tokens, places = sentence.tokens, self._places.get(sentence.index, _NO_PLACES)
        if first == 0 or tokens[first - 1].folded not in load_name_words().locatives:
            return first
        begin = first
        while begin < last and tokens[begin].start in places:
            begin += 1
        return begin if last - begin > 1 and tokens[begin].kind == "w" and tokens[begin].text[0].isupper() else first

    def _add(self, sentence: Sentence, first: int, last: int, kind: str) -> None:
        tokens = sentence.tokens
        if last - first > MAX_NAME_TOKENS or first >= last:
            return
        bodies = self._bodies.get(sentence.index, ())
        agencies = self._agencies.get(sentence.index, ())
        if any(_is_known_body(body, tokens, first, last) for body in agencies):
            return
        places = self._places.get(sentence.index, _NO_PLACES)
        if kind not in ("quote", "line") and _is_no_name(tokens[first:last], places, self.reading.lang):
            return
        if (
            kind != "quote"
            and tokens[first].folded in load_name_words().indefinites
            and project_book(self.reading.lang).match(tokens, first + 1)
        ):
            return  # German `Ein Projekt zur Vorbeugung` describes, although its nouns have capitals
        if is_spoken(tokens, first, last, kind, is_introduced=self._is_introduced(first)):
            return
        if kind != "quote" and _is_cut_or_law(tokens, first, last, self.reading.lang):
            return
        if last - first == 1 and kind in ("run", "project-run"):
            kind = "odd" if is_odd_word(tokens[first].text) else "word"
        name = " ".join(self.reading.raw(sentence, first, last).split())
        key = " ".join([token.folded for token in tokens[first:last] if token.kind != "s"])
        if len(name) < _SHORTEST_NAME or not key:
            return
        name = self._seen.setdefault(key, name)
        extra = form_features(
            tokens, first, last, projects=self._here, acronyms=self._acronyms, heads=self.context.heads
        )
        extra += clause_features(tokens, first, last, kind)
        if sentence.index in self._taken_up:
            extra += ["taken-up", f"{kind}&taken-up"]
        if self._is_sheet:
            extra += [f"{kind}&sheet", *self._labels(tokens, first, last)]
        extra += title_share(tokens[first:last], self._title_words)
        inside = [body for body in bodies if body.first <= first and last <= body.last]
        extra += [f"body:{body.kind}" for body in inside] or ["body:none"]
        extra += [
            f"holds:{body.kind}{'^' if body.first == first else '$' if body.last == last else ''}"
            for body in agencies
            if first <= body.first and body.last <= last and body not in inside
        ]
        if first in self._named or first - 1 in self._named:
            extra += ["named-so", f"{kind}&named-so"]
        nouns = [one for one in extra if one.startswith(_NOUN_FEATURES)]
        self.pool.add(name, sentence, first, last, extra=extra, kind=kind, nouns=nouns)

    def _is_introduced(self, first: int) -> bool:
        """Whether a word of naming or a noun for a project stands before the quotation mark before a candidate."""
        return any(at in self._named or at - 1 in self._here for at in (first, first - 1))

    def _labels(self, tokens: Sequence[Token], first: int, last: int) -> list[str]:
        """What the label of its line says of a candidate on a sheet; that a candidate is the label itself."""
        if not self._label:
            return []
        if last <= self._label:
            return ["is-label"]
        words = [f"label={token.folded}" for token in tokens[: self._label] if token.kind == "w"]
        return ["labelled", *words, *(["label-right"] if first == self._label + 1 else [])]


_SHORTEST_NAME = 3  # characters
_NOUN_FEATURES = ("head-", "ends-project", "begins-project", "body:")
"""How features begin that tell what a candidate calls itself: a centre in a headline is the news, later on a body."""
_GLOSS_BEFORE = 2  # tokens: the word before the opening quotation mark


def _is_known_body(body: Mention, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a candidate is a body of the gazetteer, an article before it or not; a fund may be the project itself."""
    return (
        (body.kind in ("agency", "ngo", "state", "body") or last - first == 1)
        and body.last == last
        and (body.first == first or (body.first == first + 1 and tokens[first].folded == "the"))
    )


def _ends_of_naming(sentence: Sentence, context: Context, projects: Mapping[int, Found[bool]]) -> set[int]:
    """Where `called`, `known as` and the like end: a name begins there, or after an article or a quotation mark."""
    return {cue.last for cue in context.cues(sentence) if "named" in cue.value and cue.first not in projects}


DEFINED_FLOOR = 0.36
"""Chance at least of what a text describes as a project after a comma (`X, a new project`): half are its name."""
_NO_PROJECT_HEADS = frozenset(["number", "body:fund", "head-last:fund", "head-first:fund", "cut-left"])


def _is_defined_name(features: Sequence[str]) -> bool:
    known = set(features)
    return (
        not known.isdisjoint(("defined", "glossed"))
        and "capitals:4" in known
        and not known.isdisjoint(("kind:run", "kind:project-run", "kind:odd", "kind:word"))
        and known.isdisjoint(_NO_PROJECT_HEADS)
        and not known.isdisjoint(("body:proper", "body:acronym", "body:none"))
        and (known.isdisjoint(("kind:word",)) or "body:proper" in known)
    )


def _is_headline_name(candidate: Candidate) -> bool:
    """Whether a headline is a name: it stands in the text word for word, or ends in its acronym, or begins with it."""
    known = set(candidate.features)
    if "kind:title" in known:
        title = str(candidate.value)
        short = title.rsplit("(", 1)[-1][:-1] if title.endswith(")") else ""
        return "both" in known or (" " not in short and is_odd_word(short))
    is_acronym = not known.isdisjoint(("acronym", "camel")) and known.isdisjoint(("odd:0", "odd:1"))
    return {"kind:title-part", "single"} <= known and is_acronym


def choose_name(candidates: Sequence[Candidate], alone: Linear, among: Linear) -> Candidate | None:
    """The likeliest name, in full where the text gives a full one; None where none is likely enough.

    How likely is the mean of two answers: of a model that looks at each candidate alone, and of one that learned which
    of an article's candidates wins.
    """
    best, chance = None, alone.threshold
    known = [frozenset(candidate.features) for candidate in candidates]
    rivals = _pooled(candidates, chances_among([among.score(features) for features in known]))
    for candidate, features, rival in zip(candidates, known, rivals, strict=True):
        found = _at_least((alone.probability(features) + rival) / 2, candidate)
        if found > chance:
            best, chance = candidate, found
    return None if best is None else expand_acronym(_in_full(best, candidates), candidates)


def _in_full(best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The longer candidate that goes on over `and` up to a comma with a short form, where the best is cut before it:
    `Safe Work in Fishing and Farming, known as SWIFF`."""
    words = load_name_words()
    for sentence, first, last in best.places:
        tokens = sentence.tokens
        if last + 1 >= len(tokens) or tokens[last].folded not in words.conjunctions:
            continue
        for candidate in candidates:
            for place, begin, end in candidate.places:
                if (place is sentence and begin == first and last < end < len(tokens) - 1) and (
                    tokens[end].text == "," and tokens[end + 1].folded in words.acronym_bridges
                ):
                    return candidate
    return best


def _pooled(candidates: Sequence[Candidate], chances: Sequence[float]) -> list[float]:
    """Each candidate's chance with those of what is longer or shorter by some words: they are one name, no rivals."""
    names = [str(candidate.value) for candidate in candidates]
    pooled = list(chances)
    for at, chance in enumerate(chances):
        if chance < _LEAST_CHANCE:
            continue
        name = names[at]
        for other, text in enumerate(names):
            is_part = name in text if len(name) < len(text) else text in name
            if is_part and other != at and min(len(name), len(text)) > _LEAST_SHARED * max(len(name), len(text)):
                pooled[other] += chance
    return pooled


_LEAST_CHANCE = 0.01
"""A chance below it changes no decision, and most candidates have less."""
_LEAST_SHARED = 0.4
"""Share of a longer candidate at least that is the same name: a headline that holds a name is another thing."""


def chance_of(candidate: Candidate, model: Linear) -> float:
    """The chance, 0 to 1, that a candidate is the name of a project, whatever its rivals: there may be several."""
    return _at_least(model.probability(candidate.features), candidate)


def _at_least(chance: float, candidate: Candidate) -> float:
    """A chance, or the least one of what a text describes as a project, or of a headline that is a name."""
    if _is_defined_name(candidate.features) or _is_headline_name(candidate):
        return max(chance, DEFINED_FLOOR)
    return chance


def expand_acronym(chosen: Candidate, candidates: Sequence[Candidate]) -> Candidate:
    """The full name where the text gives one before the chosen acronym in brackets: `Safe Paths (SAPA)` for `SAPA`."""
    acronym = str(chosen.value)
    if not is_odd_word(acronym) or " " in acronym:
        return chosen
    longest = chosen
    for candidate in candidates:
        for sentence, _, last in candidate.places:
            tokens = sentence.tokens
            if _is_followed_by(tokens, last, acronym) and len(str(candidate.value)) > len(str(longest.value)):
                longest = candidate
    return longest


def _is_followed_by(tokens: Sequence[Token], last: int, acronym: str) -> bool:
    """Whether the acronym of a name comes right after it: `(SAPA)`, `, known as SAPA`, `, or SAPA`."""
    if last + 1 >= len(tokens) or tokens[last].text not in "(,–—":
        return False
    closing = last + 1
    while (
        closing < min(last + _LONGEST_BRIDGE, len(tokens))
        and tokens[closing].folded in load_name_words().acronym_bridges
    ):
        closing += 1
    is_bridged = tokens[last].text == "(" or closing > last + 1
    return is_bridged and closing < len(tokens) and tokens[closing].text == acronym


_LONGEST_BRIDGE = 4  # tokens: a comma and `also known as`


def _is_cut_or_law(tokens: Sequence[Token], first: int, last: int, lang: str) -> bool:
    """Whether a run is the rest of a sum (`$1 Million for Shelters`), or a law."""
    words = load_name_words()
    is_rest = first > 0 and tokens[first - 1].kind == "n" and tokens[first].folded in multipliers_of(lang)
    return is_rest or (tokens[last - 1].folded in words.laws and not tokens[last - 1].text.isupper())


def _is_no_name(tokens: Sequence[Token], places: AbstractSet[int], lang: str) -> bool:
    """Whether a run is only countries, a region, a date, a sum or the subject itself (`Human Trafficking`)."""
    words = load_name_words()
    months = months_of(lang)
    if any(token.text in "$€£%" or token.text.startswith("//") or token.folded in words.weekdays for token in tokens):
        return True
    if name_key(" ".join(token.text for token in tokens)) in region_keys():
        return True
    labels = label_words()
    if all(token.kind == "n" or token.folded in labels for token in tokens):
        return True
    told = [token for token in tokens if token.kind != "s" and token.folded not in words.title_joiners]
    return all(
        token.kind == "n"
        or token.start in places
        or token.folded in months
        or token.folded in words.weekdays
        or token.folded in currency_words()
        or token.folded in _BARE_SUBJECT
        for token in told
    )


_NO_PLACES: frozenset[int] = frozenset()
_BARE_SUBJECT = frozenset(
    [
        "trafficking",
        "human",
        "persons",
        "slavery",
        "modern",
        "people",
        "trata",
        "personas",
        "traite",
        "trafico",
        "pessoas",
        "victims",
        "forced",
        "labour",
        "labor",
        "child",
    ]
)
"""Words of the subject, which alone name no project."""


def _mark_overlaps(candidates: Sequence[Candidate]) -> None:
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
