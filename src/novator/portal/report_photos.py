"""A citizen's report: photos that came with a form are kept while the rest is corrected."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from novator.files.checking import WrongContent, type_of
from novator.files.disk import path_of
from novator.files.models import StoredFile
from novator.files.operations import UNLINKED_FOR, FileRefused, keep_file
from novator.portal.report_limits import wait_to_keep_photo
from novator.reports.models.report import MOST_PHOTOS

_SALT = "novator.reports.photo"
_HELD_FOR = UNLINKED_FOR - timedelta(hours=1)
_MOST_TOKENS = 10


@dataclass(frozen=True)
class HeldPhoto:
    """A kept photo that no report has yet; the token stands for it in the form."""

    file: StoredFile
    token: str


@dataclass
class Photos:
    """The photos of one form: those kept, and what was wrong with the others."""

    held: list[HeldPhoto] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[StoredFile]:
        """The kept files, in their order."""
        return [photo.file for photo in self.held]


def photos_of(request: HttpRequest) -> Photos:
    """
    Keep the photos that came with a form and find again those of its earlier tries.

    Photos are known by their content alone and lose what the camera wrote of place and time.
    """
    dropped = set(request.POST.getlist("drop"))
    tokens = [token for token in request.POST.getlist("held") if token not in dropped]
    photos = Photos(held=_held(tokens[:_MOST_TOKENS]))
    for upload in request.FILES.getlist("photos"):
        if len(photos.held) >= MOST_PHOTOS:
            photos.faults.append(_("At most %(most)s photos are taken.") % {"most": MOST_PHOTOS})
            break
        if wait_to_keep_photo(request):
            photos.faults.append(_("Too many photos came from here within the hour."))
            break
        _keep(upload, photos)
    return photos


def _keep(upload: UploadedFile[Any], photos: Photos) -> None:
    try:
        if not type_of(upload.file, name=upload.name or "").is_photo:  # type: ignore[arg-type]
            raise FileRefused(_("This is no photo. Taken are JPEG, PNG and WebP."))
        kept = keep_file(upload=upload)
    except WrongContent:
        words = _("This is no photo that can be opened. Taken are JPEG, PNG and WebP.")
        photos.faults.append(f"{upload.name}: {words}")
    except FileRefused as refusal:
        photos.faults.append(f"{upload.name}: {refusal}")
    else:
        photos.held.append(HeldPhoto(kept, token_of_photo(kept)))


def token_of_photo(file: StoredFile) -> str:
    """Return what stands in the form for a kept photo; only who sent it has it."""
    return signing.dumps(str(file.public_id), salt=_SALT)


def _held(tokens: list[str]) -> list[HeldPhoto]:
    named = {public_id: token for token in tokens if (public_id := _public_id(token))}
    if not named:
        return []
    rows = {str(row.public_id): row for row in StoredFile.objects.filter(public_id__in=named)}
    return [HeldPhoto(rows[key], token) for key, token in named.items() if key in rows]


def _public_id(token: str) -> str | None:
    try:
        return str(signing.loads(token, salt=_SALT, max_age=_HELD_FOR))
    except (signing.BadSignature, ValueError):
        return None


@require_safe
@cache_control(private=True, no_store=True)
def held_photo(request: HttpRequest, token: str) -> HttpResponse:
    """Show the small picture of a kept photo to whoever has its token."""
    try:
        found = _held([token])
    except ValidationError:
        found = []
    if not found:
        raise Http404(_("The photo is not kept any more."))
    try:
        content = path_of(found[0].file.small_digest).read_bytes()
    except OSError as fault:
        raise Http404(_("The file is not there any more.")) from fault
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = HttpResponse(content, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response
