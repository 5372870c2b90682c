"""Names of bodies in quotation marks: `association « Bab »`, `Stiftung „Wohl der Kinder“`, lists of them.

In: a place in a sentence. Out: a `Mention` or None; and which mentions stand within quotation marks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classifier.entities.mention import Mention, name_key
from classifier.entities.name_form import NameForm
from classifier.text.parsed_text import Sentence
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token
from classifier.text.word_books import project_book

Namer = Callable[[Sentence, int, int], str]

_OPENING_QUOTES = frozenset('«“„"‘»')
_CLOSING_QUOTES = frozenset('»”“"’«')
_MAX_QUOTED_TOKENS = 10
"""A longer quotation is a sentence somebody says."""


class QuotedNames:
    """Finds names in quotation marks in one document, sentence by sentence from left to right."""

    def __init__(self, form: NameForm, name: Namer) -> None:
        self._form = form
        self._words = form.words
        self._projects = project_book(form.lang)
        self._name = name
        self._last = (-1, 0)  # the sentence and the end of the last name that was found

    def find(self, sentence: Sentence, at: int) -> Mention | None:
        """What a word for a body names in quotation marks: `association « Bab »`, `Stiftung „Wohl der Kinder“`."""
        tokens = sentence.tokens
        if self._last[0] == sentence.index and self._goes_on_in_quotes(sentence, at):
            return self._quoted(sentence, at, "ngo", ())
        head = self._form.head(tokens, at)
        if head is None and tokens[at].folded in self._words.plural_kinds:
            head = Match(at, at + 1, "ngo")
        if head is None or head.value in ("government", "embassy"):
            return None
        if tokens[at].folded not in self._words.quoted_bodies and self._projects.match(tokens, at) is not None:
            return None
        return self.behind(sentence, head)

    def behind(self, sentence: Sentence, head: Match[str]) -> Mention | None:
        """What stands in quotation marks right behind words for a body: `общественная организация «Фемида»`."""
        tokens, first = sentence.tokens, head.last + 1
        if first >= len(tokens) or tokens[head.last].text not in _OPENING_QUOTES or tokens[first].text[0].islower():
            return None
        return self._quoted(sentence, first, head.value, (tokens[head.last - 1].folded,))

    def _quoted(self, sentence: Sentence, first: int, kind: str, heads: tuple[str, ...]) -> Mention | None:
        """The name that ends where quotation marks close; None where what they hold is too long for one."""
        tokens = sentence.tokens
        for last in range(first + 1, min(first + _MAX_QUOTED_TOKENS, len(tokens))):
            if tokens[last].text in _CLOSING_QUOTES:
                self._last = (sentence.index, last)
                name = self._name(sentence, first, last)
                return Mention(sentence, first, last, name, f"name:{name_key(name)}", kind, heads=heads)
        return None

    def _goes_on_in_quotes(self, sentence: Sentence, at: int) -> bool:
        """Whether a further name in quotation marks stands at `at`, in a list behind one: `«Faro», e «Riva»`."""
        tokens, end = sentence.tokens, self._last[1]
        return (
            end + 2 < at <= end + _MAX_QUOTED_TOKENS
            and tokens[at - 1].text in _OPENING_QUOTES
            and tokens[at - 2].folded in self._words.list_words
            and not tokens[at].text[0].islower()
        )


def mark_quotes(found: Sequence[Mention], tokens: Sequence[Token]) -> None:
    """Marks in place the mentions of a sentence that stand within quotation marks."""
    depth_at = []
    is_open = False
    for token in tokens:
        if token.text in "«“„":
            is_open = True
        elif token.text in "»”":
            is_open = False
        elif token.text == '"':
            is_open = not is_open
        depth_at.append(is_open)
    for mention in found:
        mention.quoted = depth_at[mention.first]
