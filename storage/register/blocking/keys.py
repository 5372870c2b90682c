"""The blocking keys of an article: two articles of one project share at least one nearly always, and a key is shared by
few, so that what is compared stays small however much is stored. Pure.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from storage.register.compare.claims import Claims
from storage.register.compare.headlines import key_of_headline
from storage.register.compare.names import ProjectName, fold_words
from storage.register.compare.organisations import Organisation
from storage.register.compare.words import COMMON_WORDS, FREQUENT_COUNTRIES

# Keys of one kind an article contributes at most: a grant round's list of thirty grantees would flood the index.
MAX_KEYS_OF_A_KIND = 6

# Of an article's details ten are kept as keys and more are asked for: a short report that has six of its eight details
# in common with a long one would else meet none of the long one's ten.
KEPT_DETAILS = 10
LOOKED_UP_DETAILS = 40


def list_blocking_keys(claims: Claims) -> list[str]:
    """The keys an article's project is found by, the most distinctive first, each once."""
    found = [f"i:{claims.iati_id}"] if claims.iati_id else []
    found += [f"h:{key_of_headline(claims.headline)}"] if claims.headline else []
    found += [*_name_keys(claims.name), *_sum_keys(claims), *_organisation_keys(claims), *_detail_keys(claims.details)]
    found += [f"p:{word}" for word in _tied_words(claims)]
    return list(dict.fromkeys(found))


def _name_keys(name: ProjectName | None) -> Iterator[str]:
    if name is None:
        return
    if name.distinctive:
        yield f"n:{name.key}"
        for word in _distinctive_words(name):
            yield f"w:{word}"
    for acronym in sorted(name.acronyms)[:MAX_KEYS_OF_A_KIND]:
        yield f"w:{acronym}"
    if not name.distinctive and len(name.words) > 1:
        yield f"n:{name.key}"


def _sum_keys(claims: Claims) -> Iterator[str]:
    """A sum to two figures, with its neighbours on both sides of the rounding; its converted forms meet by country
    and organisation."""
    for money in claims.sums[:MAX_KEYS_OF_A_KIND]:
        if money.amount > 0:
            rounded = float(f"{money.amount:.1e}")
            yield f"m:{money.currency}:{rounded:.0f}"


def _organisation_keys(claims: Claims) -> Iterator[str]:
    """Pairs of an organisation and a country; a family of organisations (a government, a parent) stands beside each."""
    bodies = dict.fromkeys(_organisation_names(claims.funders + claims.implementers))
    places = sorted(claims.countries)[:MAX_KEYS_OF_A_KIND]
    for body in list(bodies)[: 2 * MAX_KEYS_OF_A_KIND]:
        for place in places or ["?"]:
            yield f"o:{body}:{place}"
        if len(claims.countries) != 1 and not places:
            yield f"o:{body}:?"
    if claims.published_on is not None and claims.published_precision != "year" and len(claims.countries) <= 2:
        month = claims.published_on.year * 12 + claims.published_on.month
        for place in places:
            if place not in FREQUENT_COUNTRIES:
                yield f"t:{place}:{month}"


def _organisation_names(organisations: tuple[Organisation, ...]) -> Iterator[str]:
    for organisation in organisations:
        if organisation.is_known:
            yield f"@gov:{organisation.government}" if organisation.government else organisation.key
        else:
            words = fold_words(organisation.key)
            if words:
                yield max(words, key=lambda w: (len(w), w))
            yield from sorted(organisation.acronyms)


def list_lookup_keys(claims: Claims) -> list[str]:
    """Further keys that an article is looked for by and not kept under."""
    asked = [f"d:{mark}" for mark in _order_details(claims.details)[KEPT_DETAILS:LOOKED_UP_DETAILS]]
    asked += [f"w:{word}" for word in _tied_words(claims)]
    asked += [f"p:{word}" for word in _distinctive_words(claims.name)] if claims.name else []
    return asked


def _tied_words(claims: Claims) -> list[str]:
    """Words that may be the name of a project to which an article ties its own: the first with a capital."""
    found = (word for tie in claims.ties for word in tie.list_names())
    distinctive = dict.fromkeys(w for word in found for w in fold_words(word) if w not in COMMON_WORDS and len(w) > 2)
    return list(distinctive)[:MAX_KEYS_OF_A_KIND]


def _distinctive_words(name: ProjectName) -> list[str]:
    return sorted(name.distinctive, key=lambda w: (-len(w), w))[:MAX_KEYS_OF_A_KIND]


def _detail_keys(details: frozenset[str]) -> Iterator[str]:
    """A fixed sample of the details, the same for both reports: those whose hash is smallest (a bottom-k sketch)."""
    for mark in _order_details(details)[:KEPT_DETAILS]:
        yield f"d:{mark}"


def _order_details(details: frozenset[str]) -> list[str]:
    return sorted(details, key=lambda mark: zlib.crc32(mark.encode()))
