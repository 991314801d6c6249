"""A citizen's report: what everybody may read and see of it is checked; the original is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from novator.accounts.models import User
from novator.reports.blurring import BlurRefused, PhotoArea, blur_photo
from novator.reports.holding import held, settle
from novator.reports.life import StepRefused, change_state
from novator.reports.models import Report, ReportPhoto, ReportUpdate
from novator.reports.models.report import LONGEST_TEXT


@transaction.atomic
def moderate_text(
    *,
    report: Report,
    shown_text: str,
    is_shown: bool,
    by: User,
    now: datetime,
    seen: str = "",
) -> ReportUpdate:
    """
    Decide what everybody may read; `text` stays as it came. A received report is checked by it.

    :raises StepRefused: the sender did not agree to publication, or nothing is left to show
    """
    row = held(report, seen=seen)
    words = shown_text.strip()
    if is_shown and not row.may_publish:
        raise StepRefused(_("The sender did not agree to publication: the text stays unseen."))
    if is_shown and not words:
        raise StepRefused(_("There is no text to show."))
    if len(words) > LONGEST_TEXT:
        raise StepRefused(_("The text is too long."))
    details = {"shown": is_shown, "is_edited": is_shown and words != row.text.strip()}
    row.shown_text, row.is_text_shown, row.changed_at = words if is_shown else "", is_shown, now
    settle(row, report, "shown_text", "is_text_shown")
    update = _written(report, by=by, now=now, details=details)
    if row.status == "received":
        change_state(report=report, to="moderated", now=now, by=by)
    return update


@transaction.atomic
def show_photo(
    *, photo: ReportPhoto, is_shown: bool, by: User, now: datetime, seen: str = ""
) -> ReportUpdate:
    """
    Let everybody see a photo as it is (blurred, if it was blurred), or hide it.

    :raises StepRefused: the sender did not agree to publication
    """
    row = held(photo.report, seen=seen)
    if is_shown and not row.may_publish:
        raise StepRefused(_("The sender did not agree to publication: the photo stays unseen."))
    ReportPhoto.objects.filter(pk=photo.pk).update(is_shown=is_shown)
    return _photo_written(photo, row, {"shown": is_shown}, by=by, now=now)


@transaction.atomic
def blur_parts(
    *,
    photo: ReportPhoto,
    areas: Sequence[PhotoArea],
    by: User,
    now: datetime,
    seen: str = "",
) -> ReportUpdate:
    """
    Make the copy that everybody may see, with these parts blurred; the original is kept.

    It is made from the original anew each time, without areas there is none. It is shown only by
    `show_photo`.

    :raises StepRefused: these are no areas of the photo
    """
    row = held(photo.report, seen=seen)
    try:
        blur_photo(photo=photo, areas=areas)
    except BlurRefused as refusal:
        raise StepRefused(str(refusal)) from refusal
    return _photo_written(photo, row, {"blurred": len(areas)}, by=by, now=now)


def _photo_written(
    photo: ReportPhoto, row: Report, details: Mapping[str, object], *, by: User, now: datetime
) -> ReportUpdate:
    photo.refresh_from_db()
    row.changed_at = now
    row.save(update_fields=["changed_at"])
    return _written(row, by=by, now=now, details={"photo": photo.position + 1, **details})


def _written(
    report: Report, *, by: User, now: datetime, details: Mapping[str, object]
) -> ReportUpdate:
    return ReportUpdate.objects.create(
        report_id=report.pk,
        kind="moderation",
        details=dict(details),
        made_by=by,
        made_at=now,
    )
