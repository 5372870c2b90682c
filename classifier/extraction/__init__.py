"""Reads the facts of a project from an article: `read_projects` tells several projects of one text apart.

In: a `Document` and its language. Out: `Facts`, each with the sentences that state it; empty rather than guessed. Pure:
no I/O but the lexicons and weights, read once; never fails on any text.
"""

from classifier.extraction.one import read_facts
from classifier.extraction.several import ProjectFacts, read_projects

__all__ = ["ProjectFacts", "read_facts", "read_projects"]
