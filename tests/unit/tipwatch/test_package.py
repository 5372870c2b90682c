"""What is handed round: the files of the wheel, and what is said of each dependency."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[3]

UNPINNED = {"torch"}  # whose builds differ by machine


def test_the_wheel_holds_what_runs_and_nothing_that_was_kept_apart() -> None:
    held = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {"classifier/model/encoder/trunk.onnx", "tipwatch/seeds/sources.yaml", "alerts/py.typed"} <= held
    assert [name for name in held if "held-out" in name or name.startswith("classifier/training/")] == []
    assert {name.split("/")[0] for name in held} == {"tipwatch", "crawler", "storage", "alerts", "classifier"}


def test_each_dependency_has_a_range_an_exact_version_and_a_reason() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = declared["project"]["optional-dependencies"]
    wanted = sum([*extras.values(), *declared["dependency-groups"].values()], declared["project"]["dependencies"])
    exact = {line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines()}
    reasons = (ROOT / "docs" / "dependencies.md").read_text().lower()
    for one in wanted:
        name = re.split(r"[\[<>=]", one)[0]
        if name != "tipwatch":
            assert ">=" in one, one
            assert {name, name.replace("-", "_")} & (exact | UNPINNED), f"{name} is not in constraints.txt"
            assert re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", reasons), f"{name} has no reason"
