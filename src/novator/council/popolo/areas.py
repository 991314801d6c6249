"""Who decides: the municipalities that a file names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.cities.operations import place_municipality
from novator.council.popolo.facts import Known
from novator.council.popolo.faults import Fault
from novator.council.popolo.words import PREFIX


def areas_from(document: dict[str, Any], faults: list[Fault]) -> dict[str, Municipality]:
    """By the file's identifier: the municipality, which is made if it is not known."""
    found: dict[str, Municipality] = {}
    listed = document.get("areas")
    for position, area in enumerate(listed if isinstance(listed, list) else []):
        pointer = f"/areas/{position}"
        key = area.get("id") if isinstance(area, dict) else None
        if not isinstance(key, str) or not isinstance(area.get("name"), str):
            words = _("An area has an identifier and a name.")
            faults.append(Fault(pointer, "popolo.required", words, _("Add them.")))
            continue
        row = Municipality.objects.filter(slug=key).first()
        code = area.get("identifier") or ""
        if row is not None and code and row.oktmo and row.oktmo != code:
            words = _("“%(slug)s” is another municipality here (OKTMO %(code)s).")
            told = {"slug": key[:60], "code": row.oktmo}
            faults.append(Fault(pointer, "L6.other", words % told, _("Mend the identifier.")))
            continue
        found[key] = row or _made(area)
    return found


def with_own_areas(given: Known, areas: dict[str, Municipality]) -> dict[str, int]:
    """Name every municipality as it is named here, and return their keys by that name."""
    for name in ("organizations", "mandates"):
        for facts in given[name].values():
            said = facts.values.get("municipality")
            if said in areas:
                facts.values["municipality"] = areas[said].slug
    return {row.slug: row.pk for row in areas.values()}


def _made(area: dict[str, Any]) -> Municipality:
    code = area.get("identifier")
    return place_municipality(
        name=area["name"][:200],
        region_text=str(area.get(PREFIX + "region") or "")[:160],
        country=str(area.get(PREFIX + "country") or "RU")[:2],
        oktmo=code if isinstance(code, str) and code.isdecimal() and len(code) == 8 else "",
    )
