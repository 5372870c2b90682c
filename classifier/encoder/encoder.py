"""Reads documents with the transformer: verdicts, topics, what each sentence does, what candidates of facts are.

In: title and text. Out: an `EncoderReading`, from which scores follow. The files are made by `classifier.training`;
onnxruntime computes, in one thread. Loading takes a tenth of a second, reading 3 kB some 60 ms.
Source: Wang et al., Multilingual E5 Text Embeddings, 2024 (the base model, MIT licence), fine-tuned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.encoder.files import HEADS_FILE, PIECES_FILE, TRUNK_FILE, WORDS_FILE, load_words, take_words
from classifier.encoder.passage import Passage, encode_passage
from classifier.encoder.pieces import PieceModel
from classifier.encoder.tags import TaggedSpan, find_spans

_WIDTH = 384
_MEAN, _FIRST, _LARGEST = slice(0, 3 * _WIDTH), slice(3 * _WIDTH, 4 * _WIDTH), slice(4 * _WIDTH, 5 * _WIDTH)
"""Of the numbers of a whole passage: the mean of layers 6, 9 and 12; of the last layer the first piece, and the largest
of each number."""

Floats = NDArray[np.float32]
Span = tuple[int, int]


class EncoderError(RuntimeError):
    """The encoder's files are missing or damaged."""


class Encoder:
    """A loaded encoder; safe to share between threads."""

    def __init__(self, folder: Path, pieces: PieceModel | None = None) -> None:
        """Loads the files of a folder; all but the vocabulary where that is given, since it takes 20 MB.

        Raises:
            EncoderError: one is missing or damaged.
        """
        import onnxruntime  # only where a text is read by it: 35 MB

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # it would keep what the longest text took
        options.log_severity_level = 3
        try:
            self.pieces = pieces or PieceModel(folder / PIECES_FILE)
            self.words = load_words(folder / WORDS_FILE)
            self.session: Any = onnxruntime.InferenceSession(
                str(folder / TRUNK_FILE), options, providers=["CPUExecutionProvider"]
            )
            with (folder / HEADS_FILE).open("rb") as file, np.load(file, allow_pickle=False) as heads:
                self.heads: Mapping[str, Floats] = {n: heads[n].astype(np.float32) for n in heads.files}
        except Exception as error:  # onnxruntime raises classes of its own
            raise EncoderError(f"the encoder in {folder} cannot be read: {error}") from error

    def read(self, title: str, text: str) -> EncoderReading:
        """Reads a document; of a long one its beginning."""
        passage = encode_passage(title, text, self.pieces)
        words = take_words(self.words, np.minimum(passage.ids, len(self.words) - 1))
        features: Floats = self.session.run(None, {"words": words[None]})[0][0]
        last = features[:, -_WIDTH:]
        pooled = np.concatenate([features.mean(0), last[0], last.max(0)])
        pooled = (pooled - self.heads["pooled_mean"]) / self.heads["pooled_deviation"]
        sums = np.concatenate([np.zeros((1, features.shape[1]), np.float32), features.cumsum(0)])
        verdicts, topics = (self.head(name, pooled) for name in ("verdict", "topic"))
        return EncoderReading(self, passage, features, sums, pooled, verdicts, topics)

    def head(self, name: str, rows: Floats) -> Floats:
        """What a head makes of a row of numbers, or of several."""
        return np.asarray(rows @ self.heads[f"{name}_head.weight"].T + self.heads[f"{name}_head.bias"], np.float32)


@dataclass(frozen=True, slots=True)
class EncoderReading:
    """What the encoder makes of a document. `features` are pieces x 1152, `sums` those of all pieces before each and of
    all, `pooled` 1920 standardised numbers of the whole; `verdicts` the logits of relevant and new project, `topics`
    those of `TOPICS`.

    Spans are characters of title, line end and text joined.
    """

    encoder: Encoder
    passage: Passage
    features: Floats
    sums: Floats
    pooled: Floats
    verdicts: Floats
    topics: Floats

    def score_sentences(self, spans: Sequence[Span]) -> Floats:
        """Probabilities of what each sentence does: sentences x roles; zeros for one beyond what was read."""
        known, means = self._means([[span] for span in spans])
        scores = np.exp(self.encoder.head("sentence", means))
        found = np.zeros((len(spans), scores.shape[1]), np.float32)
        found[known] = scores / scores.sum(1, keepdims=True)
        return found

    @property
    def tags(self) -> tuple[TaggedSpan, ...]:
        """As `classifier.encoder.scores.EncoderScores` says."""
        heads = self.encoder.heads
        standardised = (self.features - heads["feature_mean"]) / heads["feature_deviation"]
        return find_spans(self.encoder.head("tag", standardised), self.passage)

    def score_candidates(self, mentions: Sequence[Sequence[Span]]) -> Floats:
        """As `classifier.encoder.scores.EncoderScores` says."""
        heads = self.encoder.heads
        known, means = self._means(mentions)
        own, of_whole = np.split(heads["candidate_hidden.weight"], [means.shape[1]], 1)
        context = of_whole @ self.pooled[2 * _WIDTH : 3 * _WIDTH] + heads["candidate_hidden.bias"]
        scores = self.encoder.head("candidate", np.maximum(means @ own.T + context, 0))
        found = np.full((len(mentions), scores.shape[1]), np.nan, np.float32)
        found[known] = scores
        return found

    def share_of(self, spans: Sequence[Span]) -> Floats:
        """What each span adds to the log-odds of both verdicts: spans x 2.

        The heads are linear in means and largest values over the pieces, so their sum is parted exactly among the
        pieces, but for what the first piece, which sees all, adds by itself.
        """
        heads = self.encoder.heads
        weights = heads["verdict_head.weight"] / heads["pooled_deviation"]
        centred = (self.features - heads["pooled_mean"][_MEAN]) / len(self.features)
        of_pieces = centred @ weights[:, _MEAN].T
        last = self.features[:, -_WIDTH:]
        most = last.argmax(0)
        largest = last[most, np.arange(_WIDTH)] - heads["pooled_mean"][_LARGEST]
        np.add.at(of_pieces, most, (weights[:, _LARGEST] * largest).T)
        sums = np.concatenate([np.zeros((1, 2), np.float32), of_pieces.cumsum(0)])
        first, after = self.passage.pieces_of(spans).T
        return np.asarray(sums[after] - sums[first], np.float32)

    def _means(self, groups: Sequence[Sequence[Span]]) -> tuple[NDArray[np.intp], Floats]:
        """Which groups of spans were read, and the standardised mean of each over its spans."""
        heads = self.encoder.heads
        places = self.passage.pieces_of([span for group in groups for span in group])
        owners = np.array([at for at, group in enumerate(groups) for _ in group], np.intp)
        is_read = places[:, 1] > places[:, 0]
        if not is_read.any():
            return np.zeros(0, np.intp), np.zeros((0, self.features.shape[1]), np.float32)
        first, after = places[is_read].T
        known, group, counts = np.unique(owners[is_read], return_inverse=True, return_counts=True)
        shares = np.zeros((len(known), len(group)), np.float32)  # of each span in the mean of its group
        shares[group, np.arange(len(group))] = 1 / ((after - first) * counts[group])
        whole = shares @ (self.sums[after] - self.sums[first])
        return known, np.asarray((whole - heads["feature_mean"]) / heads["feature_deviation"], np.float32)
