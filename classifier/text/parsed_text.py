"""A document laid out for the readers of facts: its sentences with their tokens, boilerplate marked.

In: a `Document` and its language. Out: a `ParsedText`, built once and shared by every reader. Offsets of tokens are
those of the part (title or text) they lie in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

from classifier.document import Document, Evidence
from classifier.languages import load_lexicon
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.sentences import split_sentences
from classifier.text.tokens import Token, tokenise
from classifier.text.word_books import sum_words

MAX_TEXT_CHARACTERS = 60_000
"""Facts of a project stand near the top of an article; what lies beyond a long report's first pages is its appendix,
and a reader must stay fast on any input."""

_CREDIT = re.compile(
    r"(?:getty images|/\s?(?:afp|reuters|epa|ap)\b(?!\)\s*[–—-])|photo\s?:|©|image\s?:|crédit photo|foto\s?:)",
    re.IGNORECASE,
)
"""Credits of pictures; the agency of a dateline is none: `ALEXANDRIA (WAVY/AP) – …`."""
_MAX_CREDIT_CHARACTERS = 250  # a caption is short; a paragraph that mentions a photo is none
_MAX_BOILERPLATE_CHARACTERS = 400


@dataclass(slots=True)
class Sentence:
    """A sentence with its tokens; `index` tells it from all others: 0 and below in the title, from 1 in the text."""

    index: int
    part: Literal["title", "text"]
    start: int
    end: int
    tokens: list[Token]
    is_boilerplate: bool = False

    def evidence(self, document: Document) -> Evidence:
        """This sentence as evidence."""
        whole = document.title if self.part == "title" else document.text
        return Evidence(text=whole[self.start : self.end], part=self.part, start=self.start, end=self.end)


@dataclass
class ParsedText:
    """A document with its sentences. `sentences` leaves boilerplate out; `all_sentences` has every one."""

    document: Document
    lang: str
    all_sentences: list[Sentence]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences facts may be drawn from."""
        return [sentence for sentence in self.all_sentences if not sentence.is_boilerplate]

    def raw(self, sentence: Sentence, first: int, last: int) -> str:
        """The document's own characters from token `first` up to, not including, token `last`."""
        whole = self.document.title if sentence.part == "title" else self.document.text
        return whole[sentence.tokens[first].start : sentence.tokens[last - 1].end]


@cache
def _boilerplate_book(lang: str) -> PhraseMatcher[bool]:
    phrases = [*load_lexicon("en").boilerplate, *load_lexicon(lang).boilerplate]
    return PhraseMatcher(((phrase, True) for phrase in phrases), is_arabic=lang == "ar")


def parse_text(document: Document, lang: str) -> ParsedText:
    """The document's sentences. A text longer than `MAX_TEXT_CHARACTERS` is read up to there."""
    sentences: list[Sentence] = []
    book = _boilerplate_book(lang)
    for part, whole in (("title", document.title), ("text", document.text[:MAX_TEXT_CHARACTERS])):
        line_end, is_boilerplate = -1, False
        for start, end in split_sentences(whole, lang):
            tokens = tokenise(whole, start, end)
            if not tokens:
                continue
            if part == "text" and start >= line_end:
                line_end = whole.find("\n", start)
                line_end = len(whole) if line_end < 0 else line_end
                is_boilerplate = _is_boilerplate(whole[start:line_end], tokens, book)
            sentences.append(
                Sentence(
                    index=-len(sentences) if part == "title" else len(sentences) + 1,
                    part="title" if part == "title" else "text",
                    start=start,
                    end=end,
                    tokens=tokens,
                    is_boilerplate=is_boilerplate,
                )
            )
    return ParsedText(document=document, lang=lang, all_sentences=sentences)


def _is_boilerplate(line: str, tokens: list[Token], book: PhraseMatcher[bool]) -> bool:
    """Whether a line is a caption, a teaser of another story, or a notice of the site."""
    if len(line) <= _MAX_CREDIT_CHARACTERS and _CREDIT.search(line):
        return True
    if len(line) > _MAX_BOILERPLATE_CHARACTERS:
        return False
    at = int(tokens[0].kind == "s" and len(tokens) > 1)  # a bullet, an arrow
    found = book.match(tokens, at)
    return found is not None and (tokens[at].folded not in sum_words("sources") or len(line) <= _MAX_SOURCE_CHARACTERS)


_MAX_SOURCE_CHARACTERS = 60
"""A source that is named is a newspaper; a longer line tells where the money comes from: `Source: …, Grant: …`."""
