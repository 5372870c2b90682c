"""What a kind of fact is learnt from."""

from __future__ import annotations

import re

from classifier.facts.linear import load_models

SAID_AGAIN = re.compile(r"R:|\w+&NR:|wl=[^_]*$")


def test_who_runs_a_project_is_learnt_from_no_feature_that_others_say_again() -> None:
    """Payers learn from the same candidates, and from all of their features."""
    models = load_models()
    again = {kind: set(filter(SAID_AGAIN.match, models[kind].weights)) for kind in ("implementers", "funders")}
    assert again["funders"]
    assert not again["implementers"]
    assert any(name.startswith("wl=") for name in models["implementers"].weights), "pairs of words stay"
