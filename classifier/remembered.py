"""A function of words whose answers are remembered: most words of a text were seen before.

A look into a dictionary that fills itself is cheaper than a call of a function with a cache that counts its uses,
and a text of 3 kB asks several thousand times. When too many words are known all are forgotten, which happens seldom.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

__all__ = ["Remembered"]

Value = TypeVar("Value")


class Remembered(dict[str, Value]):
    """The answers by word.

    Args:
        find: what to ask for a word that is not known yet.
        most: words remembered at once.
    """

    def __init__(self, find: Callable[[str], Value], most: int) -> None:
        super().__init__()
        self._find = find
        self._most = most

    def __missing__(self, word: str) -> Value:
        if len(self) >= self._most:
            self.clear()
        self[word] = found = self._find(word)
        return found
