"""Commands as people and scripts call them: what they print, where, and their exit codes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from storage.database.engine import Database
from storage.records import SourceSpec
from storage.runs import start_run
from storage.sources.sources import sync_sources
from tests.support.article_lines import CONFIG
from tests.support.commands import Run

# --- the command line itself ------------------------------------------------------------------------------------------


def test_the_version_is_told(run: Run) -> None:
    said = run("--version")
    assert (said.code, said.out.split()[0]) == (0, "tipwatch")


@pytest.mark.parametrize(
    "arguments", [("nonsense",), ("status", "--nonsense"), ("articles", "show", "x"), ("judge", "--model")]
)
def test_what_cannot_be_understood_is_bad_input(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert said.err


@pytest.mark.parametrize(
    "arguments", [("--config", "other.yaml", "config", "show"), ("config", "show", "--config", "other.yaml")]
)
def test_the_configuration_may_be_named_before_or_after_the_command(
    run: Run, folder: Path, arguments: tuple[str, ...]
) -> None:
    (folder / "config.yaml").unlink()
    (folder / "other.yaml").write_text(CONFIG.replace("ops@", "other@"))
    said = run(*arguments)
    assert said.code == 0
    assert "contact: other@example.org" in said.out


@pytest.mark.parametrize(
    "command",
    [
        ("crawl",),
        ("status",),
        ("projects", "list"),
        ("projects", "export"),
        ("projects", "add", "--fact", "name=Safe Roads"),
        ("sources", "list"),
        ("config", "show"),
        ("digest", "--dry-run"),
        ("digest", "--out", "preview"),
        ("digest", "list"),
        ("deliveries", "list"),
        ("articles", "list"),
        ("parked", "list"),
        ("undo",),
        ("reprocess", "--since", "30d", "--dry-run"),
    ],
)
def test_only_what_sends_needs_the_mail_password(run: Run, folder: Path, command: tuple[str, ...]) -> None:
    mail = "mail: {transport: smtp, host: smtp.example.org, username: u, password: '${TIPWATCH_NO_SUCH_PASSWORD}'}\n"
    subscription = "subscriptions: [{name: morning, recipients: [a@example.org]}]\n"
    (folder / "config.yaml").write_text(f"contact: ops@example.org\n{mail}{subscription}")
    assert run(*command).code == 0
    for sending in (("run", "--once"), ("config", "check")):
        said = run(*sending)
        assert said.code == 2
        assert "mail.password: environment variable TIPWATCH_NO_SUCH_PASSWORD is not set" in said.err


def test_a_crawl_with_nothing_due_says_what_is_due_next_and_how_to_visit_it_now(run: Run, folder: Path) -> None:
    config = "contact: ops@example.org\n"
    (folder / "config.yaml").write_text(config)
    assert "No source is watched" in run("run", "--once").out
    (folder / "config.yaml").write_text(f"{config}sources: [{{url: 'https://a.example/', name: Herald}}]\n")
    with Database.open(f"sqlite:///{folder}/data/tipwatch.sqlite3") as database:
        later = datetime.now(UTC) + timedelta(minutes=30)
        spec = SourceSpec("Herald", "feed", "https://a.example/", "a.example", (), ())
        database.write_now(sync_sources, [spec], later)  # due when it is added
    for command in (("run", "--once"), ("crawl",)):
        said = run(*command)
        assert said.code == 0
        assert re.search(r"No source was due; next: Herald, in \d+ min\. .* --force", said.out)
    assert run("run", "--force").code == 2


def test_a_crawl_that_died_is_shown_as_interrupted_and_never_as_running(run: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text("contact: ops@example.org\n")
    assert run("crawl").code == 0
    with Database.open(f"sqlite:///{folder}/data/tipwatch.sqlite3") as database:
        database.write_now(start_run, "crawl", datetime.now(UTC))  # and its process was killed
    assert re.search(r"last crawl +one started .* was interrupted; .* done", run("status").out)
    assert run("crawl").code == 0
    assert re.search(r"last crawl +(now|\d+ s ago), done: 0 sources; 0 pages; ", run("status").out)
    assert run("status", "--json").json()["stored"]["running_crawl"] is None


def test_a_source_is_paused_resumed_and_removed_by_name(run: Run, folder: Path) -> None:
    assert run("sources", "list").code == 0
    assert "0 sources" in run("sources", "pause", "Example news").out
    assert run("sources", "list").out.splitlines()[1].startswith("paused")
    assert run("sources", "resume", "https://example.org/feed.xml").code == 0
    assert run("sources", "list").out.splitlines()[1].startswith("never-polled")
    assert "0 sources" in run("sources", "remove", "example news").out
    assert "No source is watched" in run("sources", "list").out
    assert "1 source." in run("sources", "undo").out
    assert (folder / "config.yaml").read_text().startswith(CONFIG)
    refused = run("sources", "remove", "Exampel news")
    assert refused.code == 2
    assert "Did you mean 'Example news'?" in refused.err


def test_a_bug_is_told_in_one_sentence_and_logged_whole(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("a bug \x1b[31m of ours")

    monkeypatch.setattr("storage.articles.articles.list_articles", broken)
    said = run("articles", "list")
    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "\x1b" not in said.err
    assert str(folder / "data" / "tipwatch.log") in said.err
    assert "Traceback" in (folder / "data" / "tipwatch.log").read_text()


# --- configuration ----------------------------------------------------------------------------------------------------


def test_a_starter_is_written_once_and_works(run: Run, folder: Path) -> None:
    (folder / "config.yaml").unlink()
    assert run("config", "init").code == 0
    assert run("config", "check").code == 0
    assert "contact: you@example.org is an example" in run("config", "check").out
    again = run("config", "init")
    assert again.code == 2
    assert "already exists" in again.err
    assert run("config", "init", "--force").code == 0


def test_all_problems_of_a_configuration_are_told_with_exit_code_2(run: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text("contact: x\nsorces: []\nlog: {level: loud}\n")
    for arguments in (("config", "check"), ("crawl",), ("articles", "list"), ("digest", "--dry-run"), ("run",)):
        said = run(*arguments)
        assert said.code == 2
        assert [line.split(": ")[0] for line in said.err.splitlines()] == [
            "config.yaml:1:10",
            "config.yaml:2:1",
            "config.yaml:3:14",
        ]
    problems = run("config", "check", "--json").json()["problems"]
    assert [(each["line"], each["path"]) for each in problems] == [(1, "contact"), (2, "sorces"), (3, "log.level")]


def test_the_schema_is_json(run: Run) -> None:
    schema = run("config", "schema").json()
    assert schema["properties"]["sources"]["items"]["anyOf"][0]["type"] == "string"


def test_a_data_folder_that_cannot_be_written_is_told_before_anything_happens(run: Run, folder: Path) -> None:
    (folder / "data").write_text("a file where the folder should be")
    for arguments in (("crawl",), ("run",), ("digest",), ("articles", "list")):
        said = run(*arguments)
        assert said.code == 2
        assert "data" in said.err


def test_a_file_that_is_no_database_is_told(run: Run, folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "tipwatch.sqlite3").write_text("no database " * 100)
    for arguments in (("status",), ("articles", "list"), ("crawl",)):
        said = run(*arguments)
        assert said.code == 2
        assert "not an SQLite database" in said.err


# --- sources ----------------------------------------------------------------------------------------------------------


def test_sources_are_listed_with_their_health(run: Run) -> None:
    said = run("sources", "list")
    assert said.code == 0
    assert "never-polled" in said.out
    (source,) = run("sources", "list", "--json").json()
    assert (source["name"], source["state"], source["tags"]) == ("Example news", "never-polled", ["press"])
    assert run("sources", "list", "--tag", "none", "--json").json() == []


def test_the_catalogue_can_be_looked_through(run: Run) -> None:
    said = run("sources", "list", "--catalogue", "--tag", "core")
    assert said.code == 0
    assert "Tags: " in said.out
    entries = run("sources", "list", "--catalogue", "--json").json()
    assert len(entries) >= 150
    assert all(entry["name"] and entry["why"] for entry in entries)


def test_a_source_is_added_in_place(run: Run, folder: Path) -> None:
    assert run("sources", "add", "https://example.org/b.xml", "--tag", "x", "--language", "fr").code == 0
    assert len(run("sources", "list", "--json").json()) == 2
    twice = run("sources", "add", "https://example.org/b.xml/")
    assert twice.code == 2
    assert "https://example.org/b.xml/ is watched already, as" in twice.err
    assert run("sources", "add", "ftp://example.org/c").code == 2
    assert len(run("sources", "list", "--json").json()) == 2


def test_feeds_go_out_and_come_in_as_opml(run: Run, folder: Path) -> None:
    assert run("sources", "export", "--out", "feeds.opml").code == 0
    opml = (folder / "feeds.opml").read_text().replace("</body>", '<outline xmlUrl="https://b.example/feed"/></body>')
    (folder / "feeds.opml").write_text(opml)
    said = run("sources", "import", "feeds.opml", "--tag", "imported")
    assert said.code == 0
    assert said.out.startswith("1 feed added to config.yaml, 1 already watched, 0 left out.")
    assert run("sources", "pause", "b.example/feed").code == 0
    assert run("sources", "import", "feeds.opml").out.startswith("0 feeds added to config.yaml, 2 already watched, 0")
    assert run("sources", "import", "none.opml").code == 2
    assert run("sources", "import", "config.yaml").code == 2


# --- digests, status, what is parked ----------------------------------------------------------------------------------


def test_a_digest_can_be_looked_at_without_being_sent(filled: Run, folder: Path) -> None:
    said = filled("digest", "--dry-run")
    assert said.code == 0
    assert "Burundi" in said.out
    assert filled("digest", "--out", "preview").code == 0
    assert {file.suffix for file in (folder / "preview").iterdir()} == {".eml", ".html", ".txt"}
    assert not (folder / "data" / "outbox").exists()
    sent = filled("digest")
    assert sent.code == 0
    assert len(list((folder / "data" / "outbox").glob("*.eml"))) == 1
    assert "No digest is due" in filled("digest").out
    assert filled("digest", "--dry-run", "--subscription", "mornin").code == 2


def test_digests_that_went_out_are_listed_and_shown(filled: Run, folder: Path) -> None:
    assert "No digest has been made yet" in filled("digest", "list").out
    filled("digest")
    [listed] = filled("digest", "list", "--json").json()
    assert (listed["subscription"], listed["new_projects"], listed["deliveries"]) == ("morning", 1, {"sent": 1})
    said = filled("digest", "show", str(listed["id"]))
    assert "a@example.org: sent after 1 try" in said.out
    assert "USD" in said.out
    [message] = filled("digest", "show", str(listed["id"]), "--json").json()["messages"]
    assert message["state"] == "sent"
    assert filled("digest", "show", "99").code == 2


def test_a_test_mail_changes_nothing(filled: Run, folder: Path) -> None:
    assert filled("digest", "--to", "me@example.org").code == 0
    [trial] = (folder / "data" / "outbox").glob("*.eml")
    assert str(message_from_bytes(trial.read_bytes(), policy=default)["Subject"]).startswith("[test]")
    assert filled("digest", "list", "--json").json() == []
    assert filled("digest", "--to", "nobody").code == 2


def test_status_before_anything_has_run_says_what_to_do(run: Run, folder: Path) -> None:
    said = run("status")
    assert said.code == 0
    assert "Next: tipwatch crawl" in said.out
    assert run("status", "--json").json()["stored"] is None
    assert not (folder / "data" / "tipwatch.sqlite3").exists()


def test_status_tells_what_is_stored(filled: Run) -> None:
    told = filled("status", "--json").json()
    assert told["needs"] == []
    assert told["stored"]["totals"]["articles"] == 2
    assert told["stored"]["totals"]["projects"] == 1
    said = filled("status")
    assert said.code == 0
    assert "2 articles" in said.out


def test_status_works_while_the_configuration_is_broken(filled: Run, folder: Path) -> None:
    (folder / "config.yaml").write_text(CONFIG + "crawlr: {}\n")
    said = filled("status")
    assert said.code == 1
    assert "the configuration is broken" in said.out
    assert "2 articles" in said.out


def test_a_status_without_a_configuration_is_bad_input(run: Run, folder: Path) -> None:
    (folder / "config.yaml").unlink()
    assert run("status").code == 2


def test_nothing_is_parked_at_first(run: Run) -> None:
    assert run("parked", "list").out == "No page is parked.\n"
    assert run("parked", "list", "--json").json() == []
    assert run("parked", "retry").code == 0


def test_a_source_that_is_not_watched_cannot_be_crawled(run: Run) -> None:
    said = run("crawl", "Exmple news")
    assert said.code == 2
    assert "Did you mean 'Example news'?" in said.err
