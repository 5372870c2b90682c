"""Mentions of organisations: agencies of the gazetteer, governments, and names told by their form.

In: a `ParsedText` and its country mentions. Out: `Mention`s in order, each cut to a clean name, with a key that the
mentions of one organisation share (an acronym and its long form, a short form and its whole). Persons are no
organisations and are left out. Which role an organisation plays is decided in `roles`.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.encoder.tags import TaggedSpan
from classifier.entities.agency_mentions import AgencyMentions
from classifier.entities.arabic_names import ArabicNames
from classifier.entities.bracket_acronyms import take_acronym
from classifier.entities.capitals import is_capital, is_caseless, is_money_code, is_title_case
from classifier.entities.country_mention import CountryMention
from classifier.entities.mention import Mention, name_key
from classifier.entities.mention_links import group_mentions, join_mentions
from classifier.entities.name_cuts import NameCuts
from classifier.entities.name_form import NameForm
from classifier.entities.name_joins import end_before_acronym, end_of_whole
from classifier.entities.name_words import load_name_words, region_keys
from classifier.entities.quoted_names import QuotedNames, mark_quotes
from classifier.entities.slavic_names import LANGUAGES as SLAVIC
from classifier.entities.slavic_names import SlavicNames, is_adjective
from classifier.entities.states import States
from classifier.entities.tagged_names import add_tagged_mentions
from classifier.languages import LANGUAGES, load_countries
from classifier.quantities.money import Money
from classifier.text.outlet import country_of_host
from classifier.text.parsed_text import ParsedText, Sentence
from classifier.text.phrase_matcher import Match
from classifier.text.tokens import Token

_NO_BODIES = frozenset(["person", "union"])
"""Kinds of mentions that are found so that nothing else is read there, and then left out."""


def find_organisations(
    reading: ParsedText,
    countries: Sequence[CountryMention],
    sums: Sequence[Money] = (),
    tags: Sequence[TaggedSpan] = (),
) -> list[Mention]:
    """Every mention of an organisation or government, in order; `sums` may stand between those of one list, `tags` are
    what the encoder takes for names."""
    finder = _Finder(reading, countries)
    mentions: list[Mention] = []
    for sentence in reading.sentences:
        mentions += finder.find(sentence)
    mentions = add_tagged_mentions(mentions, reading, tags)
    join_mentions(mentions)
    group_mentions(mentions, sums, reading.lang)
    return mentions


class _Finder:
    """The state of one pass over a document: its books, and which words it writes with a capital in mid-sentence."""

    def __init__(self, reading: ParsedText, countries: Sequence[CountryMention]) -> None:
        self.reading = reading
        self.lang = reading.lang
        self.words = load_name_words(reading.lang)
        self.form = NameForm(reading.lang)
        self.agencies = self.form.agencies
        self.heads = self.form.heads
        self.joiners = self.form.joiners
        self.arabic = ArabicNames(self.form)
        self.slavic = SlavicNames(self.form)
        self.states = States(self.form, self._name)
        self.quotes = QuotedNames(self.form, self._name)
        self.countries: dict[int, dict[int, CountryMention]] = {}
        self.codes = {country_of_host(reading), *(mention.code for mention in countries)}
        for mention in countries:
            self.countries.setdefault(mention.sentence.index, {})[mention.first] = mention
        self.cuts = NameCuts(reading, self.form)
        self.known = AgencyMentions(self.form, self.cuts.persons, self.codes, self._name)

    def find(self, sentence: Sentence) -> list[Mention]:
        tokens = sentence.tokens
        places = self.countries.get(sentence.index, {})
        is_headline = sentence.part == "title" and is_title_case(tokens)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            if self._begins_nothing(tokens[at], at, places):
                at += 1
                continue
            mention = (
                self.known.find(sentence, at, is_headline=is_headline)
                or self.states.find(sentence, at, places)
                or self.quotes.find(sentence, at)
                or (self._slavic(sentence, at, places) if self.lang in SLAVIC else None)
                or (None if is_headline else self._named(sentence, at, places))
                or self._country(sentence, at, places)
            )
            if mention is None:
                at += 1
                continue
            at = max(take_acronym(mention, self.joiners, self._name), at + 1)
            while found and found[-1].last > mention.first:
                found.pop()  # what the acronym shows to be the first words of its name
            if mention.kind not in _NO_BODIES:
                found.append(mention)
        mark_quotes(found, tokens)
        return found

    def _begins_nothing(self, token: Token, at: int, places: dict[int, CountryMention]) -> bool:
        """Whether no mention can begin here: a sign, a number, a small word that is no head of a name. Saves time."""
        if token.kind != "w":
            return True
        text = token.text
        return (
            text.islower()
            and at not in places
            and not self.heads.may_begin(token.folded)
            and token.folded not in self.words.plural_kinds
            and (self.lang in ("en", "de") or not self.agencies.may_begin(token.folded))
            and not (self.lang == "de" and self.form.head([token], 0) is not None)
        )

    # --- kinds of mention

    def _country(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        country = places.get(at)
        if country is None or (country.kind == "adjective" and not self._pays(sentence.tokens, country.last)):
            return None
        if country.kind == "adjective":
            own = load_countries(self.lang).get(country.code) if self.lang in LANGUAGES else None
            name = (own or load_countries("en")[country.code])[0]
            return Mention(
                sentence, at, country.last, name, f"country:{country.code}", "country", country.code, is_told=True
            )
        kind = "country" if country.kind == "name" else "place"
        name = self._name(sentence, at, country.last)
        key = f"country:{country.code}" if kind == "country" else f"place:{name_key(name)}"
        return Mention(sentence, at, country.last, name, key, kind, country.code)

    def _pays(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether an adjective is joined to a word for paying: `Dutch-sponsored`."""
        return (
            at + 1 < len(tokens)
            and tokens[at].text in "-‑"
            and tokens[at + 1].folded in self.words.compounds
            and tokens[at + 1].folded not in ("based", "born", "wide")
        )

    def _slavic(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        """A name of which only the first word has a capital, in Russian and Ukrainian."""
        if at in places and not is_adjective(sentence.tokens[at]):
            return None
        found = self.slavic.find(sentence.tokens, at)
        if found is None:
            return None
        return self.quotes.behind(sentence, found) or self._finish(sentence, at, found.last, places, is_body=True)

    def _named(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        """A name told by its form: a run of capitals, or a head word with what belongs to it."""
        tokens = sentence.tokens
        token = tokens[at]
        if token.kind != "w" or (at > 0 and tokens[at - 1].kind == "n" and tokens[at - 1].end == token.start):
            return None
        if token.folded in self.words.openers and at + 1 < len(tokens) and not self._is_foreign(token):
            return None
        if at in places and at > 0 and tokens[at - 1].folded in ("in", "en", "dans", "em", "au"):
            return None
        head = self.form.head(tokens, at)
        if is_caseless(token):
            return self._arabic(sentence, at, head)
        if not is_capital(token):
            if head is None or self.lang in ("en", "de", "tr", "id") or head.value in ("government", "embassy"):
                return None
            last = self.form.extend(tokens, at, head.last - at)
            if last <= head.last:
                return None
            return self._finish(sentence, at, last, places)
        if is_money_code(tokens, at):
            return None
        last = self.form.extend(tokens, at, head.last - at if head else 0)
        if head is not None and self.cuts.is_office(tokens, at) and is_capital(tokens[min(head.last, last - 1)]):
            last = head.last  # the name of who holds it follows
        last = end_of_whole(self.form, tokens, at, last, places.__contains__)
        if places.get(at) is not None and places[at].last >= last:
            return None
        return self._finish(sentence, at, last, places)

    def _is_foreign(self, token: Token) -> bool:
        """Whether an article of another language begins a name in an English text: `La Isla Network`."""
        return self.lang == "en" and token.folded in self.words.foreign_articles and is_capital(token)

    def _finish(
        self, sentence: Sentence, first: int, last: int, places: dict[int, CountryMention], *, is_body: bool = False
    ) -> Mention | None:
        """The mention that a run of words is, once cut to its name; None where it is no body's name."""
        tokens = sentence.tokens
        first, last = self.cuts.trim(tokens, first, last)
        if first >= last or tokens[first].kind != "w":
            return None
        place = places.get(first)
        if place is not None and place.last >= last:
            return self._country(sentence, first, places)
        if (
            place is not None
            and place.kind == "name"
            and place.last == last - 1
            and self.cuts.is_acronym(tokens[place.last])
        ):
            return self._country(sentence, first, places)  # In the Democratic Republic of Congo IHD looks after women
        if not is_body and (self.cuts.is_person(tokens, first, last) or self.cuts.is_day(tokens, first, last)):
            return Mention(sentence, first, last, "", "", "person")
        if last + 1 < len(tokens) and tokens[last].text == "," and tokens[last + 1].folded in self.words.company_forms:
            last += 2
        if last < len(tokens) and tokens[last].text != "(":
            last = end_before_acronym(self.form, tokens, first, last)
        kind = self.form.head_kind(tokens, first, last)
        if last - first > 1 and tokens[last - 1].folded in self.words.church_works:
            kind = "ngo"
        heads = tuple(dict.fromkeys((tokens[first].folded, tokens[last - 1].folded)))
        name = self._name(sentence, first, last)
        is_acronym = last - first == 1 and self.cuts.is_acronym(tokens[first])
        if (
            name_key(name) in region_keys()
            or (last - first == 1 and self.cuts.is_common(tokens[first], kind))
            or not (kind == "state" or any(is_capital(tokens[step]) for step in range(first, last)))
            or (kind is None and not (is_acronym or is_body) and not self.cuts.is_proper(tokens, first, last))
        ):
            return None
        homes = [mention.code for start, mention in places.items() if first <= start < last]
        final = "state" if kind == "government" else kind or ("acronym" if is_acronym else "proper")
        home = homes[0] if homes else None
        return Mention(sentence, first, last, name, f"name:{name_key(name)}", final, home, heads=heads)

    def _arabic(self, sentence: Sentence, at: int, head: Match[str] | None) -> Mention | None:
        """A head word and the words that define it."""
        if head is None or head.value == "embassy" or self.lang != "ar":
            return None
        last = self.arabic.end(sentence.tokens, at, head.value, head.last)
        if last is None:
            return None
        name, heads = self._name(sentence, at, last), (sentence.tokens[at].folded,)
        return Mention(sentence, at, last, name, f"name:{name_key(name)}", head.value, heads=heads)

    def _name(self, sentence: Sentence, first: int, last: int) -> str:
        """The name as written, in Arabic without a conjunction or preposition written together with its first word."""
        name = " ".join(self.reading.raw(sentence, first, last).split())
        return self.arabic.without_prefix(name, sentence.tokens[first].folded) if self.lang == "ar" else name
