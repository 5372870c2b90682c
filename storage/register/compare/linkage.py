"""What the levels of a comparison weigh: learnt from labelled pairs by logistic regression, shipped as a small file.

Levels go in; the log-odds that two articles are of one project come out. The weights are made by `tipwatch train
--register`; none is set by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MOST = 6.0
"""Log-odds beyond which a pair counts no more: 1 in 400. One pair that is surer must not outvote a whole group."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`terms` are the log-odds that each level adds to `intercept`; `vetoes` are contradictions that hardly any
    labelled pair of one project has, which decide alone. From `same` a pair is one project, from `perhaps` it may
    be."""

    intercept: float
    terms: Mapping[str, float]
    vetoes: frozenset[str]
    same: float
    perhaps: float

    def add_up(self, terms: Iterable[str]) -> float:
        """The log-odds of one project, within `MOST` on either side."""
        total = self.intercept
        for term in terms:
            if term in self.vetoes:
                return -MOST
            total += self.terms.get(term, 0.0)
        return max(-MOST, min(MOST, total))

    def as_json(self) -> str:
        """As the file keeps them, byte for byte the same for the same weights."""
        held = {
            "intercept": self.intercept,
            "same": self.same,
            "perhaps": self.perhaps,
            "vetoes": sorted(self.vetoes),
            "terms": dict(sorted(self.terms.items())),
        }
        return json.dumps(held, indent=1, ensure_ascii=False) + "\n"


def read_weights(text: str) -> Weights:
    """The weights of a file's text."""
    held = json.loads(text)
    return Weights(held["intercept"], held["terms"], frozenset(held["vetoes"]), held["same"], held["perhaps"])


_in_use: ContextVar[Weights | None] = ContextVar("weights of the register", default=None)


def weights_in_use() -> Weights:
    """The weights that decide: the shipped ones, or those that are tried (`weighing`)."""
    return _in_use.get() or shipped_weights()


@contextmanager
def weighing(weights: Weights) -> Iterator[None]:
    """Lets other weights decide meanwhile, to see how good they are."""
    token = _in_use.set(weights)
    try:
        yield
    finally:
        _in_use.reset(token)


@cache
def shipped_weights() -> Weights:
    """The weights that come with the program."""
    return read_weights(files("storage.register").joinpath("weights.json").read_text(encoding="utf-8"))
