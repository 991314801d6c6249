"""Solutions found: one value of a file read as what its field must be, or refused with a reason."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from novator.cities.oktmo import NotOktmo, municipality_code
from novator.core.partial_dates import earliest_and_latest

NOTHING: tuple[object, ...] = (None, "", [], {})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?")
_YEARS = (1800, 2100)
_LARGEST = 2_000_000_000


class Unfit(ValueError):
    """A value is not as its field must be; the message is fit to show."""


def text_of(longest: int) -> Callable[[Any], str]:
    """Give a reader of text of at most so many characters, without control characters."""

    def read(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Unfit(_("must be text"))
        text = str(value).strip().replace("\r\n", "\n")
        if _CONTROL.search(text):
            raise Unfit(_("has control characters"))
        if len(text) > longest:
            words = _("is longer than %(longest)s characters (%(count)s)")
            raise Unfit(words % {"longest": longest, "count": len(text)})
        return text

    return read


def one_of(known: Mapping[str, object]) -> Callable[[Any], str]:
    """Give a reader of one of these codes."""

    def read(value: Any) -> str:
        text = str(value).strip()
        if text not in known:
            words = _("“%(value)s” is none of: %(known)s")
            raise Unfit(words % {"value": text[:60], "known": ", ".join(known)})
        return text

    return read


def parted(value: Any) -> list[Any]:
    """Read a list, or text parted by semicolons."""
    if isinstance(value, list | tuple):
        return [item for item in value if item not in NOTHING]
    if isinstance(value, str):
        if value.startswith('["'):
            return _json_list(value)
        return [item.strip() for item in value.split(";") if item.strip()]
    raise Unfit(_("must be a list, or text parted by semicolons"))


def _json_list(text: str) -> list[Any]:
    """A list whose items hold semicolons stands in a table as JSON text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Unfit(_("is no JSON: %(reason)s") % {"reason": str(fault)[:120]}) from fault
    return [item for item in found if item not in NOTHING]


def objects(value: Any) -> list[dict[str, Any]]:
    """Read a list of objects, or JSON text of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_constant=_no_constant)
        except (ValueError, RecursionError) as fault:
            raise Unfit(_("is no JSON: %(reason)s") % {"reason": str(fault)[:120]}) from fault
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise Unfit(_("must be a list of objects"))
    return value


def _no_constant(name: str) -> float:
    raise ValueError(name)


def slug(value: Any) -> str:
    """Read a public id."""
    text = str(value).strip()
    if len(text) > 80 or not _SLUG.fullmatch(text):
        raise Unfit(_("must be small Latin letters, digits and hyphens, at most 80 characters"))
    return text


def country_code(value: Any) -> str:
    """Read a country code (ISO 3166-1, two letters)."""
    text = str(value).strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise Unfit(_("must be a country code of two letters, such as RU"))
    return text


def currency_code(value: Any) -> str:
    """Read a currency code (ISO 4217)."""
    text = str(value).strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise Unfit(_("must be a currency code of three letters, such as RUB"))
    return text


def oktmo_code(*, control: str, region_prefix: str) -> Callable[[Any], str]:
    """Give a reader of the code of a municipality of this region, or of a settlement in it."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Unfit(_("must be text, or the leading zero is lost"))
        try:
            return municipality_code(value, control=control, region_prefix=region_prefix)
        except NotOktmo as refusal:
            raise Unfit(str(refusal)) from refusal

    return read


def control_digit(value: Any) -> str:
    """Read the digit that the classifier prints beside a code."""
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]", text):
        raise Unfit(_("must be one digit"))
    return text


def _exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unfit(_("must be a number"))
    text = re.sub(r"[\s\u00a0\u202f]", "", str(value)).replace("−", "-")
    if not _NUMBER.fullmatch(text):
        raise Unfit(_("“%(value)s” is no number") % {"value": str(value).strip()[:40]})
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation as fault:
        raise Unfit(_("must be a number")) from fault
    if not found.is_finite() or abs(found) >= Decimal(10) ** 16:
        raise Unfit(_("is too large"))
    return found


def number(value: Any) -> float:
    """Read a finite number; a comma may part the decimals."""
    found = float(_exact(value))
    if not math.isfinite(found):
        raise Unfit(_("must be a number"))
    return found


def amount(value: Any) -> Decimal | None:
    """Read an amount of money, 0 or more."""
    found = _exact(value)
    if found < 0:
        raise Unfit(_("must not be negative"))
    return found.quantize(Decimal("0.01"))


def _whole(value: Any) -> int:
    found = _exact(value)
    if found != found.to_integral_value():
        raise Unfit(_("must be a whole number"))
    return int(found)


def inhabitants(value: Any) -> int | None:
    """Read a number of people, above 0."""
    found = _whole(value)
    if found <= 0:
        raise Unfit(_("must be above 0; leave it empty if it is unknown"))
    if found > _LARGEST:
        raise Unfit(_("is too large"))
    return found


def year(value: Any) -> int | None:
    """Read a year."""
    found = _whole(value)
    if not _YEARS[0] <= found <= _YEARS[1]:
        raise Unfit(_("“%(value)s” is no year") % {"value": found})
    return found


def share(value: Any) -> float | None:
    """Read a share, 0 to 1."""
    found = number(value)
    if not 0 <= found <= 1:
        raise Unfit(_("must be from 0 to 1"))
    return found


def web_address(value: Any) -> str:
    """Read a web address."""
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or len(text) > 600 or re.search(r"[\s<>\"\x00-\x1f]", text):
        raise Unfit(_("must be a web address with http:// or https://, at most 600 characters"))
    return text


def partial_date(value: Any) -> str:
    """Read a date known to the day, the month or the year."""
    text = value.date().isoformat() if hasattr(value, "date") else str(value).strip()
    text = text.removesuffix(".0")
    try:
        earliest, _latest = earliest_and_latest(text)
    except ValueError as fault:
        raise Unfit(_("must be a date such as 2019, 2019-05 or 2019-05-03")) from fault
    if not date(_YEARS[0], 1, 1) <= earliest <= date(_YEARS[1], 12, 31):
        raise Unfit(_("“%(value)s” is no year") % {"value": earliest.year})
    return text


def day(value: Any) -> str:
    """Read a date known to the day."""
    text = partial_date(value)
    if len(text) != len("2019-05-03"):
        raise Unfit(_("must be a day such as 2019-05-03"))
    return text
