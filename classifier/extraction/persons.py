"""Keeps the names of persons, above all of victims, out of the facts.

In: a `ParsedText` with the mentions of organisations and the candidates for the project's name. Out: the same without
those that are a person. A person is told by what stands around a name anywhere in the article (a word for a person, a
title, an age, "not her real name") or by its form (a given name and a surname); what is known of a name at one place
counts at all others, also for its parts. A body named after a person (`Amina Yusuf Foundation`) is no person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from classifier.entities.mention import Mention, name_key
from classifier.extraction.candidates import Candidate
from classifier.languages import load_lexicon
from classifier.lexicon import read_yaml
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token, fold
from classifier.text.word_books import head_book, project_book

Words = tuple[str, ...]

_LONGEST_NAME = 4  # words, particles aside; longer runs of capitals are bodies, laws and titles
_LEAST_AGE, _GREATEST_AGE = 3, 99  # years, between commas or brackets after a name
_BEFORE_BODIES = (" of", "heads", " leads")  # ends of phrases that a body's name follows: `who heads the Bank`
_LONGEST_TITLED = 3  # words after a title that make a name; more of them name an office
_BRACKETS = frozenset("\"'”’»)(“„«")
_OFFICES = frozenset(["government", "state"])
_KINDS = frozenset(["proper", "acronym"])
"""Kinds of mentions that no word for a body tells, and which may therefore be persons."""


@dataclass(frozen=True, slots=True)
class _Book:
    """The words of `lexicon/persons.yaml` for a language, and what makes a name a body's."""

    people: PhraseMatcher[bool]
    titles: PhraseMatcher[bool]
    aliases: PhraseMatcher[bool]
    ages: PhraseMatcher[bool]
    namers: PhraseMatcher[bool]
    heads: PhraseMatcher[str]
    projects: PhraseMatcher[bool]
    address: frozenset[str]
    particles: frozenset[str]
    given: frozenset[str]
    spoken_for: frozenset[str]


@cache
def _book(lang: str) -> _Book:
    data = read_yaml("persons.yaml")

    def phrases(words: Iterable[str]) -> PhraseMatcher[bool]:
        return PhraseMatcher(((word, True) for word in words), is_arabic=lang == "ar")

    cues = [word for one in dict.fromkeys(("en", lang)) for word in load_lexicon(one).cues.get("person", [])]
    titles = [word for word in cues if not word.endswith(_BEFORE_BODIES)]
    return _Book(
        people=phrases(data["people"]),
        titles=phrases([*titles, *data["address"], *data["titles"]]),
        aliases=phrases(data["aliases"]),
        ages=phrases(data["ages"]),
        namers=phrases(data["namers"]),
        heads=head_book(lang),
        projects=project_book(lang),
        **{name: frozenset(map(fold, data[name])) for name in ("address", "particles", "given", "spoken_for")},
    )


def without_persons(
    reading: ParsedText, mentions: Sequence[Mention], names: Sequence[Candidate]
) -> tuple[list[Mention], list[Candidate]]:
    """The mentions and the candidates for a name that are no person's."""
    persons = _Persons(_book(reading.lang))
    for sentence in reading.all_sentences:
        persons.read(sentence)
    told = [persons.behind(mention, reading) for mention in mentions]
    bodies = [mention for mention in told if mention.agency is not None or not persons.is_person(mention)]
    return bodies, [name for name in names if not persons.has(str(name.value)) and not persons.is_alias(name)]


def _words(name: str) -> Words:
    """The folded words of a name; a possessive is one of them and no initial (`Amina's House` names a body)."""
    return tuple(name_key(name.replace("’s ", "s ").replace("'s ", "s ")).split())


def _owner(name: str) -> Words:
    """Whose a name says that something is (`Ruth's House`); nothing where it does not."""
    found = _OWNER.match(name)
    return _words(found[1]) if found else ()


_OWNER = re.compile(r"(\w[^'’]*)['’]s\s")


@dataclass(slots=True)
class _Persons:
    """The persons of a document: their names in folded words, with every part of a name that has several words."""

    book: _Book
    found: set[Words] = field(default_factory=set)

    def read(self, sentence: Sentence) -> None:
        """Takes down the persons that a sentence names."""
        tokens = sentence.tokens
        for begin, last in _runs(tokens, self.book.particles):
            first, has_title = self._after_title(tokens, _after_acronyms(tokens, begin, last), last)
            words = tuple(token.folded for token in tokens[first:last] if token.kind == "w")
            if not words or len(words) > _LONGEST_NAME + 2 or self._is_body(tokens, first, last):
                continue
            before = tokens[max(0, first - 1)].folded if first else ""
            is_person = (
                self._is_told_before(tokens, first)
                or _is_aged(tokens, first, last, self.book.ages)
                or self._is_told_after(tokens, last)
                or self._is_called_person(tokens, last)
                or (has_title and len(words) <= _LONGEST_TITLED and (len(words) > 1 or before in self.book.address))
                or self._has_form(words)
            )
            if is_person:
                self._take(words)

    def _take(self, words: Words) -> None:
        """Takes down a name, its given name, its surname, and all runs of two and more of its words."""
        self.found.update((words, words[:1], words[-1:]))
        for length in range(2, len(words)):
            self.found.update(words[at : at + length] for at in range(len(words) - length + 1))

    def is_person(self, mention: Mention) -> bool:
        """Whether a mention is a person, or in Arabic an office with the name of who speaks for it."""
        words = _words(mention.name)
        if mention.kind in _OFFICES:
            return mention.name.isascii() is False and any(word in self.book.spoken_for for word in words[1:])
        return mention.kind in _KINDS and self.has(mention.name)

    def behind(self, mention: Mention, reading: ParsedText) -> Mention:
        """The body alone where a person of it stands before: `Dr. Ana Ruiz of the State University's Office`."""
        tokens = mention.sentence.tokens
        if mention.agency is not None:
            return mention
        for at in range(mention.first + 2, mention.last - 1):
            words = tuple(token.folded for token in tokens[mention.first : at] if token.kind == "w")
            if tokens[at].folded in _OF and len(words) > 1 and words in self.found:
                first = at + 2 if tokens[at + 1].folded in _OF and at + 2 < mention.last else at + 1
                name = reading.raw(mention.sentence, first, mention.last)
                return replace(mention, first=first, name=name, key=f"name:{name_key(name)}")
        return mention

    def has(self, name: str) -> bool:
        """Whether a name is that of a person of the document, a part of it, or has the form of one.

        What has an owner (`Ruth's House`) is no person, but a person's where the document tells of the owner.
        """
        words = _owner(name) or _words(name)
        return bool(words) and (words in self.found or self._has_form(words))

    def is_alias(self, name: Candidate) -> bool:
        """Whether it is said after a name that it is not the real one."""
        return any(self._is_told_after(sentence.tokens, last) for sentence, _, last in name.places)

    def _has_form(self, words: Words) -> bool:
        """A given name and a surname; of three words the second must be a given name, an initial or a particle."""
        book = self.book
        if words[0] not in book.given or not 2 <= len(words) <= _LONGEST_NAME or len(words[-1]) == 1:
            return False
        return all(len(word) == 1 or word in book.given or word in book.particles for word in words[1:-1])

    def _after_title(self, tokens: Sequence[Token], first: int, last: int) -> tuple[int, bool]:
        """Where a run goes on behind the titles it begins with or follows, and whether there are any."""
        has_title = first > 0 and any(
            (hit := self.book.titles.match(tokens, at)) is not None and hit.last == first
            for at in range(max(0, first - 3), first)
        )
        while first < last and (hit := self.book.titles.match(tokens, first)) is not None and hit.last <= last:
            first, has_title = hit.last, True
            if first < last and tokens[first].text == ".":
                first += 1
        return first, has_title

    def _is_body(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether a run holds a word for a body or a project, or is an acronym."""
        if last - first == 1 and len(tokens[first].text) > 1 and tokens[first].text.isupper():
            return True
        return any(
            self.book.heads.match(tokens, at) is not None or self.book.projects.match(tokens, at) is not None
            for at in range(first, last)
        )

    def _is_told_before(self, tokens: Sequence[Token], first: int) -> bool:
        """`survivor Amina`, `a girl named Amina`, `17-year-old Amina`; such words are small, or begin the sentence."""
        at = first
        while at > 0 and tokens[at - 1].text in _BRACKETS:
            at -= 1
        for begin in range(max(0, at - 3), at):
            hit = self.book.namers.match(tokens, begin)
            if hit is not None and hit.last == at:
                at = begin
                break
        for begin in range(max(0, at - 3), at):
            if begin and tokens[begin].text[:1].isupper():
                continue
            hit = self.book.people.match(tokens, begin) or self.book.ages.match(tokens, begin)
            if hit is not None and hit.last == at:
                return True
        return at >= 5 and tokens[at - 1].folded in ("old", "olds") and any(t.kind == "n" for t in tokens[at - 5 : at])

    def _is_told_after(self, tokens: Sequence[Token], last: int) -> bool:
        """`Amina (not her real name)`, `Amina, whose name has been changed`."""
        at = last
        while at < len(tokens) and at - last < 3 and tokens[at].kind == "s":
            at += 1
        return last < at < len(tokens) and self.book.aliases.match(tokens, at) is not None

    def _is_called_person(self, tokens: Sequence[Token], last: int) -> bool:
        """`Amina, a 16-year-old from the north`, `Amina, a survivor of violence`; not `Amina, a survivor-led body`."""
        if last >= len(tokens) or tokens[last].text != ",":
            return False
        for at in range(last + 1, min(last + 4, len(tokens) - 1)):
            if tokens[at].kind == "n":
                return any(self.book.ages.match(tokens, step) for step in range(at + 1, min(at + 3, len(tokens))))
            if tokens[at].kind != "w" or tokens[at].text[0].isupper():
                return False
            hit = self.book.people.match(tokens, at)
            if hit is not None and (hit.last == len(tokens) or tokens[hit.last].folded in _AFTER_PEOPLE):
                return True
        return False


_OF = frozenset(["of", "from", "at", "the", "de", "du", "la", "del", "da", "do", "di", "von", "van", "vom"])
"""Words between a person and the body that the person is of."""

_AFTER_PEOPLE = frozenset([",", ".", ")", "of", "from", "who", "whose", "and", "de", "du", "qui", "que", "aus", "van"])


def _runs(tokens: Sequence[Token], particles: frozenset[str]) -> list[tuple[int, int]]:
    """Runs of words with a capital, with particles and initials between them."""
    found, at = [], 0
    while at < len(tokens):
        if not _is_capital(tokens[at]):
            at += 1
            continue
        last = end = at + 1
        while end < len(tokens) and end - at <= 2 * _LONGEST_NAME + 2:
            if _is_capital(tokens[end]):
                end += 1
                last = end
            elif (tokens[end].folded in particles and end - last < 2) or (
                tokens[end].text in ".-'’" and tokens[end].start == tokens[end - 1].end and end == last
            ):
                end += 1
            else:
                break
        found.append((at, last))
        at = max(last, at + 1)
    return found


def _after_acronyms(tokens: Sequence[Token], first: int, last: int) -> int:
    """Where a name begins behind the body it speaks for (`Kepala BNN Budi Waseso`); a name all in capitals is whole."""
    if all(token.text.isupper() for token in tokens[first:last] if token.kind == "w"):
        return first
    while first < last and len(tokens[first].text) > 1 and tokens[first].text.isupper():
        first += 1
    return first


def _is_capital(token: Token) -> bool:
    return token.kind == "w" and token.text[0].isupper()


def _is_aged(tokens: Sequence[Token], first: int, last: int, ages: PhraseMatcher[bool]) -> bool:
    """`Amina, 17, was`, `Amina (17)`, `Amina, aged 17`, `Amina, 17 ans`."""
    if last + 1 >= len(tokens) or tokens[last].text not in ",(":
        return False
    number = tokens[last + 1]
    if ages.match(tokens, last + 1) is not None:
        return last + 2 < len(tokens) and tokens[last + 2].kind == "n"
    if number.kind != "n" or not number.text.isdecimal() or len(number.text) > 2:
        return False
    after = tokens[last + 2] if last + 2 < len(tokens) else None
    is_closed = after is None or after.text in (")" if tokens[last].text == "(" else ",.;")
    is_said = after is not None and (after.text == "-" or ages.match(tokens, last + 2) is not None)
    return _LEAST_AGE <= int(number.text) <= _GREATEST_AGE and (is_closed or is_said)
