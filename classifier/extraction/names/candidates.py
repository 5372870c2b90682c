"""Names of projects as a text gives them.

In: a `ParsedText` with its organisations. Out: candidates: what stands in quotation marks, what follows "called" or
"project", runs of capitals that hold a word for a project, and a headline that is itself a name. Which one is the
project's is decided by a linear model; a name is never taken from a sentence that somebody speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from classifier.encoder.tags import NAME, TaggedSpan
from classifier.entities.mention import Mention
from classifier.entities.name_labels import is_sheet, label_end
from classifier.entities.name_words import load_name_words
from classifier.entities.tagged_names import tagged_places
from classifier.extraction.candidates import Candidate, Pool
from classifier.extraction.context import Context
from classifier.extraction.names.clauses import is_spoken
from classifier.extraction.names.complements import complemented
from classifier.extraction.names.echoes import echoed, parts_to_echo
from classifier.extraction.names.features import body_features, form_features, is_odd_word
from classifier.extraction.names.refusals import BY_CAPITALS, is_refused
from classifier.extraction.names.runs import MAX_NAME_TOKENS, is_joined, runs
from classifier.extraction.names.spans import (
    announced,
    before_acronyms,
    behind_nouns,
    heading,
    line_numbers,
    quoted,
    title_parts,
)
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token, fold
from classifier.text.word_books import project_book


def find_names(
    reading: ParsedText, context: Context, organisations: Sequence[Mention], tags: Sequence[TaggedSpan] = ()
) -> list[Candidate]:
    """Candidates for the project's name; each value is the name as written. `tags` are what the encoder takes for
    names."""
    finder = _Finder(reading, context, organisations)
    tagged: dict[int, list[tuple[int, int]]] = {}
    for sentence, first, last in tagged_places(reading, tags, NAME):
        tagged.setdefault(sentence.index, []).append((first, last))
    for sentence in reading.sentences:
        finder.read(sentence)
        finder.add_tagged(sentence, tagged.get(sentence.index, ()))
    candidates = finder.pool.candidates()
    _mark_overlaps(candidates)
    return candidates


class _Finder:
    """One pass over a document: what it knows of its organisations, places and acronyms, and the candidates so far."""

    def __init__(self, reading: ParsedText, context: Context, organisations: Sequence[Mention]) -> None:
        self.reading = reading
        self.context = context
        self.pool = Pool(context)
        self.projects = project_book(reading.lang)
        self._seen: dict[str, str] = {}
        self._here: dict[int, Match[bool]] = {}  # of the sentence that is read: nouns for a project
        self._named: set[int] = set()  # likewise, where `called` ends
        self._bodies: dict[int, list[Mention]] = {}
        self._agencies: dict[int, list[Mention]] = {}
        self._places: dict[int, set[int]] = {}
        self._is_sheet = is_sheet(reading.sentences)
        self._first_line = next((one.index for one in reading.sentences if one.part == "text"), -1)
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
        self._echoes = parts_to_echo(reading.sentences)

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
        if sentence.index == self._first_line:
            self._add(sentence, 0, heading(tokens), "heading")
        for first, last in line_numbers(tokens):
            self._add(sentence, first, last, "line")
        with_complement = complemented(tokens, projects, self.reading.lang)
        for first, last in with_complement:
            self._add(sentence, first, last, "complemented")
        self._add_told(sentence)
        if self._echoes and sentence.part == "text":
            for first, last in echoed(tokens, self._echoes):
                self._add(sentence, first, last, "echo")
        known = (*inside_quotes, *with_complement)
        for first, last in runs(tokens, self.reading.lang):
            if not known or not any(start <= first and last <= end for start, end in known):
                begin = self._behind_noun(tokens, self._behind_place(sentence, first, last), last)
                holds = any(at in projects for at in range(begin, last))
                self._add(sentence, begin, last, "project-run" if holds else "run")

    def add_tagged(self, sentence: Sentence, places: Sequence[tuple[int, int]]) -> None:
        """Adds names that the encoder finds in the sentence read last; what other signs show too counts once more."""
        for first, last in places:
            self._add(sentence, first, last, "tagged")

    def _add_told(self, sentence: Sentence) -> None:
        """Adds what words beside it tell: a noun for a project, `called`, an acronym in brackets."""
        tokens, projects = sentence.tokens, self._here
        if self.reading.lang == "ar":  # a script without capitals; names in Latin letters have them
            for first, last in behind_nouns(tokens, projects):
                self._add(sentence, first, last, "announced")
            return
        for first, last in announced(tokens, projects, self.context, sentence):
            self._add(sentence, first, last, "announced")
        for first, last in before_acronyms(tokens, projects):
            self._add(sentence, first, last, "before-acronym")

    def _behind_place(self, sentence: Sentence, first: int, last: int) -> int:
        """Where a name begins behind the place it is launched in: `puts into action in Peru Safe Route`."""
        tokens, places = sentence.tokens, self._places.get(sentence.index, _NO_PLACES)
        if first == 0 or tokens[first - 1].folded not in load_name_words().locatives:
            return first
        begin = first
        while begin < last and tokens[begin].start in places:
            begin += 1
        return begin if last - begin > 1 and tokens[begin].kind == "w" and tokens[begin].text[0].isupper() else first

    def _behind_noun(self, tokens: Sequence[Token], first: int, last: int) -> int:
        """Where a name begins that is an acronym behind a noun: in `Proyecto SARA`, but not in `Project Hope`."""
        for at in range(first, min(first + _DETERMINERS, last)):
            hit = self._here.get(at)
            if hit is not None:
                is_one = last - hit.last == 1 or (hit.last < last and is_joined(tokens, hit.last, last))
                return hit.last if is_one and any(is_odd_word(word.text) for word in tokens[hit.last : last]) else first
        return first

    def _add(self, sentence: Sentence, first: int, last: int, kind: str) -> None:
        tokens = sentence.tokens
        if last - first > MAX_NAME_TOKENS or first >= last:
            return
        bodies = self._bodies.get(sentence.index, ())
        agencies = self._agencies.get(sentence.index, ())
        places = self._places.get(sentence.index, _NO_PLACES)
        is_named = last - first == 1 and self._is_told_project(tokens, first)
        if is_refused(tokens, first, last, kind, self.reading.lang, bodies=bodies, places=places, is_named=is_named):
            return
        if is_spoken(tokens, first, last, kind, is_introduced=self._is_introduced(first)):
            return
        if last - first == 1 and kind in BY_CAPITALS:
            kind = "odd" if is_odd_word(tokens[first].text) else "word"
        name = " ".join(self.reading.raw(sentence, first, last).split())
        key = " ".join([token.folded for token in tokens[first:last] if token.kind != "s"])
        if len(name) < _SHORTEST_NAME or not key:
            return
        name = self._seen.setdefault(key, name)
        extra = form_features(
            tokens, first, last, projects=self._here, acronyms=self._acronyms, heads=self.context.heads
        )
        if self._is_sheet:
            extra += [f"{kind}&sheet", *self._labels(tokens, first, last)]
        inside = [body for body in bodies if body.first <= first and last <= body.last]
        extra += [f"body:{body.kind}" for body in inside] or ["body:none"]
        extra += [
            f"holds:{body.kind}{'^' if body.first == first else '$' if body.last == last else ''}"
            for body in agencies
            if first <= body.first and body.last <= last and body not in inside
        ]
        extra += body_features(tokens, first, last, kind, heads=self.context.heads, places=places)
        if first in self._named or first - 1 in self._named:
            extra += ["named-so", f"{kind}&named-so"]
        nouns = [one for one in extra if one.startswith(_NOUN_FEATURES)]
        self.pool.add(name, sentence, first, last, extra=extra, kind=kind, nouns=nouns)

    def _is_told_project(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a word of naming or a noun for a project stands before an acronym: a project may be called as an
        agency is (`le projet CARE`)."""
        is_behind_noun = at - 1 in self._here and tokens[at].text.isupper() and not tokens[at - 1].text[0].isupper()
        return at in self._named or is_behind_noun

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
        if any(at in self._here for at in range(self._label)):
            words += ["label-project", *(["label-project-right"] if first == self._label + 1 else [])]
        return ["labelled", *words, *(["label-right"] if first == self._label + 1 else [])]


_SHORTEST_NAME = 3  # characters
_DETERMINERS = 2  # tokens of a run at most up to the noun for a project: `Ihr Projekt`
_NOUN_FEATURES = ("head-", "ends-project", "begins-project", "body:")
"""How features begin that tell what a candidate calls itself: a centre in a headline is the news, later on a body."""
_GLOSS_BEFORE = 2  # tokens: the word before the opening quotation mark


def _ends_of_naming(sentence: Sentence, context: Context, projects: Mapping[int, Match[bool]]) -> set[int]:
    """Where `called`, `known as` and the like end: a name begins there, or after an article or a quotation mark."""
    return {cue.last for cue in context.cues(sentence) if "named" in cue.value and cue.first not in projects}


_NO_PLACES: frozenset[int] = frozenset()


def _mark_overlaps(candidates: Sequence[Candidate]) -> None:
    """Notes which names hold another, are held by one, or stand in the title as well as in the text."""
    plain = [f" {fold(str(candidate.value))} " for candidate in candidates]
    counts = Counter(kind for one in candidates for kind in ("quote", "project-run") if f"kind:{kind}" in one.features)
    for at, candidate in enumerate(candidates):
        for kind in ("title", "title-part", "odd", "run"):
            if f"kind:{kind}" in candidate.features:
                candidate.features += [f"{kind}&{other}s:{min(counts[other], 2)}" for other in ("quote", "project-run")]
        parts = {sentence.part for sentence, _, _ in candidate.places}
        if len(parts) == 2:
            candidate.features.append("both")
        for other, text in enumerate(plain):
            if other != at and plain[at].strip() in text and len(text) > len(plain[at]):
                candidate.features.append("held")
                break
