"""Governments, embassies and offices of a state, told by a country's name or adjective beside a word for them.

In: a place in a sentence and the countries mentioned there. Out: a `Mention` or None. `Government of Canada`, `the
Canadian government`, `gouvernement béninois`, `embassy of Norway`, `Nigerian anti-trafficking police`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from classifier.entities.capitals import is_capital
from classifier.entities.country_mention import CountryMention
from classifier.entities.mention import Mention
from classifier.entities.name_form import NameForm
from classifier.entities.name_words import APOSTROPHES
from classifier.text.parsed_text import Sentence

Namer = Callable[[Sentence, int, int], str]

_MAX_BETWEEN = 3
"""Tokens between an adjective and the word for an office; a hyphen is one."""
_MAX_JOINERS = 4  # tokens between `government` and its country: `of the Federal Republic of`


class States:
    """Finds the bodies of states for one language."""

    def __init__(self, form: NameForm, name: Namer) -> None:
        self._form = form
        self._name = name

    def find(self, sentence: Sentence, at: int, places: Mapping[int, CountryMention]) -> Mention | None:
        """The government, embassy or office that is named from token `at` on."""
        country = places.get(at)
        if country is not None:
            return self._after_country(sentence, at, country)
        tokens, heads = sentence.tokens, self._form.heads
        head = heads.match(tokens, at)
        if head is None or head.value not in ("government", "embassy"):
            return None
        after = head.last
        while (
            after < len(tokens)
            and after - head.last < _MAX_JOINERS
            and (
                tokens[after].folded in self._form.joiners
                or tokens[after].text in APOSTROPHES
                or tokens[after].folded in ("federal", "royal")
            )
        ):
            after += 1
        country = places.get(after)
        if country is not None:
            return self._state(sentence, at, country.last, head.value, country.code)
        first = at
        if at > 0 and tokens[at - 1].folded in ("federal", "national", "union", "provincial"):
            first = at - 1
        end = max(head.last, self._form.extend(tokens, first, 0)) if is_capital(tokens[first]) else head.last
        if end == head.last and first == at and head.value == "embassy":
            return None
        key = f"{head.value}:{tokens[head.last - 1].folded}" if end == head.last else f"{head.value}:"
        return Mention(sentence, first, end, self._name(sentence, first, end), key, head.value)

    def _after_country(self, sentence: Sentence, at: int, country: CountryMention) -> Mention | None:
        tokens, after = sentence.tokens, country.last
        if after + 2 < len(tokens) and tokens[after].text in APOSTROPHES and tokens[after + 1].folded == "s":
            after += 2
        if after >= len(tokens):
            return None
        head = self._form.heads.match(tokens, after)
        if head is not None and head.value in ("government", "embassy"):
            return self._state(sentence, at, head.last, head.value, country.code)
        if self._form.lang != "en" or (country.kind == "name" and after == country.last):
            return None
        offices = self._form.words.plain_offices
        for step in range(after, min(after + _MAX_BETWEEN + 1, len(tokens))):
            token = tokens[step]
            is_followed = step + 1 < len(tokens) and tokens[step + 1].folded in offices
            if token.folded in offices and token.text.islower() and not is_followed:
                name = self._name(sentence, at, step + 1)
                heads = (token.folded,)
                return Mention(sentence, at, step + 1, name, f"name:{name.lower()}", "state", country.code, heads=heads)
            if not (token.text == "-" or (token.kind == "w" and token.text.islower())):
                return None
            if token.folded in self._form.joiners or token.folded.endswith(("ed", "s")):
                return None
        return None

    def _state(self, sentence: Sentence, first: int, last: int, kind: str, home: str) -> Mention:
        key = f"government:{home}" if kind == "government" else f"embassy:{home}"
        return Mention(sentence, first, last, self._name(sentence, first, last), key, kind, home)
