"""How well the register tells one project from another: labelled articles registered with weights that saw none of
their stories.

Labelled tellings go in; they are put into registers in temporary databases, one for each part of the cross-validation
and each order of arrival, and what joined is held against the labelled stories. Articles that were ruled out join
nothing, so what the filter loses counts as missed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from storage.register.compare.learning import FOLDS, fold_of, learn_weights
from storage.register.compare.linkage import weighing
from storage.register.compare.match import list_terms
from storage.register.resolve.prepare import prepare
from tipwatch.evaluation.judging import find_stories, reading_of
from tipwatch.evaluation.register_training import READ_AT, LabelledTelling, pair_up

ORDERS = 3
"""The labelled order and shuffled ones: how much depends on which article comes first."""
LISTED_TERMS = 6


@dataclass(frozen=True, slots=True)
class WrongPair:
    """Two articles that were joined and tell of two projects (`is_joined`), or were kept apart and tell of one; with
    the weightiest terms of their comparison, none where a fact or a key was lacking."""

    is_joined: bool
    one: str
    other: str
    terms: tuple[str, ...]

    def as_text(self) -> str:
        what = "joined" if self.is_joined else "missed"
        return f"{what}\t{self.one}\t{self.other}\t{', '.join(self.terms)}"


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """Pairs of articles that announce a new project: how many of those joined are right, how many of the right ones are
    joined; groups of two and more that come out `whole` and pure; B³; recall in each order of arrival."""

    precision: float
    recall: float
    groups: int
    whole: int
    b_cubed: float
    recall_by_order: tuple[float, ...]
    mistakes: tuple[WrongPair, ...]

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "mistakes"}

    def as_text(self) -> str:
        orders = ", ".join(f"{recall:.3f}" for recall in self.recall_by_order)
        return (
            f"pairs: precision {self.precision:.3f}, recall {self.recall:.3f} (by order of arrival: {orders})\n"
            f"groups whole and pure: {self.whole} of {self.groups}; B³ F1 {self.b_cubed:.3f}"
        )


def score_register(
    told: Sequence[LabelledTelling], report_progress: Callable[[int, int], None] = lambda done, total: None
) -> RegisterReport:
    """Registers the tellings once for each part and order, with weights learnt without the part's stories.

    Raises:
        ValueError: too few pairs to learn from.
    """
    pairs = pair_up(told)
    counts = [Counter[str]() for _ in range(ORDERS)]
    mistakes: list[WrongPair] = []
    for fold in range(FOLDS):
        known = [pair for pair in pairs if fold not in (fold_of(pair.story), fold_of(pair.other_story))]
        with weighing(learn_weights(known)):
            for order in range(ORDERS):
                report_progress(fold * ORDERS + order, FOLDS * ORDERS)
                arriving = list(told) if order == 0 else random.Random(order).sample(told, len(told))  # noqa: S311
                placed = [each for each in _place(arriving) if each[0].is_new_project]
                counts[order] += _count(placed, fold)
                if order == 0:
                    mistakes += _list_mistakes(placed, fold)
    report_progress(FOLDS * ORDERS, FOLDS * ORDERS)
    total = counts[0]
    right, found = total["b_right"] / total["b"], total["b_found"] / total["b"]
    return RegisterReport(
        precision=total["right"] / max(1, total["joined"]),
        recall=total["right"] / max(1, total["one"]),
        groups=total["groups"],
        whole=total["whole"],
        b_cubed=2 * right * found / (right + found),
        recall_by_order=tuple(count["right"] / max(1, count["one"]) for count in counts),
        mistakes=tuple(mistakes),
    )


def _place(told: Sequence[LabelledTelling]) -> list[tuple[LabelledTelling, str]]:
    """Each telling with the project or story it went to; one that was ruled out is in a place of its own."""
    stories = find_stories([(one.record, one.verdict) for one in told])
    return [(one, story or one.record.id) for one, story in zip(told, stories, strict=True)]


def _by(placed: Sequence[tuple[LabelledTelling, str]], at: int) -> dict[str, list[tuple[LabelledTelling, str]]]:
    groups: dict[str, list[tuple[LabelledTelling, str]]] = {}
    for one in placed:
        groups.setdefault(one[0].story if at == 0 else one[1], []).append(one)
    return groups


def _count(placed: Sequence[tuple[LabelledTelling, str]], fold: int) -> Counter[str]:
    """What the stories of a fold come to; a pair across folds is one fold's half and the other's half."""
    counts: Counter[str] = Counter()
    stories, places = _by(placed, 0), _by(placed, 1)
    for members in places.values():
        for (one, _), (other, _) in combinations(members, 2):
            counts["joined"] += (fold_of(one.story) == fold) + (fold_of(other.story) == fold)
            counts["right"] += 2 * (one.story == other.story and fold_of(one.story) == fold)
    for story, told in stories.items():
        if fold_of(story) != fold:
            continue
        counts["one"] += len(told) * (len(told) - 1)
        if len(told) > 1:
            counts["groups"] += 1
            counts["whole"] += len({place for _, place in told}) == 1 and len(places[told[0][1]]) == len(told)
        for _, place in told:
            shared = sum(one.story == story for one, _ in places[place])
            counts["b"] += 1
            counts["b_right"] += shared / len(places[place])  # type: ignore[assignment]  # fractions are counted too
            counts["b_found"] += shared / len(told)  # type: ignore[assignment]
    return counts


def _list_mistakes(placed: Sequence[tuple[LabelledTelling, str]], fold: int) -> list[WrongPair]:
    found = []
    for at, groups in ((1, _by(placed, 1)), (0, _by(placed, 0))):
        for members in groups.values():
            for (one, place), (other, other_place) in combinations(members, 2):
                is_wrong = one.story != other.story if at == 1 else place != other_place
                if is_wrong and fold_of(one.story) == fold:
                    found.append(WrongPair(at == 1, one.record.id, other.record.id, _terms_of(one, other)))
    return found


def _terms_of(one: LabelledTelling, other: LabelledTelling) -> tuple[str, ...]:
    both = [prepare(0, reading_of(told.record, told.verdict, READ_AT), told.verdict) for told in (one, other)]
    if not all(item.has_facts for item in both):
        return ()
    terms = list_terms(both[0].claims, both[1].claims)[:LISTED_TERMS]
    return tuple(f"{level.term} {weight:+.1f}" for level, weight in terms)
