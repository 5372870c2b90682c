"""Writes the reference pages from the program itself: `python -m tipwatch.reference FOLDER`.

`cli.md` comes of the command line, `configuration.md` of the settings models. Tests compare the pages in `docs/` with
these, so that neither can be forgotten.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tipwatch.cli.app import build_command
from tipwatch.config.reference import configuration_page
from tipwatch.files import write_file

CLI_HEAD = """# Command line

*Written by `python -m tipwatch.reference docs`; edit the commands in `tipwatch/cli/` instead.*

`--config FILE` (default `./config.yaml`) may come before or after any command. Exit codes: 0 done, 1 done but something
needs a person, 2 bad input or configuration, 130 interrupted. Errors are explained on standard error; output
for scripts goes to standard output, as JSON with `--json`.
"""


def command_pages() -> str:
    """The page of every command: usage, what it does, its arguments and options."""
    root = build_command()
    return CLI_HEAD + "".join(
        f"\n{_command(path, command)}" for path, command in _commands(root, "tipwatch") if path != "tipwatch"
    )


def main(folder: Path) -> None:
    """Writes both pages into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / "configuration.md", configuration_page().encode())
    write_file(folder / "cli.md", command_pages().encode())


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
    name = f"{argument.metavar or argument.name.upper()}{'' if argument.nargs == 1 else '…'}"
    return name if argument.required else f"[{name}]"


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
