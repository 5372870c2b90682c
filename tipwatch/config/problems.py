"""What pydantic found wrong in, problems with their line, column and a hint out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tipwatch.config.document import Document, read_document
from tipwatch.config.schema_paths import Schema, ValuePath, choices_at, keys_at, schemas_at
from tipwatch.errors import Problem

Step = str | int

NEAR = 0.7  # difflib's ratio: one wrong letter in four is a slip (`evry`), two are another word

_WORDS = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "path_type": "must be a path",
}
_LIMITS = {  # kinds that carry their bound in the context
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "too_short": "must have at least {min_length} in its list",
    "too_long": "must have at most {max_length} in its list",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
}
_OTHER_WORDS = {  # what people from other programs write, and what it is called here
    "every": "interval",
    "frequency": "interval",
    "feeds": "sources",
    "catalog": "catalogue",
    "selector": "links",
    "lang": "languages",
    "language": "languages",
    "type": "kind",
    "user": "username",
    "to": "recipients",
    "emails": "recipients",
    "from": "sender",
    "tz": "timezone",
    "zone": "timezone",
    "at": "time",
    "server": "host",
    "database": "storage",
    "digests": "subscriptions",
    "smtp": "mail",
    "logging": "log",
}
_HINTS = {
    "string_type": "put it in quotes",
    "tuple_type": "write it as [one, two], or one a line with a dash",
    "list_type": "write it as [one, two], or one a line with a dash",
}


def explain(error: Mapping[str, Any], document: Document, schema: Schema) -> Problem:
    """One error of pydantic's `errors()` as a problem; the value itself is never repeated, since it may be a secret."""
    loc: tuple[Step, ...] = tuple(error["loc"])
    kind = str(error["type"])
    if kind == "union_tag_invalid":  # pydantic points at the whole; the word that chooses is what is wrong
        loc = (*loc, str(error["ctx"]["discriminator"]).strip("'()"))
    path = _followed(document, loc)
    if kind == "extra_forbidden":
        message, hint = "unknown key", did_you_mean(str(loc[-1]), keys_at(schema, path[:-1]))
    elif kind == "missing":
        message, hint = "missing; it is required", _description(schema, (*path, loc[-1]))
    else:
        message, hint = _say(error, kind, path, schema)
    line, column = document.place_of(path, is_key=kind in ("extra_forbidden", "missing"))
    return Problem(line, column, _joined((*path, loc[-1]) if kind == "missing" else path), message, hint)


def _say(error: Mapping[str, Any], kind: str, path: Sequence[Step], schema: Schema) -> tuple[str, str]:
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        choices = choices_at(schema, path)
        words = _either(choices) if choices else str(context.get("expected", ""))
        given = context.get("tag") or error.get("input")
        return f"must be {words}", did_you_mean(given, choices) if isinstance(given, str) else ""
    if kind == "value_error":
        message, _, hint = str(context.get("error") or error["msg"]).partition("; ")
        return message, hint
    if kind in _LIMITS:
        return _LIMITS[kind].format(**context), ""
    message = _WORDS.get(kind) or _lower_first(str(error["msg"]))
    return message, _HINTS.get(kind, "")


def first_message(error: ValidationError) -> str:
    """The sentence of its first error, without the library's frame around it."""
    return str(error.errors()[0]["msg"]).removeprefix("Value error, ")


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """`did you mean 'every'?` for the nearest known word, else the known words where they are few, else empty."""
    words = list(known)
    folded = {other: word for other, word in _OTHER_WORDS.items() if word in words}
    folded |= {word.casefold(): word for word in words}
    near = difflib.get_close_matches(given.casefold(), list(folded), n=1, cutoff=NEAR)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    return f"one of: {', '.join(words)}" if 0 < len(words) <= 12 else ""  # more would not be read on one line


def problem_in(file: Path, path: Sequence[Step], message: str, hint: str) -> Problem:
    """A problem that showed after the file was read, at the value of a path in it."""
    line, column = read_document(file.read_bytes(), {}, {}).place_of(tuple(path))
    return Problem(line, column, _joined(path), message, hint)


def without_repeats(first: Sequence[Problem], then: Iterable[Problem]) -> list[Problem]:
    """`first`, and of `then` one problem a place, without those that only follow from one in `first` at or above
    their place."""
    spoilt = {problem.path for problem in first if problem.path}
    kept = list(first)
    for problem in then:
        steps = problem.path.split(".")
        if spoilt.isdisjoint(".".join(steps[:count]) for count in range(1, len(steps) + 1)):
            kept.append(problem)
    seen: dict[tuple[str, int, int], Problem] = {}
    for problem in kept:
        seen.setdefault((problem.path, problem.line, problem.column), problem)
    return list(seen.values())


def _followed(document: Document, loc: Sequence[Step]) -> ValuePath:
    """The part of `loc` that is in the file; pydantic's own steps (of unions and validators) are left out."""
    path: ValuePath = ()
    for step in loc:
        path = (*path, step) if (*path, step) in document.places else path
    return path


def _description(schema: Schema, path: Sequence[Step]) -> str:
    for found in schemas_at(schema, path):
        if "description" in found:
            return _lower_first(str(found["description"])).rstrip(".")
    return ""


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _joined(path: Sequence[Step]) -> str:
    return ".".join(map(str, path))


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
