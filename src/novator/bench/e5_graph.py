"""Bench: the graph of the encoder e5, and how its inputs are evened out before 8 bits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from novator.text.e5 import E5, GRAPH_FILE
from novator.text.e5_weights import (
    PRODUCTS,
    SMOOTHING_FILE,
    Matrix,
    Sizes,
    Weights,
    read_weights,
    weights_file,
)

OPSET = 20
IR_VERSION = 10
EVENED = 0.7
"""How far inputs are evened out at the cost of the weights (Xiao et al. 2023 take .5)."""
_MADE_BY = "novator bench e5"
_CONTRIB = "com.microsoft"
_LARGEST = "largest"


def graph_of(sizes: Sizes, *, with_largest: bool = False) -> bytes:
    """
    The layers of the encoder: `states`, (1, tokens, width), in; their mean, (1, width), out.

    Its values are named and left out; `novator.text.e5_weights` brings them. With the largest
    inputs of each product as further outputs, by which these are evened out.
    """
    from onnx import TensorProto, helper

    drawn = _Drawn()
    states = "states"
    for layer in range(sizes.layers):
        states = drawn.layer(layer, states, sizes)
    drawn.node("ReduceMean", [states, drawn.axis("tokens", 1)], "mean", keepdims=0)
    outputs = ["mean", *([f"{_LARGEST}.{one}" for one in drawn.inputs] if with_largest else [])]
    for one in drawn.inputs if with_largest else []:
        drawn.node("Abs", [one], f"size.{one}")
        drawn.node(
            "ReduceMax",
            [f"size.{one}", drawn.axis(f"of.{one}", 1)],
            f"{_LARGEST}.{one}",
            keepdims=0,
        )
    graph = helper.make_graph(
        drawn.nodes,
        "e5",
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "n", sizes.hidden])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        drawn.values,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_CONTRIB, 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name=_MADE_BY)
    model.ir_version = IR_VERSION
    return bytes(model.SerializeToString(deterministic=True))


class _Drawn:
    """The nodes of a graph and the values that it names, as they come together."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.values: list[Any] = []
        self.inputs: list[str] = []

    def node(
        self, kind: str, inputs: list[str], output: str, *, domain: str = "", **how: Any
    ) -> str:
        from onnx import helper

        outputs = how.pop("outputs", [output])
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **how))
        return output

    def axis(self, name: str, axis: int) -> str:
        from onnx import numpy_helper

        self.values.append(numpy_helper.from_array(np.array([axis], dtype=np.int64), name))
        return name

    def value(self, name: str, shape: tuple[int, ...], *, in_8_bits: bool = False) -> str:
        """A value of the graph that lies elsewhere."""
        from onnx import TensorProto

        kind = TensorProto.INT8 if in_8_bits else TensorProto.FLOAT
        tensor = TensorProto(
            name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL
        )
        place = tensor.external_data.add()
        place.key, place.value = "location", "elsewhere"
        self.values.append(tensor)
        return name

    def product(self, of: str, states: str, shape: tuple[int, int]) -> str:
        width, outputs = shape
        self.inputs.append(states)
        smoothing = self.value(f"{of}.smoothing", (width,))
        even = self.node("Mul", [states, smoothing], f"{of}.even")
        weights = [
            self.value(f"{of}.rows", shape, in_8_bits=True),
            self.value(f"{of}.scales", (outputs,)),
            "",
            self.value(f"{of}.bias", (outputs,)),
        ]
        return self.node(
            "DynamicQuantizeMatMul", [even, *weights], f"{of}.product", domain=_CONTRIB
        )

    def norm(self, of: str, change: str, states: str, sizes: Sizes) -> str:
        scale = self.value(f"{of}.norm.scale", (sizes.hidden,))
        bias = self.value(f"{of}.norm.bias", (sizes.hidden,))
        changed = self.node("Add", [states, change], f"{of}.changed")
        return self.node(
            "LayerNormalization", [changed, scale, bias], f"{of}.normed", epsilon=sizes.tiny
        )

    def layer(self, layer: int, states: str, sizes: Sizes) -> str:
        hidden, inner = sizes.hidden, sizes.inner
        of = {product: f"{layer}.{product}" for product in PRODUCTS}
        mixed = self.product(of["attend"], states, (hidden, 3 * hidden))
        parts = [f"{layer}.{name}" for name in ("query", "key", "value")]
        self.node("Split", [mixed], "", outputs=parts, axis=-1, num_outputs=3)
        taken = self.node(
            "MultiHeadAttention", parts, f"{layer}.taken", domain=_CONTRIB, num_heads=sizes.heads
        )
        joined = self.product(of["join"], taken, (hidden, hidden))
        states = self.norm(of["join"], joined, states, sizes)
        wide = self.product(of["widen"], states, (hidden, inner))
        active = self.node("Gelu", [wide], f"{layer}.active", domain=_CONTRIB)
        narrowed = self.product(of["narrow"], active, (inner, hidden))
        return self.norm(of["narrow"], narrowed, states, sizes)


def smoothing_for(weights: Weights, texts: Iterable[str]) -> dict[str, Matrix]:
    """
    What the inputs of each product are to be multiplied with, (layers, inputs), in 16 bits.

    Inputs that are large in some columns only would leave few of the 8 bits to the others. So each
    column is divided by s = a^e / w^(1 − e), and the weights that meet it multiplied: a is the
    largest input of the column among the texts, w the largest weight, e is EVENED (Xiao et al.
    2023, "SmoothQuant", formula 4); the mean of log s is 0.

    :param weights: of inputs left as they are
    """
    encoder = E5(weights, graph=graph_of(weights.sizes, with_largest=True))
    largest: list[Matrix] = []
    for text in texts:
        found = encoder.outputs(encoder.tokenizer.ids(text))[1:]
        largest = [np.maximum(*two) for two in zip(largest or found, found, strict=True)]
    evened: dict[str, list[Matrix]] = {product: [] for product in PRODUCTS}
    for (of, product), inputs in zip(_products(weights.sizes), largest, strict=True):
        rows = np.abs(weights.values[f"{of}.rows"].astype(np.float32))
        weight = (rows * weights.values[f"{of}.scales"]).max(axis=1)
        logs = EVENED * _log(inputs[0]) - (1 - EVENED) * _log(weight)
        evened[product].append(np.exp(logs.mean() - logs))
    return {product: np.stack(rows).astype(np.float16) for product, rows in evened.items()}


def _log(sizes: Matrix) -> Matrix:
    return np.asarray(np.log(np.maximum(sizes, 1e-6)))


def _products(sizes: Sizes) -> list[tuple[str, str]]:
    """Every product in its order: its name in the graph and its kind."""
    return [(f"{layer}.{kind}", kind) for layer in range(sizes.layers) for kind in PRODUCTS]


def write_graph(texts: Iterable[str], folder: Path) -> dict[str, int]:
    """
    Write the graph and what evens out its inputs, as the package brings them; sizes in bytes.

    :param texts: with the prefixes of their kind; such as the encoder will read
    """
    plain = read_weights(weights_file(), smoothing={})
    graph, smoothing = (folder / Path(name).name for name in (GRAPH_FILE, SMOOTHING_FILE))
    graph.write_bytes(graph_of(plain.sizes))
    evened = smoothing_for(plain, texts)
    with smoothing.open("wb") as stream:
        np.savez_compressed(stream, **evened)  # type: ignore[arg-type]
    return {path.name: path.stat().st_size for path in (graph, smoothing)}
