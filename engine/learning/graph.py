"""The tagger as an ONNX graph, written from its weights: one window in, label scores out.

BERT (J. Devlin et al., 2019) and MPNet (K. Song et al., 2020) encoders. Inputs `ids` and `places`, int64 of shape
(pieces,); output `scores`, float32 of shape (pieces, labels). There is no batch axis and so no padding: a window's
answer cannot depend on its neighbours. Weights are int8 with one float scale for each output channel (each row of the
word table), followed by standard DequantizeLinear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from engine.attribution.tagger_text import MOST_PIECES

Array = npt.NDArray[Any]
Weights = Mapping[str, Array]

OPSET = 20
"""The first operator set with an exact Gelu."""
_IR_VERSION = 10
_POSITIONS = MOST_PIECES + 4


@dataclass(frozen=True, slots=True)
class LayerNames:
    """Where an encoder keeps the parts of one layer."""

    query: str
    key: str
    value: str
    attended: str
    attended_norm: str


BERT = LayerNames(
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "attention.output.LayerNorm",
)  # fmt: skip
MPNET = LayerNames(
    "attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm"
)


def quantized(weight: Array, *, axis: int) -> tuple[Array, Array]:
    """Symmetric int8 with a scale for each slice that `axis` numbers."""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    scale = np.maximum(np.abs(weight).max(axis=others), 1e-8).astype(np.float32) / 127
    shape = [-1 if i == axis else 1 for i in range(weight.ndim)]
    return np.clip(np.round(weight / scale.reshape(shape)), -127, 127).astype(np.int8), scale


class _Graph:
    """Collects nodes and initializers; each step returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.initializers: dict[str, TensorProto] = {}

    def constant(self, name: str, value: Array) -> str:
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x: str, name: str, weight: Array, bias: Array) -> str:
        """`weight` is (inputs, outputs)."""
        whole, scale = quantized(weight, axis=1)
        stored = self.constant(f"{name}.weight", whole)
        scales = self.constant(f"{name}.scale", scale)
        product = self.op("MatMul", x, self.op("DequantizeLinear", stored, scales, axis=1))
        return self.op("Add", product, self.constant(f"{name}.bias", bias.astype(np.float32)))

    def norm(self, x: str, name: str, weights: Weights, epsilon: float) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def tagger_graph(weights: Weights, config: Mapping[str, Any]) -> ModelProto:
    """`weights` by the names of `TaggerNetwork.state_dict()`, float32. Raises KeyError where one is missing."""
    graph, names = _Graph(), MPNET if config["model_type"] == "mpnet" else BERT
    epsilon = config["layer_norm_eps"]
    length = graph.op("Shape", "ids")
    bias = _relative_bias(graph, weights, length) if names is MPNET else None
    x = graph.norm(_embedded(graph, weights, length), "encoder.embeddings.LayerNorm", weights, epsilon)
    for number in range(config["num_hidden_layers"]):
        layer = f"encoder.encoder.layer.{number}"
        attended = _attention(graph, weights, x, (layer, names, config["num_attention_heads"]), bias)
        x = graph.norm(graph.op("Add", attended, x), f"{layer}.{names.attended_norm}", weights, epsilon)
        wide = graph.op("Gelu", _dense(graph, weights, x, f"{layer}.intermediate.dense"))
        narrow = _dense(graph, weights, wide, f"{layer}.output.dense")
        x = graph.norm(graph.op("Add", narrow, x), f"{layer}.output.LayerNorm", weights, epsilon)
    product = graph.op("MatMul", x, graph.constant("out.weight", weights["out.weight"].T))
    graph.op("Add", product, graph.constant("out.bias", weights["out.bias"]), name="scores")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"]) for name in ("ids", "places")]
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["pieces", len(weights["out.bias"])])
    body = helper.make_graph(graph.nodes, "tagger", inputs, [scores], list(graph.initializers.values()))
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION)


def _dense(graph: _Graph, weights: Weights, x: str, name: str) -> str:
    return graph.linear(x, name, weights[f"{name}.weight"].T, weights[f"{name}.bias"])


def _embedded(graph: _Graph, weights: Weights, length: str) -> str:
    """Word, place and position vectors, summed. Positions are cut to the longest window; token types are all 0."""
    table, scale = quantized(weights["encoder.embeddings.word_embeddings.weight"], axis=0)
    rows = graph.op("Gather", graph.constant("words", table), "ids")
    scales = graph.op("Gather", graph.constant("words.scale", scale[:, None]), "ids")
    words = graph.op("Mul", graph.op("Cast", rows, to=TensorProto.FLOAT), scales)
    places = graph.op("Gather", graph.constant("places.weight", weights["places.weight"]), "places")
    positions = weights["encoder.embeddings.position_embeddings.weight"]
    if "encoder.embeddings.token_type_embeddings.weight" in weights:
        positions = positions[:_POSITIONS] + weights["encoder.embeddings.token_type_embeddings.weight"][0]
    else:
        positions = positions[2 : 2 + _POSITIONS]  # MPNet counts from its padding index + 1
    used = graph.op("Slice", graph.constant("positions", positions), graph.ints(0), length, graph.ints(0))
    return graph.op("Add", graph.op("Add", words, places), used)


def _attention(graph: _Graph, weights: Weights, x: str, place: tuple[str, LayerNames, int], bias: str | None) -> str:
    layer, names, heads = place
    parts = [f"{layer}.{part}" for part in (names.query, names.key, names.value)]
    joined = np.concatenate([weights[f"{part}.weight"].T for part in parts], axis=1)
    biases = np.concatenate([weights[f"{part}.bias"] for part in parts])
    width = joined.shape[0]
    size = width // heads
    together = graph.linear(x, f"{layer}.qkv", joined, biases)
    split = graph.op("Reshape", together, graph.ints(-1, 3, heads, size))
    by_part = graph.op("Transpose", split, perm=[1, 2, 0, 3])
    query, key, value = (graph.op("Gather", by_part, graph.constant(f"part_{i}", np.array(i))) for i in range(3))
    scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 2, 1]))
    scores = graph.op("Mul", scores, graph.constant("one_over_root", np.float32(1 / math.sqrt(size)).reshape(1)))
    scores = graph.op("Add", scores, bias) if bias else scores
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
    flat = graph.op("Reshape", graph.op("Transpose", mixed, perm=[1, 0, 2]), graph.ints(-1, width))
    return _dense(graph, weights, flat, f"{layer}.{names.attended}")


def _relative_bias(graph: _Graph, weights: Weights, length: str) -> str:
    """MPNet's bias by distance, shape (heads, pieces, pieces), from a table over all distances in a window."""
    distances = np.arange(-_POSITIONS + 1, _POSITIONS)
    table = weights["encoder.encoder.relative_attention_bias.weight"][relative_buckets(distances)]
    size = graph.op("Squeeze", length)
    steps = graph.op("Range", graph.constant("zero", np.array(0)), size, graph.constant("one", np.array(1)))
    across = graph.op("Unsqueeze", steps, graph.ints(0))
    down = graph.op("Unsqueeze", steps, graph.ints(1))
    distance = graph.op("Add", graph.op("Sub", across, down), graph.ints(_POSITIONS - 1))
    values = graph.op("Gather", graph.constant("relative", table.astype(np.float32)), distance)
    return graph.op("Transpose", values, perm=[2, 0, 1])


def relative_buckets(distances: Array, *, buckets: int = 32, furthest: int = 128) -> Array:
    """The bucket of each distance (key's place minus query's): half of them exact, half on a log scale, one set a side.

    C. Raffel et al. (2020), section 2.1, as MPNet applies it.
    """
    half = buckets // 2
    exact = half // 2
    far = np.abs(distances)
    scaled = np.log(np.maximum(far, 1) / exact) / math.log(furthest / exact) * (half - exact)
    large = np.minimum(exact + scaled.astype(np.int64), half - 1)
    found: Array = np.where(distances > 0, half, 0) + np.where(far < exact, far, large)
    return found
