"""A citizen's report: its public number, with a check digit, so that a slip on the phone shows."""

from __future__ import annotations


def number_of(key: int) -> str:
    """
    Return the public number of a report: its key, a hyphen and Luhn's check digit.

    The digit finds every single wrong digit and nearly every swap of two neighbours
    (H. P. Luhn, US patent 2,950,048).
    """
    return f"{key}-{_check_digit(str(key))}"


def key_of(number: str) -> int | None:
    """Read a number as people type it (hyphen, spaces or nothing); None where it cannot be one."""
    digits = "".join(number.replace("-", " ").replace("№", " ").split())
    if not (digits.isascii() and digits.isdecimal() and 2 <= len(digits) <= 19):
        return None
    key, digit = digits[:-1], digits[-1]
    return int(key) if key[0] != "0" and _check_digit(key) == digit else None


def _check_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
