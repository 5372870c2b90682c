"""What levels weigh is learnt from labelled pairs: the same pairs give the same weights, byte for byte."""

from __future__ import annotations

import pytest

from storage.register.compare.learning import LabelledPair, learn_weights, score_unseen
from storage.register.compare.linkage import MOST, Weights, read_weights


def pairs(stories: int = 40) -> list[LabelledPair]:
    """Of each story two articles that agree in name and, every other time, in sum; beside them those of the next story,
    which have only the country in common."""
    found = []
    for number in range(stories):
        here, beyond = f"story {number}", f"story {(number + 1) % stories}"
        one, two, other = f"{number}a", f"{number}b", f"{(number + 1) % stories}a"
        agreed = ("country: same", "name: same", *(("sum: same",) if number % 2 else ()))
        found.append(LabelledPair(agreed, one, two, here, here))
        found.append(LabelledPair(("country: same", "phase: other"), one, other, here, beyond))
        found.append(LabelledPair(("country: same", "name: other"), two, other, here, beyond))
    return found


def test_what_only_pairs_of_one_project_have_speaks_for_one_and_what_both_have_says_little() -> None:
    weights = learn_weights(pairs())
    assert weights.terms["name: same"] > 1 > abs(weights.terms["country: same"])
    assert weights.terms["name: other"] < 0
    assert weights.add_up(["country: same", "name: same"]) >= weights.same
    assert weights.add_up(["country: same", "name: other"]) < weights.same


def test_the_same_pairs_give_the_same_file_which_is_read_back_as_it_was() -> None:
    weights = learn_weights(pairs())
    assert learn_weights(pairs()).as_json() == weights.as_json()
    assert read_weights(weights.as_json()) == weights


def test_a_contradiction_decides_alone_until_a_pair_of_one_project_has_it() -> None:
    weights = learn_weights(pairs())
    assert "phase: other" in weights.vetoes
    assert weights.add_up(["name: same", "phase: other"]) == -MOST
    misread = LabelledPair(("name: same", "phase: other"), "x", "y", "story x", "story x")
    assert "phase: other" not in learn_weights([*pairs(), misread]).vetoes


def test_a_pair_is_scored_by_what_other_stories_teach() -> None:
    told = pairs()
    alone = LabelledPair(("nobody else's",), "x", "y", "story x", "story x")
    scored = score_unseen([*told, *[alone] * 5])
    assert scored[-1] == pytest.approx(score_unseen([*told, LabelledPair((), "x", "y", "story x", "story x")])[-1])


def test_one_level_never_weighs_more_than_is_counted() -> None:
    weights = Weights(0.0, {"name: same": 40.0}, frozenset(), 1.0, 0.0)
    assert weights.add_up(["name: same"]) == MOST


def test_nothing_is_learnt_from_hardly_any_pairs() -> None:
    with pytest.raises(ValueError, match="too few pairs"):
        learn_weights(pairs(2))
