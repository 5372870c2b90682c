"""Which mentions of a document are one organisation, and which stand in one list.

In: all mentions in order, and the sums beside them. Changes their `key` and `group` in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.entities.mention import Mention, name_key
from classifier.entities.name_words import NameWords, load_name_words
from classifier.quantities.money import Money


def join_mentions(mentions: list[Mention]) -> None:
    """Gives one key to an acronym and its long form, and to a short form (`Winrock`, `the Ministry`) and its whole."""
    known: dict[str, str] = {}
    for mention in mentions:
        if mention.acronym:
            known.setdefault(name_key(mention.acronym), mention.key)
    wholes = {name_key(mention.name): mention.key for mention in mentions if mention.agency and mention.kind == "ngo"}
    wholes |= {mention.key[5:]: mention.key for mention in mentions if mention.key.startswith("name:")}
    full = {name_key(mention.name): mention.key for mention in mentions if mention.kind == "ngo"}
    for mention in mentions:
        if mention.kind == "ngo" and " " in (short := name_key(mention.name)):
            longer = {key for whole, key in full.items() if whole.endswith(" " + short)}
            if len(longer) == 1:
                mention.key = longer.pop()
                continue
        if not mention.key.startswith("name:"):
            continue
        mention.key = _key_of_office(mention, mentions)
        bare = mention.key[5:]
        if bare in known:
            mention.key = known[bare]
        elif (" " not in bare and mention.kind in ("proper", "acronym")) or mention.kind == "ngo":
            for whole, key in wholes.items():
                if whole.startswith(bare + " "):
                    mention.key = key
                    break


def _key_of_office(mention: Mention, mentions: Sequence[Mention]) -> str:
    """The key of the one office that a bare word means: `the Ministry`, where the Ministry of Justice is named."""
    if mention.kind != "state" or " " in mention.key[5:]:
        return mention.key
    meant = {one.key for one in mentions if one.kind == "state" and one.key.startswith(f"{mention.key} ")}
    return meant.pop() if len(meant) == 1 else mention.key


def group_mentions(mentions: Sequence[Mention], sums: Sequence[Money] = (), lang: str = "") -> None:
    """Numbers the mentions so that those of one list (`A, B and C`) share a number.

    What is said of a member by the way leaves the list whole: `A (Spain), B at the University of C and D in Chile`, and
    what each of them gets, `A $400,000, B $350,000`.
    """
    ends = {(money.sentence.index, money.first): money.last for money in sums}
    words, group = load_name_words(lang), 0
    before: Mention | None = None
    reached = 0
    for mention in mentions:
        if before is None or before.sentence is not mention.sentence:
            before = None
        elif not _is_seat(reached, mention) and _is_list(before, reached, mention, words):
            mention.group, before, reached = before.group, mention, _behind_share(mention, ends)
            continue
        group += 1
        mention.group = group
        if before is not None and _is_aside(before, reached, mention):
            reached = max(reached, _behind_brackets(mention, mention.last))
        else:
            before, reached = mention, _behind_share(mention, ends)


_LONGEST_BRACKETS = 8
"""Tokens in brackets after a member of a list: an acronym, a place, both."""
_LONGEST_PLACE = 4
"""Tokens of a town after a comma where semicolons part the members: `A, New Delhi; B, Rome`."""


def _behind_brackets(mention: Mention, at: int) -> int:
    """Where the text goes on after brackets that open at `at`; `at` itself where none do."""
    tokens = mention.sentence.tokens
    if at < len(tokens) and tokens[at].text == "(":
        for end in range(at + 1, min(at + 1 + _LONGEST_BRACKETS, len(tokens))):
            if tokens[end].text == ")":
                return end + 1
    return at


def _behind_share(mention: Mention, ends: Mapping[tuple[int, int], int]) -> int:
    """Where the text goes on after a member of a list, what stands in brackets behind it, and the sum that it gets."""
    at = _behind_brackets(mention, mention.last)
    tokens, sentence = mention.sentence.tokens, mention.sentence.index
    for first in range(at, min(at + 1 + _SIGNS_BEFORE_SHARE, len(tokens))):
        if (sentence, first) in ends:
            return ends[sentence, first]
        if tokens[first].kind != "s" or tokens[first].text in ".;":
            break
    return at


_SIGNS_BEFORE_SHARE = 2
"""Signs between a member of a list and its sum: a colon, a dash, that of a currency."""


def _is_aside(before: Mention, reached: int, mention: Mention) -> bool:
    """Whether a mention only says where the one before it is: in brackets, or after `in` or `at`."""
    if before.kind in _PLACES:
        return False
    if mention.first < reached or _is_seat(reached, mention):
        return True
    words = load_name_words()
    between = {token.folded for token in mention.sentence.tokens[reached : mention.first]}
    return bool(between & words.sites) and between <= words.sites | words.articles


def _is_seat(reached: int, mention: Mention) -> bool:
    """Whether a place between a comma and a semicolon is where the body before it sits: `Ministry of Fish, Peru;`."""
    tokens, last = mention.sentence.tokens, mention.last
    is_between = last < len(tokens) and tokens[last].text == ";" and mention.first == reached + 1
    return is_between and mention.kind in _PLACES and tokens[reached].text == ","


_PLACES = frozenset(["country", "place"])


def _is_list(before: Mention, reached: int, mention: Mention, words: NameWords) -> bool:
    tokens = mention.sentence.tokens
    if mention.first < reached:
        return False
    between = [token.folded for token in tokens[reached : mention.first]]
    if between[:2] in ([".", ","], [".", "and"]):
        between = between[1:]  # the stop of an abbreviation: M.O.S.A., Dawn Inc., and others
    if not between and tokens[mention.first].text.startswith("و"):
        return True
    if between[:1] == [","] and ";" in between[2 : _LONGEST_PLACE + 2]:
        place = tokens[reached + 1 : reached + between.index(";")]
        if all(token.text[0].isupper() for token in place):
            between = between[between.index(";") :]
    return (
        0 < len(between) <= 5
        and all(word in words.list_words for word in between)
        and any(word in (",", ";") or word in words.conjunctions or word in ("و", "/") for word in between)
    )
