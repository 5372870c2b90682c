"""Whether two articles are one by their headline, where of one of them nothing else could be read.

Search feeds bring headlines whose pages stand behind consent walls. A title and an outlet go in; the headline as it is
compared comes out, without the outlet's name behind it. Two articles with one headline, reported within days, are one
where one of them is its title alone; what two texts have in common is for the other rules. A headline of the field's
common words is no mark of anything.

Pure: no database, no clock, no network.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from storage.register.compare.claims import Claims, days_apart
from storage.register.compare.details import MARK_LETTERS
from storage.register.compare.events import EVENT_DAYS
from storage.register.compare.gazetteer import is_country
from storage.register.compare.match import UNLIKE, MatchDecision
from storage.register.compare.names import fold_words
from storage.register.compare.words import COMMON_WORDS, EVERYWHERE, FREQUENT_MARKS
from storage.urls import registrable_domain

# Words beyond the field's common ones that make a headline one project's: a place, a name and a verb.
TELLING_WORDS = 3
# By its first words a headline is found that an aggregator cut, rarely before the sixtieth character.
KEY_WORDS = 6
CUT = "…"
# The longest names of outlets that aggregators put behind a title: "The Daily Star of Lebanon".
OUTLET_WORDS = 5
# Where several projects have it: as much as of one that an article names in its text (`stories.compare_update`).
POINTS = 4.0
# Thai, Khmer, Chinese, Japanese and their neighbours part no words: so many characters of theirs are a word.
FIRST_UNPARTED = "\u0e00"
UNPARTED_CHARACTERS = 4

_DASH = re.compile(r"\s[-–—|·]\s")


def read_headline(title: str, outlet: str, canonical_url: str) -> tuple[str, str]:
    """The headline's folded words with spaces between, with an ellipsis behind the last whole one where it was cut,
    and empty where too few of them are distinctive; and the outlet's name in folded letters.

    Where the outlet is known by the address's host alone, what stands behind a headline that tells enough without it
    is taken for its name, as aggregators put it there.
    """
    host = registrable_domain(urlsplit(canonical_url).hostname or "")
    headline, tail = _part(title)
    is_named = bool(outlet) and not (_is_host(outlet) and registrable_domain(outlet) == host)
    is_outlets = _fold_name(tail) == _fold_name(outlet) if is_named else _is_distinctive(_fold(headline))
    words = _fold(headline if is_outlets else title)
    name = outlet if is_named else tail if tail and is_outlets else host
    return words if _is_distinctive(words) else "", _fold_name(name)


def key_of_headline(headline: str) -> str:
    """What a headline and the same one cut have in common."""
    return " ".join(headline.removesuffix(CUT).split()[:KEY_WORDS])


def compare_headlines(ours: Claims, theirs: Claims) -> MatchDecision:
    """Decides whether two articles are one by their headline: `same`, or `different` where that does not tell."""
    if not ours.headline or not (_begins(ours.headline, theirs.headline) or _begins(theirs.headline, ours.headline)):
        return UNLIKE
    both_have_texts = not (_is_title_only(ours) or _is_title_only(theirs))
    if both_have_texts or ours.is_elsewhere(theirs) or (days_apart(ours, theirs) or 0) > EVENT_DAYS:
        return UNLIKE
    return MatchDecision("same", "the same headline, which is all that could be read of one of them", POINTS)


def are_two_outlets_headlines(ours: Claims, theirs: Claims) -> bool:
    """Whether two outlets have one headline, and neither has a text that could say otherwise: each supports the
    other. Names of which one holds the other (`Herald`, `The Morning Herald`) may be one outlet's."""
    are_two = ours.outlet not in theirs.outlet and theirs.outlet not in ours.outlet
    both_alone = _is_title_only(ours) and _is_title_only(theirs)
    return are_two and both_alone and compare_headlines(ours, theirs).decision == "same"


def _is_title_only(claims: Claims) -> bool:
    """What has a text to be compared has a signature of it."""
    return claims.signature is None


def _part(title: str) -> tuple[str, str]:
    """A title's headline and the name behind it, empty where there is none; a country's name is no outlet's."""
    dashes = list(_DASH.finditer(title))
    tail = title[dashes[-1].end() :].split() if dashes else []
    if not tail or len(tail) > OUTLET_WORDS or all(map(is_country, fold_words(" ".join(tail)))):
        return title, ""
    return title[: dashes[-1].start()], " ".join(tail)


def _fold(headline: str) -> str:
    words = fold_words(headline)
    if headline.rstrip().endswith((CUT, "...")):
        return " ".join(words[:-1]) + CUT  # the last one may be cut itself
    return " ".join(words)


def _begins(headline: str, other: str) -> bool:
    """Whether two headlines are one, or the first is the other cut."""
    is_cut = headline.endswith(CUT) and len(headline.split()) >= KEY_WORDS
    return headline == other or (is_cut and f"{other} ".startswith(f"{headline.removesuffix(CUT)} "))


def _is_distinctive(headline: str) -> bool:
    count = sum(
        1 if word[0] < FIRST_UNPARTED else -(-len(word) // UNPARTED_CHARACTERS)
        for word in headline.removesuffix(CUT).split()
        if not (word.isdigit() or word in COMMON_WORDS or word in EVERYWHERE or word[:MARK_LETTERS] in FREQUENT_MARKS)
    )
    return count >= TELLING_WORDS


def _is_host(outlet: str) -> bool:
    return "." in outlet and " " not in outlet


def _fold_name(outlet: str) -> str:
    """An outlet's name without spaces and small words; of a host's the part that its owner chose."""
    return "".join(fold_words(registrable_domain(outlet).partition(".")[0] if _is_host(outlet) else outlet))
