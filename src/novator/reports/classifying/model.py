"""A citizen's report: a trained model of categories: one block of bytes, opened to propose."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from novator.reports.classifying.calibration import softmax
from novator.reports.classifying.features import TERMS, Weighing, readable, term_counts
from novator.reports.classifying.landmarks import nearness
from novator.text.encoders import Encoder, Kind
from novator.text.words import shortened

Floats = npt.NDArray[np.float64]

MAGIC = b"novator-categories-1\n"
VERSION = 1
DIGEST_BYTES = 32
MOST_UNPACKED = 400_000_000
LONGEST_MEANT = 500
MEANT_AS: Kind = "query"


class ModelDamaged(Exception):
    """The bytes are no model that this version can open; the caller trains or starts anew."""


@dataclass(frozen=True)
class Proposal:
    """A category with the probability that it is the right one."""

    code: str
    probability: float


@dataclass(frozen=True)
class TermBlock:
    """What known words or pieces of words say for each category; `weights` is [terms, codes]."""

    weighing: Weighing
    weights: npt.NDArray[np.float32]

    def scores(self, counts: Counter[int]) -> Floats:
        """Sum of what the counted terms of one text say."""
        places, values = self.weighing.row(counts)
        return np.asarray(values @ self.weights[places].astype(np.float64))


@dataclass(frozen=True)
class MeaningBlock:
    """
    What the vector of one encoder says: how near it is to each middle times what that says.

    `middles` is [middles, dimensions], `weights` [middles, codes]. Steepness 0: the product of
    vector and middle stands for nearness.
    """

    encoder: str
    middles: npt.NDArray[np.float32]
    steepness: float
    weights: npt.NDArray[np.float32]

    def scores(self, vectors: npt.ArrayLike) -> Floats:
        """One row for each vector."""
        if self.steepness:
            return np.asarray(nearness(vectors, self.middles, self.steepness) @ self.weights)
        return np.asarray(np.asarray(vectors, np.float64) @ self.middles.T @ self.weights)


@dataclass(frozen=True)
class Model:
    """
    Says of a text how probable each category is.

    A category's score is its bias and the sum of what all blocks say; softmax makes them
    probabilities. `sure_at` is the top probability from which on a proposal is right as often as
    promised. `encoders` are given when it is opened: blocks whose encoder is not among them would
    be missed, so that opening refuses instead.
    """

    codes: tuple[str, ...]
    bias: Floats
    terms: tuple[TermBlock, ...]
    meanings: tuple[MeaningBlock, ...]
    sure_at: float
    facts: Mapping[str, Any]
    encoders: Mapping[str, Encoder] = field(default_factory=dict, compare=False, repr=False)

    def propose(self, text: str) -> tuple[Proposal, ...]:
        """All categories, the most probable first; the probabilities sum to 1."""
        told = self.probabilities([text])[0]
        order = sorted(range(len(self.codes)), key=lambda place: (-told[place], place))
        return tuple(Proposal(self.codes[place], float(told[place])) for place in order)

    def is_sure(self, proposals: Sequence[Proposal]) -> bool:
        """Whether the first proposal may be taken without asking."""
        return bool(proposals) and proposals[0].probability >= self.sure_at

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """One row a text, one column a category, in the order of `codes`."""
        return softmax(self.scores([readable(text) for text in texts]))

    def scores(self, texts: Sequence[str]) -> Floats:
        """Scores before softmax; the texts are `readable` ones."""
        total = np.tile(self.bias, (len(texts), 1))
        kinds = {block.weighing.kind for block in self.terms}
        for row, text in enumerate(texts):
            counts = {kind: term_counts(kind, text) for kind in kinds}
            for block in self.terms:
                total[row] += block.scores(counts[block.weighing.kind])
        vectors: dict[str, npt.ArrayLike] = {}
        for meaning in self.meanings:
            if meaning.encoder not in vectors:
                vectors[meaning.encoder] = self.encoders[meaning.encoder].encode(
                    [meant(text) for text in texts], kind=MEANT_AS
                )
            total += meaning.scores(vectors[meaning.encoder])
        return total

    def with_facts(self, **facts: Any) -> Model:
        """The same model with further facts of its making."""
        return replace(self, facts={**self.facts, **facts})

    def to_bytes(self) -> bytes:
        """One block of bytes with a digest, from which `open_model` makes the same model."""
        arrays: dict[str, npt.NDArray[Any]] = {"bias": self.bias}
        terms: list[dict[str, Any]] = []
        meanings: list[dict[str, Any]] = []
        for place, block in enumerate(self.terms):
            columns = block.weighing.columns
            known = np.array(sorted(columns, key=columns.__getitem__), dtype=np.uint64)
            unknown = block.weighing.rarity_of_unknown
            terms.append({"kind": block.weighing.kind, "unknown": unknown})
            arrays[f"terms{place}.known"] = known
            arrays[f"terms{place}.rarity"] = block.weighing.rarity.astype(np.float32)
            arrays[f"terms{place}.weights"] = block.weights.astype(np.float16)
        for place, meaning in enumerate(self.meanings):
            meanings.append({"encoder": meaning.encoder, "steepness": meaning.steepness})
            arrays[f"meaning{place}.middles"] = meaning.middles.astype(np.float16)
            arrays[f"meaning{place}.weights"] = meaning.weights.astype(np.float32)
        head = {
            "version": VERSION,
            "codes": self.codes,
            "terms": terms,
            "meanings": meanings,
            "sure_at": self.sure_at,
            "facts": dict(self.facts),
        }
        arrays["head"] = np.frombuffer(
            json.dumps(head, ensure_ascii=False, sort_keys=True).encode(), dtype=np.uint8
        )
        packed = io.BytesIO()
        np.savez_compressed(packed, **arrays)  # type: ignore[arg-type]
        body = packed.getvalue()
        return MAGIC + hashlib.sha256(body).digest() + body


def meant(text: str) -> str:
    """The part of a readable text that the encoders read: they must answer within their time."""
    return shortened(text, LONGEST_MEANT)


def encoder_names(blob: bytes) -> tuple[str, ...]:
    """
    Names of the encoders that a model needs, without opening all of it.

    :raises ModelDamaged: see `open_model`
    """
    return tuple(dict.fromkeys(item["encoder"] for item in _unpacked(blob)[0]["meanings"]))


def open_model(blob: bytes, encoders: Sequence[Encoder]) -> Model:
    """
    The model that `Model.to_bytes` wrote.

    :raises ModelDamaged: cut, changed, of another version, or of an encoder that is not given
    """
    head, arrays = _unpacked(blob)
    given = {encoder.name: encoder for encoder in encoders}
    try:
        needed = dict.fromkeys(item["encoder"] for item in head["meanings"])
        if missing := [name for name in needed if name not in given]:
            raise ModelDamaged(f"the model needs encoders that are not here: {', '.join(missing)}")
        return _made(head, arrays, given)
    except (KeyError, IndexError, TypeError, ValueError) as fault:
        raise ModelDamaged(f"the model lacks a part: {fault}") from fault


def _unpacked(blob: bytes) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    if not blob.startswith(MAGIC):
        raise ModelDamaged("the bytes are no model of this version")
    body = blob[len(MAGIC) + DIGEST_BYTES :]
    if hashlib.sha256(body).digest() != blob[len(MAGIC) : len(MAGIC) + DIGEST_BYTES]:
        raise ModelDamaged("the model is cut or was changed after it had been written")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED:
                raise ModelDamaged("the model is too large when unpacked")
        with np.load(io.BytesIO(body), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        head = json.loads(arrays["head"].tobytes())
        if head["version"] != VERSION:
            raise ModelDamaged(f"the model is of version {head['version']}")
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as fault:
        raise ModelDamaged(f"the model cannot be read: {fault}") from fault
    return head, arrays


def _made(
    head: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]], given: Mapping[str, Encoder]
) -> Model:
    terms = []
    for place, block in enumerate(head["terms"]):
        known = arrays[f"terms{place}.known"].tolist()
        rarity = arrays[f"terms{place}.rarity"].astype(np.float64)
        weights = arrays[f"terms{place}.weights"].astype(np.float32)
        if block["kind"] not in TERMS or not len(known) == len(rarity) == len(weights):
            raise ValueError(block["kind"])
        columns = {term: column for column, term in enumerate(known)}
        weighing = Weighing(block["kind"], columns, rarity, float(block["unknown"]))
        terms.append(TermBlock(weighing, weights))
    meanings = [
        MeaningBlock(
            encoder=item["encoder"],
            middles=arrays[f"meaning{place}.middles"].astype(np.float32),
            steepness=float(item["steepness"]),
            weights=arrays[f"meaning{place}.weights"],
        )
        for place, item in enumerate(head["meanings"])
    ]
    return Model(
        codes=tuple(head["codes"]),
        bias=arrays["bias"],
        terms=tuple(terms),
        meanings=tuple(meanings),
        sure_at=float(head["sure_at"]),
        facts=head["facts"],
        encoders=given,
    )
