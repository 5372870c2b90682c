"""Mentions of organisations: agencies of the gazetteer, governments, and names told by their form.

In: a `Reading` and its country mentions. Out: `Mention`s in order, each cut to a clean name, with a key that the
mentions of one organisation share (an acronym and its long form, a short form and its whole). Persons are no
organisations and are left out. Which role an organisation plays is decided in `roles`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from classifier.facts.countries import CountryMention
from classifier.facts.phrases import Found, PhraseBook
from classifier.facts.reading import Reading, Sentence
from classifier.facts.tokens import Token, fold
from classifier.lexicon import Agency, Lexicon, load_agencies, load_currencies, load_lexicon, load_regions

MAX_NAME_TOKENS = 16
"""Longer runs of capitals are headlines, not names."""

_STRONG_JOINERS = frozenset(
    ["of", "for", "de", "du", "des", "del", "della", "dei", "delle", "degli", "di", "do", "da", "dos", "das", "d", "para", "pour", "per", "contra", "contre", "contro", "against", "pentru", "pour", "van", "voor", "für", "der", "des"]
)
_AND = frozenset(["and", "et", "y", "e", "und", "si", "și", "en", "та", "і", "й", "и", "ve", "dan", "&"])
_ARTICLES = frozenset(["the", "la", "le", "les", "l", "el", "los", "las", "lo", "il", "i", "gli", "a", "o", "os", "as", "die", "der", "das", "de", "het"])
_LOCATIVES = frozenset(["in", "en", "em", "dans", "à", "a", "au", "on", "at", "to", "from", "with", "by", "sur", "im"])
_APOSTROPHES = {"'", "’"}
_ACRONYM = re.compile(r"[A-ZÀ-ÞА-ЯІЇЄ][A-ZÀ-ÞА-ЯІЇЄ0-9&/.\-]{1,11}s?$")
_WEEKDAYS = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
)
_NO_NAME = frozenset(
    ["i", "he", "she", "it", "they", "we", "you", "this", "that", "these", "those", "there", "here", "what", "when", "where", "who", "why", "how", "the", "a", "an", "and", "but", "or", "nor", "so", "yet", "if", "in", "on", "at", "by", "for", "from", "with", "to", "of", "as", "is", "are", "was", "were", "be", "been", "has", "have", "had", "not", "no", "its", "his", "her", "their", "our", "my", "your", "covid", "trafficking", "act", "law", "day", "report", "convention", "protocol", "plan", "agreement", "god", "christmas", "internet"]
)
_NOT_BODIES = frozenset(
    ["act", "law", "bill", "day", "report", "convention", "protocol", "plan", "agreement", "constitution", "week", "month", "year", "summit", "award", "awards", "index", "code", "strategy", "loi", "convention", "rapport", "journée", "plan", "protocole", "ley", "convención", "informe", "día", "lei", "convenção", "relatório", "dia", "legge", "convenzione", "gesetz", "tag", "process", "procedure", "resolution", "amendment", "compact", "charter", "declaration", "goals", "goal", "cup", "game"]
)


_GERMAN_HEADS = {
    "ministerium": "state",
    "ministeriums": "state",
    "stelle": "ngo",
    "verband": "ngo",
    "verein": "ngo",
    "stiftung": "ngo",
    "amt": "state",
    "werk": "ngo",
    "behorde": "state",
}
_COMPOUNDS = frozenset(["funded", "backed", "financed", "based", "supported", "sponsored", "born", "wide", "assisted"])
_LEADING = frozenset(
    ["the", "la", "le", "les", "l", "el", "los", "las", "lo", "il", "i", "gli", "o", "os", "as", "die", "der", "das", "de", "het", "in", "on", "at", "by", "for", "from", "with", "to", "dans", "en", "em", "no", "na", "nos", "nas", "au", "aux", "du", "des", "d", "di", "da", "do", "dos", "das", "im"]
)
"""Small words that a sentence may begin with a capital; a name begins after them."""


@dataclass(slots=True)
class Mention:
    """An organisation at `tokens[first:last]` of its sentence.

    `kind` is a gazetteer's or a head word's kind, `government`, `country`, `acronym` or `proper`; `home` the country it
    belongs to where that is known.
    """

    sentence: Sentence
    first: int
    last: int
    name: str
    key: str
    kind: str
    home: str | None = None
    agency: str | None = None
    acronym: str | None = None
    group: int = 0
    quoted: bool = False
    heads: tuple[str, ...] = field(default=())


@cache
def _agency_book(lang: str) -> PhraseBook[Agency]:
    return PhraseBook(((name, agency) for agency in load_agencies() for name in agency.names), is_arabic=lang == "ar")


@cache
def _head_book(lang: str) -> PhraseBook[str]:
    book: PhraseBook[str] = PhraseBook(is_arabic=lang == "ar")
    for language in dict.fromkeys(("en", lang)):
        for kind, words in load_lexicon(language).organisations.items():
            for word in words:
                book.add(word, kind)
    return book


@cache
def _regions() -> frozenset[str]:
    return frozenset(_key(name) for name in load_regions())


@cache
def _currency_codes() -> frozenset[str]:
    signs, _ = load_currencies()
    return frozenset(fold(sign) for names in signs.values() for sign in names) | {"euros", "cfa", "usd"}


@cache
def _joiners(lang: str) -> frozenset[str]:
    return frozenset(fold(word) for language in ("en", lang) for word in load_lexicon(language).joiners)


@cache
def _person_book(lang: str) -> PhraseBook[bool]:
    words = [word for language in dict.fromkeys(("en", lang)) for word in load_lexicon(language).cues.get("person", [])]
    return PhraseBook(((word, True) for word in words), is_arabic=lang == "ar")


def find_organisations(reading: Reading, countries: Sequence[CountryMention]) -> list[Mention]:
    """Every mention of an organisation or government, in order."""
    finder = _Finder(reading, countries)
    mentions: list[Mention] = []
    for sentence in reading.sentences:
        mentions += finder.find(sentence)
    _join(mentions)
    _group(mentions)
    return mentions


class _Finder:
    """The state of one pass over a document: its books, and which words it writes with a capital in mid-sentence."""

    def __init__(self, reading: Reading, countries: Sequence[CountryMention]) -> None:
        self.reading = reading
        self.lang = reading.lang
        self.lexicon: Lexicon = load_lexicon(reading.lang)
        self.agencies = _agency_book(reading.lang)
        self.heads = _head_book(reading.lang)
        self.joiners = _joiners(reading.lang)
        self.persons = _person_book(reading.lang)
        self.adjective_ends = tuple(self.lexicon.adjective_ends)
        self.countries: dict[int, dict[int, CountryMention]] = {}
        for mention in countries:
            self.countries.setdefault(mention.sentence.index, {})[mention.first] = mention
        self.months = {
            fold(name)
            for names in (*load_lexicon("en").months.values(), *self.lexicon.months.values())
            for name in names
        }
        self.mid_capitals = self._mid_capitals()

    def _mid_capitals(self) -> set[str]:
        found = set()
        for sentence in self.reading.sentences:
            if sentence.part == "text":
                tokens = sentence.tokens
                for at in range(1, len(tokens)):
                    if _is_capital(tokens[at]) and tokens[at - 1].kind == "w":
                        found.add(tokens[at].folded)
        return found

    def find(self, sentence: Sentence) -> list[Mention]:
        tokens = sentence.tokens
        places = self.countries.get(sentence.index, {})
        is_headline = sentence.part == "title" and _is_title_case(tokens)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            mention = (
                self._agency(sentence, at, is_headline)
                or self._government(sentence, at, places)
                or (None if is_headline else self._named(sentence, at, places))
                or self._country(sentence, at, places)
            )
            if mention is None:
                at += 1
                continue
            at = max(self._take_acronym(mention), at + 1)
            if mention.kind != "person":
                found.append(mention)
        self._mark_quotes(found, tokens)
        return found

    # --- kinds of mention

    def _agency(self, sentence: Sentence, at: int, is_headline: bool) -> Mention | None:
        tokens = sentence.tokens
        hit = self.agencies.match(tokens, at)
        if hit is None or not (_is_capital(tokens[at]) or _is_caseless(tokens[at])):
            # French, Spanish and others write "département d'État" small
            if hit is None or hit.last - hit.first < 2 or self.lang == "en":
                return None
        agency, last = hit.value, hit.last
        if (
            last - at == 1
            and not _is_caseless(tokens[at])
            and len(tokens[at].text) <= 4
            and not tokens[at].text.isupper()
            and tokens[at].text not in agency.names
        ):
            return None
        extended = last if is_headline else self._extend_agency(tokens, last)
        if extended > last:
            name = self._name(sentence, at, extended)
            return Mention(
                sentence,
                at,
                extended,
                name,
                f"name:{_key(name)}",
                agency.kind,
                agency.home,
                None,
                heads=(fold(agency.id),),
            )
        name = self._name(sentence, at, last)
        return Mention(sentence, at, last, name, f"agency:{agency.id}", agency.kind, agency.home, agency.id)

    def _extend_agency(self, tokens: Sequence[Token], last: int) -> int:
        """Further capitals right after an agency make a part or a branch of it: `World Vision Japan`, `USAID's Mission`."""
        start = last
        if (
            last + 2 < len(tokens)
            and tokens[last].text in _APOSTROPHES
            and tokens[last + 1].folded == "s"
            and _is_capital(tokens[last + 2])
        ):
            if self._head_kind(tokens, last + 2, min(last + 6, len(tokens))) is None:
                return start
            return self._extend(tokens, last + 2, 1)
        if (
            last < len(tokens)
            and _is_capital(tokens[last])
            and tokens[last].start == tokens[last - 1].end + 1
            and self.lang not in ("de",)
        ):
            if self.persons.match(tokens, last) is not None or self.agencies.match(tokens, last) is not None:
                return start
            end = self._extend(tokens, last, 0)
            if self._head_kind(tokens, last, end) is not None or end - last == 1:
                return end
        return start

    def _government(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        """`Government of Canada`, `the Canadian government`, `gouvernement béninois`, `embassy of Norway`."""
        tokens = sentence.tokens
        country = places.get(at)
        if country is not None:
            head = self.heads.match(tokens, country.last) if country.last < len(tokens) else None
            if (
                head is None
                and country.last + 2 < len(tokens)
                and tokens[country.last].text in _APOSTROPHES
                and tokens[country.last + 1].folded == "s"
            ):
                head = self.heads.match(tokens, country.last + 2)
            if head is not None and head.value in ("government", "embassy"):
                return self._state(sentence, at, head.last, head.value, country.code)
            return None
        head = self.heads.match(tokens, at)
        if head is None or head.value not in ("government", "embassy"):
            return None
        after = head.last
        while (
            after < len(tokens)
            and after - head.last < 4
            and (
                tokens[after].folded in self.joiners
                or tokens[after].text in _APOSTROPHES
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
        end = max(head.last, self._extend(tokens, first, 0)) if _is_capital(tokens[first]) else head.last
        if end == head.last and first == at and head.value == "embassy":
            return None
        return Mention(sentence, first, end, self._name(sentence, first, end), f"{head.value}:", head.value)

    def _state(self, sentence: Sentence, first: int, last: int, kind: str, home: str) -> Mention:
        key = f"government:{home}" if kind == "government" else f"embassy:{home}"
        return Mention(sentence, first, last, self._name(sentence, first, last), key, kind, home)

    def _country(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        country = places.get(at)
        if country is None or country.kind == "adjective":
            return None
        kind = "country" if country.kind == "name" else "place"
        name = self._name(sentence, at, country.last)
        key = f"country:{country.code}" if kind == "country" else f"place:{_key(name)}"
        return Mention(sentence, at, country.last, name, key, kind, country.code)

    def _named(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        """A name told by its form: a run of capitals, or a head word with what belongs to it."""
        tokens = sentence.tokens
        token = tokens[at]
        if token.kind != "w" or (at > 0 and tokens[at - 1].kind == "n" and tokens[at - 1].end == token.start):
            return None
        if token.folded in _LEADING and at + 1 < len(tokens):
            return None
        if at in places and at > 0 and tokens[at - 1].folded in ("in", "en", "dans", "em", "au"):
            return None
        head = self._head(tokens, at)
        if _is_caseless(token):
            return self._arabic(sentence, at, head.value if head else None, head.last if head else at)
        if not _is_capital(token):
            if head is None or self.lang in ("en", "de", "tr", "id") or head.value in ("government", "embassy"):
                return None
            last = self._extend(tokens, at, head.last - at)
            if last <= head.last:
                return None
            return self._finish(sentence, at, last, places)
        last = self._extend(tokens, at, head.last - at if head else 0)
        if places.get(at) is not None and places[at].last >= last:
            return None
        return self._finish(sentence, at, last, places)

    def _finish(self, sentence: Sentence, first: int, last: int, places: dict[int, CountryMention]) -> Mention | None:
        tokens = sentence.tokens
        while last > first and (tokens[last - 1].folded in self.joiners or tokens[last - 1].kind == "s"):
            last -= 1
        while first < last and tokens[first].folded in _NO_NAME | self.months | _WEEKDAYS and last - first > 1:
            first += 1
        if first >= last or tokens[first].kind != "w":
            return None
        size = last - first
        place = places.get(first)
        if place is not None and place.last >= last:
            return self._country(sentence, first, places)
        if self._is_person(tokens, first, last):
            return Mention(sentence, first, last, "", "", "person")
        first = self._after_person(tokens, first, last)
        size = last - first
        if (
            _key(self._name(sentence, first, last)) in _regions()
            or (size == 1
            and tokens[first].folded in _currency_codes())
        ):
            return None
        if size == 1 and (
            tokens[first].folded in _NO_NAME or tokens[first].folded in self.months or tokens[first].folded in _WEEKDAYS
        ):
            return None
        kind = self._head_kind(tokens, first, last)
        if not any(_is_capital(tokens[step]) for step in range(first, last)) and kind != "state":
            return None
        is_acronym = size == 1 and bool(_ACRONYM.match(tokens[first].text)) and len(tokens[first].text) >= 2
        if tokens[last - 1].folded in _NOT_BODIES or (
            kind is None and any(tokens[at].folded in _NOT_BODIES for at in range(first, last))
        ):
            return None
        if kind is None and not is_acronym:
            is_lead = first == 0 or (tokens[first - 1].kind == "s" and tokens[first - 1].text in '–—"“«:')
            if size == 1 and is_lead and tokens[first].folded not in self.mid_capitals:
                return None
            if self.lang == "de" and not (first > 0 and tokens[first - 1].text in '«»„“"'):
                return None  # German writes every noun with a capital
        name = self._name(sentence, first, last)
        homes = [mention.code for start, mention in places.items() if first <= start < last]
        heads = tuple(dict.fromkeys((tokens[first].folded, tokens[last - 1].folded)))
        final = kind or ("acronym" if is_acronym else "proper")
        if final == "government":
            final = "state"
        return Mention(
            sentence, first, last, name, f"name:{_key(name)}", final, homes[0] if homes else None, heads=heads
        )

    def _is_person(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Whether a run is a person with a title (`Minister Ana Jara`, `Migration Liaison Officer`), not their office."""
        for at in range(first, last):
            if self.persons.match(tokens, at) is None:
                continue
            rest = range(at, last)
            if any(tokens[step].text in _APOSTROPHES for step in rest):
                return False  # the Prime Minister's Office
            return at == first or not any(tokens[step].folded in _STRONG_JOINERS for step in range(first, at))
        return False

    def _after_person(self, tokens: Sequence[Token], first: int, last: int) -> int:
        """`Jane Doe of the Office of X` is read from the office on."""
        for at in range(first + 1, min(last - 1, first + 4)):
            if tokens[at].folded in ("of", "de", "del", "von", "di"):
                if (
                    self._head_kind(tokens, first, at) is None
                    and at - first >= 2
                    and self._head_kind(tokens, at + 1, last) is not None
                ):
                    after = at + 1
                    while after < last - 1 and not _is_capital(tokens[after]):
                        after += 1
                    return after
                return first
        return first

    def _arabic(self, sentence: Sentence, at: int, kind: str | None, after: int) -> Mention | None:
        """A head word and the words that define it, up to a verb, a preposition or a sign."""
        if kind is None or kind in ("embassy",) or self.lang != "ar":
            return None
        tokens = sentence.tokens
        last = after
        free = 3  # words without an article that a construct chain may hold after its head
        while last < len(tokens) and last - at < MAX_NAME_TOKENS:
            word = tokens[last]
            if word.kind != "w" or word.folded in _ARABIC_STOPS:
                break
            if word.folded.startswith(("ال", "لل", "وال", "بال")) or (last == after and free):
                last += 1
                continue
            if free and not word.folded.startswith(("ي", "ت", "س")) and last - after < 3:
                free -= 1
                last += 1
                continue
            break
        if last == after and kind in ("state", "ngo", "fund", "university"):
            return None
        name = self._name(sentence, at, last)
        return Mention(sentence, at, last, name, f"name:{_key(name)}", kind, heads=(tokens[at].folded,))

    # --- the form of names

    def _extend(self, tokens: Sequence[Token], first: int, head_tokens: int) -> int:
        """Where a name that begins at `first` ends."""
        last = first + max(1, head_tokens)
        is_small = head_tokens > 0 and bool(self.adjective_ends)  # a head word whose complement may be written small
        had_of = False
        while last < len(tokens) and last - first < MAX_NAME_TOKENS:
            token = tokens[last]
            gap = token.start - tokens[last - 1].end
            if _is_capital(token):
                if (
                    gap
                    and self.agencies.match(tokens, last) is not None
                    and tokens[last - 1].folded not in _STRONG_JOINERS
                ):
                    break
                last += 1
            elif (
                token.kind == "n"
                and gap == 1
                and last > first
                and tokens[last - 1].kind == "w"
                and len(token.text) <= 3
                and _is_capital(tokens[last - 1])
            ):
                last += 1
            elif token.kind == "s":
                step = self._sign(tokens, last, gap)
                if step == 0:
                    break
                last += step
            elif token.folded in self.joiners:
                step, is_of = self._joiner(tokens, first, last, is_small, had_of)
                if step == 0:
                    break
                had_of = had_of or is_of
                last += step
            elif (
                is_small
                and token.text.islower()
                and tokens[last - 1].kind == "w"
                and tokens[last - 1].folded not in self.joiners
                and token.folded.endswith(self.adjective_ends)
                and len(token.text) > 3
            ):
                last += 1
            else:
                break
        return last

    def _sign(self, tokens: Sequence[Token], at: int, gap: int) -> int:
        """How many tokens a sign within a name takes with it; 0 where the name ends before it."""
        after = at + 1
        if after >= len(tokens):
            return 0
        is_tight = gap == 0 and tokens[after].start == tokens[at].end
        text = tokens[at].text
        if text in _APOSTROPHES:
            if is_tight and tokens[after].folded == "s":
                return 2 if after + 1 < len(tokens) and _is_capital(tokens[after + 1]) else 0
            if is_tight and (_is_capital(tokens[after]) or (tokens[after].kind == "w" and self.lang == "en")):
                return 2
            return 1 if _is_capital(tokens[after]) and gap == 0 else 0
        if text == "&":
            return 2 if _is_capital(tokens[after]) else 0
        if text in "-/.‑–" and is_tight and (tokens[after].kind == "w" or tokens[after].kind == "n"):
            if tokens[after].text[0].islower() and text in "-‑":
                return (
                    2
                    if after + 1 < len(tokens)
                    and _is_capital(tokens[after + 1])
                    and tokens[after].folded not in _COMPOUNDS
                    else 0
                )
            return 2
        if (
            text == "."
            and gap == 0
            and len(tokens[at - 1].text) == 1
            and _is_capital(tokens[after])
            and at >= 2
            and tokens[at - 2].text == "."
        ):
            return 1
        return 0

    def _joiner(self, tokens: Sequence[Token], first: int, at: int, is_small: bool, had_of: bool) -> tuple[int, bool]:
        """How far a small word carries a name on, and whether it is a genitive one."""
        after = at
        is_of = False
        while (
            after < len(tokens)
            and after - at < 3
            and (tokens[after].folded in self.joiners or tokens[after].text in _APOSTROPHES)
        ):
            is_of = is_of or tokens[after].folded in _STRONG_JOINERS
            after += 1
        if after >= len(tokens) or tokens[after].kind != "w":
            return 0, False
        small = {tokens[step].folded for step in range(at, after)}
        target = tokens[after]
        is_and = bool(small & _AND)
        if is_and:
            if not had_of and not (is_small and is_of):
                return 0, False
            if self.agencies.match(tokens, after) is not None or self.heads.match(tokens, after) is not None:
                return 0, False
            if small & _ARTICLES - {"de", "der"} and not is_of:
                return 0, False
            if after + 1 < len(tokens) and tokens[after + 1].text == "(" and target.text.isupper() and not is_of:
                return 0, False
        elif small & _LOCATIVES and not is_of:
            if (
                not _is_capital(target)
                or self._head_kind(tokens, first, at) is None
                or small & {"from", "with", "by", "at", "on"}
            ):
                return 0, False
            if "in" in small and not had_of:
                return 0, False
        elif small <= _ARTICLES and not is_of:
            return 0, False
        if _is_capital(target):
            if is_of and self.agencies.match(tokens, after) is not None and self._head_kind(tokens, first, at) is None:
                return 0, False
            return after - at + 1, is_of
        if is_small and is_of and target.text.islower() and len(target.text) > 2:
            if small & {"para", "pour", "per"} and target.folded.endswith(("ar", "er", "ir", "re")):
                return 0, False
            return after - at + 1, is_of
        return 0, False

    def _head(self, tokens: Sequence[Token], at: int) -> Found[str] | None:
        """A head word at `at`; in German also one that ends a compound (`Landessozialministerium`)."""
        hit = self.heads.match(tokens, at)
        if hit is None and self.lang == "de" and tokens[at].kind == "w" and _is_capital(tokens[at]):
            for ending, kind in _GERMAN_HEADS.items():
                if tokens[at].folded.endswith(ending) and len(tokens[at].folded) > len(ending) + 2:
                    return Found(at, at + 1, kind)
        return hit

    def _head_kind(self, tokens: Sequence[Token], first: int, last: int) -> str | None:
        kinds = [hit.value for at in range(first, last) if (hit := self._head(tokens, at)) is not None]
        if not kinds:
            return None
        for kind in ("government", "embassy", "fund", "state", "university", "ngo"):
            if kind in (kinds[0], kinds[-1]):
                return kind
        return kinds[0]

    def _take_acronym(self, mention: Mention) -> int:
        """Takes an acronym in brackets after a name; gives where to read on."""
        tokens, at = mention.sentence.tokens, mention.last
        if at < len(tokens) and tokens[at].text in "\"”»’'" and at + 1 < len(tokens):
            at += 1
        if at + 2 < len(tokens) and tokens[at].text == "(":
            for end in range(at + 2, min(at + 6, len(tokens))):
                if tokens[end].text == ")":
                    inside = self._name(mention.sentence, at + 1, end)
                    if (
                        len(inside) <= 14
                        and " " not in inside.strip()
                        and any(c.isalpha() for c in inside)
                        and not inside.isdigit()
                    ):
                        mention.acronym = inside
                        self._complete(mention)
                        return end + 1
                    break
        return mention.last

    def _complete(self, mention: Mention) -> None:
        """Carries a name back over `and` where the acronym after it says so: `Immigration and Customs Enforcement (ICE)`."""
        tokens, wanted = mention.sentence.tokens, fold(mention.acronym or "")
        if mention.agency or not wanted.isalpha():
            return
        letters = "".join(token.folded[0] for token in tokens[mention.first : mention.last] if _is_capital(token))
        at = mention.first - 1
        while at >= 0 and mention.first - at < 10 and letters != wanted and wanted.endswith(letters):
            if _is_capital(tokens[at]):
                letters = tokens[at].folded[0] + letters
                if letters == wanted:
                    mention.first = at
                    mention.name = self._name(mention.sentence, at, mention.last)
                    mention.key = f"name:{_key(mention.name)}"
            elif tokens[at].folded not in self.joiners and tokens[at].text != ",":
                return
            at -= 1

    def _name(self, sentence: Sentence, first: int, last: int) -> str:
        return " ".join(self.reading.raw(sentence, first, last).split())

    def _mark_quotes(self, found: list[Mention], tokens: Sequence[Token]) -> None:
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


_ARABIC_STOPS = frozenset(
    fold(word)
    for word in ["في", "على", "من", "إلى", "عن", "مع", "التي", "الذي", "الذين", "أن", "إن", "بأن", "أنها", "أنه", "وقال", "وقالت", "حيث", "خلال", "بعد", "قبل", "بين", "عند", "منذ", "حتى", "كما", "هو", "هي", "هذا", "هذه", "ذلك", "تلك", "وذلك", "اليوم", "بهدف", "بتمويل", "بدعم", "بالتعاون", "بالشراكة", "ومن", "وفي", "وعلى", "لدى", "ضمن", "وأن", "أو", "ثم", "بشأن", "حول", "عبر", "قد", "وقد", "لم", "لا", "ما", "بحضور", "الماضي", "الجاري", "وهي", "وهو"]
)


def _is_capital(token: Token) -> bool:
    return token.kind == "w" and token.text[0].isupper()


def _is_caseless(token: Token) -> bool:
    first = token.text[0]
    return first.upper() == first.lower()


def _is_title_case(tokens: Sequence[Token]) -> bool:
    """Whether a headline writes its words with capitals, which then tell nothing."""
    words = [token for token in tokens if token.kind == "w" and len(token.text) > 3]
    return len(words) >= 4 and sum(_is_capital(token) for token in words) >= 0.75 * len(words)


def _key(name: str) -> str:
    words = re.findall(r"\w+", fold(name))
    while words and words[0] in ("the", "la", "le", "el", "l", "les", "los"):
        words = words[1:]
    return " ".join(words)


def _join(mentions: list[Mention]) -> None:
    """Gives one key to an acronym and its long form, and to a short form (`Winrock`) and its whole."""
    known: dict[str, str] = {}
    for mention in mentions:
        if mention.acronym:
            known.setdefault(_key(mention.acronym), mention.key)
    wholes = {mention.key[5:]: mention.key for mention in mentions if mention.key.startswith("name:")}
    for mention in mentions:
        if not mention.key.startswith("name:"):
            continue
        bare = mention.key[5:]
        if bare in known:
            mention.key = known[bare]
        elif (" " not in bare and mention.kind in ("proper", "acronym")) or mention.kind == "ngo":
            for whole, key in wholes.items():
                if whole.startswith(bare + " "):
                    mention.key = key
                    break


_LIST_SIGNS = frozenset(
    [",", ";", "/", "and", "et", "y", "e", "und", "ve", "dan", "та", "і", "й", "и", "و", "&", "as", "well", "along", "with", "the", "la", "le", "les", "l", "el", "los", "las", "il", "o", "a", "os", "as", "de", "du", "des", "par", "by", "von", "da", "do", "pelo", "pela", "'", "’"]
)


def _group(mentions: list[Mention]) -> None:
    """Numbers the mentions so that those of one list (`A, B and C`) share a number."""
    group = 0
    before: Mention | None = None
    for mention in mentions:
        if before is None or before.sentence is not mention.sentence or not _is_list(before, mention):
            group += 1
        mention.group = group
        before = mention


def _is_list(before: Mention, mention: Mention) -> bool:
    tokens = mention.sentence.tokens
    between = [token.folded for token in tokens[before.last : mention.first]]
    if before.acronym and "(" in between and ")" in between:
        opened, closed = between.index("("), between.index(")")
        between = between[:opened] + between[closed + 1 :]
    if not between and mention.sentence.tokens[mention.first].text.startswith("و"):
        return True
    return (
        0 < len(between) <= 5
        and all(word in _LIST_SIGNS for word in between)
        and any(word in (",", ";") or word in _AND or word in ("و", "/") for word in between)
    )
