"""A citizen's report, taken from another system: answers to the further questions of its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from novator.api.open311.parameters import Faults, Parameters
from novator.api.open311.wire import ASSET, attributes_of
from novator.reports.models import Category

_LONGEST = {"text": 4_000}
_LONGEST_ANSWER = 300
_LONGEST_ASSET = 60


def answers_in(
    parameters: Parameters, category: Category, faults: Faults
) -> tuple[dict[str, Any], str]:
    """Return the answers by code, and the number of the object; what was not asked is left out."""
    sent = dict(parameters.attributes())
    answers: dict[str, Any] = {}
    for attribute in attributes_of(category):
        code = attribute["code"]
        texts = sent.get(code, [])
        if attribute["required"] and not texts:
            faults.add(_("The attribute “%(code)s” is missing.") % {"code": code})
        elif texts:
            answers[code] = _answer(attribute, texts, faults)
    asset = str(answers.pop(ASSET, ""))
    if len(asset) > _LONGEST_ASSET:
        faults.add(_("The attribute “%(code)s” is too long.") % {"code": ASSET})
    return answers, asset


def _answer(attribute: Mapping[str, Any], texts: list[str], faults: Faults) -> Any:
    datatype, code = attribute["datatype"], attribute["code"]
    if datatype in {"singlevaluelist", "multivaluelist"}:
        return _chosen(attribute, texts, faults)
    text = texts[0]
    if len(text) > _LONGEST.get(datatype, _LONGEST_ANSWER):
        faults.add(_("The attribute “%(code)s” is too long.") % {"code": code})
    if datatype == "number" and not _is_number(text):
        faults.add(_("The attribute “%(code)s” must be a number.") % {"code": code})
    return text


def _chosen(attribute: Mapping[str, Any], texts: list[str], faults: Faults) -> Any:
    code = attribute["code"]
    known = {value["key"] for value in attribute["values"] or []}
    is_multiple = attribute["datatype"] == "multivaluelist"
    if is_multiple and len(texts) == 1 and texts[0] not in known:
        texts = [part.strip() for part in texts[0].split(",") if part.strip()]
    if not set(texts) <= known:
        words = _("The attribute “%(code)s” knows only: %(values)s.")
        faults.add(words % {"code": code, "values": ", ".join(sorted(known))[:500]})
    return list(dict.fromkeys(texts)) if is_multiple else texts[0]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text.replace(",", ".")))
    except ValueError:
        return False
