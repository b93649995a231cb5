"""A BERT sentence encoder written as an ONNX graph from its published weights, without torch.

J. Devlin et al., "BERT" (2019), encoder; N. Reimers and I. Gurevych, "Sentence-BERT" (2019), mean pooling over the
attention mask, then unit length. Inputs `input_ids` and `attention_mask` are int64 of shape (batch, length); output
`embedding` is float32 of shape (batch, hidden).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Weights = Mapping[str, npt.NDArray[Any]]

OPSET = 20
"""The first operator set with an exact Gelu."""
_IR_VERSION = 10
_MASKED = -1e9
"""Added to the attention scores of padding: its softmax weight is then exactly 0 in float32."""


class _Graph:
    """Collects nodes and initializers; each step returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.initializers: dict[str, TensorProto] = {}

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        value = self.weights[name]
        return self.constant(name, value.T if transposed else value)

    def op(self, kind: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        output = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x: str, layer: str) -> str:
        product = self.op("MatMul", x, self.weight(f"{layer}.weight", transposed=True))
        return self.op("Add", product, self.weight(f"{layer}.bias"))

    def norm(self, x: str, layer: str, epsilon: float) -> str:
        scale, bias = self.weight(f"{layer}.weight"), self.weight(f"{layer}.bias")
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=epsilon)


def encoder_graph(weights: Weights, config: Mapping[str, Any]) -> ModelProto:
    """The whole model. Raises KeyError where a weight is missing."""
    graph = _Graph(weights)
    hidden, heads, epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
    x = graph.norm(_embedded(graph), "embeddings.LayerNorm", epsilon)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    bias = _attention_bias(graph, mask)
    for number in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{number}"
        attended = _attention(graph, x, bias, layer, heads=heads, size=hidden // heads)
        x = graph.norm(graph.op("Add", attended, x), f"{layer}.attention.output.LayerNorm", epsilon)
        wide = graph.op("Gelu", graph.linear(x, f"{layer}.intermediate.dense"))
        x = graph.norm(
            graph.op("Add", graph.linear(wide, f"{layer}.output.dense"), x), f"{layer}.output.LayerNorm", epsilon
        )
    _pooled(graph, x, mask)
    ids = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "length"])
        for n in ("input_ids", "attention_mask")
    ]
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", hidden])
    body = helper.make_graph(graph.nodes, "sentence-encoder", ids, [embedding], list(graph.initializers.values()))
    return helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR_VERSION)


def _embedded(graph: _Graph) -> str:
    """Word, position and (always the first) segment embeddings, summed."""
    # Position and segment are one table: every token's segment is 0.
    positions = graph.weights["embeddings.position_embeddings.weight"]
    table = graph.constant("positions", positions + graph.weights["embeddings.token_type_embeddings.weight"][0])
    length = graph.op("Shape", "input_ids", start=1, end=2)
    zero, one = graph.constant("zero", np.array([0], np.int64)), graph.constant("one", np.array([1], np.int64))
    places = graph.op("Slice", table, zero, length, zero, one)
    return graph.op("Add", graph.op("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids"), places)


def _attention_bias(graph: _Graph, mask: str) -> str:
    """0 for words and a large negative number for padding, shape (batch, 1, 1, length)."""
    padding = graph.op("Sub", graph.constant("float_one", np.array(1, np.float32)), mask)
    scores = graph.op("Mul", padding, graph.constant("masked", np.array(_MASKED, np.float32)))
    return graph.op("Unsqueeze", scores, graph.constant("axes_1_2", np.array([1, 2], np.int64)))


def _attention(graph: _Graph, x: str, bias: str, layer: str, *, heads: int, size: int) -> str:
    split = graph.constant("split_heads", np.array([0, 0, heads, size], np.int64))
    joined = graph.constant("join_heads", np.array([0, 0, heads * size], np.int64))

    def part(name: str, perm: list[int]) -> str:
        parts = graph.op("Reshape", graph.linear(x, f"{layer}.attention.self.{name}"), split)
        return graph.op("Transpose", parts, perm=perm)

    query, key, value = part("query", [0, 2, 1, 3]), part("key", [0, 2, 3, 1]), part("value", [0, 2, 1, 3])
    scaled = graph.op("Mul", query, graph.constant("scale", np.array(size**-0.5, np.float32)))
    scores = graph.op("Add", graph.op("MatMul", scaled, key), bias)
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
    merged = graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
    return graph.linear(merged, f"{layer}.attention.output.dense")


def _pooled(graph: _Graph, x: str, mask: str) -> None:
    """The mean over the words, at unit length."""
    last, middle = graph.constant("axis_2", np.array([2], np.int64)), graph.constant("axis_1", np.array([1], np.int64))
    weighted = graph.op("Mul", x, graph.op("Unsqueeze", mask, last))
    total = graph.op("ReduceSum", weighted, middle, keepdims=0)
    mean = graph.op("Div", total, graph.op("ReduceSum", mask, middle, keepdims=1))
    graph.op("Div", mean, graph.op("ReduceL2", mean, middle, keepdims=1), name="embedding")
