"""The register from the command line: look, correct, judge again."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.article_lines import BURUNDI, CONFIG, PERU
from tipwatch.__main__ import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Iterator[Run]:
    """Calls a command on a register of two projects; gives its exit code and what it printed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "articles.jsonl").write_text(f"{json.dumps(BURUNDI)}\n{json.dumps(PERU)}\n")
    root = logging.getLogger()
    before = list(root.handlers)

    def call(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        said = capsysbinary.readouterr()
        assert b"Traceback" not in said.err
        return code, said.out.decode()

    assert call("import", "articles.jsonl")[0] == 0
    yield call
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


def ids(run: Run, *filters: str) -> list[str]:
    code, out = run("projects", "list", "--json", *filters)
    assert code == 0
    return [str(one["id"]) for one in json.loads(out)]


def test_projects_are_listed_by_sum_and_year(run: Run) -> None:
    assert len(ids(run)) == 2
    assert len(ids(run, "--least", "1000000")) == 1
    assert len(ids(run, "--most", "1000000")) == 1
    assert len(ids(run, "--running-in", "2035")) == 0


def test_a_merge_shows_in_the_history_and_the_old_id_answers(run: Run) -> None:
    kept, gone = ids(run)
    assert run("projects", "merge", kept, gone, "--why", "one grant")[0] == 0
    code, out = run("projects", "show", gone)
    assert code == 0
    assert kept in out
    assert "one grant" in out


def test_a_project_is_labelled_with_its_articles(run: Run) -> None:
    [burundi] = ids(run, "--country", "BI")
    code, out = run("projects", "label", burundi, "not-new-project", "--why", "a workshop")
    assert (code, out) == (0, f"{burundi} with its 1 article is labelled not-new-project.\n")
    assert run("projects", "label", burundi, "nonsense")[0] == 2


def test_the_same_judge_again_changes_nothing(run: Run) -> None:
    before = run("projects", "list", "--json")
    code, out = run("reprocess", "--since", "2019-01-01", "--json")
    told: dict[str, Any] = json.loads(out)
    assert (code, told) == (0, {"articles": 2, "is_dry_run": False, "changes": []})
    assert run("projects", "list", "--json") == before


def test_a_dry_run_tells_what_would_change_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    before = run("projects", "list", "--json")
    (tmp_path / "config.yaml").write_text(CONFIG + "classifier: {relevant: 0.9999999, new_project: 0.9999999}\n")
    code, out = run("reprocess", "--since", "2019-01-01", "--dry-run")
    assert code == 0
    assert "2 would change" in out
    assert run("projects", "list", "--json") == before
    assert run("reprocess", "--since", "soon")[0] == 2


def test_a_label_decides_in_every_command_and_can_be_undone(run: Run) -> None:
    first, second = ids(run)
    [shown] = json.loads(run("projects", "show", first, "--json")[1])["sources"]
    article = str(shown["article"])
    code, out = run("articles", "label", article, "not-new-project", "--why", "a workshop")
    assert (code, f"No article announces {first} any more" in out) == (0, True)
    assert ids(run) == [second]
    assert ids(run, "--refuted") == [first]
    assert "none of its articles announces a new project" in run("projects", "show", first)[1]
    for command in ("show", "why"):
        assert "not-new-project by" in run("articles", command, article)[1]
    [label] = json.loads(run("articles", "show", article, "--json")[1])["labels"]
    assert (label["new_project"], label["why"]) == (False, "a workshop")
    assert [one["id"] for one in json.loads(run("articles", "list", "--new-projects", "--json")[1])] != [int(article)]
    assert "(labelled)" in run("articles", "list")[1]
    [decided] = json.loads(run("undo", "--json")[1])
    assert run("undo", str(decided["id"]))[0] == 0
    assert ids(run) == [first, second]
    assert "label (undone)" in run("undo")[1]


def test_list_show_and_why_agree_that_a_person_said_so(run: Run) -> None:
    [shown] = json.loads(run("projects", "show", ids(run)[0], "--json")[1])["sources"]
    article = str(shown["article"])
    for label, word in (("new-project", "yes"), ("not-new-project", "no")):
        run("articles", "label", article, label)
        listed = {one["id"]: one for one in json.loads(run("articles", "list", "--json")[1])}[int(article)]
        assert listed["labels"] == json.loads(run("articles", "show", article, "--json")[1])["labels"]
        assert listed["labels"][-1]["new_project"] is (word == "yes")
        assert "(labelled)" in run("articles", "list")[1]
        assert f"new project  {word}, a person says so (judged " in run("articles", "why", article)[1]


def test_the_history_shows_old_and_new_values(run: Run) -> None:
    first = ids(run)[0]
    old = json.loads(run("projects", "show", first, "--json")[1])["facts"]["countries"]
    assert run("projects", "fix", first, "countries", "TZ")[0] == 0
    assert f"countries: {'; '.join(old)} → TZ" in run("projects", "show", first)[1]


def test_the_history_numbers_what_people_decided_and_says_of_which_article_it_was(run: Run) -> None:
    first = ids(run)[0]
    [shown] = json.loads(run("projects", "show", first, "--json")[1])["sources"]
    run("articles", "label", str(shown["article"]), "not-new-project")
    [label] = json.loads(run("undo", "--json")[1])
    run("undo", str(label["id"]))
    out = run("projects", "show", first)[1]
    assert f"undone label #{label['id']} article {shown['article']}: not-new-project by" in out
    assert f"of label #{label['id']} by" in out
    run("projects", "label", first, "not-new-project")
    assert [one["was"] for one in json.loads(run("undo", "--json")[1])] == ["new-project", "relevant, new-project"]


def test_a_split_stands_once_in_each_history_and_ends_where_no_reason_was_given(run: Run) -> None:
    first, second = ids(run)
    [shown] = json.loads(run("projects", "show", second, "--json")[1])["sources"]
    run("projects", "merge", first, second)
    run("projects", "split", first, str(shown["article"]))
    for project in (first, second):
        out = run("projects", "show", project)[1]
        assert out.count("  split #") == 1
        assert "()" not in out
        assert ": \n" not in out


def test_a_fix_says_what_stands_now(run: Run) -> None:
    first = ids(run)[0]
    for field, value, shown in (
        ("countries", "ke; TZ;ke", "KE; TZ"),
        ("funders", ";;", "empty"),
        ("iati-id", "", "empty"),
    ):
        assert run("projects", "fix", first, field, value)[1] == f"{first}: {field} is {shown} now.\n"
    assert "amount is USD 1,500,000 now" in run("projects", "fix", first, "amount", "1,500,000 USD")[1]


def test_a_country_that_is_none_is_refused_in_filters_too(run: Run) -> None:
    assert run("projects", "list", "--country", "UK")[0] == 2
    assert run("projects", "list", "--country", "GB")[0] == 0


def test_bounds_that_leave_nothing_are_refused(run: Run) -> None:
    assert run("projects", "list", "--least", "5", "--most", "1")[0] == 2
    assert run("projects", "list", "--least", "5", "--most", "5")[0] == 0
    assert run("projects", "list", "--running-in", "19")[0] == 2


def test_an_iati_file_of_no_project_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("projects", "export", "--format", "iati", "--country", "FJ", "--out", "none.xml")[0] == 2
    assert not (tmp_path / "none.xml").exists()
