"""Mentions of organisations: agencies of the gazetteer, governments, and names told by their form.

In: a `Reading` and its country mentions. Out: `Mention`s in order, each cut to a clean name, with a key that the
mentions of one organisation share (an acronym and its long form, a short form and its whole). Persons are no
organisations and are left out. Which role an organisation plays is decided in `roles`.
"""

from __future__ import annotations

from collections.abc import Sequence

from classifier.facts.arabic_names import ArabicNames
from classifier.facts.context import project_book
from classifier.facts.country_mention import CountryMention
from classifier.facts.mention import Mention, name_key
from classifier.facts.mention_links import group_mentions, join_mentions
from classifier.facts.name_branches import behind_branch, branch_book, find_branch
from classifier.facts.name_cuts import NameCuts
from classifier.facts.name_form import NameForm, is_capital, is_caseless, is_money_code, is_title_case
from classifier.facts.name_joins import end_before_acronym, end_of_whole, first_spelt
from classifier.facts.name_reach import (
    before_other_body,
    before_receiver,
    before_undertaking,
    behind_kind,
    end_of_office,
    is_before_owner,
    with_adjective,
)
from classifier.facts.name_unions import is_told_as_place
from classifier.facts.name_words import APOSTROPHES, load_name_words, region_keys
from classifier.facts.outlet import country_of_host
from classifier.facts.phrases import Found
from classifier.facts.reading import Reading, Sentence
from classifier.facts.slavic_names import LANGUAGES as SLAVIC
from classifier.facts.slavic_names import SlavicNames, is_adjective
from classifier.facts.states import States
from classifier.facts.tokens import Token, fold
from classifier.lexicon import LANGUAGES, Agency, load_countries

_OPENING_QUOTES = frozenset('«“„"‘»')
_CLOSING_QUOTES = frozenset('»”“"’«')
_NO_BODIES = frozenset(["person", "union"])
"""Kinds of mentions that are found so that nothing else is read there, and then left out."""
_MAX_QUOTED_TOKENS = 10
"""A longer quotation is a sentence somebody says."""


def find_organisations(reading: Reading, countries: Sequence[CountryMention]) -> list[Mention]:
    """Every mention of an organisation or government, in order."""
    finder = _Finder(reading, countries)
    mentions: list[Mention] = []
    for sentence in reading.sentences:
        mentions += finder.find(sentence)
    join_mentions(mentions)
    group_mentions(mentions)
    return mentions


class _Finder:
    """The state of one pass over a document: its books, and which words it writes with a capital in mid-sentence."""

    def __init__(self, reading: Reading, countries: Sequence[CountryMention]) -> None:
        self.reading = reading
        self.lang = reading.lang
        self.words = load_name_words()
        self.form = NameForm(reading.lang)
        self.agencies = self.form.agencies
        self.heads = self.form.heads
        self.joiners = self.form.joiners
        self.arabic = ArabicNames(self.form)
        self.slavic = SlavicNames(self.form)
        self.states = States(self.form, self._name)
        self.branches = branch_book(reading.lang)
        self.projects = project_book(reading.lang)
        self.countries: dict[int, dict[int, CountryMention]] = {}
        self.codes = {country_of_host(reading), *(mention.code for mention in countries)}
        for mention in countries:
            self.countries.setdefault(mention.sentence.index, {})[mention.first] = mention
        self.cuts = NameCuts(reading, self.form)
        self.quoted = (-1, 0)  # the sentence and the end of the last name in quotation marks

    def find(self, sentence: Sentence) -> list[Mention]:
        tokens = sentence.tokens
        may_be_branch = self.branches.may_begin
        places = self.countries.get(sentence.index, {})
        is_headline = sentence.part == "title" and is_title_case(tokens)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            if self._begins_nothing(tokens[at], at, places):
                at += 1
                continue
            mention = (
                self._agency(sentence, at, is_headline)
                or (self._branch(sentence, at) if may_be_branch(tokens[at].folded) else None)
                or self.states.find(sentence, at, places)
                or self._in_quotes(sentence, at)
                or (self._slavic(sentence, at, places) if self.lang in SLAVIC else None)
                or (None if is_headline else self._named(sentence, at, places))
                or self._country(sentence, at, places)
            )
            if mention is None:
                at += 1
                continue
            at = max(self._take_acronym(mention), at + 1)
            while found and found[-1].last > mention.first:
                found.pop()  # what the acronym shows to be the first words of its name
            if mention.agency:
                at = behind_branch(tokens, at, self.lang)
            if mention.kind not in _NO_BODIES:
                found.append(mention)
        self._mark_quotes(found, tokens)
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
            and not self.branches.may_begin(token.folded)
            and token.folded not in self.words.plural_kinds
            and (self.lang in ("en", "de") or not self.agencies.may_begin(token.folded))
            and not (self.lang == "de" and self.form.head([token], 0) is not None)
        )

    # --- kinds of mention

    def _agency(self, sentence: Sentence, at: int, is_headline: bool) -> Mention | None:
        tokens = sentence.tokens
        hit = self.agencies.match(tokens, at)
        if hit is None:
            return None
        is_small = not (is_capital(tokens[at]) or is_caseless(tokens[at]))
        if is_small and tokens[at].text not in hit.value.names and (hit.last - hit.first < 2 or self.lang == "en"):
            return None  # French, Spanish and others write "département d'État" small, and only longer names
        agency, last = hit.value, hit.last
        if (
            last - at == 1
            and not is_caseless(tokens[at])
            and len(tokens[at].text) <= 4
            and not tokens[at].text.isupper()
            and tokens[at].text not in agency.names
        ):
            return None
        if self._is_occasion(tokens, last):
            return None
        if is_told_as_place(agency, tokens, at, last, self.lang):
            return Mention(sentence, at, last, "", "", "union")
        extended = last if is_headline else self._extend_agency(tokens, last, may_be_local=agency.kind == "ngo")
        if self._is_of_another_state(agency, tokens, at, last):
            name = self._name(sentence, at, extended)
            return Mention(sentence, at, extended, name, f"name:{name_key(name)}", "state", heads=(tokens[at].folded,))
        if extended > last:
            name = self._name(sentence, at, extended)
            is_branch = (
                tokens[last].text in APOSTROPHES or behind_branch(tokens, last, self.lang) == extended
            )  # USAID's Mission for Asia is USAID
            key = f"agency:{agency.id}" if is_branch else f"name:{name_key(name)}"
            own = agency.id if is_branch else None
            heads = (fold(agency.id),)
            return Mention(sentence, at, extended, name, key, agency.kind, agency.home, own, heads=heads)
        name = self._name(sentence, at, last)
        return Mention(sentence, at, last, name, f"agency:{agency.id}", agency.kind, agency.home, agency.id)

    def _branch(self, sentence: Sentence, at: int) -> Mention | None:
        """An office of an agency, which is that agency."""
        branch = find_branch(self.agencies, sentence.tokens, at, self.lang)
        if branch is None:
            return None
        agency, name = branch.value, self._name(sentence, at, branch.last)
        return Mention(sentence, at, branch.last, name, f"agency:{agency.id}", agency.kind, agency.home, agency.id)

    def _is_of_another_state(self, agency: Agency, tokens: Sequence[Token], at: int, last: int) -> bool:
        """Whether a name that ministries of several states bear stands in a text that does not name the agency's."""
        if not agency.shared or agency.home in self.codes:
            return False
        return " ".join(token.folded for token in tokens[at:last]) in {fold(name) for name in agency.shared}

    def _is_occasion(self, tokens: Sequence[Token], last: int) -> bool:
        """Whether the capitals after an agency make its name that of a day or a law: `EU Anti-Trafficking Day`."""
        if last >= len(tokens) or not is_capital(tokens[last]):
            return False
        end = self.form.extend(tokens, last, 0)
        return tokens[end - 1].folded in self.words.occasions

    def _extend_agency(self, tokens: Sequence[Token], last: int, *, may_be_local: bool) -> int:
        """Further capitals right after an agency make a branch of it: `World Vision Japan`, `USAID's Mission`.

        Those of charities may also be told by their place: `Catholic Charities of Oregon`.
        """
        start = last
        if may_be_local and last + 1 < len(tokens) and tokens[last].folded == "of" and is_capital(tokens[last + 1]):
            return self.form.extend(tokens, last + 1, 0)
        is_owner = last + 2 < len(tokens) and tokens[last].text in APOSTROPHES and tokens[last + 1].folded == "s"
        if is_owner and self.lang == "en" and (end := end_of_office(tokens, last + 2, self.joiners)):
            return end
        if is_owner and self.cuts.persons.match(tokens, last + 2) is not None:
            return start  # UNODC's Director of Projects
        if is_owner and is_capital(tokens[last + 2]):
            if self.form.head_kind(tokens, last + 2, min(last + 6, len(tokens))) is None:
                return start
            return self.form.extend(tokens, last + 2, 1)
        if (
            last < len(tokens)
            and is_capital(tokens[last])
            and tokens[last].start == tokens[last - 1].end + 1
            and self.lang not in ("de",)
        ):
            if (
                self.cuts.persons.match(tokens, last) is not None
                or self.agencies.match(tokens, last) is not None
                or is_money_code(tokens, last)
            ):
                return start
            end = self.form.extend(tokens, last, 0)
            end = next((at for at in range(last, end) if tokens[at].folded in self.words.list_withs), end)
            if self.form.head_kind(tokens, last, end) is not None or end - last == 1:
                return end
        return start

    def _country(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        country = places.get(at)
        if country is None or (country.kind == "adjective" and not self._pays(sentence.tokens, country.last)):
            return None
        if country.kind == "adjective":
            own_name = load_countries(self.lang if self.lang in LANGUAGES else "en")[country.code][0]
            return Mention(
                sentence, at, country.last, own_name, f"country:{country.code}", "country", country.code, is_told=True
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

    def _in_quotes(self, sentence: Sentence, at: int) -> Mention | None:
        """What a word for a body names in quotation marks: `association « Bab »`, `Stiftung „Wohl der Kinder“`."""
        tokens = sentence.tokens
        if self.quoted[0] == sentence.index and self._goes_on_in_quotes(sentence, at):
            return self._quoted(sentence, at, "ngo", ())
        head = self.form.head(tokens, at)
        if head is None and tokens[at].folded in self.words.plural_kinds:
            head = Found(at, at + 1, "ngo")
        if head is None or head.value in ("government", "embassy") or self.projects.match(tokens, at) is not None:
            return None
        first = head.last + 1
        if first >= len(tokens) or tokens[head.last].text not in _OPENING_QUOTES or tokens[first].text[0].islower():
            return None
        return self._quoted(sentence, first, head.value, (tokens[at].folded,))

    def _quoted(self, sentence: Sentence, first: int, kind: str, heads: tuple[str, ...]) -> Mention | None:
        """The name that ends where quotation marks close; None where what they hold is too long for one."""
        tokens = sentence.tokens
        for last in range(first + 1, min(first + _MAX_QUOTED_TOKENS, len(tokens))):
            if tokens[last].text in _CLOSING_QUOTES:
                self.quoted = (sentence.index, last)
                name = self._name(sentence, first, last)
                return Mention(sentence, first, last, name, f"name:{name_key(name)}", kind, heads=heads)
        return None

    def _goes_on_in_quotes(self, sentence: Sentence, at: int) -> bool:
        """Whether a further name in quotation marks stands at `at`, in a list behind one: `«Faro», e «Riva»`."""
        tokens, end = sentence.tokens, self.quoted[1]
        return (
            end + 2 < at <= end + _MAX_QUOTED_TOKENS
            and tokens[at - 1].text in _OPENING_QUOTES
            and tokens[at - 2].folded in self.words.list_words
            and not tokens[at].text[0].islower()
        )

    def _slavic(self, sentence: Sentence, at: int, places: dict[int, CountryMention]) -> Mention | None:
        """A name of which only the first word has a capital, in Russian and Ukrainian."""
        if at in places and not is_adjective(sentence.tokens[at]):
            return None
        found = self.slavic.find(sentence.tokens, at)
        return None if found is None else self._finish(sentence, at, found.last, places, is_body=True)

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
        if is_money_code(tokens, at) or (self.lang == "de" and is_before_owner(self.form, tokens, at)):
            return None
        last = self.form.extend(tokens, at, head.last - at if head else 0)
        if head is not None and self.cuts.is_office(tokens, at) and is_capital(tokens[min(head.last, last - 1)]):
            last = head.last  # the name of who holds it follows
        if places.get(at) is not None and places[at].last >= last:
            return None
        last = end_of_whole(self.form, tokens, at, last, places.__contains__)
        if self.lang == "en":
            last = self._before_others(tokens, at, last, places)
        return self._finish(sentence, at, last, places)

    def _before_others(self, tokens: Sequence[Token], first: int, last: int, places: dict[int, CountryMention]) -> int:
        """Where an English name ends before who gets something from it, or what it does."""
        if self.form.head_kind(tokens, first, last) != "fund":
            ends = {step for step, place in places.items() if place.kind == "name" and place.last >= last}
            last = before_receiver(tokens, first, last, ends)
        last = before_undertaking(tokens, first, last)
        return before_other_body(tokens, first, last, lambda *run: self.form.head_kind(tokens, *run) is not None)

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
        first = self.cuts.after_person(tokens, first, last)
        first = self.cuts.after_undertaking(tokens, first, last)
        if last + 1 < len(tokens) and tokens[last].text == "," and tokens[last + 1].folded in self.words.company_forms:
            last += 2
        if last < len(tokens) and tokens[last].text != "(":
            last = end_before_acronym(self.form, tokens, first, last)
        kind = self.form.head_kind(tokens, first, last)
        heads = tuple(dict.fromkeys((tokens[first].folded, tokens[last - 1].folded)))
        first = behind_kind(tokens, first, last)
        if self.lang == "de":
            first = with_adjective(tokens, first)
        name = self._name(sentence, first, last)
        is_acronym = last - first == 1 and self.cuts.is_acronym(tokens[first])
        if (
            name_key(name) in region_keys()
            or (last - first == 1 and self.cuts.is_common(tokens[first], kind))
            or not (kind == "state" or any(is_capital(tokens[step]) for step in range(first, last)))
            or self.cuts.is_paper(tokens, first, last, kind)
            or (kind is None and not is_acronym and not self.cuts.is_proper(tokens, first, last))
        ):
            return None
        homes = [mention.code for start, mention in places.items() if first <= start < last]
        final = "state" if kind == "government" else kind or ("acronym" if is_acronym else "proper")
        home = homes[0] if homes else None
        return Mention(sentence, first, last, name, f"name:{name_key(name)}", final, home, heads=heads)

    def _arabic(self, sentence: Sentence, at: int, head: Found[str] | None) -> Mention | None:
        """A head word and the words that define it."""
        if head is None or head.value == "embassy" or self.lang != "ar":
            return None
        last = self.arabic.end(sentence.tokens, at, head.value, head.last)
        if last is None:
            return None
        name, heads = self._name(sentence, at, last), (sentence.tokens[at].folded,)
        return Mention(sentence, at, last, name, f"name:{name_key(name)}", head.value, heads=heads)

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
        """Carries a name back over `and` where the acronym after it says so: `Safe Homes and Roads Fund (SHRF)`."""
        wanted = fold(mention.acronym or "")
        if mention.agency or not wanted.isalpha():
            return
        first = first_spelt(mention.sentence.tokens, mention.first, mention.last, wanted, self.joiners)
        if first < mention.first:
            mention.first = first
            mention.name = self._name(mention.sentence, first, mention.last)
            mention.key = f"name:{name_key(mention.name)}"

    def _name(self, sentence: Sentence, first: int, last: int) -> str:
        """The name as written, in Arabic without a conjunction or preposition written together with its first word."""
        name = " ".join(self.reading.raw(sentence, first, last).split())
        return self.arabic.without_prefix(name, sentence.tokens[first].folded) if self.lang == "ar" else name

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
