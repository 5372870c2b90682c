"""The encoder as PyTorch trains it: twelve layers of a BERT, and heads on what its layers 6, 9 and 12 make of a text.

In: pieces of passages. Out: scores of verdicts, topics, sentences and candidates. The lower half of the layers stays as
it was pretrained; heads see standardised features, without which they learn ten times as slowly (the last layer of
multilingual E5 hardly varies).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from classifier.document import ROLE_LETTERS, TOPICS
from classifier.encoder.tags import TAGS
from classifier.schema import KINDS

WIDTH, INNER, HEADS, LAYERS = 384, 1536, 12, 12
EPSILON = 1e-12
FROZEN_LAYERS = 6
FEATURE_LAYERS = (5, 8, 11)
HIDDEN = 256
"""Of the head of candidates."""

HALF = torch.bfloat16


@dataclass(frozen=True, slots=True)
class Batch:
    """Passages of one batch: ids and which are pieces (passages x pieces), spans of sentences and of mentions
    (passage, first piece, after the last), for each mention its candidate, and which pieces are to be tagged (passages
    x pieces)."""

    ids: Tensor
    is_piece: Tensor
    sentences: Tensor
    mentions: Tensor
    candidate_of: Tensor
    candidates: int
    is_tagged: Tensor


@dataclass(frozen=True, slots=True)
class Scores:
    """Logits: passages x 2 (relevant, new project), passages x topics, sentences x roles, candidates x kinds, pieces x
    tags."""

    verdicts: Tensor
    topics: Tensor
    sentences: Tensor
    candidates: Tensor
    tags: Tensor


class Layer(nn.Module):
    """One layer of a BERT, in half precision while it computes."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.attention_norm = nn.LayerNorm(WIDTH, eps=EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPSILON)

    def forward(
        self, x: Tensor, mask: Tensor | None, dropout: float, note: Callable[[str, Tensor], None] | None = None
    ) -> Tensor:
        """What the layer makes of passages x pieces x width; `note` is shown what enters each of its linear parts."""
        rows, length, _ = x.shape
        kind = x.dtype

        def linear(name: str, value: Tensor) -> Tensor:
            module = getattr(self, name)
            if note is not None:
                note(name, value)
            return functional.linear(value, module.weight.to(kind), module.bias.to(kind))

        def norm(module: nn.LayerNorm, value: Tensor) -> Tensor:
            return functional.layer_norm(value, (WIDTH,), module.weight.to(kind), module.bias.to(kind), EPSILON)

        q, k, v = linear("qkv", x).view(rows, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = linear("out", seen.transpose(1, 2).reshape(rows, length, WIDTH))
        x = norm(self.attention_norm, x + functional.dropout(seen, dropout, self.training))
        inner = linear("down", functional.gelu(linear("up", x)))
        return norm(self.norm, x + functional.dropout(inner, dropout, self.training))


class EncoderNetwork(nn.Module):
    """The trunk with its heads."""

    words: Tensor
    places: Tensor
    norm_weight: Tensor
    norm_bias: Tensor
    pooled_mean: Tensor
    pooled_deviation: Tensor
    feature_mean: Tensor
    feature_deviation: Tensor

    def __init__(self, base: Mapping[str, Tensor]) -> None:
        """`base` are the weights of a pretrained BERT, named as such models are (`encoder.layer.0.…`)."""
        super().__init__()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        place = base["embeddings.position_embeddings.weight"] + base["embeddings.token_type_embeddings.weight"][0]
        self.register_buffer("words", base["embeddings.word_embeddings.weight"].to(HALF), persistent=False)
        self.register_buffer("places", place, persistent=False)
        self.register_buffer("norm_weight", base["embeddings.LayerNorm.weight"], persistent=False)
        self.register_buffer("norm_bias", base["embeddings.LayerNorm.bias"], persistent=False)
        for number, layer in enumerate(self.layers):
            _take_over(layer, base, number)
            if number < FROZEN_LAYERS:
                layer.requires_grad_(requires_grad=False)
        pooled, features = 5 * WIDTH, 3 * WIDTH
        self.verdict_head = nn.Linear(pooled, 2)
        self.topic_head = nn.Linear(pooled, len(TOPICS))
        self.sentence_head = nn.Linear(features, len(ROLE_LETTERS))
        self.tag_head = nn.Linear(features, len(TAGS))
        self.candidate_hidden = nn.Linear(features + WIDTH, HIDDEN)
        self.candidate_head = nn.Linear(HIDDEN, len(KINDS))
        for name, size in (("pooled", pooled), ("feature", features)):
            self.register_buffer(f"{name}_mean", torch.zeros(size))
            self.register_buffer(f"{name}_deviation", torch.ones(size))

    def trunk(self, ids: Tensor, is_piece: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Features of each piece (layers 6, 9, 12 side by side) and of each passage, neither standardised."""
        x, mask = self._embed(ids), self._mask(is_piece)
        kept = []
        for number, layer in enumerate(self.layers):
            if number < FROZEN_LAYERS:
                with torch.no_grad():
                    x = layer(x, mask, 0.0)
            else:
                x = layer(x, mask, dropout)
            if number in FEATURE_LAYERS:
                kept.append(x.float())
        features = torch.cat(kept, -1)
        return features, pool(features, is_piece)

    @torch.no_grad()
    def _embed(self, ids: Tensor) -> Tensor:
        x = functional.embedding(ids, self.words).float() + self.places[: ids.shape[1]]
        return functional.layer_norm(x, (WIDTH,), self.norm_weight, self.norm_bias, EPSILON).to(HALF)

    @staticmethod
    def _mask(is_piece: Tensor) -> Tensor | None:
        if bool(is_piece.all()):
            return None
        mask = torch.zeros(len(is_piece), 1, 1, is_piece.shape[1], dtype=HALF)
        return mask.masked_fill_(~is_piece[:, None, None, :], -30000.0)

    def heads(self, features: Tensor, pooled: Tensor, batch: Batch, dropout: float = 0.0) -> Scores:
        """Scores from the trunk's features."""
        pooled = (pooled - self.pooled_mean) / self.pooled_deviation
        pooled = functional.dropout(pooled, dropout, self.training)
        sentences = self._standardised(mean_of(features, batch.sentences))
        sentences = functional.dropout(sentences, dropout, self.training)
        mentions = self._standardised(mean_of(features, batch.mentions))
        counts = torch.zeros(batch.candidates).index_add_(0, batch.candidate_of, torch.ones(len(mentions)))
        of_candidates = torch.zeros(batch.candidates, mentions.shape[-1]).index_add(0, batch.candidate_of, mentions)
        of_candidates = of_candidates / counts.clamp(min=1).unsqueeze(-1)
        passage_of = torch.zeros(batch.candidates, dtype=torch.long)
        passage_of[batch.candidate_of] = batch.mentions[:, 0]
        context = pooled[passage_of, 2 * WIDTH : 3 * WIDTH]
        hidden = functional.dropout(torch.cat([of_candidates, context], -1), dropout, self.training)
        hidden = functional.relu(self.candidate_hidden(hidden))
        tagged = functional.dropout(self._standardised(features[batch.is_tagged]), dropout, self.training)
        return Scores(
            self.verdict_head(pooled),
            self.topic_head(pooled),
            self.sentence_head(sentences),
            self.candidate_head(hidden),
            self.tag_head(tagged),
        )

    def _standardised(self, features: Tensor) -> Tensor:
        return (features - self.feature_mean) / self.feature_deviation

    def forward(self, batch: Batch, dropout: float = 0.0) -> Scores:
        """All scores of a batch."""
        return self.heads(*self.trunk(batch.ids, batch.is_piece, dropout), batch, dropout)

    @torch.no_grad()
    def input_ranges(self, batches: Sequence[Batch]) -> dict[tuple[int, str], Tensor]:
        """Of each layer's linear parts the largest absolute value of each number that enters: what rounding to bytes
        has to hold."""
        self.eval()
        ranges: dict[tuple[int, str], Tensor] = {}
        for batch in batches:
            x = self._embed(batch.ids)
            for number, layer in enumerate(self.layers):

                def note(name: str, value: Tensor, number: int = number) -> None:
                    largest = value.float().abs().amax((0, 1))
                    ranges[number, name] = torch.maximum(ranges.get((number, name), largest), largest)

                x = layer(x, self._mask(batch.is_piece), 0.0, note)
        return ranges

    @torch.no_grad()
    def standardise(self, batches: Sequence[Batch]) -> None:
        """Fixes mean and deviation of the features by some batches, and sets the heads to near nothing."""
        self.eval()
        rows = [self.trunk(batch.ids, batch.is_piece) for batch in batches]
        features = torch.cat([found[0][batch.is_piece] for found, batch in zip(rows, batches, strict=True)])
        pooled = torch.cat([found[1] for found in rows])
        for name, values in (("feature", features), ("pooled", pooled)):
            getattr(self, f"{name}_mean").copy_(values.mean(0))
            getattr(self, f"{name}_deviation").copy_(values.std(0) + _LEAST_DEVIATION)
        for head in (self.verdict_head, self.topic_head, self.sentence_head, self.tag_head):
            nn.init.normal_(head.weight, std=_SMALL)
            nn.init.zeros_(head.bias)
        nn.init.zeros_(self.candidate_head.weight)
        nn.init.constant_(self.candidate_head.bias, _MOSTLY_NOT)


_SMALL, _MOSTLY_NOT, _LEAST_DEVIATION = 0.005, -1.5, 1e-3


def pool(features: Tensor, is_piece: Tensor) -> Tensor:
    """A passage's features: the mean of each layer, and of the last one the first piece and the largest values."""
    kept = is_piece.unsqueeze(-1).float()
    mean = (features * kept).sum(1) / kept.sum(1)
    last = features[..., -WIDTH:]
    return torch.cat([mean, last[:, 0], (last - 1e4 * (1 - kept)).amax(1)], 1)


def mean_of(features: Tensor, spans: Tensor) -> Tensor:
    """The mean of each span's pieces (passage, first, after the last): spans x features; zeros of an empty span."""
    rows, first, after = (column.unsqueeze(1) for column in spans.unbind(1))
    length = features.shape[1]
    place = torch.arange(features.shape[0] * length)
    is_in = (place >= rows * length + first) & (place < rows * length + after)
    shares = is_in.to(HALF) / (after - first).clamp(min=1).to(HALF)
    return (shares @ features.flatten(0, 1).to(HALF)).float()


def _take_over(layer: nn.Module, base: Mapping[str, Tensor], number: int) -> None:
    """Copies a pretrained layer's weights."""
    prefix = f"encoder.layer.{number}."
    with torch.no_grad():
        for part in ("weight", "bias"):
            getattr(layer.qkv, part).copy_(
                torch.cat([base[f"{prefix}attention.self.{name}.{part}"] for name in ("query", "key", "value")])
            )
            for name, source in (
                ("out", "attention.output.dense"),
                ("attention_norm", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("norm", "output.LayerNorm"),
            ):
                getattr(getattr(layer, name), part).copy_(base[f"{prefix}{source}.{part}"])
