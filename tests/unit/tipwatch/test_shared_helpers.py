"""Each module of tests stands alone: what several of them need lies in `tests/support`."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parents[2]


def imported_by(module: str) -> list[str]:
    """All names that a module imports, each with the module it comes from."""
    names = []
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{'.' * node.level}{node.module or ''}.{one.name}" for one in node.names]
    return names


def is_of_a_test(name: str) -> bool:
    """Whether a name comes from a module of tests or from a `conftest`."""
    return name.startswith("tests.") and any(part.startswith(("test_", "conftest")) for part in name.split("."))


def test_no_module_imports_from_a_module_of_tests() -> None:
    names = {str(path.relative_to(TESTS)): imported_by(path.read_text()) for path in TESTS.rglob("*.py")}
    assert len(names) > 200
    wrong = {
        path: [one for one in all_of if one.startswith(".") or is_of_a_test(one)] for path, all_of in names.items()
    }
    assert {path: found for path, found in wrong.items() if found} == {}


def test_an_import_from_a_module_of_tests_is_seen() -> None:
    module = """
from tests.support import farm
import tests.faults.conftest as shared
def late():
    from tests.faults.test_http import CASES
"""
    found = [name for name in imported_by(module) if is_of_a_test(name)]
    assert sorted(found) == ["tests.faults.conftest", "tests.faults.test_http.CASES"]
