"""Configurations that cannot be meant, given to the real commands: all problems at once, with their place, exit code 2,
before anything is fetched or written, and never a secret in what is said."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.database.engine import Database
from tests.support.daemon_bench import Site
from tipwatch.__main__ import main

HEAD = "contact: ops@example.org\n"


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    text: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def clean_logging() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Said:
        code = main(arguments)
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Said(code, out + err)

    return call


# The fault's name: the file, and for each of its problems its line and words.
CASES: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "unknown keys": (HEAD + "sorces: []\ncrawler: {evry: 1h}\n", [(2, "unknown key"), (3, "unknown key")]),
    "tab": (HEAD + "crawler:\n\tevery: 1h\n", [(3, "tab")]),
    "duplicate key": (HEAD + "contact: b@example.org\n", [(2, "duplicate key")]),
    "duplicate feed": (
        HEAD + "sources:\n  - https://example.org/feed.xml\n  - http://www.example.org/feed.xml/\n", [(4, "")],
    ),
    "norway": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], countries: [NO]}\n", [(3, '"NO"')],
    ),
    "languages no": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], languages: [no]}\n", [(3, '"no"')],
    ),
    "no country": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], countries: [UK, KE]}\n", [(3, "did you mean GB")],
    ),
    "language by name": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], languages: [french]}\n", [(3, "did you mean fr")],
    ),
    "language of a source": (
        HEAD + "sources:\n  - {url: https://example.org/feed.xml, languages: [english]}\n", [(3, "such as fr")],
    ),
    "zone": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], timezone: Europe/Vienne}\n",
        [(3, "unknown time zone")],
    ),
    "time unquoted": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org], time: 25:00}\n", [(3, "time")],
    ),
    "no recipient": (HEAD + "subscriptions:\n  - {name: a, recipients: []}\n", [(3, "recipients")]),
    "bad recipient": (HEAD + "subscriptions:\n  - {name: a, recipients: [nobody]}\n", [(3, "mail address")]),
    "header in recipient": (
        HEAD + 'subscriptions:\n  - {name: a, recipients: ["a@b.org\\nBcc: c@d.org"]}\n', [(3, "")],
    ),
    "missing secret": (
        HEAD + "mail: {transport: smtp, host: h.example, username: u, password: '${TIPWATCH_NO_SUCH_SECRET}'}\n",
        [(2, "TIPWATCH_NO_SUCH_SECRET")],
    ),
    "bad pattern": (
        HEAD + "sources:\n  - {kind: listing, url: https://example.org/, links: 're:('}\n", [(3, "regular expression")],
    ),
    "bad selector": (
        HEAD + "sources:\n  - {kind: listing, url: https://example.org/, links: 'a[['}\n", [(3, "selector")],
    ),
    "other schemes": (
        HEAD + "sources:\n  - file:///etc/passwd\n  - ftp://example.org/feed\n", [(3, "http"), (4, "http")],
    ),
    "password in address": (HEAD + "sources:\n  - https://u:geheim@example.org/feed\n", [(3, "credentials:")]),
    "python in yaml": (HEAD + "data: !!python/object/apply:os.system [id]\n", [(2, "tag")]),
    "aliases": (HEAD + "sources: &a [*a]\n", [(2, "anchor"), (2, "alias")]),
    "two documents": (HEAD + "---\n" + HEAD, [(2, "second document")]),
    "no yaml": (HEAD + "mail: {port: [}\n", [(2, "not YAML")]),
    "empty": ("", [(1, "empty")]),
    "deep": (HEAD + "sources: " + "[" * 500 + "]" * 500 + "\n", [(2, "")]),
    "not a number": (HEAD + "crawler: {workers: many, timeout_seconds: -1}\n", [(2, "workers"), (2, "timeout")]),
    "interval": (HEAD + "crawler: {every: soon}\n", [(2, "every")]),
    "sources as a mapping": (HEAD + "sources: {url: https://example.org/}\n", [(2, "list")]),
    "port": (HEAD + "mail: {transport: smtp, host: h, port: 99999}\n", [(2, "port")]),
    "merge": (HEAD + "mail: {<<: {port: 25}}\n", [(2, "")]),
    "set of keys": (HEAD + "sources: !!set {? a}\n", [(2, "tag")]),
    "base 60": (HEAD + "crawler: {timeout_seconds: 1:30}\n", [(2, "number")]),
    "not a number at all": (HEAD + "crawler: {timeout_seconds: .nan}\n", [(2, "timeout")]),
    "twice the same name": (
        HEAD + "subscriptions:\n  - {name: a, recipients: [a@b.org]}\n  - {name: a, recipients: [a@b.org]}\n",
        [(4, "")],
    ),
    "control character": (HEAD + "data: a\x07b\n", [(2, "U+0007")]),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_a_configuration_that_cannot_be_meant_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    text, problems = CASES[name]
    (tmp_path / "config.yaml").write_text(text)
    said = run("config", "check")
    assert said.code == run("run", "--once").code == 2
    for line, words in problems:
        assert any(f"config.yaml:{line}:" in one and words in one for one in said.text.splitlines()), said.text
    assert "geheim" not in said.text
    assert all(character.isprintable() or character == "\n" for character in said.text)
    assert [one.name for one in tmp_path.iterdir()] == ["config.yaml"]


def test_a_file_that_is_no_text_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(HEAD.encode("utf-16"))
    assert run("config", "check").code == 2
    (tmp_path / "config.yaml").unlink()
    (tmp_path / "config.yaml").mkdir()
    assert run("config", "check").code == 2


def test_a_secret_is_in_nothing_that_is_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPWATCH_SMTP_PASSWORD", "correct horse")
    (tmp_path / "config.yaml").write_text(
        HEAD + "mail: {transport: smtp, host: h.example, username: u, password: '${TIPWATCH_SMTP_PASSWORD}'}\n"
        "sources:\n  - {url: https://example.org/f, credentials: {username: me, password: staple}}\n"
    )
    said = run("config", "show")
    assert said.code == 0
    assert "correct horse" not in said.text
    assert "staple" not in said.text


# --- the database that a configuration names --------------------------------------------------------------------------


def execute(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def make_database(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Database.open(f"sqlite:///{path}").close()


def damage(path: Path) -> None:
    make_database(path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 2_000)


def cut_upgrade(path: Path) -> None:
    make_database(path)
    execute(path, "DROP TABLE announcement")


def newer(path: Path) -> None:
    make_database(path)
    execute(path, "UPDATE alembic_version SET version_num = '9999'")


def of_another_program(path: Path) -> None:
    path.parent.mkdir(parents=True)
    execute(path, "CREATE TABLE songs (title TEXT)")


def text_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("My notes.\n")


# The fault's name: how the file comes to be, and the words of what is said and advised.
DATABASES: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "damaged": (damage, ("damaged", "backup")),
    "half upgraded": (cut_upgrade, ("backup",)),
    "newer": (newer, ("newer",)),
    "of another program": (of_another_program, ("another program",)),
    "a text file": (text_file, ("not an SQLite database",)),
}


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


@pytest.mark.parametrize("name", list(DATABASES))
def test_a_database_that_cannot_be_used_is_refused_before_anything_is_fetched_and_not_touched(
    run: Run, tmp_path: Path, site: Site, name: str
) -> None:
    make, words = DATABASES[name]
    path = tmp_path / "data" / "tipwatch.sqlite3"
    make(path)
    before = path.read_bytes()
    (tmp_path / "config.yaml").write_text(
        HEAD + f"sources: [{site.url}/herald.xml]\ncrawler: {{allow_addresses: [127.0.0.0/8]}}\n"
        "subscriptions: [{name: a, recipients: [a@b.org]}]\n"
    )
    for command in (("crawl",), ("run", "--once"), ("digest",)):
        said = run(*command)
        assert said.code == 2, said.text
        for word in words:
            assert word in said.text
        assert str(path) in said.text
    assert site.asked == []
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_fetched(
    run: Run, tmp_path: Path, site: Site
) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    (tmp_path / "config.yaml").write_text(HEAD + f"sources: [{site.url}/herald.xml]\n")
    assert run("crawl").code == 2
    assert site.asked == []
