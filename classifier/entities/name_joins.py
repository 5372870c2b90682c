"""Whether `and` lies within one name or between two, where the form of what stands before it does not tell.

In: tokens of a sentence, the run of capitals before `and`, a `NameForm`. Out: where the whole name ends. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from classifier.entities.acronyms import is_spelt_by_acronym
from classifier.entities.capitals import is_capital
from classifier.entities.name_form import NameForm
from classifier.entities.name_words import APOSTROPHES
from classifier.text.tokens import Token

_HEAD_LAST = frozenset(["tr"])
"""Languages whose names of bodies end with the word for their kind (`Merkezi Finans ve İhale Birimi`)."""

_HEAD_FIRST = frozenset(["id"])
"""Languages without articles whose names of bodies begin with it (`Kementerian Sosial dan Perlindungan Anak`)."""


def end_of_whole(
    form: NameForm, tokens: Sequence[Token], first: int, last: int, is_place: Callable[[int], bool]
) -> int:
    """Where the name that begins at `first` ends, if it goes on over a list of fields or an `and` at `last`."""
    if last < len(tokens):
        last = end_over_list(form, tokens, first, last, is_place)
    return end_over_and(form, tokens, first, last, is_place) if last < len(tokens) else last


def end_over_and(
    form: NameForm, tokens: Sequence[Token], first: int, last: int, is_place: Callable[[int], bool]
) -> int:
    """Where the name that begins at `first` ends, if it goes on after the `and` at `last`; else `last`.

    It goes on where only both halves together are a body: `the Immigration and Citizenship Service`, `Businesses
    Ending Slavery and Trafficking (BEST)`, and in a list whose commas part `X and Y Society` from the rest.
    """
    after = last + 1
    if after < len(tokens) and tokens[last].folded in form.words.conjunctions and not is_capital(tokens[after]):
        return _end_over_article(form, tokens, first, last, is_place)
    if (
        after >= len(tokens)
        or tokens[last].folded not in form.words.conjunctions
        or form.agencies.match(tokens, first) is not None
        or form.agencies.match(tokens, after) is not None
        or any(len(token.text) > 1 and token.text.isupper() for token in tokens[first:last])
        or (len(tokens[after].text) > 1 and tokens[after].text.isupper())
    ):
        return last
    end = form.extend(tokens, after, 0)
    if tokens[after].folded in form.words.surroundings and end > after + 1:
        return end  # Mapleton and District Women's Refuge
    if is_place(first) or is_place(after):
        return last
    if is_spelt_by_acronym(tokens, first, after, end):
        return end
    if form.lang == "en" and (whole := _end_of_fields(form, tokens, last)):
        return whole
    before = form.head_kind(tokens, last - 1 if form.lang in _HEAD_LAST else first, last)
    if form.lang in _HEAD_FIRST:
        return end if before == "state" and form.heads.match(tokens, after) is None else last
    if before is not None or form.heads.match(tokens, after) is not None or not form.head_kind(tokens, after, end):
        return last
    if form.lang in _HEAD_LAST:
        return end
    opener = tokens[first - 1] if first > 0 else None
    if opener is None or form.lang != "en":
        return last
    is_in_list = opener.text == "," and end < len(tokens) and tokens[end].text == "," and last - first <= _MAX_HALF
    return end if is_in_list or (opener.folded == "the" and last - first <= _MAX_HALF) else last


def _end_of_fields(form: NameForm, tokens: Sequence[Token], last: int) -> int | None:
    """Where a name ends whose fields `and` joins: `Modern Slavery and Human Rights Policy and Evidence Centre`.

    None unless each half but the last ends in a word for a field, and the last in a word for a body, or is a
    second field of one effort (`Businesses Ending Slavery and Trafficking`).
    """
    end, fields = last, form.words.fields
    while (
        end + 1 < len(tokens)
        and tokens[end].folded in form.words.conjunctions
        and tokens[end - 1].folded in fields
        and is_capital(tokens[end + 1])
        and form.heads.match(tokens, end + 1) is None
        and form.agencies.match(tokens, end + 1) is None
    ):
        after = form.extend(tokens, end + 1, 0)
        if after == end + 2 and tokens[end + 1].folded in fields and tokens[end - 2].folded.endswith("ing"):
            return after
        if form.head_kind(tokens, end + 2, after) is not None:
            return after
        end = after
    return None


_MAX_HALF = 2
"""Words of a half name before `and`; more of them are a name of their own."""


def _end_over_article(
    form: NameForm, tokens: Sequence[Token], first: int, last: int, is_place: Callable[[int], bool]
) -> int:
    """Where a name ends whose second field has its article again: `Consejo para la Niñez y la Adolescencia`.

    `last` unless an acronym after it spells both fields, or the second is one word after the article of the first.
    """
    after = last + 1
    while after < len(tokens) and after - last <= _MOST_BETWEEN and _is_between(form, tokens[after]):
        after += 1
    if after >= len(tokens) or not is_capital(tokens[after]) or form.head(tokens, after) is not None:
        return last
    if is_place(after) or form.agencies.match(tokens, after) is not None or tokens[after].text[1:].isupper():
        return last
    end = form.extend(tokens, after, 0)
    if is_spelt_by_acronym(tokens, first, after, end):
        return end
    article = tokens[last + 1].folded
    is_field = (
        article in form.words.articles
        and after == last + 2
        and end == after + 1
        and last - first > _MOST_BETWEEN
        and tokens[last - 2].folded == article
        and tokens[last - 3].folded in form.words.genitives
    )
    return end if is_field else last


def _is_between(form: NameForm, word: Token) -> bool:
    """Whether a small word may stand between `and` and a field: an article, a genitive, or an apostrophe."""
    folded = word.folded
    is_small = folded in form.words.articles or folded in form.words.genitives
    return word.text in APOSTROPHES or (is_small and word.text.islower())


_MOST_BETWEEN = 3
"""Tokens between `and` and the field after it: `de l'`. A name that has one field before it is longer."""


def end_over_list(
    form: NameForm, tokens: Sequence[Token], first: int, last: int, is_place: Callable[[int], bool]
) -> int:
    """Where a Turkish office ends whose fields stand in a list before it: `Aile, Çalışma ve Gençlik Bakanlığı`.

    `last` where commas and `ve` part bodies or places rather than fields of one office.
    """
    if form.lang not in _HEAD_LAST or tokens[last].text != "," or last - first > _MAX_HALF + 1:
        return last
    begin, end = first, last
    while end < len(tokens) and end - first < _LONGEST_LIST:
        if (is_place(begin) and begin > first) or _is_no_field(form, tokens, begin, end):
            return last
        is_last = tokens[end].folded in form.words.conjunctions
        if not is_last and tokens[end].text != ",":
            return last
        begin = end + 1
        end = begin
        while end < len(tokens) and is_capital(tokens[end]):
            end += 1
            if is_last and form.head_kind(tokens, end - 1, end) == "state":
                return end
    return last


_LONGEST_LIST = 14  # tokens of an office with its fields


def _is_no_field(form: NameForm, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a run of capitals is a body by itself, or no run at all."""
    return (
        first == last
        or form.head_kind(tokens, first, last) is not None
        or any(
            form.agencies.match(tokens, at) is not None or (len(tokens[at].text) > 1 and tokens[at].text.isupper())
            for at in range(first, last)
        )
    )


def end_before_acronym(form: NameForm, tokens: Sequence[Token], first: int, last: int) -> int:
    """Where a name ends that goes on in small words up to the acronym which they spell; else `last`.

    `Aide aux pêcheurs en détresse (APD)`: its letters begin the words, the first of them the name's.
    """
    bracket = last
    while tokens[bracket].kind == "w" or tokens[bracket].text in "'’-,":
        bracket += 1
        if bracket + 2 >= len(tokens) or bracket - last > _MOST_SMALL:
            return last
    if bracket == last or tokens[bracket].text != "(" or tokens[bracket + 2].text != ")":
        return last
    acronym = tokens[bracket + 1]
    if len(acronym.text) < _SHORTEST_ACRONYM or not acronym.text.isupper():
        return last
    if any(form.agencies.match(tokens, at) is not None for at in range(last, bracket)):
        return last
    words = [tokens[at] for at in range(first, bracket) if tokens[at].kind == "w" and not _is_small(form, tokens[at])]
    if words and form.heads.match(words, 0) is not None and words[0].folded[0] != acronym.folded[0]:
        words = words[1:]  # l'ONG Aide aux pêcheurs
    letters = "".join(word.folded[0] for word in words)
    return bracket if letters == acronym.folded else last


def _is_small(form: NameForm, token: Token) -> bool:
    """Whether a word within a name has no letter in its acronym."""
    return token.folded in form.joiners or len(token.text) == 1


_MOST_SMALL = 12  # tokens between what has been read of a name and its acronym
_SHORTEST_ACRONYM = 3  # letters: shorter ones are spelt by chance
