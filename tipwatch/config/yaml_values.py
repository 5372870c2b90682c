"""A tree of YAML nodes in, plain data out: what each scalar means, with environment variables put in.

Scalars are read as YAML 1.2 reads them. What YAML 1.1 readers (most of them) take for something else is refused with
a hint instead of
guessed: `no` where text is wanted (Norway), `010` (eight or ten). `12:30` is text, as its author meant. `${VAR}` and
`${VAR:-default}` are replaced in values only and after parsing, so that a secret cannot bring YAML of its own; `$${`
stands for a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tipwatch.config.schema_paths import Schema, types_at
from tipwatch.config.yaml_nodes import Node
from tipwatch.errors import Problem
from tipwatch.text import is_text

__all__ = ["Data", "Path", "Values", "read_values"]

Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | None
Path = tuple[str | int, ...]

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


@dataclass(slots=True)
class Values:
    """What was read. `from_environment` maps the place of each value with a variable in it to its text as written."""

    data: Data = None
    problems: list[Problem] = field(default_factory=list)
    from_environment: dict[Path, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)


def read_values(root: Node, environment: Mapping[str, str], schema: Schema) -> Values:
    """The data of a tree; `schema` (a JSON Schema) tells where `no` may stand for false."""
    reader = _Reader(environment, schema)
    reader.values.data = reader.read(root, ())
    return reader.values


class _Reader:
    def __init__(self, environment: Mapping[str, str], schema: Schema) -> None:
        self.values = Values()
        self._environment = environment
        self._schema = schema

    def read(self, node: Node, path: Path) -> Data:
        if node.kind == "mapping":
            return {key: self.read(child, (*path, key)) for key, child in node.entries.items()}
        if node.kind == "list":
            return [self.read(child, (*path, index)) for index, child in enumerate(node.items)]
        if "${" in node.text:
            value = self._substituted(node, path)
        else:
            value = self._plain(node, path) if node.is_plain else node.text
        if isinstance(value, str) and not is_text(value):
            self._refuse(node, path, "is not text: it holds half a character (a lone surrogate)", "write it again")
            return ""
        return value

    def _refuse(self, node: Node, path: Path, message: str, hint: str) -> None:
        self.values.problems.append(Problem(node.line, node.column, ".".join(map(str, path)), message, hint))

    def _plain(self, node: Node, path: Path) -> Data:
        text = node.text
        if _NULL.match(text):
            return None
        if _TRUE.match(text) or _FALSE.match(text):
            return text.lower() == "true"
        if _OLD_TRUE.match(text) or _OLD_FALSE.match(text):
            return self._old_boolean(node, path)
        if _INTEGER.match(text):
            return int(text) if len(text) < 20 else text  # longer ones are no sizes, and slow to convert
        if _OCTAL.match(text):
            number = text.lstrip("+-0o_") or "0"
            self._refuse(node, path, f"{text} is octal to some YAML readers", f'write {number}, or "{text}" for text')
            return text
        return float(text) if _FLOAT.match(text) else text

    def _old_boolean(self, node: Node, path: Path) -> Data:
        wanted = types_at(self._schema, path)
        is_true = bool(_OLD_TRUE.match(node.text))
        if "boolean" in wanted:
            return is_true
        if "string" in wanted:
            meaning = "true" if is_true else "false"
            norway = ' (Norway is "NO")' if node.text.lower() == "no" and "countries" in path else ""
            hint = f'write "{node.text}" in quotes{norway}'
            self._refuse(node, path, f"{node.text} without quotes means {meaning} to most YAML readers", hint)
        return node.text

    def _substituted(self, node: Node, path: Path) -> Data:
        def replace(match: re.Match[str]) -> str:
            if match.group(1) is None:
                return "${"
            reference = _REFERENCE.match(match.group(1))
            if not reference:
                self._refuse(
                    node,
                    path,
                    "${...} does not name a variable",
                    "write ${NAME} or ${NAME:-default}; $${ for a literal ${",
                )
                return ""
            self.values.from_environment[path] = node.text
            name, default = reference.groups()
            value = self._environment.get(name) or ""
            if value:
                self.values.secrets.add(value)
            elif default is None:
                is_set = "empty" if name in self._environment else "not set"
                self._refuse(
                    node, path, f"environment variable {name} is {is_set}", f"set {name}, or write ${{{name}:-default}}"
                )
            return value or default or ""

        end = node.text.rfind("}") + 1  # behind it no reference is closed, and looking for ends from each takes long
        text = _VARIABLE.sub(replace, node.text[:end]) + node.text[end:].replace("$${", "${")
        wanted = types_at(self._schema, path)
        if not wanted or "string" in wanted:
            return text
        return self._plain(Node("scalar", node.line, node.column, text, is_plain=True), path)  # a number or true/false
