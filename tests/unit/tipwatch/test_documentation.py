"""The reference pages are what the program is: every command and every key is described, and none is forgotten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tipwatch import reference
from tipwatch.cli.app import build_command
from tipwatch.config.checks import warnings_of
from tipwatch.config.load import read_config
from tipwatch.config.reference import configuration_page
from tipwatch.resources import starter_config

ROOT = Path(__file__).resolve().parents[3]


def commands(command: Any, path: str = "tipwatch") -> dict[str, Any]:
    found = {path: command}
    for name, child in getattr(command, "commands", {}).items():
        found |= commands(child, f"{path} {name}")
    return found


COMMANDS = commands(build_command())
LEAVES = {
    path: command
    for path, command in COMMANDS.items()
    if not getattr(command, "commands", None) or command.invoke_without_command
}


def test_every_key_of_the_configuration_is_described() -> None:
    rows = [line for line in configuration_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 100
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_configuration_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "configuration.md").read_text() == configuration_page(), (
        "run: python -m tipwatch.reference docs"
    )


def test_the_command_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "cli.md").read_text() == reference.command_pages(), "run: python -m tipwatch.reference docs"


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_every_command_is_on_the_page(path: str) -> None:
    assert path == "tipwatch" or f"\n## {path}\n" in (ROOT / "docs" / "cli.md").read_text()


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_command_says_what_it_does_and_gives_an_example(path: str) -> None:
    text = LEAVES[path].help or ""
    assert "Example" in text
    assert f"`{path}" in text


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_every_option_and_argument_says_what_it_is(path: str) -> None:
    silent = [each.name for each in LEAVES[path].params if not each.help and each.name != "help"]
    assert silent == []


def test_the_commands_of_the_design_are_there() -> None:
    expected = """run, crawl, digest, digest list, digest show, status, config init, config check, config show,
    config schema, sources list,
    sources check, sources add, sources import, sources export, articles list, articles show, articles
    why, articles label, projects list, projects show, projects merge, projects split, projects fix,
    projects export, parked list, parked retry, judge, import, train, evaluate, demo"""
    assert {f"tipwatch {' '.join(name.split())}" for name in expected.split(",")} <= set(LEAVES)


def test_the_starter_configuration_works_as_it_is() -> None:
    configuration = read_config(starter_config().read_bytes(), Path("config.yaml"), {})
    assert len(configuration.sources) > 10
    assert configuration.mail.transport == "file"
    assert configuration.settings.subscriptions
    assert [one.split(":")[0] for one in warnings_of(configuration.settings)] == ["contact", "subscription morning"]


def test_what_the_starter_only_comments_works_too() -> None:
    lines = []
    for line in starter_config().read_text().splitlines():
        bare = line.lstrip()
        is_yaml = bare.startswith("# ") and bare[2:].lstrip().split(" ")[0].rstrip().endswith((":", "-"))
        lines.append(line.replace("# ", "", 1) if is_yaml else line)
    text = "\n".join(lines).replace("  transport: file\n", "", 1)
    configuration = read_config(text.encode(), Path("config.yaml"), {"TIPWATCH_SMTP_PASSWORD": "x"})
    assert configuration.mail.transport == "smtp"
    assert any(source.kind == "listing" and source.label == "Example news" for source in configuration.sources)
    assert configuration.settings.subscriptions[0].countries == ("BI", "NO")


def test_the_configuration_of_this_folder_is_the_starter() -> None:
    assert (ROOT / "config.yaml").read_bytes() == starter_config().read_bytes()


def test_every_test_that_the_promises_name_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "reliability.md").read_text()))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text())
    }
    assert len(named) > 60
    assert named <= written, sorted(named - written)


def test_the_card_of_the_model_counts_what_it_was_trained_on() -> None:
    card = (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")
    about = json.loads((ROOT / "classifier" / "model" / "about.json").read_text(encoding="utf-8"))
    table = card.split("| language | articles |")[1].split("\n\n")[0]
    told = [int(count.replace(",", "")) for count in re.findall(r"\| ([\d,]+) \|$", table, re.MULTILINE)]
    assert told == sorted(about["languages"].values(), reverse=True)
    assert f"{about['records']:,} articles" in card
    assert f"({about['borderline']} borderline" in card
