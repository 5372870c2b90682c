"""The model as files: the same records give the same bytes, and a damaged folder says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from classifier.corpus import CorpusError, read_corpus
from classifier.judge import Judge
from classifier.model import MODEL_FOLDER, ModelError
from classifier.train import fit_model
from tipwatch.resources import seeds_folder

OWN = seeds_folder() / "corpus" / "own.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL_FOLDER, tmp_path / "model"))


def test_the_shipped_model_tells_what_it_was_trained_on() -> None:
    about = json.loads((MODEL_FOLDER / "about.json").read_text(encoding="utf-8"))
    bundled = [record for file in sorted(OWN.parent.glob("*.jsonl")) for record in read_corpus(file)]
    assert about["records"] == len(bundled), "train the model anew: records were added or taken away"


def _cut(file: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        content = (folder / file).read_bytes()
        (folder / file).write_bytes(content[: len(content) // 2])

    return damage


def _take_away(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _drop_a_term(folder: Path) -> None:
    terms = (folder / "vocabulary.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "vocabulary.txt").write_text("".join(terms[1:]), encoding="utf-8")


def _say_another_format(folder: Path) -> None:
    with np.load(folder / "weights.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez_compressed(folder / "weights.npz", allow_pickle=False, **{**arrays, "format": np.array([0])})


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_take_away("weights.npz"), r"weights\.npz is missing"),
        (_take_away("vocabulary.txt"), r"vocabulary\.txt is missing"),
        (_take_away("about.json"), r"about\.json is missing"),
        (_take_away("facts.json"), r"facts\.json is missing"),
        (_cut("weights.npz"), "damaged"),
        (_cut("about.json"), "damaged"),
        (_cut("facts.json"), "damaged"),
        (_drop_a_term, "damaged: .* terms, but"),
        (_say_another_format, "another version"),
    ],
)
def test_a_damaged_folder_is_refused_with_what_to_do(
    folder: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(folder)
    with pytest.raises(ModelError, match=message) as refused:
        Judge.load(model_folder=folder)
    assert "tipwatch train" in refused.value.hint


def test_a_line_that_is_no_record_is_named(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"id": "a", "title": "", "text": "", "relevant": true, "new_project": false}\n\n{"id": "b"}\n')
    with pytest.raises(CorpusError, match=r"labelled\.jsonl:3: missing new_project, relevant, text, title"):
        read_corpus(file)
    file.write_text("[\n")
    with pytest.raises(CorpusError, match=r"labelled\.jsonl:1: no JSON"):
        read_corpus(file)


def test_too_few_records_are_refused() -> None:
    with pytest.raises(CorpusError, match="at least"):
        fit_model(read_corpus(OWN)[:20])


def test_a_record_that_teaches_facts_only_does_not_change_what_is_relevant_or_new() -> None:
    records = read_corpus(OWN)[:120]
    more = [{**record, "id": f"more-{at}", "teaches": "facts"} for at, record in enumerate(records[:30])]
    plain, taught = fit_model(records), fit_model([*records, *more])
    assert plain.new_project.constant == taught.new_project.constant
    assert (plain.relevant.columns == taught.relevant.columns).all()


def test_a_record_that_teaches_relevance_only_does_not_change_what_is_a_new_project() -> None:
    records = read_corpus(OWN)[:120]
    more = [
        {**record, "id": f"more-{at}", "teaches": "relevance", "relevant": not record["relevant"], "new_project": False}
        for at, record in enumerate(records[:30])
    ]
    plain, taught = fit_model(records), fit_model([*records, *more])
    assert plain.vocabulary.words == taught.vocabulary.words
    assert (plain.new_project.columns == taught.new_project.columns).all()
    assert not (plain.relevant.columns == taught.relevant.columns).all()
