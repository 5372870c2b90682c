"""What a sentence of an article does: says that a project starts, gives facts of it, reports on what runs already, …

The letters are those of `seeds/corpus/sentence-roles.tsv`, the encoder gives each sentence a score for each.
Source of such roles: Teufel and Moens, Summarizing Scientific Articles, 2002 (argumentative zoning).
"""

from __future__ import annotations

__all__ = ["ROLE_LETTERS", "SENTENCE_ROLES"]

SENTENCE_ROLES: dict[str, str] = {
    "N": "start",
    "D": "facts",
    "R": "running",
    "M": "more",
    "I": "intention",
    "G": "gift",
    "T": "event",
    "A": "call",
    "P": "person",
    "L": "law",
    "F": "figures",
    "C": "crime",
    "S": "statement",
    "B": "background",
    "O": "other",
}
"""By the letters with which `seeds/corpus/GUIDE.md` explains them, each with a word for it."""

ROLE_LETTERS = "".join(SENTENCE_ROLES)
