"""Where the loop happens: the code of a municipality in the all-Russian classifier (OKTMO)."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_LENGTHS = frozenset({8, 11})


class NotOktmo(ValueError):
    """The text is no code of a municipality; the message is fit to show."""


def control_digit(code: str) -> int:
    """
    Control digit that the classifier prints beside a code of 8 or 11 digits.

    Weights 1 … 10 from the left, sum modulo 11; at 10 again with weights from 3; at 10 again, 0.
    """
    digits = [int(letter) for letter in code]
    for first in (0, 2):
        rest = sum(((place + first) % 10 + 1) * digit for place, digit in enumerate(digits)) % 11
        if rest < 10:
            return rest
    return 0


def is_heading(code: str) -> bool:
    """
    Tell whether the code only groups others.

    So do 94 000 000, 94 700 000 (the urban okrugs of a region) and 94 608 400 (the rural
    settlements of a district); 94 720 000 and 94 608 000 are municipalities.
    """
    first = code[:8]
    return first.endswith("00000") or (first.endswith("00") and not first.endswith("000"))


def municipality_code(text: str, *, control: str = "", region_prefix: str = "") -> str:
    """
    Check a code and return its eight digits of the municipality, leading zero kept.

    `control` is the separate control digit where the file has one; `region_prefix` the two digits
    that codes of the stated region begin with.

    :raises NotOktmo: it is no code of a municipality; the message says why
    """
    code = re.sub(r"\s+", "", text)
    if not re.fullmatch(r"[0-9]+", code) or len(code) not in _LENGTHS:
        raise NotOktmo(_("OKTMO is 8 digits of a municipality or 11 of a settlement, as text."))
    if control and control != str(control_digit(code)):
        raise NotOktmo(_("The control digit of OKTMO %(code)s is wrong.") % {"code": code})
    if is_heading(code):
        raise NotOktmo(_("OKTMO %(code)s is a heading, no municipality.") % {"code": code})
    if region_prefix and not code.startswith(region_prefix):
        message = _("OKTMO %(code)s does not belong to the stated region (%(prefix)s…).")
        raise NotOktmo(message % {"code": code, "prefix": region_prefix})
    return code[:8]
