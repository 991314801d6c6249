"""A citizen's report: photos to which another system gives an address, fetched by our server."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from novator.core.outside import AddressRefused, NoAnswer, Question, ask_outside
from novator.files.models import StoredFile
from novator.files.operations import FileRefused, keep_file
from novator.reports.exchange.client import QUEUE
from novator.reports.models import Report, ReportPhoto, ReportUpdate
from novator.reports.models.report import MOST_PHOTOS

FETCH_PHOTO = "novator.reports.fetch_photo"
MOST_ATTEMPTS = 4
SECONDS = 10.0
_MEGABYTE = 1024 * 1024


class PhotoRefused(Exception):
    """What stands at the address is no photo that we take; the message is fit to show."""


def ask_to_fetch(*, report: Report, urls: Iterable[str]) -> None:
    """Queue the fetching of photos, in the caller's transaction."""
    for url in urls:
        _defer(report.pk, url, attempt=1)


def fetched_photos(urls: Iterable[str]) -> list[StoredFile]:
    """Fetch photos at once; what cannot be fetched is left out."""
    found = []
    for url in urls:
        try:
            found.append(_fetched(url))
        except (NoAnswer, PhotoRefused):
            continue
    return found


def fetch_photo(*, report_id: int, url: str, attempt: int) -> None:
    """
    Fetch one photo and put it to its report; later again where nobody answers.

    What cannot be fetched is told to the officers in the history.
    """
    report = Report.objects.filter(pk=report_id, erased_at=None).first()
    if report is None:
        return
    try:
        file = _fetched(url)
    except NoAnswer as fault:
        if attempt < MOST_ATTEMPTS:
            _defer(report_id, url, attempt=attempt + 1)
        else:
            _note(report, url, str(fault))
    except PhotoRefused as refusal:
        _note(report, url, str(refusal))
    else:
        _put(report, file)


def _fetched(url: str) -> StoredFile:
    most = settings.LARGEST_PHOTO_MB * _MEGABYTE
    question = Question(
        url,
        headers={"Accept": "image/*"},
        seconds=SECONDS,
        most_bytes=most,
        may_be_private=urlsplit(url).hostname in settings.OPEN311_PRIVATE_HOSTS,
    )
    try:
        answer = ask_outside(question)
    except AddressRefused as fault:
        raise PhotoRefused(_("The address leads into a private network.")) from fault
    if answer.status != 200:
        if answer.status >= 500 or answer.status == 429:
            raise NoAnswer(f"status {answer.status}", was_sent=False)
        raise PhotoRefused(_("There is no photo: status %(status)s.") % {"status": answer.status})
    try:
        file = keep_file(upload=SimpleUploadedFile("photo.jpg", answer.body))
    except FileRefused as refusal:
        raise PhotoRefused(str(refusal)) from refusal
    if file.kind != "photo":
        raise PhotoRefused(_("What stands there is no photo."))
    return file


@transaction.atomic
def _put(report: Report, file: StoredFile) -> None:
    """Put a photo to its report unless it is there already or there are enough."""
    held = Report.objects.select_for_update().get(pk=report.pk)
    known = list(ReportPhoto.objects.filter(report=held).select_related("original"))
    if held.erased_at is not None:  # while the photo was on its way
        return
    if len(known) >= MOST_PHOTOS or any(each.original.digest == file.digest for each in known):
        return
    ReportPhoto.objects.create(report=held, original=file, position=len(known))
    Report.objects.filter(pk=held.pk).update(changed_at=timezone.now())
    _look_again(held)


def _look_again(report: Report) -> None:
    """Have everything looked at anew that follows from photos; it bears being repeated."""
    from procrastinate.contrib.django import app

    from novator.reports.submitting import AFTER_SUBMIT

    app.configure_task(AFTER_SUBMIT).defer(report_id=report.pk)


def _note(report: Report, url: str, reason: str) -> None:
    words = _("The photo at %(url)s was not taken: %(reason)s")
    ReportUpdate.objects.create(
        report=report,
        kind="note",
        text=words % {"url": url[:300], "reason": reason[:300]},
        made_at=timezone.now(),
    )


def _defer(report_id: int, url: str, *, attempt: int) -> None:
    from procrastinate.contrib.django import app

    wait = {"minutes": 0 if attempt == 1 else 5 * (attempt - 1) ** 2}
    later = wait if attempt > 1 else None
    task = app.configure_task(FETCH_PHOTO, queue=QUEUE, schedule_in=later)
    task.defer(report_id=report_id, url=url, attempt=attempt)
