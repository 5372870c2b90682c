"""Candidates for countries of work, sums and times, from their mentions.

In: mentions of one kind with a `Context`. Out: candidates ready to be weighed, one a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from classifier.facts.candidates import Candidate, Pool
from classifier.facts.context import Context
from classifier.facts.countries import CountryMention
from classifier.facts.dates import Moment, Range, Times
from classifier.facts.money import BARE_DOLLAR, Money
from classifier.facts.organisations import Mention
from classifier.facts.reading import Reading
from classifier.lexicon import load_currencies

_DATELINE_SIGNS = frozenset("–—-:/(,")
_DATELINE_TOKENS = 8


def country_candidates(
    reading: Reading, context: Context, mentions: Sequence[CountryMention], bodies: Sequence[Mention]
) -> list[Candidate]:
    """Countries with the features of all their mentions; those inside an organisation's name are marked by its kind."""
    pool = Pool(context)
    inside: dict[tuple[int, int], str] = {}
    for body in bodies:
        if body.kind not in ("country", "place"):
            for at in range(body.first, body.last):
                inside[(body.sentence.index, at)] = body.kind
    codes = Counter(mention.code for mention in mentions)
    top = codes.most_common(1)[0][1] if codes else 0
    names = Counter(mention.code for mention in mentions if mention.kind == "name")
    for mention in mentions:
        tokens = mention.sentence.tokens
        extra = [f"in:{inside.get((mention.sentence.index, mention.first), 'none')}"]
        if (
            mention.sentence.part == "text"
            and mention.last < len(tokens)
            and mention.first < _DATELINE_TOKENS
            and (tokens[mention.first].text.isupper() or tokens[mention.last].text in "–—")
        ):
            extra.append("dateline")
        if mention.first > 0 and tokens[mention.first - 1].folded in (
            "in",
            "en",
            "au",
            "aux",
            "em",
            "no",
            "na",
            "في",
            "în",
            "fi",
            "di",
            "across",
            "dans",
            "à",
            "в",
            "у",
        ):
            extra.append("in-place")
        if (
            mention.last + 1 < len(tokens)
            and tokens[mention.last].text in "'’"
            and tokens[mention.last + 1].folded == "s"
        ):
            extra.append("possessive")
        if mention.last < len(tokens) and tokens[mention.last].text == "-":
            extra.append("hyphen")
        neighbours = [
            other
            for other in mentions
            if other.sentence is mention.sentence and other.code != mention.code and other.kind == "name"
        ]
        extra.append(f"list:{min(len(neighbours), 5)}")
        pool.add(mention.code, mention.sentence, mention.first, mention.last, extra, mention.kind)
    host = country_of_host(reading)
    candidates = pool.candidates()
    for candidate in candidates:
        code = str(candidate.value)
        candidate.features.append("top" if codes[code] == top else "not-top")
        candidate.features.append(f"names:{min(names[code], 3)}")
        if codes[code] * 2 < top:
            candidate.features.append("far-from-top")
        if code == host:
            candidate.features.append("host")
        if len(names) == 0:
            candidate.features.append("no-names")
        if code in _DONORS:
            candidate.features += [
                "donor",
                f"donor&{'top' if codes[code] == top else 'not-top'}",
                f"donor&{'host' if code == host else 'no-host'}",
            ]
            candidate.features += [
                f"donor&{one}"
                for one in set(candidate.features)
                if one.startswith(("first:", "in-place", "in:", "list:", "names:"))
            ]
    return candidates


_DONORS = frozenset(["US", "GB", "NL", "NO", "SE", "CH", "DE", "FR", "IT", "ES", "JP", "KR", "CA", "AU", "DK", "AT", "BE", "LU", "IE", "FI", "NZ"])
"""Countries that more often pay for projects elsewhere than host them."""

_HOSTS = {"uk": "GB", "gov": "US", "edu": "US", "mil": "US"}


def country_of_host(reading: Reading) -> str | None:
    """The country of the outlet's domain, where its last label is a country's."""
    for address in (reading.document.url, reading.document.outlet):
        if not address:
            continue
        host = address.split("//")[-1].split("/")[0].split(":")[0].rstrip(".").lower()
        label = host.rsplit(".", 1)[-1] if "." in host else ""
        if label in _HOSTS:
            return _HOSTS[label]
        if len(label) == 2 and label.isalpha() and label not in ("eu", "tv", "me", "io", "ai", "co", "fm", "cc", "to"):
            return label.upper()
        if host == "canada.ca":
            return "CA"
    return None


def resolve_dollar(reading: Reading, countries: Sequence[CountryMention], bodies: Sequence[Mention]) -> str:
    """The currency of a bare dollar: that of the country the document's money comes from, else the US dollar."""
    _, dollars = load_currencies()
    weights: Counter[str] = Counter()
    for mention in countries:
        if mention.code in dollars:
            weights[mention.code] += 1 if mention.sentence.index > 4 else 2
    for body in bodies:
        if body.home in dollars and body.kind in ("government", "donor", "state", "embassy"):
            weights[str(body.home)] += 3
    host = country_of_host(reading)
    if host in dollars:
        weights[str(host)] += 4
    weights["US"] += 1  # without other signs a dollar is the United States'
    if weights["US"] > 1 and any(
        body.home == "US" and body.kind in ("donor", "government", "embassy") for body in bodies
    ):
        weights["US"] += 3
    best = max(weights, key=lambda code: (weights[code], code == "US"))
    return dollars[best]


def sum_candidates(context: Context, sums: Sequence[Money], dollar: str) -> list[Candidate]:
    """Sums by (amount, currency, whether the currency is a guess)."""
    pool = Pool(context)
    largest = max((money.amount for money in sums), default=0.0)
    position: dict[int, int] = {}
    for money in sums:
        tokens = money.sentence.tokens
        nth = position[money.sentence.index] = position.get(money.sentence.index, 0) + 1
        extra = [f"nth:{min(nth, 3)}"]
        if money.amount == largest:
            extra.append("largest")
        extra.append(f"size:{len(str(int(money.amount)))}")
        if money.first > 0 and tokens[money.first - 1].text == "(":
            extra.append("bracketed")
        rest = [token.folded for token in tokens[money.last : money.last + 4]]
        if rest[:2] in (["a", "year"], ["per", "year"], ["par", "an"], ["al", "ano"], ["por", "ano"], ["a", "month"]):
            extra.append("rate")
        if "each" in rest[:3] or "chacun" in rest[:3]:
            extra.append("each")
        is_bare = money.currency == BARE_DOLLAR
        value = (money.amount, dollar if is_bare else money.currency, is_bare)
        pool.add(value, money.sentence, money.first, money.last, extra, "sum")
    candidates = pool.candidates()
    for candidate in candidates:
        if len(candidates) == 1:
            candidate.features.append("only")
        if candidate is candidates[0]:
            candidate.features.append("first-sum")
    return candidates


def length_candidates(context: Context, times: Times) -> list[Candidate]:
    """Lengths of time by their months."""
    pool = Pool(context)
    for length in times.lengths:
        tokens = length.sentence.tokens
        extra = [
            f"months:{length.months}" if length.months % 12 == 0 else "months:odd",
            "short" if length.months < 6 else "long",
        ]
        if any(token.text == "-" for token in tokens[length.first : length.last]):
            extra.append("hyphened")
        if tokens[length.last - 1].folded in ("year", "month", "old"):
            extra.append("singular")
        if any(
            token.folded in ("old", "age", "aged", "ans", "ago", "earlier", "years")
            for token in tokens[length.last : length.last + 1]
        ):
            extra.append(f"after:{tokens[length.last].folded}")
        before = [token.folded for token in tokens[max(0, length.first - 2) : length.first]]
        if before and (
            before[-1] in ("to", "or", "–", "-")
            or (before[-1] == "and"
            and "between" in [token.folded for token in tokens[: length.first]])
        ):
            extra.append("range")
        pool.add(length.months, length.sentence, length.first, length.last, extra, "length")
    return pool.candidates()


def date_candidates(reading: Reading, context: Context, times: Times) -> tuple[list[Candidate], list[Candidate]]:
    """Candidates for a project's start and for its end, by the date as stated."""
    starts, ends = Pool(context), Pool(context)
    published = (reading.document.published or "")[:4]
    for span in times.ranges:
        kind = f"range{len(span.start)}"
        size = int(span.end[:4]) - int(span.start[:4]) if len(span.start) >= 4 else 0
        extra = [
            f"span:{min(size, 6)}",
            *_age(span.start, published, "start"),
            *_age(span.end, published, "end"),
            *_shape(span),
        ]
        if len(span.start) >= 4:
            starts.add(span.start, span.sentence, span.first, span.last, extra, kind)
        ends.add(span.end, span.sentence, span.first, span.last, extra, kind)
    for moment in times.moments:
        extra = [*_age(moment.value, published, "date"), *_shape(moment)]
        starts.add(moment.value, moment.sentence, moment.first, moment.last, extra, f"date{len(moment.value)}")
        ends.add(moment.value, moment.sentence, moment.first, moment.last, extra, f"date{len(moment.value)}")
    return starts.candidates(), ends.candidates()


def _age(date: str, published: str, name: str) -> list[str]:
    """How a date's year stands to the year of publication."""
    if not published:
        return [f"{name}:unpublished"]
    gap = int(date[:4]) - int(published)
    return [f"{name}:{max(-3, min(6, gap))}"]


def _shape(found: Moment | Range) -> list[str]:
    tokens = found.sentence.tokens
    features = []
    if found.first <= 1 and found.sentence.part == "text":
        features.append("opens")
    if found.last < len(tokens) and tokens[found.last].text in "–—":
        features.append("dateline")
    if found.first > 0 and tokens[found.first - 1].text in "(":
        features.append("bracketed")
    if len(tokens) <= found.last - found.first + 3:
        features.append("alone")
    return features
