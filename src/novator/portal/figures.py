"""Every page: numbers and money as readers of each language write them."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format

NO_BREAK = "\u00a0"
MINUS = "\u2212"

_SYMBOLS = {"RUB": "₽"}
_LARGE = {
    "ru": ((10**9, "млрд"), (10**6, "млн")),
    "en": ((10**9, "billion"), (10**6, "million")),
}


def in_words_of(language: str) -> str:
    """Give "ru" or "en", the two languages in which numbers are written here."""
    return "ru" if language.startswith("ru") else "en"


def grouped(value: float | Decimal, language: str, *, decimals: int = 2) -> str:
    """
    Write 12345.5 as "12 345,5" (Russian, no-break space) or "12,345.5" (English).

    A Russian number of four digits is not parted. At most `decimals` decimals, none idle.
    """
    exact = Decimal(str(value))
    step = Decimal(1).scaleb(-decimals)
    text = f"{abs(exact).quantize(step, rounding=ROUND_HALF_UP):f}"
    whole, _point, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    is_russian = in_words_of(language) == "ru"
    if len(whole) > (4 if is_russian else 3):
        whole = f"{int(whole):,}".replace(",", NO_BREAK if is_russian else ",")
    sign = MINUS if exact < 0 and (whole.strip("0") or fraction) else ""
    return sign + whole + (f"{',' if is_russian else '.'}{fraction}" if fraction else "")


def signed(value: float | Decimal, language: str) -> str:
    """Write a change with its sign, "+" included."""
    return ("+" if value > 0 else "") + grouped(value, language)


def shortened(value: float | Decimal, language: str) -> str:
    """Write 486000000 as "486 млн" or "486 million", smaller numbers in full."""
    exact = Decimal(str(value))
    for size, word in _LARGE[in_words_of(language)]:
        if abs(exact) >= size:
            return f"{grouped(exact / size, language)}{NO_BREAK}{word}"
    return grouped(exact, language, decimals=0 if abs(exact) >= 10 else 2)


def money(amount: float | Decimal, currency: str, language: str) -> str:
    """Write an amount with its currency: "486 млн ₽", "1.2 million EUR"."""
    return f"{shortened(amount, language)}{NO_BREAK}{symbol(currency)}"


def percent(share: float | Decimal, language: str) -> str:
    """Write 0.36 as "36 %" (Russian, no-break space) or "36%" (English)."""
    return with_unit(str(round(100 * float(share))), "%", language)


def with_unit(number: str, unit: str, language: str) -> str:
    """Put a unit behind a written number; an English percent sign stands close to it."""
    is_close = not unit or (unit == "%" and in_words_of(language) == "en")
    return number + ("" if is_close else NO_BREAK) + unit


def symbol(currency: str) -> str:
    """Sign of a currency where everybody here knows it, else its code."""
    return _SYMBOLS.get(currency, currency)


def years(start: int | None, end: int | None) -> str:
    """Write the years of a practice: "2018–2024", "2018", or nothing."""
    if start and end and start != end:
        return f"{start}–{end}"
    return str(end or start or "")


def day(value: date) -> str:
    """Write a day as the current reader does: "1 марта 2026 г.", "March 1, 2026"."""
    return date_format(value, "DATE_FORMAT")


def partial_day(text: str) -> str:
    """Write a date known to the day, the month or the year as the current reader does."""
    parts = text.split("-")
    if len(parts) == 1:
        return text
    year, month = int(parts[0]), int(parts[1])
    if len(parts) == 2:
        return date_format(date(year, month, 1), "F Y")
    return day(date(year, month, int(parts[2])))
