"""Where a name that begins at a word ends: capitals, small words between them, signs, and a head word's complement.

In: tokens of a sentence. Out: the token after the name, and the kind of body its head word tells. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from classifier.entities.capitals import is_capital, is_money_code
from classifier.entities.name_conjunctions import ROMANCE, goes_on_after_and
from classifier.entities.name_reach import end_of_office, is_of_county
from classifier.entities.name_words import APOSTROPHES, joiners_of, load_name_words, months_of
from classifier.languages import load_lexicon
from classifier.lexicon import Agency, load_agencies
from classifier.text.phrase_matcher import Match, PhraseMatcher
from classifier.text.tokens import Token, fold
from classifier.text.word_books import head_book

MAX_NAME_TOKENS = 16
"""Longer runs of capitals are headlines, not names."""


@cache
def _agencies() -> PhraseMatcher[Agency]:
    return PhraseMatcher((name, agency) for agency in load_agencies() for name in agency.names)


@cache
def agency_book(lang: str) -> PhraseMatcher[Agency]:
    """The gazetteer of organisations, as a language is read."""
    return _agencies().copy(is_arabic=lang == "ar")


@cache
def _ranks() -> dict[str, dict[str, int]]:
    return {agency.id: {fold(name): at for at, name in enumerate(agency.names)} for agency in load_agencies()}


def name_rank(agency: str | None, name: str) -> int:
    """Where a name stands among those the gazetteer gives an agency, the best first; 0 for any other organisation.

    One with the word for what it is before it (`Asociația eLiberare`) stands where the name does.
    """
    if agency is None:
        return 0
    names, folded = _ranks()[agency], fold(name)
    if folded in names:
        return names[folded]
    behind = folded.partition(" ")[2] if name[0].isupper() else ""
    return names.get(behind, len(names))


class NameForm:
    """How names are written in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.words = load_name_words(lang)
        self.agencies = agency_book(lang)
        self.heads = head_book(lang)
        self.joiners = joiners_of(lang)
        # the plural article of Portuguese is a subject's or an object's in German
        self._genitives = self.words.genitives - {"das"} if lang == "de" else self.words.genitives
        self._months = months_of(lang)
        self.adjective_ends = tuple(load_lexicon(lang).adjective_ends)

    def extend(self, tokens: Sequence[Token], first: int, head_tokens: int) -> int:
        """Where a name that begins at `first` ends."""
        last = first + max(1, head_tokens)
        is_small = head_tokens > 0 and bool(self.adjective_ends)  # a head word whose complement may be written small
        had_of = False
        while last < len(tokens) and last - first < MAX_NAME_TOKENS:
            token = tokens[last]
            gap = token.start - tokens[last - 1].end
            if is_capital(token):
                if is_money_code(tokens, last) or self._is_date(tokens, last):
                    break
                if (
                    gap
                    and self.agencies.match(tokens, last) is not None
                    and tokens[last - 1].folded not in self.words.genitives
                    and not is_of_county(tokens, first, last)
                ):
                    break
                last += 1
            elif (
                token.kind == "n"
                and gap == 1
                and last > first
                and tokens[last - 1].kind == "w"
                and len(token.text) <= 3
                and is_capital(tokens[last - 1])
            ):
                last += 1
            elif token.kind == "n" and gap == 0 and is_capital(tokens[last - 1]):
                is_inner = (
                    last + 1 < len(tokens) and tokens[last + 1].kind == "w" and tokens[last + 1].start == token.end
                )
                last += 2 if is_inner else 1  # Give2Asia, A21
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
        if text in APOSTROPHES:
            return self._apostrophe(tokens, at, gap, is_tight=is_tight)
        if text == "&":
            return 2 if is_capital(tokens[after]) else 0
        if text in "-/.‑–" and is_tight and (tokens[after].kind == "w" or tokens[after].kind == "n"):
            if tokens[after].text[0].islower() and text in "-‑":
                return self._hyphen(tokens, after)
            return 2
        if text == "." and gap == 0 and tokens[at - 1].folded in self.words.abbreviations:
            return 2 if is_capital(tokens[after]) else 0
        if (
            text == "."
            and gap == 0
            and len(tokens[at - 1].text) == 1
            and is_capital(tokens[after])
            and at >= 2
            and (tokens[at - 2].text == "." or (is_capital(tokens[at - 2]) and is_capital(tokens[at - 1])))
        ):
            return 1
        return 0

    def _apostrophe(self, tokens: Sequence[Token], at: int, gap: int, *, is_tight: bool) -> int:
        """How many tokens an apostrophe takes: what a body or somebody titled owns is a body where it is an office."""
        after = at + 1
        if is_tight and tokens[after].folded == "s":
            if after + 1 >= len(tokens):
                return 0
            if tokens[after + 1].folded in self.words.office_words:
                return 3  # the Prime Minister's office
            if self.lang == "en" and (end := end_of_office(tokens, after + 1, self.joiners)):
                return end - at
            return 2 if is_capital(tokens[after + 1]) else 0
        if gap == 0 and tokens[after].folded in self.words.office_words and tokens[at - 1].folded.endswith("s"):
            return 2
        if is_tight and (is_capital(tokens[after]) or (tokens[after].kind == "w" and self.lang == "en")):
            return 2
        return 1 if is_capital(tokens[after]) and gap == 0 else 0

    def _hyphen(self, tokens: Sequence[Token], after: int) -> int:
        """How many tokens a hyphen takes before a small word: none before what is said of the name (`EU-funded`)."""
        if tokens[after].folded in self.words.compounds:
            return 0
        if self.lang in ROMANCE or tokens[after].folded in self.words.cooperatives:
            return 2  # the Co-op; Organización Internacional Ítalo-latinoamericana
        return 2 if after + 1 < len(tokens) and is_capital(tokens[after + 1]) else 0

    def _joiner(self, tokens: Sequence[Token], first: int, at: int, is_small: bool, had_of: bool) -> tuple[int, bool]:
        """How far a small word carries a name on, and whether it is a genitive one."""
        after = at
        is_of = False
        while (
            after < len(tokens)
            and after - at < 3
            and (tokens[after].folded in self.joiners or tokens[after].text in APOSTROPHES)
        ):
            is_of = is_of or tokens[after].folded in self._genitives
            after += 1
        if after >= len(tokens) or tokens[after].kind != "w":
            return 0, False
        if tokens[at].folded in self.words.list_withs and tokens[after].folded not in self.words.fights:
            return 0, False
        small = {tokens[step].folded for step in range(at, after)}
        step = after - at + 1
        if small & self.words.conjunctions:
            if not goes_on_after_and(
                self, tokens, first, at, after, small=small, is_small=is_small, is_of=is_of, had_of=had_of
            ):
                return 0, False
        elif small & self.words.locatives and not is_of:
            is_of = self._is_subject(tokens, first, at, after, small) or self._is_purpose(
                tokens, first, at, after, small
            )
            if not is_of and not self._goes_on_after_place(tokens, first, at, after, small, had_of=had_of):
                return 0, False
        elif small <= self.words.articles and not is_of:
            return 0, False
        target = tokens[after]
        if is_capital(target):
            is_other = is_of and self.agencies.match(tokens, after) is not None
            is_none = is_other and self.head_kind(tokens, first, at) is None
            return (0, False) if is_none or self._is_time(target, is_of) else (step, is_of)
        if is_small and is_of and target.text.islower() and len(target.text) > 2:
            is_verb = small & {"para", "pour", "per"} and target.folded.endswith(("ar", "er", "ir", "re"))
            return (0, False) if is_verb else (step, is_of)
        return 0, False

    def _is_date(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a capital begins a date: a day of the week, or a month with its day (`Addis Ababa June 1, 2021`)."""
        is_dated = at + 1 < len(tokens) and tokens[at + 1].kind == "n"
        return tokens[at].folded in self.words.weekdays or (is_dated and tokens[at].folded in self._months)

    def _is_time(self, word: Token, is_of: bool) -> bool:
        """Whether a small word leads to a day or a month: `the City Council on Tuesday`."""
        return word.folded in self.words.weekdays or (word.folded in self._months and not is_of)

    def _is_subject(self, tokens: Sequence[Token], first: int, at: int, after: int, small: set[str]) -> bool:
        """Whether a preposition leads to what a body deals with: `Trafficking in Persons`, `Committee on Slavery`."""
        if not is_capital(tokens[after]) or at <= first:
            return False
        if small == {"in"}:
            before, target = tokens[at - 1].folded, tokens[after].folded
            is_plight = before in self.words.people and target in self.words.human_words
            return is_plight or before in ("trafficking", "research", "studies")
        return small == {"on"} and (
            self.heads.match(tokens, at - 1) is not None or tokens[at - 1].folded == "rapporteur"
        )

    def _is_purpose(self, tokens: Sequence[Token], first: int, at: int, after: int, small: set[str]) -> bool:
        """Whether `to` and a verb say what a body is for: `Office to Monitor and Combat Trafficking in Persons`."""
        is_verb = small == {"to"} and tokens[after].folded in self.words.purposes and is_capital(tokens[after])
        return is_verb and self.head_kind(tokens, first, at) is not None

    def _goes_on_after_place(
        self, tokens: Sequence[Token], first: int, at: int, after: int, small: set[str], *, had_of: bool
    ) -> bool:
        """Whether a preposition of place lies within a name that has a head word (Campaign against Slavery in Mali)."""
        return (
            is_capital(tokens[after])
            and self.head_kind(tokens, first, at) is not None
            and not small & {"from", "with", "by", "at", "on", "to"}
            and not (self.lang == "fr" and small == {"a"})  # à Cotonou; what a body is for has an article
            and ("in" not in small or (had_of and self._is_of_people(tokens[after])))
        )

    def _is_of_people(self, word: Token) -> bool:
        """Whether "in" leads to whom or what a body deals with, not to where it is: `Women in Crisis`."""
        return self.lang != "en" or word.folded in self.words.human_words or word.folded in self.words.fields

    def head(self, tokens: Sequence[Token], at: int) -> Match[str] | None:
        """A head word at `at`; in German also one that ends a compound (`Landessozialministerium`)."""
        hit = self.heads.match(tokens, at)
        if hit is None and self.lang == "de" and tokens[at].kind == "w" and is_capital(tokens[at]):
            for ending, kind in self.words.compound_heads:
                if tokens[at].folded.endswith(ending) and len(tokens[at].folded) > len(ending) + 2:
                    return Match(at, at + 1, kind)
        return hit

    def head_kind(self, tokens: Sequence[Token], first: int, last: int) -> str | None:
        kinds = [hit.value for at in range(first, last) if (hit := self.head(tokens, at)) is not None]
        if not kinds:
            return None
        for kind in ("government", "embassy", "fund", "state", "university", "ngo"):
            if kind in (kinds[0], kinds[-1]):
                return kind
        return kinds[0]
