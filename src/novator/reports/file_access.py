"""A citizen's report: who may read its photos."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from novator.accounts.models import User
from novator.files.access import Access, AnyPerson
from novator.files.models import StoredFile
from novator.reports.models import ReportPhoto
from novator.reports.permissions import is_author, may_work


def access_to_file(user: AnyPerson, file: StoredFile) -> Access | bool | None:
    """
    Everybody what is shown; the city's officers and the sender with an account all of it.

    Where a blurred photo is shown, the original stays with the officers and the sender.
    """
    photos = list(
        ReportPhoto.objects.filter(Q(original=file) | Q(shown=file)).select_related(
            "report__municipality"
        )
    )
    if not photos:
        return None
    if any(_is_for_everybody(photo, file) for photo in photos):
        return "everybody"
    if not isinstance(user, User):
        return False
    on = timezone.localdate()
    return any(
        is_author(user, photo.report) or may_work(user, photo.report.municipality, on=on)
        for photo in photos
    )


def _is_for_everybody(photo: ReportPhoto, file: StoredFile) -> bool:
    is_what_is_shown = file.pk == (photo.shown_id or photo.original_id)
    return is_what_is_shown and photo.is_shown and not photo.report.is_hidden
