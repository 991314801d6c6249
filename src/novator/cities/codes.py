"""Where the loop happens: the OKTMO code of a municipality, entered and corrected by hand."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from novator.cities.models import Municipality
from novator.cities.oktmo import NotOktmo, municipality_code
from novator.core.holding import hold


class CannotRecordCode(Exception):
    """The code cannot be recorded so; the message is fit to show."""


@transaction.atomic
def record_oktmo(
    *,
    city: Municipality,
    code: str,
    control: str,
    valid_from: date | None,
    seen: str,
    on: date,
) -> Municipality:
    """
    Record the OKTMO code of a municipality and from when it is valid (rules L5 to L7).

    `control` is the control digit beside the code, where it is known; `seen` the code that stood
    there when this one was written. The code that it replaces stays in the trail of changes.

    :raises CannotRecordCode: not a code of this municipality, or somebody was faster
    """
    held = hold(Municipality.objects.select_related("region"), city.pk)
    if not held.has_oktmo:
        raise CannotRecordCode(_("Only a municipality of Russia has such a code."))
    if valid_from is not None and valid_from > on:
        raise CannotRecordCode(_("The code is not valid yet: enter it from that day on."))
    if held.oktmo != seen:
        raise CannotRecordCode(
            _("Somebody else has entered %(code)s meanwhile: look at it first.")
            % {"code": held.oktmo or "—"}
        )
    try:
        prefix = held.region.oktmo_prefix if held.region else ""
        stated = municipality_code(code, control=control, region_prefix=prefix)
    except NotOktmo as refusal:
        raise CannotRecordCode(str(refusal)) from refusal
    if (stated, valid_from) == (held.oktmo, held.oktmo_valid_from):
        return held
    if held.oktmo and not held.code_changes.exists():
        with pghistory.context():  # its statement cannot be prepared; see novator.site.database
            pghistory.create_event(held, label="before")
    held.oktmo, held.oktmo_valid_from = stated, valid_from
    held.save(update_fields=["oktmo", "oktmo_valid_from"])
    return held
