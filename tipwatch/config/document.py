"""YAML text in, plain data with the place of every value out; what a configuration must not use of YAML is refused.

Refused, each with its line and column: aliases and anchors (they make a small file huge), explicit tags, several
documents, duplicate keys (YAML readers silently take the last), keys that are not plain text, nesting without end,
tabs in the indentation, bytes that are not UTF-8, files beyond `MAX_BYTES`. What a scalar means is for `scalars`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from tipwatch.config.scalars import Scalar, ScalarReader
from tipwatch.config.schema_paths import Schema, ValuePath
from tipwatch.errors import Problem

MAX_BYTES = 5_000_000  # 20,000 sources with five lines each; beyond that it is not a configuration somebody wrote
MAX_DEPTH = 20  # the deepest key of our schema is at 5

Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | None
Place = tuple[int, int]
"""Line and column, from 1."""

_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(slots=True)
class Document:
    """What a file says and what is wrong with it.

    Args:
        data: None for an empty file, and as far as nothing could be read.
        problems: of the text itself; without those of `unset`.
        unset: environment variables that are named and not set. Their values stand in `data` as they were written.
        places: of each value, by its path; empty for an empty file and for one that is no YAML.
        keys: of each key of a mapping.
        from_environment: each value with a variable in it, by its path, as it was written.
        secrets: the values of those variables.
    """

    data: Data = None
    problems: list[Problem] = field(default_factory=list)
    unset: list[Problem] = field(default_factory=list)
    places: dict[ValuePath, Place] = field(default_factory=dict)
    keys: dict[ValuePath, Place] = field(default_factory=dict)
    from_environment: Mapping[ValuePath, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def known_part(self, path: ValuePath) -> ValuePath:
        """As much of a path as the file has."""
        return next(path[:length] for length in range(len(path), -1, -1) if path[:length] in self.places or not length)

    def place_of(self, path: ValuePath, *, is_key: bool = False) -> Place:
        """Line and column of the value at a path (of its key, with `is_key`), or of the nearest thing above it."""
        known = self.known_part(path)
        value = self.places.get(known, (1, 1))
        return self.keys.get(known, value) if is_key else value


def read_document(content: bytes, environment: Mapping[str, str], schema: Schema) -> Document:
    """Reads a file; `schema` (a JSON Schema) tells where `no` may stand for false."""
    if len(content) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        return Document(problems=[Problem(1, 1, "", message, "is it the right file?")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        problem = Problem(line, column, "", "the file is not UTF-8 text here", "save it as UTF-8")
        return Document(problems=[problem])
    return _Reader(text, ScalarReader(environment, schema)).read()


class _Reader:
    """Reads events, so that an alias is seen before it is followed."""

    def __init__(self, text: str, scalars: ScalarReader) -> None:
        self._text = text
        self._scalars = scalars
        self._events: Iterator[Any] = iter(())
        self._document = Document(
            problems=scalars.problems,
            unset=scalars.unset,
            from_environment=scalars.from_environment,
            secrets=scalars.secrets,
        )

    def read(self) -> Document:
        document = self._document
        try:
            self._events = yaml.parse(self._text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            next(self._events)
            if isinstance(next(self._events), yaml.DocumentStartEvent):
                document.data = self._value(next(self._events), ())
                next(self._events)
                if isinstance(another := next(self._events), yaml.DocumentStartEvent):
                    self._refuse(another, (), "a second document begins here", "one file holds one configuration")
        except yaml.MarkedYAMLError as error:
            document.places.clear()
            document.problems.append(_syntax_problem(error, self._text))
        except yaml.reader.ReaderError as error:
            document.places.clear()
            line, column = _place_of_control_character(self._text)
            character = error.character if isinstance(error.character, int) else ord(str(error.character)[:1] or " ")
            message = f"character U+{character:04X} is not allowed in YAML"
            document.problems.append(Problem(line, column, "", message, "remove it"))
        return document

    def _value(self, event: Any, path: ValuePath) -> Data:
        line, column = self._document.places[path] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, path, f"the alias *{event.anchor} is not allowed here", "write the value out")
            return None
        self._check_decoration(event, path)
        if isinstance(event, yaml.ScalarEvent):
            # the explicit tag `!` only says "text", as quotes do; any other was refused above
            return self._scalars.read(Scalar(event.value, path, line, column, is_plain=event.implicit[0]))
        if len(path) >= MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep"
            self._refuse(event, path, message, "no key of the configuration is nested so deeply")
            self._skip(event)
            return None
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _list(self, path: ValuePath) -> Data:
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: ValuePath) -> Data:
        mapping: dict[str, Data] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            below = self._key(event, path)
            if below is None:
                self._skip(next(self._events))
            else:
                mapping[str(below[-1])] = self._value(next(self._events), below)
        return mapping

    def _key(self, event: Any, path: ValuePath) -> ValuePath | None:
        """The path that a key leads to; None for one that is refused with its value."""
        if not isinstance(event, yaml.ScalarEvent):
            message = "an alias" if isinstance(event, yaml.AliasEvent) else "a list or a mapping"
            self._refuse(event, path, f"{message} cannot be a key", "write a name followed by a colon")
            self._skip(event)
            return None
        below = (*path, event.value)
        self._check_decoration(event, below)
        if below in self._document.keys:
            first, _ = self._document.keys[below]
            self._refuse(event, below, f"duplicate key; first given on line {first}", "keep one of them")
            return None
        if event.value == "<<":
            self._refuse(event, below, "merging with << is not allowed here", "write the keys out")
        self._document.keys[below] = _place(event)
        return below

    def _skip(self, event: Any) -> None:
        depth = int(isinstance(event, _STARTS))
        while depth:
            event = next(self._events)
            depth += isinstance(event, _STARTS) - isinstance(event, _ENDS)

    def _check_decoration(self, event: Any, path: ValuePath) -> None:
        if event.anchor:
            message = f"the anchor &{event.anchor} is not allowed here"
            self._refuse(event, path, message, "write the value where it is needed")
        if event.tag and event.tag != "!":
            self._refuse(event, path, f"the tag {event.tag} is not allowed here", "remove it")

    def _refuse(self, event: Any, path: ValuePath, message: str, hint: str) -> None:
        self._document.problems.append(Problem(*_place(event), ".".join(map(str, path)), message, hint))


def _place(event: Any) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place_of_control_character(text: str) -> Place:
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
    reason = " ".join(filter(None, (error.problem or "this is not YAML", error.context)))
    hint = "check the indentation and the quotes on this line"
    if "${" in shown and ("{" in shown.replace("${", "") or "[" in shown):
        hint = 'inside { } and [ ] write "${NAME}" in quotes'
    return Problem(line, column, "", f"not YAML: {reason}", hint)
