"""The files under deploy/ name commands that are there, and what systemd can check of them is well."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
import yaml

from tipwatch.cli.app import build_app

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
COMMANDS = typer.main.get_command(build_app()).commands  # type: ignore[attr-defined]  # a group has them


def test_the_services_of_the_compose_file_run_commands_that_are_there() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(services) == {"database", "planner", "worker"}
    for name in ("planner", "worker"):
        command, *options = services[name]["command"]
        known = {option for each in COMMANDS[command].params for option in each.opts}
        assert set(options) <= known
        assert services[name]["build"]["dockerfile"] == "deploy/Containerfile"
    assert (DEPLOY / "Containerfile").exists()


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
