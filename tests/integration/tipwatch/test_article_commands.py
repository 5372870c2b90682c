"""Commands on articles and projects, as people and scripts call them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.support.article_lines import BURUNDI
from tests.support.commands import FOOTBALL, Run

# --- articles and projects --------------------------------------------------------------------------------------------


def test_articles_are_judged_line_by_line(run: Run, folder: Path) -> None:
    (folder / "articles.jsonl").write_text(f"{json.dumps(BURUNDI)}\n{json.dumps(FOOTBALL)}\n")
    said = run("judge", "articles.jsonl", "--stories")
    assert said.code == 0
    burundi, football = map(json.loads, said.out.splitlines())
    assert (burundi["id"], burundi["relevant"], burundi["new_project"]) == ("burundi", True, True)
    assert burundi["project"]["countries"] == ["BI"]
    assert burundi["story"].startswith("P-")
    assert (football["id"], football["relevant"], football["project"]) == ("football", False, None)
    assert not (folder / "data" / "tipwatch.sqlite3").exists()


def test_a_text_file_is_judged_and_explained(run: Run, folder: Path) -> None:
    (folder / "a.txt").write_text(f"{BURUNDI['title']}\n{BURUNDI['text']}")
    said = run("judge", "a.txt", "--why")
    assert said.code == 0
    assert "new project  yes" in said.out
    assert "What decided" in said.out
    assert "reads like news that a project starts  “" in said.out


def test_a_line_that_is_no_article_is_bad_input(run: Run, folder: Path) -> None:
    (folder / "bad.jsonl").write_text('{"title": "a"}\n{oops\n')
    for command, code in (("judge", 2), ("import", 1)):  # an import goes on with the next line
        said = run(command, "bad.jsonl")
        assert said.code == code
        assert "bad.jsonl:2: not JSON" in said.err


def test_importing_twice_changes_nothing(filled: Run) -> None:
    assert filled("import", "articles.jsonl", "--json").json()["outcomes"] == {"known-article": 2}
    assert len(filled("articles", "list", "--json").json()) == 2


def test_articles_are_listed_shown_and_explained_without_painting_the_terminal(filled: Run) -> None:
    articles = {one["title"][:4]: one for one in filled("articles", "list", "--json").json()}
    assert [one["id"] for one in filled("articles", "list", "--new-projects", "--json").json()] == [
        articles["IOM "]["id"]
    ]
    assert [one["id"] for one in filled("articles", "list", "cup", "--json").json()] == [articles["Late"]["id"]]
    number = str(articles["Late"]["id"])
    for arguments in (("articles", "list"), ("articles", "show", number), ("articles", "why", number)):
        said = filled(*arguments)
        assert said.code == 0
        assert "\x1b" not in said.out
    assert filled("articles", "show", "999").code == 2
    assert filled("articles", "list", "--since", "soon").code == 2
    for option, wrong in (("topic", "crime-cases"), ("language", "english"), ("source", "Exmple news")):
        said = filled("articles", "list", f"--{option}", wrong)
        assert (said.code, repr(wrong) in said.err) == (2, True), option
    assert filled("projects", "list", "--language", "french").code == 2
    for listed in ("deliveries", "digest"):
        assert filled(listed, "list", "--subscription", "nobody").code == 2


def test_a_label_is_kept_and_followed(filled: Run) -> None:
    (article,) = filled("articles", "list", "--new-projects", "--json").json()
    number = str(article["id"])
    assert filled("articles", "label", number, "not-new-project", "--why", "a workshop").code == 0
    assert filled("articles", "list", "--new-projects", "--json").json() == []
    assert filled("articles", "label", number, "not-relevant", "new-project").code == 2
    assert "Did you mean 'relevant'" in filled("articles", "label", number, "relevantt").err
    assert filled("articles", "label", "999", "relevant").code == 2


def test_a_project_is_listed_shown_fixed_and_exported(filled: Run, folder: Path) -> None:
    (project,) = filled("projects", "list", "--country", "bi", "--json").json()
    assert filled("projects", "list", "--country", "NO", "--json").json() == []
    number = project["id"]
    assert number in filled("projects", "list").out
    assert filled("projects", "fix", number, "funders", "=Fund; Kingdom of Norway", "--why", "letter").code == 0
    shown = filled("projects", "show", number)
    assert "Kingdom of Norway" in shown.out
    assert "letter" in shown.out
    assert filled("projects", "show", number, "--json").json()["facts"]["funders"] == ["=Fund", "Kingdom of Norway"]
    (row,) = csv.DictReader(io.StringIO(filled("projects", "export").out.lstrip("\ufeff")))
    assert row["id"] == number
    assert row["funders"].startswith("'=Fund")
    assert filled("projects", "export", "--out", "projects.xlsx").code == 0
    assert (folder / "projects.xlsx").read_bytes().startswith(b"PK")
    assert filled("projects", "export", "--format", "pdf").code == 2
    for arguments in (
        ("show", "P-ZZZZZZ"),
        ("merge", number, number),
        ("split", number, "1"),
        ("fix", number, "colour", "red"),
    ):
        said = filled("projects", *arguments)
        assert said.code == 2
        assert said.err
