"""Countries that stand behind a body as its home: `Payoke (Belgium)`, `Ministry of the Interior, Latvia;`.

In: the mentions of countries and which tokens are of bodies' names. Out: features of the countries that are such homes
or stand in bodies' names, for how many they are: the members of a consortium are listed so.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from classifier.entities.country_mention import CountryMention

_OPEN, _CLOSE = ("(", ","), (")", ",", ";", ".", ":")
_MANY = 4  # countries; as many or more are those of a consortium


def home_features(mentions: Sequence[CountryMention], inside: Container[tuple[int, int]]) -> dict[str, list[str]]:
    """The features of each country that is a body's home, by its code.

    Args:
        mentions: of all countries.
        inside: sentence and token of all that is within a body's name.
    """
    behind = {mention.code for mention in mentions if _is_behind_body(mention, inside)}
    within = {mention.code for mention in mentions if (mention.sentence.index, mention.first) in inside}
    features = {code: [f"homes-within:{min(len(behind | within), _MANY)}"] for code in within}
    return features | {code: ["home", f"homes:{min(len(behind), _MANY)}"] for code in behind}


def _is_behind_body(mention: CountryMention, inside: Container[tuple[int, int]]) -> bool:
    """Whether a country stands by itself behind a body's name, in brackets or between commas."""
    tokens, first, last = mention.sentence.tokens, mention.first, mention.last
    if mention.kind != "name" or first <= 1 or tokens[first - 1].text not in _OPEN:
        return False
    is_alone = last == len(tokens) or tokens[last].text in _CLOSE
    return is_alone and (mention.sentence.index, first - 2) in inside
