"""Looks things up in a JSON Schema by the path of a value: which types may stand there, which keys are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ValuePath = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

Schema = Mapping[str, Any]


def schemas_at(root: Schema, path: Sequence[str | int]) -> list[Schema]:
    """Every alternative the schema allows at a path, each once, references followed; empty for an unknown path."""
    current = list(_alternatives(root, root))
    for step in path:
        below = [child for schema in current for child in _children(schema, step)]
        current = [alternative for child in below for alternative in _alternatives(root, child)]
    return [schema for at, schema in enumerate(current) if schema not in current[:at]]


def types_at(root: Schema, path: Sequence[str | int]) -> set[str]:
    """JSON types that may stand at a path: `string`, `boolean`, `integer`, `number`, `array`, `object`, `null`."""
    return {_type(schema) for schema in schemas_at(root, path)} - {""}


def keys_at(root: Schema, path: Sequence[str | int]) -> list[str]:
    """The keys known in the mapping at a path, in their order; empty where there is none."""
    found = (key for schema in schemas_at(root, path) for key in schema.get("properties", {}))
    return list(dict.fromkeys(found))


def choices_at(root: Schema, path: Sequence[str | int]) -> list[str]:
    """The words allowed at a path where only some are, else empty."""
    schemas = schemas_at(root, path)
    words = [*(word for schema in schemas for word in schema.get("enum", []))]
    if len(schemas) > 1:  # one word alone is no choice
        words += [schema["const"] for schema in schemas if "const" in schema]
    return [str(word) for word in words]


def _type(schema: Schema) -> str:
    if "type" in schema:
        return str(schema["type"])
    words = [*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    return "string" if words and all(isinstance(word, str) for word in words) else ""


def _children(schema: Schema, step: str | int) -> Iterator[Schema]:
    if isinstance(step, str):
        properties = schema.get("properties", {})
        if step in properties:
            yield properties[step]
        elif isinstance(schema.get("additionalProperties"), Mapping):
            yield schema["additionalProperties"]
        return
    first = schema.get("prefixItems", [])
    if step < len(first):
        yield first[step]
    elif isinstance(schema.get("items"), Mapping):
        yield schema["items"]


def _alternatives(root: Schema, schema: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        yield from _alternatives(root, root.get("$defs", {}).get(name, {}))
        return
    branches = [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("allOf", [])]
    if not branches:
        yield schema
    for branch in branches:
        yield from _alternatives(root, branch)
