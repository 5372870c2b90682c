"""What a careful reader would notice in an article, as numbers that mean the same in every language.

In: a `Reading`. Out: its signs, numbers of about 0 to 1, weighed one by one: how strongly the words of trafficking in
persons stand against what is taken for it, and which tags share a sentence (a project that is launched, a workshop that
is launched, a sum given to a project), in the headline, the lead, the text.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifier.concepts import FALSE_FRIENDS
from classifier.features import TAGS, Reading

__all__ = ["frame_signs", "knowledge", "sign_names", "sign_tags"]

Floats = NDArray[np.float64]

_T = len(TAGS)
_TAG = {name: i for i, name in enumerate(TAGS)}
_TIP, _WEAK, _PLIGHT = _TAG["tip"], _TAG["tip_weak"], _TAG["plight"]

_LEAD_SENTENCES = 3
_LEAD_WORDS = 90
"""The lead: three sentences of the body, fewer where they are long. Newspapers say there what the news is."""

_FRAMES: tuple[str, ...] = (
    # something starts, is paid for, is agreed
    "launch project",
    "launch service",
    "launch org",
    "fund project",
    "fund service",
    "fund money",
    "fund donor",
    "money project",
    "money service",
    "new project",
    "new service",
    "sign project",
    "donor project",
    # and is against trafficking
    "tip project",
    "tip service",
    "tip launch",
    "tip fund",
    "tip will",
    "tip launch project",
    "tip fund project",
    # it lies ahead and lasts
    "will project",
    "will service",
    "will org",
    "will duration",
    "will duration project",
    "duration project",
    "span project",
    "years project",
    # it runs already, or is over
    "running project",
    "running launch project",
    "running year",
    "ended project",
    "output number",
    # it is something else
    "event launch",
    "event days",
    "event project",
    "document launch",
    "campaign launch",
    "police tip",
    "court tip",
)
"""Tags that say more together, in one sentence, than apart."""

_CLEAN_FRAMES: tuple[str, ...] = (
    "launch project",
    "launch service",
    "fund project",
    "fund service",
    "fund money",
    "new project",
    "new service",
    "will project",
    "tip launch project",
    "sign project",
)
"""Of these it counts too whether the sentence is free of all that makes it other news."""

_OTHER_NEWS = ("running", "ended", "event", "document", "campaign", "police", "court", "call", "output")


def _mask(tags: str) -> int:
    return sum(1 << _TAG[t] for t in tags.split())


_NEEDED = np.array([_mask(f) for f in (*_FRAMES, *_CLEAN_FRAMES)], np.uint64)
_REFUSED = np.array([0] * len(_FRAMES) + [_mask(" ".join(_OTHER_NEWS))] * len(_CLEAN_FRAMES), np.uint64)
_BITS = np.array([1 << i for i in range(_T)], np.uint64)
_FRIENDS = [_TAG[t] for t in FALSE_FRIENDS]


def knowledge(reading: Reading) -> NDArray[np.float32]:
    """The signs of one reading: `len(sign_names())` numbers."""
    seen = reading.counts.astype(float)
    return np.concatenate([_evidence(reading, seen), _frames(seen, _lead_end(reading))]).astype(np.float32)


def _lead_end(reading: Reading) -> int:
    """Index after the last sentence of the lead."""
    end, words = 1, 0
    while end < len(reading.sentences) and end <= _LEAD_SENTENCES and words < _LEAD_WORDS:
        words += len(reading.sentences[end])
        end += 1
    return end


def _evidence(reading: Reading, seen: Floats) -> Floats:
    """How strongly trafficking in persons is the subject; in the order of `_EVIDENCE_NAMES`."""
    total = seen.sum(0)
    tip, weak, words = total[_TIP], total[_WEAK], reading.words
    numbers = [
        tip > 0,
        np.log1p(tip),
        seen[0, _TIP] > 0,
        seen[1 : _LEAD_SENTENCES + 1, _TIP].any(),
        (seen[:, _TIP] > 0).mean(),
        np.log1p(tip * 100 / max(words, 100)),
        weak > 0,
        np.log1p(weak),
        seen[0, _WEAK] > 0,
        tip == 0 and weak == 0,
        tip == 0 and weak < 2,
        (tip == 0) * np.log1p(words / 100),
        np.log1p(total[_PLIGHT]),
    ]
    return np.concatenate([np.array(numbers, float), np.log1p(total[_FRIENDS]), seen[0, _FRIENDS] > 0])


_EVIDENCE_NAMES = (
    "tip",
    "times:tip",
    "title:tip",
    "lead:tip",
    "share:tip",
    "density:tip",
    "tip_weak",
    "times:tip_weak",
    "title:tip_weak",
    "none:tip+tip_weak",
    "hardly:tip+tip_weak",
    "length without:tip",
    "times:plight",
    *(f"times:{t}" for t in FALSE_FRIENDS),
    *(f"title:{t}" for t in FALSE_FRIENDS),
)


def _frames(seen: Floats, lead: int) -> Floats:
    """For each frame: in the headline, sentences of the lead (2 are many), sentences in all (3 are many)."""
    masks = np.where(seen > 0, _BITS, np.uint64(0)).sum(1, dtype=np.uint64)[:, None]
    there = ((masks & _NEEDED) == _NEEDED) & ((masks & _REFUSED) == 0)
    return np.concatenate([there[0], np.minimum(there[1:lead].sum(0), 2) / 2, np.minimum(there.sum(0), 3) / 3])


@cache
def sign_names() -> tuple[str, ...]:
    """What each sign is: `title:tip`, `lead:fund+project`, `any:launch+project!` (`!`: in a sentence of no other
    news)."""
    frames = [f.replace(" ", "+") for f in _FRAMES] + [f.replace(" ", "+") + "!" for f in _CLEAN_FRAMES]
    return (*_EVIDENCE_NAMES, *(f"{where}:{f}" for where in ("title", "lead", "any") for f in frames))


@cache
def frame_signs() -> NDArray[np.bool_]:
    """Which signs are frames; the others tell the strength of the subject."""
    return np.arange(len(sign_names())) >= len(_EVIDENCE_NAMES)


@cache
def sign_tags() -> NDArray[np.float32]:
    """Which tags each sign belongs to: signs x tags, each row sums to 1."""
    owns = np.zeros((len(sign_names()), _T), np.float32)
    for i, name in enumerate(sign_names()):
        tags = [_TAG[t] for t in name.rsplit(":", maxsplit=1)[-1].rstrip("!").split("+")]
        owns[i, tags] = 1 / len(tags)
    return owns
