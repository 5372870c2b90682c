"""Agencies of the gazetteer where a text names them: their branches and offices, and what only looks like one.

In: a place in a sentence. Out: a `Mention` or None. `World Vision Japan` is a branch with a name of its own, `USAID's
Mission` is the agency itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

from classifier.entities.capitals import is_capital, is_caseless, is_money_code
from classifier.entities.mention import Mention, name_key
from classifier.entities.name_form import NameForm
from classifier.entities.name_reach import end_of_office
from classifier.entities.name_unions import is_told_as_place
from classifier.entities.name_words import APOSTROPHES
from classifier.lexicon import Agency
from classifier.text.parsed_text import Sentence
from classifier.text.phrase_matcher import PhraseMatcher
from classifier.text.tokens import Token, fold

Namer = Callable[[Sentence, int, int], str]


class AgencyMentions:
    """Finds agencies in one document.

    Args:
        form: how names are formed in its language.
        persons: words for persons by their offices, which are no branch: `UNODC's Director`.
        codes: the countries that the document names or comes from; None among them says nothing.
        name: gives the words of a sentence as a name.
    """

    def __init__(
        self, form: NameForm, persons: PhraseMatcher[bool], codes: AbstractSet[str | None], name: Namer
    ) -> None:
        self._form = form
        self._lang = form.lang
        self._words = form.words
        self._agencies = form.agencies
        self._joiners = form.joiners
        self._persons = persons
        self._codes = codes
        self._name = name

    def find(self, sentence: Sentence, at: int, *, is_headline: bool) -> Mention | None:
        """The agency that is named from token `at` on, with a branch of it told by further capitals, or its office.

        In a headline all words may have capitals, so that none is added. Of the kind `union` is one that is named only
        as a place or for its law: nothing else is to be read there.
        """
        return self._named(sentence, at, is_headline=is_headline) or self._titled(sentence, at)

    def _named(self, sentence: Sentence, at: int, *, is_headline: bool) -> Mention | None:
        tokens = sentence.tokens
        hit = self._agencies.match(tokens, at)
        if hit is None:
            return None
        is_small = not (is_capital(tokens[at]) or is_caseless(tokens[at]))
        if is_small and tokens[at].text not in hit.value.names and (hit.last - hit.first < 2 or self._lang == "en"):
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
        if agency.kind == "ngo" and not is_small and self._is_plain_speech(sentence, at, last, agency):
            return None
        if self._is_occasion(tokens, last):
            return None
        if is_told_as_place(agency, tokens, at, last, self._lang):
            return Mention(sentence, at, last, "", "", "union")
        extended = last if is_headline else self._extend_agency(tokens, last, may_be_local=agency.kind == "ngo")
        if self._is_of_another_state(agency, tokens, at, last):
            name = self._name(sentence, at, extended)
            return Mention(sentence, at, extended, name, f"name:{name_key(name)}", "state", heads=(tokens[at].folded,))
        if extended > last:
            name = self._name(sentence, at, extended)
            is_branch = tokens[last].text in APOSTROPHES  # USAID's Mission for Asia is USAID
            key = f"agency:{agency.id}" if is_branch else f"name:{name_key(name)}"
            own = agency.id if is_branch else None
            heads = (fold(agency.id),)
            return Mention(sentence, at, extended, name, key, agency.kind, agency.home, own, heads=heads)
        name = self._name(sentence, at, last)
        return Mention(sentence, at, last, name, f"agency:{agency.id}", agency.kind, agency.home, agency.id)

    def _titled(self, sentence: Sentence, at: int) -> Mention | None:
        """A charity behind the word for what it is, which is part of its name: `Asociația eLiberare`.

        Not in German, where that word has its capital as every noun: `die Organisation Payoke`.
        """
        tokens = sentence.tokens
        if self._lang == "de" or not is_capital(tokens[at]) or not self._form.heads.may_begin(tokens[at].folded):
            return None
        head = self._form.heads.match(tokens, at)
        if head is None or head.value != "ngo" or head.last >= len(tokens):
            return None
        if tokens[at].folded in self._words.bare_kinds:
            return None
        known = self._named(sentence, head.last, is_headline=True)
        if known is None or known.kind != "ngo" or known.agency is None:
            return None
        name = self._name(sentence, at, known.last)
        return Mention(sentence, at, known.last, name, known.key, known.kind, known.home, known.agency)

    def _is_of_another_state(self, agency: Agency, tokens: Sequence[Token], at: int, last: int) -> bool:
        """Whether a name that ministries of several states bear stands in a text that does not name the agency's."""
        if not agency.shared or agency.home in self._codes:
            return False
        return " ".join(token.folded for token in tokens[at:last]) in {fold(name) for name in agency.shared}

    def _is_plain_speech(self, sentence: Sentence, first: int, last: int, agency: Agency) -> bool:
        """Whether a charity's words only open a sentence: `Justice and care for all`, not `Justice and Care`."""
        rest = sentence.tokens[first + 1 : last]
        if not rest or any(is_capital(token) or is_caseless(token) for token in rest):
            return False
        return self._name(sentence, first, last) not in agency.names

    def _is_occasion(self, tokens: Sequence[Token], last: int) -> bool:
        """Whether the capitals after an agency make its name that of a day or a law: `EU Anti-Trafficking Day`."""
        if last >= len(tokens) or not is_capital(tokens[last]):
            return False
        end = self._form.extend(tokens, last, 0)
        return tokens[end - 1].folded in self._words.occasions

    def _extend_agency(self, tokens: Sequence[Token], last: int, *, may_be_local: bool) -> int:
        """Further capitals right after an agency make a branch of it: `World Vision Japan`, `USAID's Mission`.

        Those of charities may also be told by their place: `Catholic Charities of Oregon`.
        """
        start = last
        if may_be_local and last + 1 < len(tokens) and tokens[last].folded == "of" and is_capital(tokens[last + 1]):
            return self._form.extend(tokens, last + 1, 0)
        is_owner = last + 2 < len(tokens) and tokens[last].text in APOSTROPHES and tokens[last + 1].folded == "s"
        if is_owner and self._lang == "en" and (end := end_of_office(tokens, last + 2, self._joiners)):
            return end
        if is_owner and self._persons.match(tokens, last + 2) is not None:
            return start  # UNODC's Director of Projects
        if is_owner and is_capital(tokens[last + 2]):
            if self._form.head_kind(tokens, last + 2, min(last + 6, len(tokens))) is None:
                return start
            return self._form.extend(tokens, last + 2, 1)
        if (
            last < len(tokens)
            and is_capital(tokens[last])
            and tokens[last].start == tokens[last - 1].end + 1
            and self._lang not in ("de",)
        ):
            if (
                self._persons.match(tokens, last) is not None
                or self._agencies.match(tokens, last) is not None
                or is_money_code(tokens, last)
            ):
                return start
            end = self._form.extend(tokens, last, 0)
            end = next((at for at in range(last, end) if tokens[at].folded in self._words.list_withs), end)
            if self._form.head_kind(tokens, last, end) is not None or end - last == 1:
                return end
        return start
