"""Solutions judged: every version of a card that was kept, and what differs between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from novator.portal.people import today
from novator.portal.told_fields import column_language, column_name, lines_of
from novator.portal.word_differences import Part, differing_parts
from novator.practices.models import Practice, Version
from novator.practices.versions import differences
from novator.reviews.permissions import may_see_makers
from novator.talk.letters import title_of as title_in_words


@dataclass(frozen=True)
class ComparedField:
    """One column that two versions tell differently, cut into what stayed and what changed."""

    column: str
    name: str
    language: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class VersionLine:
    """One version in the list: who made it as far as the reader may know, what changed."""

    version: Version
    makers: tuple[tuple[str, str], ...]
    note: str
    changed: tuple[str, ...]
    before: int | None


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """All versions of a card, newest first; two queries and one for the reader's roles."""
    practice = _practice(slug)
    if practice.merged_into is not None:
        return redirect("versions", practice.merged_into.slug, permanent=True)
    rows = _versions(practice)
    sees_names = may_see_makers(request.user, on=today())
    lines = [
        _line(version, rows[place - 1] if place else None, practice, sees_names=sees_names)
        for place, version in enumerate(rows)
    ]
    context = {
        "practice": practice,
        "title": title_of(practice, rows),
        "lines": lines[::-1],
        "crumbs": [
            (title_of(practice, rows), practice.get_absolute_url()),
            (_("Versions"), ""),
        ],
    }
    return render(request, "portal/versions/versions.html", context)


@require_safe
def version_differences(request: HttpRequest, slug: str) -> HttpResponse:
    """What two versions of a card tell differently; without a choice the last two."""
    practice = _practice(slug)
    rows = _versions(practice)
    if len(rows) < 2:
        raise Http404(_("There is only one version of this card."))
    after = _chosen(rows, request.GET.get("to", ""), rows[-1])
    earlier = [version for version in rows if version.number < after.number] or rows[:1]
    before = _chosen(rows, request.GET.get("from", ""), earlier[-1])
    context = {
        "practice": practice,
        "title": title_of(practice, rows),
        "versions": rows[::-1],
        "before": before,
        "after": after,
        "fields": compared(before.content, after.content),
        "crumbs": [
            (title_of(practice, rows), practice.get_absolute_url()),
            (_("Versions"), reverse("versions", args=[slug])),
            (_("Differences"), ""),
        ],
    }
    return render(request, "portal/versions/differences.html", context)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ComparedField]:
    """Columns that two contents tell differently, word by word."""
    found = []
    for difference in differences(before, after):
        old = "\n".join(lines_of(difference.field, difference.before))
        new = "\n".join(lines_of(difference.field, difference.after))
        if old == new:
            continue
        found.append(
            ComparedField(
                column=difference.field,
                name=column_name(difference.field),
                language=column_language(difference.field),
                parts=tuple(differing_parts(old, new)),
            )
        )
    return found


def title_of(practice: Practice, rows: list[Version]) -> str:
    """Title of a card by its latest version, else as the card tells it now."""
    content = rows[-1].content if rows else {}
    return str(content.get("title_ru") or title_in_words(practice))


def _practice(slug: str) -> Practice:
    rows = Practice.objects.select_related("municipality", "merged_into")
    found = get_object_or_404(rows, slug=slug)
    if found.withdrawn_at is not None and found.merged_into is None:
        raise Http404(_("This card was taken out of the catalogue."))
    return found


def _versions(practice: Practice) -> list[Version]:
    people = ("written_by", "released_by", "published_by")
    return list(practice.versions.select_related(*people).order_by("number"))


def _chosen(rows: list[Version], number: str, otherwise: Version) -> Version:
    if not number:
        return otherwise
    return next((version for version in rows if str(version.number) == number), otherwise)


def _line(
    version: Version, before: Version | None, practice: Practice, *, sees_names: bool
) -> VersionLine:
    changed = differences(before.content, version.content) if before else []
    hidden = {"confirmed_on", "confirm_by"}
    names = [column_name(one.field) for one in changed if one.field not in hidden]
    return VersionLine(
        version=version,
        makers=_makers(version, practice, sees_names=sees_names),
        note=note_words(version.note),
        changed=tuple(names),
        before=before.number if before else None,
    )


def note_words(note: str) -> str:
    """A note of ours in the reader's language; others as they were written."""
    known = {
        "confirmed": _("facts confirmed"),
        "as it was before the city wrote about it": _("as it was before the city wrote about it"),
        "as the first expert read it": _("as the first expert read it"),
        "": "",
    }
    return known.get(note, note)


def _makers(
    version: Version, practice: Practice, *, sees_names: bool
) -> tuple[tuple[str, str], ...]:
    """Who wrote, released and published: by function for everybody, by name for the office."""
    city = practice.municipality.name
    functions = (
        (version.written_by, _("Written by"), _("editor of %(city)s") % {"city": city}),
        (version.released_by, _("Released by"), _("head of %(city)s or approver") % {"city": city}),
        (version.published_by, _("Published by"), _("moderator of the association")),
    )
    return tuple(
        (what, f"{function}: {person}" if sees_names else function)
        for person, what, function in functions
        if person is not None
    )
