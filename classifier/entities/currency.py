"""Which currency a word means that several countries use: a bare `$`, `pesos`, `rupees`.

In: a document's countries and organisations. Out: ISO 4217 codes, and whether another reading was possible. A bare
dollar is the United States' where nothing points elsewhere, and its sign a peso's in Spanish alone; any other shared
word is left unread where nothing tells its country.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from classifier.entities.country_mention import CountryMention
from classifier.entities.mention import Mention
from classifier.lexicon import load_currencies
from classifier.quantities.money import BARE_DOLLAR, DOLLAR_WORD, Money
from classifier.text.outlet import country_of_host
from classifier.text.parsed_text import ParsedText

_PAYERS = frozenset(["government", "donor", "state", "embassy"])
_TOP_SENTENCES = 4
_LATE, _TOP, _PAYER, _HOST = 1, 2, 3, 4
_ANYWHERE = "*"
"""Instead of a country: what a shared word means where nothing tells its country."""
_UNKNOWN_HOME = 0.5
"""How much a sign of a country weighs: named late, named near the top, a body that pays, the outlet's own country."""


class Currencies:
    """Reads the shared currency words of one document."""

    def __init__(self, reading: ParsedText, countries: Sequence[CountryMention], bodies: Sequence[Mention]) -> None:
        words = load_currencies()
        self._dollars, self._homes = words.dollars, words.homes
        self._signs = {**words.dollars, **words.peso_signs} if reading.lang == "es" else words.dollars
        self._weights: Counter[str] = Counter()
        for mention in countries:
            self._weights[mention.code] += _LATE if mention.sentence.index > _TOP_SENTENCES else _TOP
        for body in bodies:
            if body.home and body.kind in _PAYERS:
                self._weights[body.home] += _PAYER
        self._givers: Counter[str] = Counter()
        for mention in countries:
            self._givers[self._homes.get(mention.code, "")] += (
                _LATE if mention.sentence.index > _TOP_SENTENCES else _TOP
            )
        for body in bodies:
            if body.kind != "country":
                self._givers[self._homes.get(body.agency or "") or self._homes.get(body.home or "", "")] += _TOP
        host = country_of_host(reading)
        if host:
            is_far = self._weights["US"] and not self._weights[host]  # it tells of others' work
            self._weights[host] += _LATE if is_far else _HOST
        self.has_american_payer = any(
            body.home == "US" and body.kind in ("donor", "government", "embassy") for body in bodies
        )

    def giver(self, currency: str) -> float:
        """How often the text names whose money a currency is; somewhat, where it is no giver's that is known."""
        return self._givers[currency] if currency in self._homes.values() else _UNKNOWN_HOME

    def resolve(self, currency: str) -> tuple[str, bool] | None:
        """(ISO code, whether another reading was possible); None where a shared word cannot be told."""
        if currency == BARE_DOLLAR:
            return self._dollar(self._signs)
        if currency == DOLLAR_WORD:
            return self._dollar(self._dollars)
        shared = load_currencies().shared.get(currency)
        if shared is None:
            return currency, False
        best = self._best(shared)
        return None if best is None else (shared[best], sum(self._weights[code] > 0 for code in shared) != 1)

    def _dollar(self, dollars: Mapping[str, str]) -> tuple[str, bool]:
        weights = {code: self._weights[code] for code in dollars}
        is_elsewhere = any(weight for code, weight in weights.items() if dollars[code] != "USD")
        weights["US"] += 1 + (_PAYER if weights["US"] and self.has_american_payer else 0)
        best = max(weights, key=lambda code: (weights[code], code == "US"))
        return dollars[best], is_elsewhere

    def _best(self, shared: Mapping[str, str]) -> str | None:
        best = max(shared, key=lambda code: self._weights[code])
        if self._weights[best]:
            return best
        return _ANYWHERE if _ANYWHERE in shared else None


def resolve_sums(sums: Sequence[Money], currencies: Currencies) -> list[Money]:
    """The sums with ISO currencies; those whose currency cannot be told are left out."""
    found = []
    told = _told_in_full(sums)
    for money in sums:
        resolved = told.get(money.amount) if money.currency in _OPEN else None
        resolved = resolved or currencies.resolve(money.currency)
        if resolved is not None:
            money.currency, money.is_uncertain = resolved
            money.giver = currencies.giver(money.currency)
            found.append(money)
    return found


def _told_in_full(sums: Sequence[Money]) -> dict[float, tuple[str, bool]]:
    """The dollars of sums whose currency is stated, which others of as much are too: `$550,000 … USD 550,000`."""
    found: dict[float, set[str]] = {}
    for money in sums:
        if money.currency in _dollars():
            found.setdefault(money.amount, set()).add(money.currency)
    return {amount: (codes.pop(), False) for amount, codes in found.items() if len(codes) == 1}


_OPEN = frozenset([BARE_DOLLAR, DOLLAR_WORD])


@cache
def _dollars() -> frozenset[str]:
    """Currencies that are written with a bare dollar sign too."""
    return frozenset(load_currencies().dollars.values())
