"""Writes the reference pages from the program itself: `python -m tipwatch.reference FOLDER`.

`cli.md` comes of the command line, `configuration.md` of the settings models. Tests compare the pages in `docs/` with
these, so that neither can be forgotten.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tipwatch.config.schema_paths import Schema, schemas_at

__all__ = ["command_pages", "configuration_page", "main", "undescribed_keys"]

CONFIGURATION_HEAD = """# Configuration

*Written by `python -m tipwatch.reference docs`; edit the descriptions in the packages' `settings.py` instead.*

tipwatch reads `./config.yaml`, or the file after `--config`. `tipwatch config init` writes a commented starter,
`tipwatch config check` tells everything that is wrong with line, column and a hint, `tipwatch config show` prints
what is in force with secrets left out, and `tipwatch config schema` prints a JSON Schema for editors (put `#
yaml-language-server: $schema=FILE` into the first line).

- Unknown keys, duplicate keys, aliases, tags and tabs are refused. Words such as `no` and `on` are refused where
  text is wanted: write `"NO"` for Norway.
- `${NAME}` stands for an environment variable, `${NAME:-default}` gives it a default, `$${` is a literal `${`. Put
  values with them in quotes inside `{ }` and `[ ]`. A variable that is not set is an error; under `mail` it is
  one only for what sends (`run`, `digest`), so that a crawl or an export needs no mail password.
- Durations are written `90s`, `30m`, `2h`, `1d`; a bare number is seconds. Times of day are written `"07:00"`.
- Relative paths are relative to the file's folder.
- A running daemon takes up edits by itself (or at SIGHUP). A broken edit is refused whole, the old configuration
  stays in force, and the log and `tipwatch status` say so. Only `data` and `storage.url` need a restart.
"""

CLI_HEAD = """# Command line

*Written by `python -m tipwatch.reference docs`; edit the commands in `tipwatch/cli/` instead.*

`--config FILE` (default `./config.yaml`) stands before or after any command. Exit codes: 0 done, 1 done but something
needs a person, 2 bad input or configuration, 130 interrupted. Whatever goes wrong is told in words on standard error;
what scripts read is on standard output, as JSON where `--json` is given.
"""


def configuration_page() -> str:
    """The page of every configuration key: type, default, what it is for."""
    from tipwatch.config.load import json_schema

    schema = json_schema()
    sections = "\n".join(_section(schema, path) for path in _mappings(schema, ()))
    return f"{CONFIGURATION_HEAD}\n{sections}"


def undescribed_keys() -> list[str]:
    """Keys of the configuration without a description; a test holds this empty."""
    from tipwatch.config.load import json_schema

    schema = json_schema()
    return [
        ".".join((*path, key))
        for path in _mappings(schema, ())
        for key, value in _properties(schema, path).items()
        if not _description(schema, value)
    ]


def command_pages() -> str:
    """The page of every command: usage, what it does, its arguments and options."""
    import typer.main

    from tipwatch.cli.app import build_app

    root = typer.main.get_command(build_app())
    return CLI_HEAD + "".join(
        f"\n{_command(path, command)}" for path, command in _commands(root, "tipwatch") if path != "tipwatch"
    )


def main(folder: Path) -> None:
    """Writes both pages into `folder`."""
    from tipwatch.files import write_file

    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / "configuration.md", configuration_page().encode())
    write_file(folder / "cli.md", command_pages().encode())


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
    return {
        key: value for found in schemas_at(schema, _steps(path)) for key, value in found.get("properties", {}).items()
    }


def _section(schema: Schema, path: tuple[str, ...]) -> str:
    required = {key for found in schemas_at(schema, _steps(path)) for key in found.get("required", [])}
    name = ".".join(path).replace(".[]", "[]")
    lines = [f"## `{name}`" if name else "## Top level", ""]
    lines += ["| key | value | default | what it is |", "| --- | --- | --- | --- |"]
    for key, value in _properties(schema, path).items():
        default = "**required**" if key in required else _default(value)
        lines.append(f"| `{key}` | {_kind(schema, (*path, key))} | {default} | {_cell(_description(schema, value))} |")
    return "\n".join([*lines, ""])


def _description(schema: Schema, value: Mapping[str, Any]) -> str:
    if value.get("description"):
        return str(value["description"])
    found = schemas_at({"$defs": schema.get("$defs", {}), "properties": {"x": value}}, ["x"])
    return next((str(each["description"]) for each in found if each.get("description")), "")


def _default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default in (None, [], {}) or isinstance(default, dict):
        return ""
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`"


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
            kinds.append(" or ".join(f"`{word}`" for word in found["enum"]))
        elif "const" in found:
            kinds.append(f"`{found['const']}`")
        elif found.get("type") == "array":
            inner = _kind(schema, (*path, "[]"))
            kinds.append(f"list of {inner}" if inner else "list")
        elif found.get("title") == "Duration":
            return "duration"
        elif found.get("type") in words:
            kinds.append(words[found["type"]] + _bounds(found))
    return _cell(" or ".join(dict.fromkeys(kinds)))


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


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        yield from _commands(child, f"{path} {name}")


def _command(path: str, command: Any) -> str:
    lines = [f"## {path}", "", *_paragraphs(command.help or ""), ""]
    if getattr(command, "commands", None) and not command.invoke_without_command:
        return "\n".join(lines)
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and each.name != "help"]
    usage = " ".join([path, *(_metavar(each) for each in arguments), "[OPTIONS]" if options else ""]).strip()
    lines += ["```", usage, "```", ""]
    lines += [f"- `{_metavar(each)}`: {each.help or ''}".rstrip(": ") for each in arguments]
    lines += [f"- `{_flags(each)}`: {each.help or ''}{_shown_default(each)}" for each in options]
    return "\n".join([*lines, ""])


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def _metavar(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return str(name)


def _flags(option: Any) -> str:
    flags = ", ".join([*option.opts, *option.secondary_opts])
    takes_value = not getattr(option, "is_flag", False)
    metavar = option.metavar or str(option.name).upper()
    return f"{flags} {metavar}" if takes_value else flags


def _shown_default(option: Any) -> str:
    default = option.default
    is_telling = isinstance(default, (int, float, str)) and not isinstance(default, bool) and default != ""
    return f" Default: `{default}`." if is_telling else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes the pages of commands and of configuration keys.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs"), help="where they go; docs unless given")
    main(parser.parse_args().folder)
