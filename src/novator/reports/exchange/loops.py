"""A citizen's report: by which sites it came, so that none is sent back to where it began."""

from __future__ import annotations

import re

from django.conf import settings

from novator.reports.models import Report, ReportUpdate
from novator.reports.numbers import number_of

_HOP = re.compile(r"(https?://[^\s#]{1,90})#(\S{1,24})")
_MOST_HOPS = 10


def hops_in(via: str) -> list[str]:
    """Read the parameter `via` of a forwarded report: addresses of sites with their numbers."""
    return [match.group(0) for match in _HOP.finditer(via)][:_MOST_HOPS]


def comes_back(via: str) -> bool:
    """Whether a report began or passed here before."""
    here = settings.SITE_ADDRESS.rstrip("/")
    return any(hop.partition("#")[0].rstrip("/") == here for hop in hops_in(via))


def external_id_of(via: str) -> str:
    """The number there of a report that another installation forwards; empty for other systems."""
    hops = hops_in(via)
    return hops[-1][:120] if hops else ""


def keep_hops(*, report: Report, via: str) -> None:
    """Write into the first line of the history by which sites a new report came."""
    if hops := hops_in(via):
        first = ReportUpdate.objects.filter(report=report, kind="state", before="")
        first.update(details={"via": hops})


def via_of(report: Report) -> str:
    """What is told to the next system: the sites so far and this one."""
    first = ReportUpdate.objects.filter(report=report, kind="state", before="").first()
    hops = first.details.get("via", []) if first else []
    return " ".join([*hops, f"{settings.SITE_ADDRESS.rstrip('/')}#{number_of(report.pk)}"])
