"""Which mentions of a document are one organisation, and which stand in one list.

In: all mentions in order. Changes their `key` and `group` in place.
"""

from __future__ import annotations

from classifier.facts.mention import Mention, name_key
from classifier.facts.name_words import load_name_words


def join_mentions(mentions: list[Mention]) -> None:
    """Gives one key to an acronym and its long form, and to a short form (`Winrock`, `Red Cross`) and its whole."""
    known: dict[str, str] = {}
    for mention in mentions:
        if mention.acronym:
            known.setdefault(name_key(mention.acronym), mention.key)
    wholes = {mention.key[5:]: mention.key for mention in mentions if mention.key.startswith("name:")}
    full = {name_key(mention.name): mention.key for mention in mentions if mention.kind == "ngo"}
    for mention in mentions:
        if mention.kind == "ngo" and " " in (short := name_key(mention.name)):
            longer = {key for whole, key in full.items() if whole.endswith(" " + short)}
            if len(longer) == 1:
                mention.key = longer.pop()
                continue
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


def group_mentions(mentions: list[Mention]) -> None:
    """Numbers the mentions so that those of one list (`A, B and C`) share a number."""
    group = 0
    before: Mention | None = None
    for mention in mentions:
        if before is None or before.sentence is not mention.sentence or not _is_list(before, mention):
            group += 1
        mention.group = group
        before = mention


def _is_list(before: Mention, mention: Mention) -> bool:
    tokens, words = mention.sentence.tokens, load_name_words()
    between = [token.folded for token in tokens[before.last : mention.first]]
    if before.acronym and "(" in between and ")" in between:
        opened, closed = between.index("("), between.index(")")
        between = between[:opened] + between[closed + 1 :]
    if between[:2] in ([".", ","], [".", "and"]):
        between = between[1:]  # the stop of an abbreviation: M.O.S.A., Dawn Inc., and others
    if not between and mention.sentence.tokens[mention.first].text.startswith("و"):
        return True
    return (
        0 < len(between) <= 5
        and all(word in words.list_words for word in between)
        and any(word in (",", ";") or word in words.conjunctions or word in ("و", "/") for word in between)
    )
