"""The files under deploy/ name commands that are there, and linters find nothing wrong with them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from tipwatch.cli.app import build_command

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
COMMANDS = build_command().commands

COMPOSE = DEPLOY / "compose.yaml"
HADOLINT = Path(sysconfig.get_path("scripts")) / "hadolint"  # comes with the tests' other tools


def faults_of(found: dict[str, Any]) -> list[str]:
    """Where the Compose specification does not allow it, or what it names is not there."""
    try:
        compose = PyCompose.from_json(json.dumps(found))  # JSON, since the reader of YAML knows no merge keys
        compose.validate()
    except ValueError as error:
        return [str(error)]
    faults = []
    for name, service in found["services"].items():
        named = {volume.split(":")[0] for volume in service.get("volumes", ()) if volume[0] not in "./"}
        missing = (set(service.get("depends_on", ())) - found["services"].keys()) | (named - found["volumes"].keys())
        faults += [f"{name} names {one}, which is not there" for one in sorted(missing)]
    return faults


def test_the_compose_file_is_what_the_specification_allows() -> None:
    assert faults_of(yaml.safe_load(COMPOSE.read_text())) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("mem_limit: 512m", "memory_limit: 512m"),
        ("mem_limit: 512m", "mem_limit: much"),
        ('networks: ["inside"]', 'networks: ["nowhere"]'),
        ("database:/var/lib", "databases:/var/lib"),
        ("    database:\n      condition", "    databank:\n      condition"),
    ],
)
def test_a_slip_in_the_compose_file_would_be_found(right: str, wrong: str) -> None:
    text = COMPOSE.read_text()
    assert right in text
    assert faults_of(yaml.safe_load(text.replace(right, wrong))) != []


@pytest.mark.slow
def test_the_linter_of_container_files_finds_nothing(tmp_path: Path) -> None:
    def lint(file: Path) -> str:
        command = [str(HADOLINT), "--no-color", "--failure-threshold", "style", str(file)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    assert lint(DEPLOY / "Containerfile") == ""
    careless = tmp_path / "Containerfile"
    careless.write_text((DEPLOY / "Containerfile").read_text().replace("python:3.12-slim", "python:latest"))
    assert "DL3007" in lint(careless)


def test_the_services_of_the_compose_file_run_commands_that_are_there() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "planner", "worker"}
    for name in ("planner", "worker"):
        command, *options = services[name]["command"]
        known = {option for each in COMMANDS[command].params for option in each.opts}
        assert set(options) <= known
        assert services[name]["build"]["dockerfile"] == "deploy/Containerfile"
    assert (DEPLOY / "Containerfile").exists()


def test_the_image_is_healthy_while_what_runs_in_it_serves() -> None:
    lines = (DEPLOY / "Containerfile").read_text().partition("HEALTHCHECK ")[2].splitlines()
    check = json.loads(lines[1].strip().removeprefix("CMD "))
    entry = next(line for line in lines if line.startswith("ENTRYPOINT ")).removeprefix("ENTRYPOINT ")
    assert check == [*json.loads(entry), "status", "--alive"]
    assert "--alive" in {option for each in COMMANDS["status"].params for option in each.opts}


def test_the_image_holds_every_package() -> None:
    copied = {
        line.split()[1] for line in (DEPLOY / "Containerfile").read_text().splitlines() if line.startswith("COPY ")
    }
    assert {"tipwatch", "crawler", "alerts", "storage", "classifier", "seeds"} <= copied


@pytest.mark.slow
@pytest.mark.parametrize("unit", sorted(each.name for each in DEPLOY.glob("*.service")))
def test_systemd_finds_nothing_wrong_with_the_units(unit: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    text = (DEPLOY / unit).read_text()
    command = next(line for line in text.splitlines() if line.startswith("ExecStart=")).split()
    assert command[-1] in COMMANDS
    there = shutil.which("true") or "/bin/true"  # systemd looks whether the program is there
    (tmp_path / unit).write_text(text.replace("/opt/tipwatch/bin/tipwatch", there))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (0, "")
