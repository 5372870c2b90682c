"""The model as files: the same records give the same bytes, and a damaged folder says so."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifier.corpus import PREFILTER_ONLY, CorpusError, read_corpus
from classifier.encoder.files import FILES
from classifier.judge import Judge
from classifier.learning.train import digest_of, fit_calibrations, fit_model
from classifier.model import MODEL_FOLDER, Model, ModelError
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


def _say_another_format(folder: Path) -> None:
    verdicts = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    (folder / "verdicts.json").write_text(json.dumps({**verdicts, "format": 0}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_take_away("verdicts.json"), r"verdicts\.json is missing"),
        (_take_away("prefilter.npz"), r"prefilter\.npz is missing"),
        (_take_away("about.json"), r"about\.json is missing"),
        (_take_away("facts.json"), r"facts\.json is missing"),
        (_take_away("encoder/trunk.onnx"), r"no encoder in .*trunk\.onnx is missing"),
        (_cut("verdicts.json"), "damaged"),
        (_cut("prefilter.npz"), "damaged"),
        (_cut("about.json"), "damaged"),
        (_cut("facts.json"), "damaged"),
        (_cut("encoder/pieces.model"), "damaged"),
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


def test_a_model_without_an_encoder_of_its_own_takes_the_shipped_one(folder: Path) -> None:
    shutil.rmtree(folder / "encoder")
    assert Model.load(folder).encoder_folder == MODEL_FOLDER / "encoder"


@pytest.mark.parametrize("file", ["trunk.onnx", "words.npy", "heads.npz"])
def test_a_damaged_encoder_says_so_when_it_is_needed(folder: Path, file: str) -> None:
    _cut(f"encoder/{file}")(folder)
    judge = Judge.load(model_folder=folder)
    with pytest.raises(ModelError, match="cannot be read"):
        judge.load_encoder()


def _of_encoder() -> list[tuple[str, dict[str, Any]]]:
    """The records that the encoder learned from, each with the file it is in."""
    files = [(file.stem, record) for file in sorted(OWN.parent.glob("*.jsonl")) for record in read_corpus(file)]
    return [(source, record) for source, record in files if record.get("teaches") != PREFILTER_ONLY]


def test_the_encoders_files_are_those_that_its_log_tells_of() -> None:
    log = json.loads((MODEL_FOLDER / "encoder" / "training.json").read_text(encoding="utf-8"))
    files = {name: MODEL_FOLDER / "encoder" / name for name in FILES if name != "training.json"}
    files["encoder-scores.npz"] = OWN.with_name("encoder-scores.npz")
    assert {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} == log["sha256"]
    bundled = [record for _, record in _of_encoder()]
    assert log["records_sha256"] == digest_of(bundled), "train the encoder anew: records were changed"


def test_the_table_of_scores_has_every_record_and_its_log_says_how_good_they_are() -> None:
    log = json.loads((MODEL_FOLDER / "encoder" / "training.json").read_text(encoding="utf-8"))
    bundled = _of_encoder()
    assert all("encoder" in record for _, record in bundled)
    pages = [r for source, r in bundled if source == "own-pages" and not r["borderline"]]
    logits = np.array([r["encoder"].verdicts[1] for r in pages])
    labels = np.array([r["new_project"] for r in pages])[np.argsort(-logits, kind="stable")]
    precision = np.cumsum(labels) / np.arange(1, len(labels) + 1)
    said = log["average_precision"]["own-pages"]["new_project"]
    assert (precision * labels).sum() / labels.sum() == pytest.approx(said, abs=1e-3)


@pytest.mark.parametrize("teaches", ["facts", "relevance"])
def test_what_a_record_does_not_teach_it_does_not_change(teaches: str) -> None:
    records = [r for r in read_corpus(OWN)[:120] if not r["borderline"]]
    more = [{**r, "teaches": teaches, "new_project": False, "relevant": not r["relevant"]} for r in records[:30]]
    plain, taught = fit_calibrations(records), fit_calibrations([*records, *more])
    assert plain.new_project == taught.new_project
    assert (plain.relevant == taught.relevant) is (teaches == "facts")
