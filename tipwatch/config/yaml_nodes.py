"""YAML text in, a tree of nodes with their places out; what YAML offers and a configuration must not use is refused.

Refused, each with its line and column: aliases and anchors (they make a small file huge), explicit tags, several
documents, duplicate keys (YAML readers silently take the last), keys that are not plain text, nesting without end,
tabs in the indentation, bytes that are not UTF-8, files beyond `MAX_BYTES`. Nothing here decides what a scalar means:
see `yaml_values`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from tipwatch.errors import Problem

__all__ = ["MAX_BYTES", "Node", "read_nodes"]

MAX_BYTES = 5_000_000  # 20,000 sources with five lines each; beyond that it is not a configuration somebody wrote
MAX_DEPTH = 20  # the deepest key of our schema is at 5

Step = str | int


@dataclass(slots=True)
class Node:
    """A value in the file. `line` and `column` count from 1; `keys` holds the places of a mapping's keys."""

    kind: Literal["scalar", "list", "mapping"]
    line: int
    column: int
    text: str = ""
    is_plain: bool = False
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def child(self, step: Step) -> Node | None:
        """The value under a key or at an index, None where there is none."""
        if self.kind == "mapping":
            return self.entries.get(str(step))
        if self.kind == "list" and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None


def read_nodes(content: bytes) -> tuple[Node | None, list[Problem]]:
    """The tree of a YAML file and what is wrong with it.

    The tree is None for an empty file (no problem in itself) and where the text cannot be read at all (then with a
    problem).
    """
    if len(content) > MAX_BYTES:
        return None, [
            Problem(1, 1, "", f"the file is larger than {MAX_BYTES // 1_000_000} MB", "is it the right file?")
        ]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        return None, [Problem(line, column, "", "the file is not UTF-8 text here", "save it as UTF-8")]
    builder = _Builder()
    try:
        builder.build(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        return None, [*builder.problems, _syntax_problem(error, text)]
    except yaml.reader.ReaderError as error:
        line, column = _place_of_control_character(text)
        character = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or " ")
        message = f"character U+{character:04X} is not allowed in YAML"
        return None, [*builder.problems, Problem(line, column, "", message, "remove it")]
    return builder.root, builder.problems


class _Builder:
    """Builds the tree from events, so that an alias is seen before it is followed, and without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[tuple[Node, str | None]] = []
        self._key: str | None = None
        self._key_is_next = False
        self._ignored_depth = 0
        self._documents = 0

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._refuse(event, "a second document begins here", "one file holds one configuration")
                    return
            elif self._ignored_depth:
                self._skip(event)
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(event, f"the alias *{event.anchor} is not allowed here", "write the value out")
                self._place(Node("scalar", *_place(event), is_plain=True))
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._start(event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                _, self._key = self._open.pop()
                self._key_is_next = bool(self._open) and self._open[-1][0].kind == "mapping"

    def _refuse(self, event: Any, message: str, hint: str) -> None:
        line, column = _place(event)
        self.problems.append(Problem(line, column, self._path(), message, hint))

    def _path(self) -> str:
        parts = [key for _, key in self._open[1:] if key is not None]
        return ".".join([*parts, *([self._key] if self._key is not None else [])])

    def _skip(self, event: Any) -> None:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._ignored_depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._ignored_depth -= 1

    def _scalar(self, event: Any) -> None:
        self._check_decoration(event)
        if self._key_is_next:
            self._take_key(event)
            return
        # the explicit tag `!` only says "text", as quotes do; any other was refused above
        self._place(Node("scalar", *_place(event), text=event.value, is_plain=event.implicit[0]))

    def _start(self, event: Any) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._check_decoration(event)
        if self._key_is_next:
            self._refuse(event, "a list or a mapping cannot be a key", "write a name followed by a colon")
            self._ignored_depth = 1
            self._key, self._key_is_next = None, False
            return
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, f"nested more than {MAX_DEPTH} deep", "no key of the configuration lies so deep")
            self._ignored_depth = 1
            self._place(Node("scalar", *_place(event), is_plain=True))
            return
        node = Node("mapping" if is_mapping else "list", *_place(event))
        step = self._place(node)
        self._open.append((node, step))
        self._key, self._key_is_next = None, is_mapping

    def _check_decoration(self, event: Any) -> None:
        if event.anchor:
            self._refuse(event, f"the anchor &{event.anchor} is not allowed here", "write the value where it is needed")
        if event.tag and event.tag != "!":
            self._refuse(event, f"the tag {event.tag} is not allowed here", "remove it")

    def _take_key(self, event: Any) -> None:
        mapping, _ = self._open[-1]
        key, place = event.value, _place(event)
        self._key, self._key_is_next = key, False
        if key == "<<":
            self._refuse(event, "merging with << is not allowed here", "write the keys out")
        elif key in mapping.keys:
            self._refuse(event, f"duplicate key; first given in line {mapping.keys[key][0]}", "keep one of them")
        mapping.keys.setdefault(key, place)

    def _place(self, node: Node) -> str | None:
        """Hangs a value into what is open, and returns the step that leads to it."""
        if not self._open:
            self.root = node
            return None
        parent, _ = self._open[-1]
        if parent.kind == "list":
            parent.items.append(node)
            return str(len(parent.items) - 1)
        step = self._key
        if step is not None:
            parent.entries.setdefault(step, node)
        self._key, self._key_is_next = None, True
        return step


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place_of_control_character(text: str) -> tuple[int, int]:
    for number, line in enumerate(text.split("\n"), 1):
        for column, character in enumerate(line, 1):
            if yaml.reader.Reader.NON_PRINTABLE.match(character):
                return number, column
    return 1, 1


def _syntax_problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    indentation = shown[: len(shown) - len(shown.lstrip())]
    if "\t" in indentation or shown[column - 1 : column] == "\t":
        place = (indentation.index("\t") if "\t" in indentation else column - 1) + 1
        return Problem(line, place, "", "a tab in the indentation", "YAML wants spaces")
    reason = error.problem or "this is not YAML"
    context = f" {error.context}" if error.context else ""
    if "${" in shown and ("{" in shown.replace("${", "") or "[" in shown):
        hint = 'inside { } and [ ] write "${NAME}" in quotes'
        return Problem(line, column, "", f"not YAML: {reason}{context}", hint)
    return Problem(
        line, column, "", f"not YAML: {reason}{context}", "look at the indentation and the quotes of this line"
    )
