"""Chooses the pieces that ship, and writes them as a file that sentencepiece reads.

In: the base model's pieces with their scores, and texts. Out: a Unigram model whose normaliser (NFKC with what
XLM-RoBERTa's adds to it) is sentencepiece's own. What is left out is written with shorter pieces; texts that were asked
are parted as with all pieces.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

from classifier.encoder.pieces import BEGIN, END, PADDING, UNKNOWN, PieceModel

KEPT_PIECES = 144_000
"""Of 250,000: with them the encoder's files stay below 60 MB. News in sixty languages uses 108,000."""

_CONTROL, _UNKNOWN_TYPE, _NORMAL, _UNIGRAM = 3, 2, 1, 1


def choose_pieces(pieces: Sequence[str], scores: Sequence[float], texts: Iterable[str], folder: Path) -> list[int]:
    """The places of the pieces to keep, in order: all that the texts use, then those of the highest score.

    `folder` holds the vocabulary while texts are parted.
    """
    whole = folder / "all-pieces.model"
    write_piece_model(pieces, scores, whole)
    model = PieceModel(whole)
    whole.unlink()
    used = set(range(UNKNOWN + 1))
    for text in texts:
        used.update(model.encode_ids(text).tolist())
    others = sorted(set(range(len(pieces))) - used, key=lambda place: -scores[place])
    return sorted([*used, *others[: max(KEPT_PIECES - len(used), 0)]])


def write_piece_model(pieces: Sequence[str], scores: Sequence[float], path: Path) -> None:
    """Writes the model of the given pieces.

    Raises:
        OSError: the file cannot be written.
    """
    model: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    for number, (piece, score) in enumerate(zip(pieces, scores, strict=True)):
        kind = _UNKNOWN_TYPE if number == UNKNOWN else _CONTROL if number in (BEGIN, PADDING, END) else _NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    model.trainer_spec.model_type = _UNIGRAM
    model.trainer_spec.vocab_size = len(pieces)
    model.trainer_spec.bos_id, model.trainer_spec.pad_id = BEGIN, PADDING
    model.trainer_spec.eos_id, model.trainer_spec.unk_id = END, UNKNOWN
    model.normalizer_spec.CopyFrom(_normaliser())
    path.write_bytes(model.SerializeToString(deterministic=True))


def _normaliser() -> Any:
    """That of a model trained on nothing much: the rules come with the library."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the quick brown fox jumps over the lazy dog"] * 50),
        model_writer=made,
        vocab_size=40,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    model: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    model.ParseFromString(made.getvalue())
    return model.normalizer_spec
