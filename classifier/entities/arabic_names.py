"""Where the name of a body ends in Arabic, whose script has no capitals.

In: tokens of a sentence, a `NameForm`. Out: the token after the name. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.entities.name_form import MAX_NAME_TOKENS, NameForm
from classifier.text.tokens import Token

_FUTURE = ("سي", "ست", "سن")
_MINISTRIES = frozenset(["وزاره", "الوزاره", "وزارتي"])


_DEFINITE = ("ال", "لل", "وال", "بال")
"""How words with an article begin, after a conjunction or a preposition too."""


def _is_definite(head: Token) -> bool:
    """Whether a head word has its article, which only an adjective with one too may follow within a name."""
    return head.folded.startswith(_DEFINITE)


def _is_its_adjective(word: Token) -> bool:
    """Whether a word may follow a head word with an article: neither a noun without one nor a further thing."""
    return word.folded.startswith(_DEFINITE) and not word.folded.startswith("وال")


def _is_field(before: Token, word: Token) -> bool:
    """Whether an Arabic word goes on with what a ministry is for: after `and`, in a chain, or as an adjective."""
    if word.folded.startswith("وال"):
        return True
    is_definite = word.folded.startswith(("ال", "لل"))
    return is_definite and (word.folded.endswith(("يه", "ي")) or not before.folded.startswith(("ال", "وال", "لل")))


class ArabicNames:
    """Names of bodies in Arabic: a head word and the words that define it."""

    def __init__(self, form: NameForm) -> None:
        self._form = form
        self._stops = form.words.arabic_stops

    def end(self, tokens: Sequence[Token], at: int, kind: str, after: int) -> int | None:
        """Where the name ends whose head word `tokens[at:after]` is: at a verb, a preposition or a sign."""
        last = after
        free = 3  # words without an article that a construct chain may hold after its head
        while last < len(tokens) and last - at < MAX_NAME_TOKENS:
            word = tokens[last]
            if word.kind != "w" or word.folded in self._stops or self._begins_another(word):
                break
            if last == after and word.folded.startswith(_FUTURE):
                break
            if last == after and _is_definite(tokens[last - 1]) and not _is_its_adjective(word):
                break  # the centre of `تدير المركز جمعية` is run by the society beside it
            if last > after and tokens[at].folded in _MINISTRIES and not _is_field(tokens[last - 1], word):
                break
            if word.folded.startswith(_DEFINITE) or (last == after and free):
                last += 1
                continue
            if free and not word.folded.startswith(("ي", "ت", "س")) and last - after < 3:
                free -= 1
                last += 1
                continue
            break
        if last == after and kind in ("state", "ngo", "fund", "university"):
            return None
        return last

    def _begins_another(self, token: Token) -> bool:
        """Whether an Arabic word is `and` written together with the first word of another body."""
        return token.folded.startswith("و") and self.is_head_or_agency(token.folded[1:])

    def is_head_or_agency(self, word: str) -> bool:
        """Whether a folded word begins a name, with or without the article."""
        bare = word[2:] if word.startswith("ال") else word
        return any(book.begins_with(one) for book in (self._form.heads, self._form.agencies) for one in (word, bare))

    def without_prefix(self, name: str, word: str) -> str:
        """A name without the conjunction or preposition written together with its first word, `word` when folded."""
        if word[0] in "وبلف" and not self.is_head_or_agency(word):
            return name[1:] if self.is_head_or_agency(word[1:]) else name
        return name
