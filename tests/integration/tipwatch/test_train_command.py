"""`tipwatch train`: from files, and from what people corrected in the register."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from classifier.corpus import read_corpus
from tests.support.article_lines import BURUNDI, CONFIG, PERU
from tipwatch.__main__ import main
from tipwatch.resources import seeds_folder

Run = Callable[..., tuple[int, str, str]]


def as_line(record: dict[str, Any]) -> str:
    """A record as it stands in a file, without what lies beside it."""
    return json.dumps({name: value for name, value in record.items() if name != "encoder"}) + "\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Calls a command beside a register of two projects and a corpus of 116; gives exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "articles.jsonl").write_text(f"{json.dumps(BURUNDI)}\n{json.dumps(PERU)}\n")
    records = read_corpus(seeds_folder() / "corpus" / "dev.jsonl")[::6]
    labels = {"relevant": True, "new_project": True, "borderline": False, "topic": "project", "story": None}
    facts = {"amount": 3_000_000, "currency": "USD"}
    labelled = [{**BURUNDI, **labels, "project": facts}, {**PERU, **labels, "project": {}}]
    (tmp_path / "articles-of-two.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in labelled))
    (tmp_path / "corpus.jsonl").write_text("".join(map(as_line, records)))
    root = logging.getLogger()
    before = list(root.handlers)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    assert call("import", "articles.jsonl")[0] == 0
    yield call
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()


@pytest.mark.parametrize(
    "command", [("train", "corpus.jsonl"), ("train", "--with-labels"), ("evaluate", "corpus.jsonl")], ids=" ".join
)
def test_without_scipy_learning_says_what_to_install(
    run: Run, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    code, _, error = run(*command)
    assert code == 2
    assert "learning needs scipy, which is not installed" in error
    assert "pip install 'tipwatch[train]'" in error
    assert not Path("model").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("run")
def test_without_scipy_the_shipped_model_can_be_measured() -> None:
    command = ["evaluate", "--held-out", "articles-of-two.jsonl", "--json"]
    program = f"import sys; sys.modules['scipy'] = None\nfrom tipwatch.__main__ import main\nsys.exit(main({command}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["articles"] == 2


def test_without_labels_it_says_how_to_label(run: Run) -> None:
    code, _, error = run("train", "corpus.jsonl", "--with-labels")
    assert code == 2
    assert "nobody has labelled an article" in error
    assert "tipwatch articles label" in error
    assert not Path("model").exists()


def test_a_folder_that_is_a_file_is_refused_before_anything_is_trained(run: Run) -> None:
    code, _, error = run("train", "articles-of-two.jsonl", "--out", "config.yaml/model")  # too few to train on
    assert code == 2
    assert "config.yaml" in error
    assert "--out" in error


def test_articles_kept_apart_are_judged_by_the_shipped_model(run: Run) -> None:
    code, out, _ = run("evaluate", "--held-out", "articles-of-two.jsonl", "--json")
    said = json.loads(out)
    assert (code, said["articles"], said["relevant"]["right"]) == (0, 2, 2)
    assert said["facts"]["amount"]["right"] == 1
    code, out, _ = run("evaluate", "--held-out", "articles-of-two.jsonl", "--mistakes")
    assert code == 0
    assert "95 of 100" in out


@pytest.mark.slow
def test_a_model_with_labels_that_do_no_harm_is_written_and_can_be_configured(run: Run) -> None:
    assert run("articles", "label", "1", "new-project")[0] == 0
    code, out, _ = run("train", "corpus.jsonl", "--with-labels", "--json")
    assert code == 0
    said = json.loads(out)
    assert (said["labelled"], said["judged"], said["worse"], said["model"]) == (1, 1, [], "model")
    assert set(said["f1"]) == {"relevant", "new_project", "facts"}
    assert said["articles"] == len(Path("corpus.jsonl").read_text().splitlines()) + 1
    Path("config.yaml").write_text(f"{CONFIG}classifier: {{model: model}}\n")
    assert run("config", "check")[0] == 0
    code, out, _ = run("judge", "articles.jsonl")
    assert (code, len(out.splitlines())) == (0, 2)


@pytest.mark.slow
def test_labels_that_do_harm_are_refused_with_by_how_much(run: Run, tmp_path: Path) -> None:
    """Articles of the corpus, put into the register and there labelled as the contrary of what they are."""
    records = [r for r in read_corpus(seeds_folder() / "corpus" / "dev.jsonl")[1::6] if r["relevant"]][:80]
    (tmp_path / "more.jsonl").write_text("".join(map(as_line, records)))
    assert run("import", "more.jsonl")[0] == 0
    _, out, _ = run("articles", "list", "--json", "--limit", "1000")
    is_new = {record["title"]: record["new_project"] for record in records}
    for article in json.loads(out):
        if article["title"] in is_new:
            label = "not-new-project" if is_new[article["title"]] else "new-project"
            assert run("articles", "label", str(article["id"]), label)[0] == 0
    code, out, _ = run("train", "corpus.jsonl", "--with-labels")
    assert code == 1
    assert re.search(r"Worse: new project, by 0\.\d+", out), out
    assert "nothing was written" in out
    assert not Path("model").exists()


def test_a_configured_model_that_is_damaged_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    Path("config.yaml").write_text(f"{CONFIG}classifier: {{model: model}}\n")
    line = CONFIG.count("\n") + 1
    code, _, error = run("config", "check")
    assert code == 2
    assert f"config.yaml:{line}:21: classifier.model: there is no model" in error
    assert "verdicts.json is missing" in error
    for name in ("verdicts.json", "prefilter.npz", "about.json", "facts.json"):
        (tmp_path / "model" / name).write_text("x")
    for command in (("config", "check"), ("crawl",), ("run", "--once")):
        code, _, error = run(*command)
        assert code == 2
        assert f"config.yaml:{line}:21: classifier.model: the model in" in error
        assert "damaged" in error
