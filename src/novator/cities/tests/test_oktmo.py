"""Codes of municipalities: digits, headings, the control digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from novator.cities.oktmo import NotOktmo, control_digit, is_heading, municipality_code

CODES = st.text(alphabet="0123456789", min_size=8, max_size=8)


@pytest.mark.parametrize(
    ("code", "digit"),
    [
        ("94720000", 2),  # 9·1 + 4·2 + 7·3 + 2·4 = 46, 46 mod 11 = 2
        ("33701000", 2),  # 3·1 + 3·2 + 7·3 + 0·4 + 1·5 = 35, 35 mod 11 = 2
        ("46701000", 9),  # 4·1 + 6·2 + 7·3 + 0·4 + 1·5 = 42, 42 mod 11 = 9
        ("00000000", 0),
    ],
)
def test_reckons_the_control_digit(code: str, digit: int) -> None:
    assert control_digit(code) == digit


def test_weighs_anew_from_three_where_the_rest_is_ten() -> None:
    # 0·1 + 5·2 = 10 → again with 3, 4, …: 5·4 = 20, 20 mod 11 = 9
    assert control_digit("05000000") == 9


def test_gives_nought_where_the_rest_is_ten_twice() -> None:
    def rest(code: str, first: int) -> int:
        return sum((place + first) * int(digit) for place, digit in enumerate(code)) % 11

    codes = (f"{number:08d}" for number in range(100_000_000))
    twice = next(code for code in codes if rest(code, 1) == rest(code, 3) == 10)

    assert control_digit(twice) == 0


@given(CODES)
def test_control_digit_is_one_digit(code: str) -> None:
    assert 0 <= control_digit(code) <= 9


@given(CODES, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_mostly_seen(code: str, place: int, step: int) -> None:
    wrong = code[:place] + str((int(code[place]) + step) % 10) + code[place + 1 :]
    first = sum((p + 1) * int(d) for p, d in enumerate(code)) % 11
    other = sum((p + 1) * int(d) for p, d in enumerate(wrong)) % 11

    if 10 not in (first, other):
        assert control_digit(code) != control_digit(wrong)


@pytest.mark.parametrize("code", ["94000000", "94600000", "94700000", "94608100", "94608400"])
def test_knows_headings(code: str) -> None:
    assert is_heading(code)


@pytest.mark.parametrize("code", ["94720000", "94608000", "94608410", "03726000001"])
def test_knows_municipalities(code: str) -> None:
    assert not is_heading(code)


def test_keeps_the_leading_zero_and_drops_the_settlement() -> None:
    assert municipality_code("03 726 000 001") == "03726000"


@pytest.mark.parametrize("text", ["", "9472000", "9472000a", "947200001", "94000000", "٩٤٧٢٠٠٠٠"])
def test_refuses_what_is_no_municipality(text: str) -> None:
    with pytest.raises(NotOktmo):
        municipality_code(text)


def test_refuses_a_wrong_control_digit() -> None:
    assert municipality_code("94720000", control="2") == "94720000"

    with pytest.raises(NotOktmo):
        municipality_code("94720000", control="3")


def test_refuses_a_code_of_another_region() -> None:
    with pytest.raises(NotOktmo):
        municipality_code("94720000", region_prefix="33")
