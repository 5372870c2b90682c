"""Candidates for the countries a project works in.

In: mentions of countries and organisations with a `Context`. Out: one candidate a country, with the features of all its
mentions; a list (`Peru, Bolivia and Chile`) is weighed as one, and a country may be told by a body's home, the outlet's
address or the language alone, where the text names none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from classifier.entities.country_lists import lists_of
from classifier.entities.country_mention import CountryMention
from classifier.entities.mention import Mention
from classifier.entities.name_words import APOSTROPHES
from classifier.extraction.candidates import Candidate, Pool
from classifier.extraction.context import Context, place
from classifier.extraction.countries.counts import count_features, counts_of
from classifier.extraction.countries.homes import home_features
from classifier.extraction.countries.labels import is_labelled
from classifier.extraction.countries.signs import LEAD, cue_book, find_signs, names_region, reasons, seats
from classifier.extraction.linear import Linear
from classifier.languages import LANGUAGES, load_lexicon
from classifier.lexicon import load_places
from classifier.text.outlet import country_of_host
from classifier.text.parsed_text import ParsedText, Sentence

_DATELINE_TOKENS = 8
_LONGEST_DATELINE = 14  # tokens: a city, its country, a date, an agency, each with their signs
_LATEST_SMALL = 1  # a small word up to here may be of a city's name
_DASHES = frozenset("–—-")
_PAYING_BODIES = frozenset(["donor", "government", "state", "embassy"])


def country_candidates(
    reading: ParsedText, context: Context, mentions: Sequence[CountryMention], bodies: Sequence[Mention]
) -> list[Candidate]:
    """Countries in order of first mention, those only told by other signs last."""
    pool = Pool(context)
    inside = _insides(bodies)
    codes = Counter(mention.code for mention in mentions)
    steady: dict[str, set[str]] = {}
    by_sentence: dict[int, list[CountryMention]] = {}
    mates: dict[Hashable, frozenset[str]] = {}
    lists: list[frozenset[str]] = []
    labelled: set[str] = set()
    for mention in mentions:
        by_sentence.setdefault(mention.sentence.index, []).append(mention)
    book = cue_book(reading.lang)
    for here in by_sentence.values():
        cues = book.find_all(here[0].sentence.tokens)
        for group in lists_of(here, reading.lang):
            why = reasons(cues, group)
            listed = frozenset(mention.code for mention in group)
            lists.append(listed)
            labelled |= listed if is_labelled(group, reading.lang) else set()
            for mention in group:
                if len(listed) > len(mates.get(mention.code, ())):
                    mates[mention.code] = listed
                own = [*_mention_features(context, mention, group, here, inside), *why]
                told = [one for one in context.classes(mention.sentence) if one in _STEADY_CLASSES]
                if len(listed) >= _MIN_LIST:
                    own += [f"listed&{one}" for one in (*told, place(mention.sentence))]
                shared = {one for one in (*own, *told) if one.startswith(_STEADY)}
                steady[mention.code] = steady.get(mention.code, shared) & shared
                pool.add(
                    mention.code,
                    mention.sentence,
                    mention.first,
                    mention.last,
                    extra=own,
                    kind=mention.kind,
                    is_lean=True,
                )
    signs = find_signs(reading)
    _add_told(pool, reading, mentions, bodies, signs)
    candidates = pool.candidates()
    for candidate in candidates:
        candidate.mates = mates.get(candidate.value, frozenset())
    host = country_of_host(reading)
    names = Counter(mention.code for mention in mentions if mention.kind == "name")
    homes = {body.home for body in bodies if body.home and body.kind in _PAYING_BODIES}
    titled = {mention.code for mention in mentions if mention.sentence.part == "title"}
    led = {mention.code for mention in mentions if 0 < mention.sentence.index <= LEAD}
    region = f"{'region' if names_region(reading) else 'no-region'}&{min(len(names), 2)}"
    as_homes = home_features(mentions, inside)
    counted = count_features(counts_of(reading), lists, codes)
    for candidate in candidates:
        code = str(candidate.value)
        candidate.features += [counted[code]] if code in counted else []
        candidate.features += [LABELLED] if code in labelled else []
        candidate.features += _document_features(candidate, codes, names, host, homes)
        if candidate.value in signs:
            candidate.features += ["sign", f"sign&{'named' if candidate.value in codes else 'told'}"]
        candidate.features += [f"all:{one}" for one in sorted(steady.get(str(candidate.value), ()))]
        candidate.features += as_homes.get(code, ())
        candidate.features += _company_features("title", str(candidate.value), titled)
        candidate.features += _company_features("lead", str(candidate.value), led)
        candidate.features.append(region)
    return candidates


# Features that are told apart where all mentions of a country share them.
_STEADY = ("seat", "in:", "pre:", "kind:", "dateline", "possessive", "hyphen", "list:", "s:", "why:")
_STEADY_CLASSES = frozenset(["s:elsewhere", "s:past", "s:person", "s:funded_by", "s:funds", "s:says", "s:attends"])


def _company_features(where: str, code: str, named: set[str]) -> list[str]:
    """Whether a part of the article names this country, and which others it names."""
    others = named - {code}
    if not named:
        return [f"{where}:none"]
    hosts = others - load_places().donors
    mine = "me" if code in named else "not"
    return [f"{where}:{mine}", f"{where}:{mine}&{'hosts' if hosts else 'donors' if others else 'alone'}"]


LABELLED = "labelled"
"""Feature of a country that a field of the article names: those are all, without exception in what is labelled."""
FALLBACK = 0.3
"""Probability from which the likeliest country is taken where none reaches the threshold: a project works somewhere."""
_MIN_LIST = 3  # countries; in a list so long all have one role


def choose_countries(candidates: Sequence[Candidate], model: Linear) -> list[Candidate]:
    """The countries of work: those a field names, or else the likely ones.

    Those of one list are judged together, by the mean of their probabilities.
    """
    named = [one for one in candidates if LABELLED in one.features]
    if named:
        return named
    chances = {one.value: model.probability(one.features) for one in candidates}
    together: dict[Hashable, float] = {}
    for candidate in candidates:
        if len(candidate.mates) >= _MIN_LIST:
            mean = sum(chances[code] for code in candidate.mates) / len(candidate.mates)
            together[candidate.value] = mean
    chances.update(together)
    taken = [one for one in candidates if chances[one.value] >= model.threshold]
    if not taken and candidates:
        best = max(candidates, key=lambda one: chances[one.value])
        if chances[best.value] >= FALLBACK:
            taken = [best]
    return taken


def _insides(bodies: Sequence[Mention]) -> dict[tuple[int, int], str]:
    """For each token within an organisation's name, that organisation's kind."""
    return {
        (body.sentence.index, at): body.kind
        for body in bodies
        if body.kind not in ("country", "place")
        for at in range(body.first, body.last)
    }


def _mention_features(
    context: Context,
    mention: CountryMention,
    group: Sequence[CountryMention],
    here: Sequence[CountryMention],
    inside: dict[tuple[int, int], str],
) -> list[str]:
    tokens, first, last = mention.sentence.tokens, mention.first, mention.last
    body = inside.get((mention.sentence.index, first), "none")
    governors = context.governors(mention.sentence, group[0].first)
    features = [f"in:{body}", *governors, *(f"{mention.kind}&{one}" for one in governors)]
    is_seat = mention.kind == "place" and tokens[first].folded in seats()
    is_dateline = _is_dateline(mention)
    if is_dateline and not is_seat:  # `Vienna (Austria) -`
        is_seat = any(other.kind == "place" and tokens[other.first].folded in seats() for other in here[:1])
    if is_seat:
        features.append("seat")
    if is_dateline:
        features.append("dateline")
        features.append("dateline&seat" if is_seat else "dateline&no-seat")
    if last + 1 < len(tokens) and tokens[last].text in APOSTROPHES and tokens[last + 1].folded == "s":
        features.append("possessive")
    if last < len(tokens) and tokens[last].text == "-":
        features.append("hyphen")
    others = {other.code for other in here if other.code != mention.code and other.kind == "name"}
    features.append(f"beside:{min(len(others), 5)}" if body == "none" else "beside:in-name")
    features.append(f"list:{min(len(group), 5)}")
    if body == "none" and mention.kind == "name":
        features.append(f"free&{governors[0]}")
    return features


def _is_dateline(mention: CountryMention) -> bool:
    tokens = mention.sentence.tokens
    if mention.sentence.part != "text" or mention.last >= len(tokens) or mention.first >= _DATELINE_TOKENS:
        return False
    return tokens[mention.first].text.isupper() or mention.last <= _dateline_end(mention.sentence)


def _dateline_end(sentence: Sentence) -> int:
    """The dash behind where a report was written (`Vienna (Austria), 3 May 2020 - `), or -1."""
    tokens = sentence.tokens
    for at, token in enumerate(tokens[:_LONGEST_DATELINE]):
        if token.text in _DASHES:
            is_parted = token.text != "-" or (
                0 < at < len(tokens) - 1 and tokens[at - 1].end < token.start and token.end < tokens[at + 1].start
            )
            return at if is_parted else -1
        if token.kind == "w" and token.text.islower() and token.text.isascii() and at > _LATEST_SMALL:
            return -1
    return -1


def _add_told(
    pool: Pool,
    reading: ParsedText,
    mentions: Sequence[CountryMention],
    bodies: Sequence[Mention],
    signs: dict[str, tuple[Sentence, int, int]],
) -> None:
    """Countries that no name tells: the home of a body, of the outlet, of the language, or one told by a sign."""
    named = {mention.code for mention in mentions}
    told: dict[str, tuple[Sentence, int, int, list[str]]] = {}
    for body in bodies:
        if body.home and body.home not in named and body.kind in ("donor", "state", "government", "both"):
            told.setdefault(body.home, (body.sentence, body.first, body.last, []))[3].append("told:body")
    if reading.sentences:
        opening = reading.sentences[0]
        host = country_of_host(reading)
        if host and host not in named:
            told.setdefault(host, (opening, 0, 1, []))[3].append("told:host")
        home = load_lexicon(reading.lang).home
        if home and home not in named:
            # where no lexicon knows adjectives, bodies and towns, the language says more of the country
            sign = "told:language" if reading.lang in LANGUAGES else "told:language-alone"
            told.setdefault(home, (opening, 0, 1, []))[3].append(sign)
    for code, (sentence, first, last) in signs.items():
        if code not in named:
            told.setdefault(code, (sentence, first, last, []))[3].append("told:sign")
    for code, (sentence, first, last, features) in told.items():
        if not named:
            features.append("told:alone")
        pool.add_bare(
            code, sentence, first, last, ["told", *features, *(f"none-named&{one}" for one in features if not named)]
        )


def _document_features(
    candidate: Candidate, codes: Counter[str], names: Counter[str], host: str | None, homes: set[str]
) -> list[str]:
    """How a country stands among those of the document."""
    code = str(candidate.value)
    top = max(codes.values(), default=0)
    rank = "told" if code not in codes else "top" if codes[code] == top else "not-top"
    features = [rank, f"names:{min(names[code], 3)}"]
    if codes[code] * 2 < top:
        features.append("far-from-top")
    if code == host:
        features.append("host")
    if not names:
        features.append("no-names")
    if names and set(names) <= load_places().donors:
        features.append("only-donors")
    if code in homes:
        features.append("payer-home")
    if code in load_places().donors:
        features += ["donor", f"donor&{rank}", f"donor&{'host' if code == host else 'no-host'}"]
        features += [
            f"donor&{one}"
            for one in set(candidate.features)
            if one.startswith(
                ("first:", "pre:", "in:", "list:", "names:", "free&", "kind:", "seat", "dateline", "s:fund")
            )
        ]
    return features
