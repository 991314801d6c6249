"""The public number of a report."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from novator.reports.numbers import key_of, number_of

keys = st.integers(1, 10**12)


def test_known_check_digit():
    assert number_of(7992739871) == "7992739871-3"  # the example of ISO/IEC 7812-1


@given(keys)
def test_number_leads_back_however_it_is_typed(key):
    number = number_of(key)

    assert key_of(number) == key_of(number.replace("-", "")) == key_of(f" № {number} ") == key


@given(keys, st.data())
def test_one_wrong_digit_shows(key, data):
    digits = number_of(key).replace("-", "")
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != digits[place])

    assert key_of(digits[:place] + other + digits[place + 1 :]) is None


def test_what_is_no_number():
    assert [key_of(text) for text in ("", "7", "abc", "12-", "٣-1", "0-0", "9" * 40)] == [None] * 7
