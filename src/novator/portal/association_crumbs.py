"""The association: the way from the front page to its pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

Crumb = tuple[str, str]


def association_crumbs(*more: Crumb) -> list[Crumb]:
    """The way to the association, and further to a page of it."""
    return [(_("Association"), reverse("association")), *more]
