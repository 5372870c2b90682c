"""Places that share a name: which Georgia, Congo or Oman a text means.

In: a `ParsedText` and the mentions of countries in it. Out: the same mentions, with the code that the text speaks for.
"""

from __future__ import annotations

from classifier.entities.country_mention import CountryMention
from classifier.lexicon import load_places
from classifier.text.parsed_text import ParsedText


def disambiguate_toponyms(reading: ParsedText, mentions: list[CountryMention]) -> list[CountryMention]:
    """The mentions, each of a name that several places share told by what else the text names."""
    told = _tell_benins(_tell_congos(_tell_georgias(reading, mentions)))
    if reading.lang == "en" and not _counts_in_pounds(reading):
        told = _tell_american(reading, told)
    return _tell_omans(_tell_twins(told))


def _counts_in_pounds(reading: ParsedText) -> bool:
    """Whether the text counts in pounds and never in dollars: its Norfolk is the English one."""
    text = f"{reading.document.title} {reading.document.text}"
    return "£" in text and "$" not in text


def _tell_georgias(reading: ParsedText, mentions: list[CountryMention]) -> list[CountryMention]:
    """Georgia is the American state where the United States or a county are named and nothing of the Caucasus is.

    Its people are `Georgians` in both, but only the country's affairs are called `Georgian`.
    """
    codes = {mention.code for mention in mentions}
    if "GE" not in codes:
        return mentions
    is_caucasus = bool(codes & _CAUCASUS) or any(
        mention.code == "GE" and mention.sentence.tokens[mention.first].text not in ("Georgia", "Georgians")
        for mention in mentions
    )
    if not is_caucasus and ("US" in codes or _names_county(reading) or _names_american_school(reading)):
        for mention in mentions:
            if mention.code == "GE":
                mention.code, mention.kind = "US", "place"
    return mentions


def _names_american_school(reading: ParsedText) -> bool:
    """Whether a school is named that tells of the American place, as Georgia's, whose town is called Athens."""
    document = reading.document
    return any(school in text for school in load_places().american_schools for text in (document.title, document.text))


def _names_county(reading: ParsedText) -> bool:
    return any(token.folded in _COUNTIES for sentence in reading.sentences for token in sentence.tokens)


_COUNTIES = frozenset(["county", "counties", "statewide", "sheriff", "gbi"])
_CAUCASUS = frozenset(["AM", "AZ", "UA", "MD", "TR", "RU"])
"""Countries a text on Georgia in the Caucasus is likely to name as well."""


def _tell_congos(mentions: list[CountryMention]) -> list[CountryMention]:
    """Congo alone is the one whose full name, people or cities the text names, where it names only one."""
    if any(mention.code == "CD" for mention in mentions):
        for mention in mentions:
            if mention.code == "CG" and mention.last - mention.first == 1 and mention.kind == "name":
                mention.code = "CD"
    return mentions


def _tell_american(reading: ParsedText, mentions: list[CountryMention]) -> list[CountryMention]:
    """Towns and counties that bear a name from elsewhere (`Kent`, `Westminster`) are American beside an American place.

    Where the text names the other country itself, they are that one's.
    """
    alike = load_places().american_namesakes
    is_american = any(mention.code == "US" and mention.kind == "place" for mention in mentions)
    if not is_american and not _names_american_school(reading):
        return mentions
    named = {mention.code for mention in mentions if mention.kind != "place"}
    for mention in mentions:
        if mention.kind == "place" and mention.code != "US" and mention.code not in named:
            words = mention.sentence.tokens[mention.first : mention.last]
            if " ".join(token.folded for token in words) in alike:
                mention.code = "US"
    return mentions


def _tell_benins(mentions: list[CountryMention]) -> list[CountryMention]:
    """Benin alone is the Nigerian city where the text names that city in full, or a Nigerian place stands behind it."""
    if not any(mention.code == "NG" for mention in mentions):
        return mentions
    bare = [mention for mention in mentions if mention.code == "BJ"]
    if not bare or any(mention.sentence.tokens[mention.first].folded != "benin" for mention in bare):
        return mentions
    is_city = any(
        mention.code == "NG" and mention.sentence.tokens[mention.first].folded == "benin" for mention in mentions
    )
    ends = {
        (mention.sentence.index, mention.first)
        for mention in mentions
        if mention.code == "NG" and mention.kind == "place"
    }
    for mention in bare:
        tokens, last = mention.sentence.tokens, mention.last
        is_before_place = last < len(tokens) and tokens[last].text == "," and (mention.sentence.index, last + 1) in ends
        if is_city or is_before_place:
            mention.code, mention.kind = "NG", "place"
    return mentions


def _tell_twins(mentions: list[CountryMention]) -> list[CountryMention]:
    """Towns that bear a name of several countries are in the one that the text names besides them, if only one."""
    twins = load_places().twins
    names = [" ".join(token.folded for token in one.sentence.tokens[one.first : one.last]) for one in mentions]
    if not any(one.kind == "place" and name in twins for one, name in zip(mentions, names, strict=True)):
        return mentions
    sure = {one.code for one, name in zip(mentions, names, strict=True) if one.kind != "place" or name not in twins}
    for mention, name in zip(mentions, names, strict=True):
        others = [code for code in twins.get(name, ()) if code in sure]
        if mention.kind == "place" and mention.code not in sure and len(others) == 1:
            mention.code = others[0]
    return mentions


def _tell_omans(mentions: list[CountryMention]) -> list[CountryMention]:
    """In Arabic Oman and Amman are written alike: it is Amman with a doubled m, in a dateline, and beside Jordan."""
    bare = [mention for mention in mentions if mention.sentence.tokens[mention.first].folded.endswith(_OMAN)]
    if not bare:
        return mentions
    others = [mention for mention in mentions if not any(mention is one for one in bare)]
    is_oman = any(mention.code == "OM" for mention in others)
    is_jordan = any(mention.code == "JO" for mention in others)
    for mention in bare:
        if mention.last - mention.first > 1:
            continue
        text = mention.sentence.tokens[mention.first].text
        opens = mention.first == 0 and mention.sentence.part == "text" and mention.sentence.index <= _OPENING
        if "عمّ" in text or (not is_oman and "عُ" not in text and (is_jordan or opens)):
            mention.code, mention.kind = "JO", "place"
    if any(mention.code == "JO" for mention in bare) and not is_oman:
        for mention in bare:
            mention.code, mention.kind = "JO", "place"
    return mentions


_OMAN = "عمان"
_OPENING = 1  # the sentence a dateline stands in
