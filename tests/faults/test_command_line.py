"""What a shell may do to a command: streams that are closed, full or of another encoding, files that are none, paths of
any characters, values that no database holds. A plain message or an escaped character, never "something went wrong
inside"."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.database.engine import Database
from tests.support.announcing import tell
from tipwatch.__main__ import main
from tipwatch.cli.app import build_command
from tipwatch.files import write_file

STRANGE = "a b?c=d&e#f%20g%s'ü例"  # of a folder: marks that addresses and templates would give a meaning


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a strange name, with a configuration and a register of one project."""
    folder = tmp_path_factory.mktemp("strange") / STRANGE
    (folder / "data").mkdir(parents=True)
    with Database.open(f"sqlite:///{folder / 'data' / 'tipwatch.sqlite3'}") as database:
        tell(database, "Réseau “Safe” 例", "FJ", at=datetime.now(UTC))
    (folder / "config.yaml").write_text(
        yaml.safe_dump(
            {"contact": "ops@example.org", "subscriptions": [{"name": "morning", "recipients": ["ana@example.org"]}]}
        )
    )
    return folder


@pytest.fixture
def home(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / STRANGE
    shutil.copytree(installed, folder)
    monkeypatch.chdir(folder)
    return folder


def shell(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a shell script says in which `tipwatch` is the program, wherever its interpreter lies."""
    done = subprocess.run(
        ["bash", "-c", 'tipwatch() { "$interpreter" -m tipwatch "$@"; }; ' + script],
        capture_output=True, text=True, errors="replace", check=False,
        env={**os.environ, "interpreter": sys.executable, **environment},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "went wrong inside" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stderr
    return done


# --- streams ----------------------------------------------------------------------------------------------------------

PRINTING = "projects list", "projects list --json", "projects export", "config schema", "--help", "status"


@pytest.mark.slow
@pytest.mark.parametrize("command", PRINTING)
def test_output_that_cannot_be_written_is_told(home: Path, command: str) -> None:
    full = shell(f"tipwatch {command} > /dev/full")
    assert (full.returncode, full.stderr.strip()) == (2, "standard output: no space left on device")
    closed = shell(f"tipwatch {command} >&-")
    assert (closed.returncode, closed.stderr.strip()) == (2, "standard output: bad file descriptor")


@pytest.mark.slow
def test_a_command_that_prints_nothing_needs_no_streams(home: Path) -> None:
    assert shell("tipwatch config schema --out schema.json <&- >&- 2>&-").returncode == 0
    assert json.loads((home / "schema.json").read_text())["title"] == "tipwatch configuration"
    assert shell("tipwatch backup copy.sqlite3 <&- >&- 2>&-").returncode == 2  # it says where, and cannot
    assert (home / "copy.sqlite3").read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.slow
def test_input_that_is_closed_is_empty(home: Path) -> None:
    assert shell("tipwatch judge - <&-").returncode == shell("tipwatch judge - < /dev/null").returncode


@pytest.mark.slow
def test_a_configuration_without_end_is_told(home: Path) -> None:
    told = shell("ulimit -v 3000000; tipwatch --config /dev/zero status")
    assert "/dev/zero:1:1: the file is larger than 5 MB" in told.stdout + told.stderr


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_character_that_the_terminal_lacks_is_escaped(home: Path, encoding: str) -> None:
    said = shell("tipwatch projects list", PYTHONIOENCODING=encoding)
    assert said.returncode == 0
    assert "\\u4f8b" in said.stdout
    told = shell("tipwatch projects list --json", PYTHONIOENCODING=encoding)
    assert "例" in json.dumps(json.loads(told.stdout), ensure_ascii=False)


# --- files that are none ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "read"),
    [
        ("tipwatch projects export --out /dev/stdout | cat", None),
        ("tipwatch projects export --out >(cat > piped); wait; sleep 0.3", "piped"),
        ("mkfifo pipe; cat pipe > piped & tipwatch projects export --out pipe; wait; test -p pipe", "piped"),
        ("echo -n > kept; tipwatch projects export --out /dev/stdout > kept", "kept"),
        ("tipwatch projects export --out 3 3>&1 --out /dev/fd/3 3> kept", "kept"),
        ("ln -s kept link; touch kept; tipwatch projects export --out link; test -L link", "kept"),
    ],
)  # fmt: skip
def test_a_result_goes_into_a_pipe_a_device_or_an_open_file(home: Path, script: str, read: str | None) -> None:
    plain = shell("tipwatch projects export").stdout
    done = shell(script)
    assert done.returncode == 0, done.stderr
    assert (done.stdout if read is None else Path(read).read_text()) == plain


@pytest.mark.slow
def test_what_an_open_file_holds_stays(home: Path) -> None:
    assert shell("echo first > kept; tipwatch config schema --out /dev/stdout >> kept").returncode == 0
    assert (home / "kept").read_text().startswith("first\n{\n")


def test_a_device_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    write_file(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(OSError, match="/dev/full"):
        write_file(Path("/dev/full"), b"x")


def test_a_link_that_leads_to_itself_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    write_file(link, b"x")
    assert link.read_bytes() == b"x"


@pytest.mark.parametrize("name", ["f" * 255, "?", "#", "%s", "a\nb", "\udcff", " "])
def test_a_name_is_a_name_whatever_it_holds(tmp_path: Path, name: str) -> None:
    write_file(tmp_path / name, b"one")
    write_file(tmp_path / name, b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"two")]


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "missing" / "file", Path("/proc/version")):
        with pytest.raises(OSError) as caught:
            write_file(file, b"x")
        assert caught.value.filename == str(file)


# --- paths ------------------------------------------------------------------------------------------------------------


def test_everything_works_in_a_folder_of_any_name(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["projects", "list"]) == 0
    assert "Réseau" in capsys.readouterr().out
    assert main(["crawl"]) == 0
    assert main(["digest"]) == 0
    assert main(["backup", "copy?a=b#c%d.sqlite3"]) == 0
    assert main(["projects", "export", "--out", "out?a=b#c%d.csv"]) == 0
    assert main(["digest", "--out", "out?a=b#c%d"]) == 0
    main(["status"])
    assert {path.name for path in home.iterdir()} == {
        "config.yaml", "data", "copy?a=b#c%d.sqlite3", "out?a=b#c%d.csv", "out?a=b#c%d",
    }  # fmt: skip
    assert {path.name for path in (home / "data").iterdir()} <= {
        "tipwatch.sqlite3", "tipwatch.sqlite3-wal", "tipwatch.sqlite3-shm", "tipwatch.sqlite3.lock", "tipwatch.log",
        "clock", "outbox", "sent.jsonl",
    }  # fmt: skip
    assert list((home / "data" / "outbox").glob("*.eml"))


# --- values -----------------------------------------------------------------------------------------------------------

VALUES = ["\udcff", str(2**63), "9" * 5000, "nan", ""]
NOT_RUN = {"run", "worker", "demo", "train", "evaluate"}  # they run long; they take no text and no number


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its parameters."""

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        for name, each in getattr(command, "commands", {}).items():
            yield from below(each, (*path, name))
        if path and path[0] not in NOT_RUN:
            yield path, command

    yield from below(build_command(), ())


@cache
def calls() -> tuple[tuple[str, ...], ...]:
    """Each command with each of its parameters given each hostile value, and the others something harmless."""
    return tuple(_calls())


def _calls() -> Iterator[tuple[str, ...]]:
    for path, command in commands():
        if getattr(command, "commands", None) and path != ("digest",):
            continue
        takers = [one for one in command.params if not getattr(one, "is_flag", False)]
        for param in takers:
            for value in VALUES:
                options: list[str] = []
                arguments: list[str] = []
                for one in takers:
                    if one is param or one.required:
                        word = value if one is param else "1"
                        if one.param_type_name == "option":
                            options += [one.opts[0], word]
                        else:
                            arguments.append(word)
                yield (*path, *options, "--", *arguments)


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({call[:2] for call in calls()}), ids=" ".join)
def test_no_value_of_any_option_is_a_fault_of_ours(
    home: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    for call in calls():
        if call[:2] == command:
            code = main(call)
            said = "".join(capsys.readouterr())
            assert "went wrong inside" not in said, [word[:40] for word in call]
            assert code in (0, 1, 2)


def test_half_a_character_in_a_file_is_told_with_its_line(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("rows.jsonl").write_text('{"title": "One", "text": "1"}\n{"title": "T\\ud83d", "text": "2"}\n')
    assert main(["judge", "rows.jsonl"]) == 2
    assert "rows.jsonl:2: " in capsys.readouterr().err
    Path("bad.yaml").write_text('contact: ops@example.org\nmail: {sender: "T\\ud83d <a@example.org>"}\n')
    assert main(["config", "check", "--config", "bad.yaml"]) == 2
    assert "bad.yaml:2:" in capsys.readouterr().err
    monkeypatch.setenv("SENDER", "\udcff <a@example.org>")
    Path("bad.yaml").write_text("contact: ops@example.org\nmail: {sender: '${SENDER}'}\n")
    assert main(["config", "check", "--config", "bad.yaml"]) == 2
    assert "bad.yaml:2:16: mail.sender: is not valid text" in capsys.readouterr().err
