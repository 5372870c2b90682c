"""Fine-tunes the encoder on labelled examples: all its questions in one run.

In: a network, examples, a `PieceModel`. Out: the network, trained. One process computes in one thread, so that several
parts of a cross-validation can be trained side by side. The same seed gives nearly the same weights on one kind of
processor; between kinds bits differ.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from classifier.encoder.passage import Passage, encode_passage
from classifier.encoder.pieces import PADDING, PieceModel
from classifier.encoder.scores import RecordScores
from classifier.encoder.tags import TaggedSpan, find_spans
from classifier.schema import KINDS
from classifier.training.encoder_network import FROZEN_LAYERS, Batch, EncoderNetwork, Scores
from classifier.training.examples import UNKNOWN, Example, LabelledSpans
from classifier.training.page_noise import add_page_noise


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the encoder is trained."""

    epochs: int = 2
    pieces_a_batch: int = 3_000
    layer_rate: float = 7e-5
    head_rate: float = 2e-3
    dropout: float = 0.1
    noise: float = 0.4
    without_sums: float = 0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Encoded:
    """An example with its passage, and where its sentences and mentions lie in the pieces."""

    example: Example
    passage: Passage
    sentences: Tensor
    functions: Tensor
    mentions: Tensor
    candidate_of: Tensor
    labels: Tensor
    read: tuple[int, ...]
    tags: Tensor | None


_LOSS_WEIGHTS = {"relevant": 0.5, "new_project": 1.0, "topic": 0.3, "sentences": 0.3, "candidates": 1.0, "tags": 1.0}
_SMOOTHING = 0.03
"""Labels are taken to be wrong so often: careful readers differ in one or two of a hundred."""

_WARM_UP_STEPS = 40
_HEADS_ONLY_STEPS = 40
"""Steps in which only heads learn, so that what random heads ask does not disturb the layers."""


def encode_example(
    example: Example, pieces: PieceModel, chance: random.Random | None = None, recipe: Recipe | None = None
) -> _Encoded:
    """An example as pieces, changed by chance as a recipe says where both are given; spans beyond the passage are left
    out, and a candidate without spans is not learnt from."""
    title, text, shift = example.title, example.text, 0
    if chance is not None and recipe is not None and chance.random() < recipe.without_sums:
        title, text = _without_sums(example)
    if chance is not None and recipe is not None and example.source != "own-pages" and chance.random() < recipe.noise:
        noisy = add_page_noise(title, text, example.lang, chance)
        title, text, shift = noisy.title, noisy.text, noisy.shift
    passage = encode_passage(title, text, pieces)
    sentences = passage.pieces_of([(start + shift, end + shift) for start, end, _ in example.sentences])
    functions = torch.tensor([does for _, _, does in example.sentences], dtype=torch.long)
    mentions = [(at, (a + shift, b + shift)) for at, one in enumerate(example.candidates) for a, b in one.spans]
    places = passage.pieces_of([span for _, span in mentions])
    is_read = places[:, 1] > places[:, 0]
    read = [at for (at, _), kept in zip(mentions, is_read, strict=True) if kept]
    order = {at: place for place, at in enumerate(dict.fromkeys(read))}
    kept_sentences = sentences[:, 1] > sentences[:, 0]
    return _Encoded(
        example,
        passage,
        torch.from_numpy(sentences[kept_sentences]),
        functions[torch.from_numpy(kept_sentences)] if len(functions) else functions,
        torch.from_numpy(places[is_read]),
        torch.tensor([order[at] for at in read], dtype=torch.long),
        torch.tensor([example.candidates[at].labels for at in order], dtype=torch.float32).reshape(
            len(order), len(KINDS)
        ),
        tuple(order),
        None if example.names is None else _tags_of(passage, example.names, shift),
    )


def _without_sums(example: Example) -> tuple[str, str]:
    """Headline and text with blanks where a project's sums stand: most launches that the corpus tells of name one, and
    a commission to an authority mostly does not."""
    whole = list(f"{example.title}\n{example.text}")
    for one in example.candidates:
        if one.labels[_AMOUNT] != UNKNOWN:
            for start, end in one.spans:
                whole[start:end] = " " * (end - start)
    joined = "".join(whole)
    return joined[: len(example.title)], joined[len(example.title) + 1 :]


_AMOUNT = KINDS.index("amount")


def _tags_of(passage: Passage, names: Sequence[TaggedSpan], shift: int) -> Tensor:
    """For each piece its place in `TAGS`."""
    tags = torch.zeros(len(passage.ids), dtype=torch.long)
    places = passage.pieces_of([(one.start + shift, one.end + shift) for one in names])
    for one, (first, after) in zip(names, places, strict=True):
        tags[first:after] = 2 + 2 * one.kind
        tags[first : first + (after > first)] = 1 + 2 * one.kind
    return tags


def batch_of(laid: Sequence[_Encoded]) -> Batch:
    """Several examples as one batch, padded to the longest."""

    def spans(parts: Sequence[Tensor]) -> Tensor:
        rows = [torch.cat([torch.full((len(part), 1), row), part], 1) for row, part in enumerate(parts)]
        return torch.cat(rows).long()

    ids = [torch.from_numpy(one.passage.ids).long() for one in laid]
    padded = pad_sequence(ids, batch_first=True, padding_value=PADDING)
    is_piece = torch.arange(padded.shape[1]) < torch.tensor([len(one) for one in ids])[:, None]
    ends = list(accumulate((len(one.labels) for one in laid), initial=0))
    return Batch(
        padded,
        is_piece,
        spans([one.sentences for one in laid]),
        spans([one.mentions for one in laid]),
        torch.cat([one.candidate_of + before for one, before in zip(laid, ends, strict=False)]),
        ends[-1],
        is_piece & torch.tensor([one.tags is not None for one in laid])[:, None],
    )


def fit_encoder(
    network: EncoderNetwork,
    examples: Sequence[Example],
    pieces: PieceModel,
    recipe: Recipe,
    report: Callable[[str], None] = lambda text: None,
) -> None:
    """Trains the upper layers and the heads in place."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)  # noqa: S311  # draws noise, no secrets
    first = [encode_example(one, pieces, chance, recipe) for one in random.Random(5).sample(list(examples), 64)]  # noqa: S311
    network.standardise([batch_of(first[at : at + 8]) for at in range(0, len(first), 8)])
    layers = [p for layer in network.layers[FROZEN_LAYERS:] for p in layer.parameters()]
    of_layers = {id(p) for p in layers}
    heads = [p for p in network.parameters() if p.requires_grad and id(p) not in of_layers]
    optimiser = torch.optim.AdamW([{"params": layers}, {"params": heads}], weight_decay=0.01, betas=(0.9, 0.98))
    total, step, begun = 0, 0, time.monotonic()
    for epoch in range(recipe.epochs):
        batches = list(_batches([encode_example(one, pieces, chance, recipe) for one in examples], recipe, chance))
        total = total or len(batches) * recipe.epochs
        sums = dict.fromkeys(_LOSS_WEIGHTS, 0.0)
        network.train()
        for number, laid in enumerate(batches, 1):
            left = max(0.02, 1 - step / total)
            warm = min(1.0, max(0.0, (step - _HEADS_ONLY_STEPS + 1) / _WARM_UP_STEPS))
            optimiser.param_groups[0]["lr"] = recipe.layer_rate * warm * left
            optimiser.param_groups[1]["lr"] = recipe.head_rate * min(1.0, (step + 1) / 8) * left
            losses = _losses(network(batch_of(laid), recipe.dropout), laid)
            torch.stack([_LOSS_WEIGHTS[name] * value for name, value in losses.items()]).sum().backward()
            torch.nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            step += 1
            for name, value in losses.items():
                sums[name] += float(value.detach())
            if number % 25 == 0 or number == len(batches):
                mean = " ".join(f"{name} {value / number:.3f}" for name, value in sums.items())
                report(f"epoch {epoch + 1} {number}/{len(batches)} {time.monotonic() - begun:.0f} s {mean}")


def _batches(laid: Sequence[_Encoded], recipe: Recipe, chance: random.Random) -> Iterator[list[_Encoded]]:
    """Batches of texts of about one length, in any order."""
    order = list(laid)
    chance.shuffle(order)
    batches: list[list[_Encoded]] = []
    for at in range(0, len(order), 600):
        current: list[_Encoded] = []
        for one in sorted(order[at : at + 600], key=lambda one: len(one.passage.ids)):
            if current and (len(current) + 1) * len(one.passage.ids) > recipe.pieces_a_batch:
                batches.append(current)
                current = []
            current.append(one)
        batches.append(current)
    chance.shuffle(batches)
    yield from batches


def _losses(scores: Scores, laid: Sequence[_Encoded]) -> dict[str, Tensor]:
    examples = [one.example for one in laid]
    topics = torch.tensor([one.topic for one in examples])
    functions = torch.cat([one.functions for one in laid])
    labels = torch.cat([one.labels for one in laid])
    weights = torch.cat([torch.full((len(one.labels), 1), one.example.weight) for one in laid])
    none = scores.verdicts.sum() * 0
    known = labels != UNKNOWN
    tags = [one.tags for one in laid if one.tags is not None]
    return {
        "relevant": _binary(scores.verdicts[:, 0], torch.tensor([float(one.relevant) for one in examples])),
        "new_project": _binary(scores.verdicts[:, 1], torch.tensor([float(one.new_project) for one in examples])),
        "topic": functional.cross_entropy(scores.topics, topics, ignore_index=UNKNOWN)
        if bool((topics != UNKNOWN).any())
        else none,
        "sentences": functional.cross_entropy(scores.sentences, functions) if len(functions) else none,
        "candidates": (
            functional.binary_cross_entropy_with_logits(
                scores.candidates[known], labels[known], weights.expand_as(labels)[known]
            )
            if bool(known.any())
            else none
        ),
        "tags": functional.cross_entropy(scores.tags, torch.cat(tags)) if tags else none,
    }


def _binary(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not bool(known.any()):
        return logits.sum() * 0
    smooth = labels[known] * (1 - _SMOOTHING) + _SMOOTHING / 2
    return functional.binary_cross_entropy_with_logits(logits[known], smooth)


Respan = Callable[[Example, tuple[TaggedSpan, ...]], tuple[LabelledSpans, ...]]
"""Gives an example's candidates, once it is known which names are found in it."""


@torch.no_grad()
def score_examples(
    network: EncoderNetwork, examples: Sequence[Example], pieces: PieceModel, candidates_of: Respan | None = None
) -> list[RecordScores]:
    """What a network says of each example: of its own candidates, or of those that `candidates_of` gives."""
    network.eval()
    found: list[RecordScores | None] = [None] * len(examples)
    laid = [encode_example(replace(one, candidates=(), names=()), pieces) for one in examples]
    order = sorted(range(len(laid)), key=lambda at: len(laid[at].passage.ids))
    for begin in range(0, len(order), _SCORED_AT_ONCE):
        here = order[begin : begin + _SCORED_AT_ONCE]
        batch = batch_of([laid[at] for at in here])
        features, pooled = network.trunk(batch.ids, batch.is_piece)
        scores = network.heads(features, pooled, batch)
        tags = scores.tags.split([len(laid[at].passage.ids) for at in here])
        for row, at in enumerate(here):
            example = examples[at]
            names = find_spans(tags[row].numpy(), laid[at].passage)
            candidates = example.candidates if candidates_of is None else candidates_of(example, names)
            whole = encode_example(replace(example, candidates=candidates, names=None), pieces)
            its = features[row : row + 1, : len(whole.passage.ids)]
            own = network.heads(its, pooled[row : row + 1], batch_of([whole])).candidates.numpy()
            read = [candidates[one].spans for one in whole.read]
            found[at] = RecordScores(
                scores.verdicts[row].numpy(),
                scores.topics[row].numpy(),
                dict(zip(read, own, strict=True)),
                tags=names,
            )
    return [one for one in found if one is not None]


_SCORED_AT_ONCE = 8
