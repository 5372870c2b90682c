"""The shell's errors: each says what, where and what to do, and carries the exit code of the command.

    TipwatchError            exit 2 unless said otherwise
    ├─ ConfigError           the configuration is refused; holds every problem at once
    └─ BadInput              a file, an address or an argument that cannot be used, or names what is not there

Errors of the floors below (`storage.database.errors.StorageError`, ...) keep their own trees; `tipwatch.__main__`
reports them alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class ExitCode(IntEnum):
    """What a command's exit code says; scripts rely on these four."""

    DONE = 0
    NEEDS_A_PERSON = 1
    BAD_INPUT = 2
    INTERRUPTED = 130


class TipwatchError(Exception):
    """An error that is told in one sentence, with a hint of what to do.

    Args:
        message: what is wrong, and where.
        hint: what to do about it; may be empty.
    """

    exit_code = ExitCode.BAD_INPUT

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(TipwatchError):  # noqa: N818 (reads as what it is: raise BadInput(...))
    """A file, an address or an argument that cannot be used, or names what is not there."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a configuration file.

    `line` and `column` count from 1, and are 0 for what is in no line (the file is missing, an edit was not written).
    `path` is where in the configuration (`sources.1.url`), empty for the file itself.
    """

    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def as_line(self, name: str) -> str:
        """`config.yaml:6:5: sources.1.evry: unknown key; did you mean 'every'?`"""
        place = f"{name}:{self.line}:{self.column}" if self.line else name
        where = f"{self.path}: " if self.path else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}: {where}{self.message}{hint}"


class ConfigError(TipwatchError):
    """The configuration is refused. `problems` holds all of them, in order of place, never empty."""

    def __init__(self, file: Path, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(self.as_lines()))

    def as_lines(self) -> list[str]:
        """One line a problem."""
        return [problem.as_line(str(self.file)) for problem in self.problems]
