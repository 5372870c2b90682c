"""One organisation whose name articles write in several scripts: told by elimination, since no spelling tells it.

In: what articles state of one list of a project, grouped by organisation. Out: the groups, those of one organisation
joined. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from storage.register.compare.organisations import read_organisation
from storage.register.merge.values import Claim

_JAPANESE = {"HIRAGANA": "CJK", "KATAKANA": "CJK"}
"""Scripts that one language mixes, so that two names in them are no translations of each other."""


@lru_cache(maxsize=4096)
def scripts_of(text: str) -> frozenset[str]:
    """The scripts of a text's letters, by their names in Unicode; what Japanese is written in is one."""
    names = {unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}
    return frozenset(_JAPANESE.get(name, name) for name in names)


def join_scripts(groups: Sequence[list[Claim]]) -> list[list[Claim]]:
    """Joins the organisations that no table knows, where each is the only one in its script and no article names two.

    Articles in two languages as a rule name the same bodies: all thirteen such groups of the labelled stories are one.
    """
    unknown = [group for group in groups if not any(read_organisation(claim.shown).is_known for claim in group)]
    scripts = [script for group in unknown for script in frozenset.union(*(scripts_of(c.shown) for c in group))]
    articles = [article for group in unknown for article in {one for claim in group for one in claim.articles}]
    if len(unknown) < 2 or len(set(scripts)) < len(scripts) or len(set(articles)) < len(articles):
        return list(groups)
    joined = [claim for group in unknown for claim in group]
    return [joined if group is unknown[0] else group for group in groups if group not in unknown[1:]]
