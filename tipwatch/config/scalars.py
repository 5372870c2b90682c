"""What a scalar of YAML means, with environment variables put in.

Scalars are read as YAML 1.2 reads them. What YAML 1.1 readers (most of them) take for something else is refused with
a hint instead of guessed: `no` where text is wanted (Norway), `010` (eight or ten). `12:30` is text, as its author
meant. `${VAR}` and `${VAR:-default}` are replaced in values only and after parsing, so that a secret cannot bring YAML
of its own; `$${` stands for a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tipwatch.config.schema_paths import Schema, ValuePath, types_at
from tipwatch.errors import Problem
from tipwatch.text import is_text

_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_OLD_TRUE = re.compile(r"(?:yes|Yes|YES|on|On|ON)\Z")
_OLD_FALSE = re.compile(r"(?:no|No|NO|off|Off|OFF)\Z")
_OCTAL = re.compile(r"[-+]?0o?[0-9_]+\Z")
_VARIABLE = re.compile(r"\$\$\{|\$\{([^}]*)\}")
_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?\Z", re.DOTALL)


class Scalar(NamedTuple):
    """A value as it is written; `is_plain` where no quotes make it text."""

    text: str
    path: ValuePath
    line: int
    column: int
    is_plain: bool


class ScalarReader:
    """Reads the scalars of one file, and gathers what is wrong with them; see `document.Document` for what it holds.

    Args:
        environment: the variables.
        schema: tells where `no` may stand for false.
    """

    def __init__(self, environment: Mapping[str, str], schema: Schema) -> None:
        self.problems: list[Problem] = []
        self.unset: list[Problem] = []
        self.from_environment: dict[ValuePath, str] = {}
        self.secrets: set[str] = set()
        self._environment = environment
        self._schema = schema

    def read(self, scalar: Scalar) -> str | int | float | bool | None:
        """The value; where it is refused, one to go on with."""
        if "${" in scalar.text:
            value = self._substituted(scalar)
        else:
            value = self._plain(scalar) if scalar.is_plain else scalar.text
        if isinstance(value, str) and not is_text(value):
            self._refuse(scalar, "is not valid text: it contains half a character (a lone surrogate)", "write it again")
            return ""
        return value

    def _refuse(self, scalar: Scalar, message: str, hint: str) -> None:
        self.problems.append(_problem(scalar, message, hint))

    def _plain(self, scalar: Scalar) -> str | int | float | bool | None:
        text = scalar.text
        if _NULL.match(text):
            return None
        if _TRUE.match(text) or _FALSE.match(text):
            return text.lower() == "true"
        if _OLD_TRUE.match(text) or _OLD_FALSE.match(text):
            return self._old_boolean(scalar)
        if _INTEGER.match(text):
            return int(text) if len(text) < 20 else text  # longer ones are no sizes, and slow to convert
        if _OCTAL.match(text):
            number = text.lstrip("+-0o_") or "0"
            self._refuse(scalar, f"{text} is octal to some YAML readers", f'write {number}, or "{text}" for text')
            return text
        return float(text) if _FLOAT.match(text) else text

    def _old_boolean(self, scalar: Scalar) -> str | bool:
        text, wanted = scalar.text, types_at(self._schema, scalar.path)
        is_true = bool(_OLD_TRUE.match(text))
        if "boolean" in wanted:
            return is_true
        if "string" in wanted:
            meaning = "true" if is_true else "false"
            norway = ' (Norway is "NO")' if text.lower() == "no" and "countries" in scalar.path else ""
            message = f"{text} without quotes means {meaning} to most YAML readers"
            self._refuse(scalar, message, f'write "{text}" in quotes{norway}')
        return text

    def _substituted(self, scalar: Scalar) -> str | int | float | bool | None:
        # Behind the last brace no reference is closed, and looking for ends from each takes long.
        end = scalar.text.rfind("}") + 1
        text = _VARIABLE.sub(lambda match: self._value_of(match, scalar), scalar.text[:end])
        text += scalar.text[end:].replace("$${", "${")
        wanted = types_at(self._schema, scalar.path)
        if not wanted or "string" in wanted:
            return text
        return self._plain(scalar._replace(text=text, is_plain=True))  # a number or true/false

    def _value_of(self, match: re.Match[str], scalar: Scalar) -> str:
        if match.group(1) is None:
            return "${"
        reference = _REFERENCE.match(match.group(1))
        if not reference:
            hint = "write ${NAME} or ${NAME:-default}; $${ for a literal ${"
            self._refuse(scalar, "${...} does not name a variable", hint)
            return ""
        self.from_environment[scalar.path] = scalar.text
        name, default = reference.groups()
        value = self._environment.get(name) or ""
        if value:
            self.secrets.add(value)
        elif default is None:
            state = "empty" if name in self._environment else "not set"
            hint = f"set {name}, or write ${{{name}:-default}}"
            self.unset.append(_problem(scalar, f"environment variable {name} is {state}", hint))
            return match.group()
        return value or default or ""


def _problem(scalar: Scalar, message: str, hint: str) -> Problem:
    return Problem(scalar.line, scalar.column, ".".join(map(str, scalar.path)), message, hint)
