"""Writes a trained encoder as the files that `classifier.encoder` reads.

In: a network and its `PieceModel`. Out: in a folder the trunk as an ONNX graph with weights in 8 bits, the embeddings
of pieces in 4 bits, and the heads. The embeddings and the lower layers come from the base model unchanged.
Sources of the rounding: symmetric, one scale an output channel; activations are rounded as they come (onnxruntime's
`DynamicQuantizeMatMul`), after each of their numbers was scaled by what it reaches (Xiao et al., SmoothQuant, 2023):
without that the answers move by .38 log-odds on average, with it by .15.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from classifier.encoder.files import HEADS_FILE, TRUNK_FILE, WORDS_FILE, pack_words
from classifier.encoder.passage import MOST_PIECES
from classifier.training.encoder_network import EPSILON, FEATURE_LAYERS, HEADS, WIDTH, EncoderNetwork

Floats = NDArray[np.float32]
Ranges = Mapping[tuple[int, str], Tensor]

_OPSET, _IR_VERSION = 17, 9
"""The oldest that hold what the graph needs, so that older releases of onnxruntime read it too."""

_MICROSOFT = "com.microsoft"
_STEPS = 127  # of a signed byte
_SMOOTHED = 0.8
"""How much of an input's range goes over to its weights; of .5 to 1 the answers moved least by .75 and .8."""
_LEAST = 1e-5


class _Graph:
    """Collects nodes and weights; each method returns the name of what it computes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def keep(self, name: str, values: NDArray[np.generic]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: list[str], name: str, domain: str = _MICROSOFT, **settings: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name

    def linear(self, x: str, weight: Floats, bias: Floats, ranges: Floats, name: str) -> str:
        """`weight` is outputs x inputs; `ranges` are the largest values of each input."""
        smooth = np.maximum(ranges, _LEAST) ** _SMOOTHED / np.maximum(np.abs(weight).max(0), _LEAST) ** (1 - _SMOOTHED)
        smooth /= np.exp(np.log(smooth).mean())
        x = self.add("Mul", [x, self.keep(f"{name}.smooth", (1 / smooth).astype(np.float32))], f"{name}.smoothed", "")
        weight = weight * smooth
        scale = np.maximum(np.abs(weight).max(1) / _STEPS, np.finfo(np.float32).tiny)
        steps = np.clip(np.round(weight / scale[:, None]), -_STEPS, _STEPS).astype(np.int8)
        inputs = [
            x,
            self.keep(f"{name}.weight", steps.T),
            self.keep(f"{name}.scale", scale.astype(np.float32)),
            self.keep(f"{name}.zero", np.zeros(len(weight), np.int8)),
            self.keep(f"{name}.bias", bias),
        ]
        return self.add("DynamicQuantizeMatMul", inputs, name)

    def add_and_norm(self, x: str, other: str, weight: Floats, bias: Floats, name: str) -> str:
        inputs = [x, other, self.keep(f"{name}.weight", weight), self.keep(f"{name}.bias", bias)]
        return self.add("SkipLayerNormalization", inputs, name, epsilon=EPSILON)


def write_encoder(
    network: EncoderNetwork, heads: Mapping[str, NDArray[np.float64]], words: Floats, ranges: Ranges, folder: Path
) -> None:
    """Writes the network's trunk, embeddings (`words`: pieces x width, as the base model has them) and heads.

    `ranges` are the network's `input_ranges` on some texts.

    Raises:
        OSError: the folder cannot be written.
    """
    state = {name: value.float().numpy() for name, value in network.state_dict().items()}
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save_model(_trunk(state, network, ranges), str(folder / TRUNK_FILE))
    np.save(folder / WORDS_FILE, pack_words(words))
    rounded = {name: values.astype(np.float16) for name, values in heads.items()}
    np.savez(folder / HEADS_FILE, allow_pickle=False, **rounded)


def _trunk(state: dict[str, Floats], network: EncoderNetwork, ranges: Ranges) -> onnx.ModelProto:
    graph = _Graph()
    places = graph.keep("places", network.places.numpy()[None, :MOST_PIECES].astype(np.float32))
    # rows of `places` for as many pieces as there are
    length = graph.add("Shape", ["words"], "length", "", start=1, end=2)
    zero = graph.keep("zero", np.zeros(1, np.int64))
    here = graph.add("Slice", [places, zero, length, graph.keep("one", np.ones(1, np.int64))], "here", "")
    x = graph.add_and_norm("words", here, network.norm_weight.numpy(), network.norm_bias.numpy(), "embedded")
    features = []
    for number in range(len(network.layers)):
        weights = {k.removeprefix(f"layers.{number}."): v for k, v in state.items()}
        x = _layer(graph, x, weights, {k[1]: v.numpy() for k, v in ranges.items() if k[0] == number}, f"layer{number}")
        if number in FEATURE_LAYERS:
            features.append(x)
    graph.add("Concat", features, "features", "", axis=-1)
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "pieces", WIDTH])],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, "pieces", len(features) * WIDTH])],
        graph.weights,
    )
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=_IR_VERSION)


def _layer(graph: _Graph, x: str, weights: dict[str, Floats], ranges: dict[str, Floats], name: str) -> str:
    def linear(part: str, value: str) -> str:
        return graph.linear(value, weights[f"{part}.weight"], weights[f"{part}.bias"], ranges[part], f"{name}.{part}")

    def add_and_norm(part: str, value: str, other: str) -> str:
        return graph.add_and_norm(value, other, weights[f"{part}.weight"], weights[f"{part}.bias"], f"{name}.{part}")

    queries = [f"{name}.{part}" for part in ("queries", "keys", "values")]
    sizes = graph.keep(f"{name}.sizes", np.full(3, WIDTH, np.int64))
    graph.nodes.append(helper.make_node("Split", [linear("qkv", x), sizes], queries, axis=-1))
    seen = graph.add("MultiHeadAttention", queries, f"{name}.seen", num_heads=HEADS)
    x = add_and_norm("attention_norm", linear("out", seen), x)
    bent = graph.add("Gelu", [linear("up", x)], f"{name}.bent")
    return add_and_norm("norm", linear("down", bent), x)
