"""The reference page of the configuration, of the settings models: see `tipwatch.reference`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storage.durations import format_duration
from tipwatch.config.schema_paths import Schema, schemas_at

CONFIGURATION_HEAD = """# Configuration

*Written by `python -m tipwatch.reference docs`; edit the descriptions in the packages' `settings.py` instead.*

tipwatch reads `./config.yaml`, or the file after `--config`. `tipwatch config init` writes a commented starter,
`tipwatch config check` lists every mistake with its line, column and a hint, `tipwatch config show` prints the
settings in force without secrets, and `tipwatch config schema` prints a JSON Schema for editors (put `#
yaml-language-server: $schema=FILE` into the first line).

- Unknown keys, duplicate keys, aliases, tags and tabs are refused. Words such as `no` and `on` are refused where
  text is wanted: write `"NO"` for Norway.
- `${NAME}` stands for an environment variable, `${NAME:-default}` gives it a default, `$${` is a literal `${`. Put
  values with them in quotes inside `{ }` and `[ ]`. A variable that is not set is an error; under `mail`, only for
  commands that send (`run`, `digest`), so a crawl or an export needs no mail password.
- Durations are written `90s`, `30m`, `2h`, `1d`; a bare number is seconds. Times of day are written `"07:00"`.
- Relative paths are relative to the file's folder.
- A running daemon picks up edits by itself (or on SIGHUP). A broken edit is rejected as a whole: the old
  configuration stays in force, and the log and `tipwatch status` say so. Only `data`, `storage.url` and `engine` need a
  restart.
"""


def configuration_page() -> str:
    """The page of every configuration key: type, default, what it is for."""
    from tipwatch.config.load import json_schema

    schema = json_schema()
    sections = "\n".join(section for path in _mappings(schema, ()) for section in _sections(schema, path))
    return f"{CONFIGURATION_HEAD}\n{sections}"


def _mappings(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The path of every mapping with keys of its own, outer ones first; `[]` stands for each entry of a list."""
    yield path
    for key, value in _properties(schema, path).items():
        for step in ((*path, key), (*path, key, "[]")):
            if any("properties" in found for found in schemas_at(schema, _steps(step))) and value is not None:
                yield from _mappings(schema, step)


def _steps(path: tuple[str, ...]) -> list[str | int]:
    return [0 if step == "[]" else step for step in path]


def _properties(schema: Schema, path: tuple[str, ...]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for found in schemas_at(schema, _steps(path)):
        for key, value in found.get("properties", {}).items():
            merged.setdefault(key, value)
    return merged


def _sections(schema: Schema, path: tuple[str, ...]) -> Iterator[str]:
    """A table of a mapping's keys; where there are several kinds of it, one of those that all share, and one a kind."""
    name = ".".join(path).replace(".[]", "[]")
    title = f"## `{name}`" if name else "## Top level"
    found = [each for each in schemas_at(schema, _steps(path)) if "properties" in each]
    shared = {key: value for key, value in _properties(schema, path).items() if _is_shared(key, found)}
    yield _section(title, schema, path, shared, found[0].get("required", []))
    for each in found if len(found) > 1 else []:
        own = {key: value for key, value in each["properties"].items() if key not in shared}
        kind = each["properties"]["kind"]["const"]
        yield _section(f"### `{name}` with `kind: {kind}`", schema, path, own, each.get("required", []))


def _is_shared(key: str, found: Sequence[Schema]) -> bool:
    """Whether a key is the same in all kinds of a mapping; the one that says which kind it is stands with them."""
    if key == "kind":
        return True
    first, *others = [(each["properties"].get(key), key in each.get("required", [])) for each in found]
    return all(other == first for other in others)


def _section(
    title: str, schema: Schema, path: tuple[str, ...], keys: Mapping[str, Any], required: Sequence[str]
) -> str:
    lines = [title, "", "| key | value | default | what it is |", "| --- | --- | --- | --- |"]
    for key, value in keys.items():
        kind = _kind(schema, (*path, key))
        default = "**required**" if key in required else _default(value, kind)
        lines.append(f"| `{key}` | {kind} | {default} | {_cell(_description(schema, value))} |")
    return "\n".join([*lines, ""])


def _description(schema: Schema, value: Mapping[str, Any]) -> str:
    if value.get("description"):
        return str(value["description"])
    found = schemas_at({"$defs": schema.get("$defs", {}), "properties": {"x": value}}, ["x"])
    return next((str(each["description"]) for each in found if each.get("description")), "")


def _default(value: Mapping[str, Any], kind: str) -> str:
    default = value.get("default")
    if kind == "duration" and isinstance(default, int):
        return f"`{format_duration(default)}`"
    if default in (None, [], {}) or isinstance(default, dict):
        return ""
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{str(default).removesuffix(':00') if kind == 'text' else default}`"  # 07:00:00 is written 07:00


def _kind(schema: Schema, path: tuple[str, ...]) -> str:
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "keys",
    }
    kinds: list[str] = []
    for found in schemas_at(schema, _steps(path)):
        if "enum" in found:
            kinds.append(_one_of([f"`{word}`" for word in found["enum"]]))
        elif "const" in found:
            kinds.append(f"`{found['const']}`")
        elif found.get("type") == "array":
            inner = _kind(schema, (*path, "[]"))
            kinds.append(f"list of {inner}" if inner else "list")
        elif found.get("title") == "Duration":
            return "duration"
        elif found.get("type") in words:
            kinds.append(words[found["type"]] + _bounds(found))
    return _cell(_one_of(list(dict.fromkeys(kinds))))


def _one_of(words: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _bounds(found: Mapping[str, Any]) -> str:
    low = next(
        (f"{sign}{found[key]}" for key, sign in (("minimum", ""), ("exclusiveMinimum", "above ")) if key in found), ""
    )
    high = next(
        (f"{sign}{found[key]}" for key, sign in (("maximum", ""), ("exclusiveMaximum", "below ")) if key in found), ""
    )
    if low and high:
        return f" ({low} to {high})"
    return f" ({low} or more)" if low else f" (at most {high})" if high else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
