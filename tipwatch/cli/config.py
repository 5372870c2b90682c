"""`tipwatch config`: write a starter, check, show, and the schema for editors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from tipwatch.cli.common import ConfigOption, JsonOption, OutOption, config_file, load
from tipwatch.cli.show import print_json, write_out
from tipwatch.errors import BadInput, ConfigError, ExitCode
from tipwatch.text import escape_controls

group = typer.Typer(no_args_is_help=True, help="Write, check and show the configuration.")


@group.command("init")
def init(
    context: typer.Context,
    config: ConfigOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write a commented starter configuration that works as it is.

    Example: `tipwatch config init`, then `tipwatch crawl`
    """
    from tipwatch.files import write_file
    from tipwatch.resources import starter_config

    file = config_file(context, config)
    if file.exists() and not force:
        raise BadInput(f"{file} already exists", "edit it, name another with --config FILE, or replace it with --force")
    write_file(file, starter_config().read_bytes())
    print(f"Wrote {file}. Set `contact:` to your own address, then try: tipwatch crawl")


@group.command("check")
def check(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> int:
    """List every mistake in the configuration with its line, column and a hint. If an address has characters beyond
    ASCII, the mail server is asked whether it accepts them.

    Example: `tipwatch config check --config /etc/tipwatch/config.yaml`
    """
    from tipwatch.config.checks import warnings_of
    from tipwatch.config.load import load_config
    from tipwatch.config.probes import check_mail_server, check_own_model

    file = config_file(context, config)
    try:
        configuration = load_config(file)
        check_own_model(configuration)
        unknown = check_mail_server(configuration)
    except ConfigError as error:
        if not json:
            raise
        print_json({"file": str(file), "is_valid": False, "problems": [asdict(each) for each in error.problems]})
        return ExitCode.BAD_INPUT
    warnings = warnings_of(configuration.settings) + unknown
    sources, subscriptions = len(configuration.sources), len(configuration.settings.subscriptions)
    if json:
        print_json(
            {
                "file": str(file),
                "is_valid": True,
                "problems": [],
                "warnings": warnings,
                "sources": sources,
                "subscriptions": subscriptions,
            }
        )
        return ExitCode.DONE
    print(f"{file} is valid. Sources watched: {sources}. Subscriptions: {subscriptions}.")
    for warning in warnings:
        print(f"  note: {escape_controls(warning)}")
    return ExitCode.DONE


@group.command("show")
def show(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Print the configuration in force, with defaults filled in and secrets left out.

    Example: `tipwatch config show | less`
    """
    from tipwatch.config.show import as_yaml, effective

    configuration = load(context, config)
    shown = effective(configuration)
    if json:
        print_json(shown)
    else:
        print(as_yaml(shown), end="")


@group.command("schema")
def schema(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the reference page of every key instead.")
    ] = False,
    out: OutOption = None,
) -> None:
    """Print the JSON Schema of `config.yaml`, for editors that complete and validate.

    Example: `tipwatch config schema --out tipwatch.schema.json`
    """
    import json

    from tipwatch.config.load import json_schema
    from tipwatch.config.reference import configuration_page

    text = configuration_page() if markdown else json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    write_out(text.encode(), out)
