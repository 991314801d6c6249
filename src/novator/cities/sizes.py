"""Where the loop happens: classes of cities by their number of inhabitants."""

from __future__ import annotations

from bisect import bisect_right

from django.utils.translation import gettext_lazy as _

SIZE_CLASSES = {
    "under-10k": _("under 10,000 inhabitants"),
    "10k-50k": _("10,000–50,000 inhabitants"),
    "50k-100k": _("50,000–100,000 inhabitants"),
    "100k-250k": _("100,000–250,000 inhabitants"),
    "250k-1m": _("250,000 to 1 million inhabitants"),
    "over-1m": _("1 million inhabitants and more"),
}
_CODES = tuple(SIZE_CLASSES)
_BOUNDS = (10_000, 50_000, 100_000, 250_000, 1_000_000)


def size_class(population: int | None) -> str | None:
    """Code of the class a population falls into; None for one that is not known."""
    if population is None:
        return None
    return _CODES[bisect_right(_BOUNDS, population)]
