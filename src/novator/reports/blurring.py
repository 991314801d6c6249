"""A citizen's report: faces and number plates in its photos made unrecognisable, for good."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from novator.files.disk import path_of
from novator.files.models import StoredFile
from novator.files.operations import keep_file
from novator.reports.models import ReportPhoto

MOST_AREAS = 40
BLOCKS = 4
"""Blocks along the longer side of an area: too few to read a plate back by trying."""
_QUALITY = 92

PhotoArea = tuple[float, float, float, float]
"""Left, top, width, height as parts of the photo's width and height, from 0 to 1."""


class BlurRefused(Exception):
    """These are no areas of a photo; the message is fit to show."""


@transaction.atomic
def blur_photo(*, photo: ReportPhoto, areas: Sequence[PhotoArea]) -> StoredFile:
    """
    Keep a copy of the original with these areas blurred, and show that one from now on.

    The original stays for the officers. Without areas the original is what would be shown again.

    :raises BlurRefused: not a number, outside the photo, or too many
    """
    held = ReportPhoto.objects.select_for_update().get(pk=photo.pk)
    if not areas:
        held.shown = None
    else:
        blurred = with_blurred(path_of(held.original.digest).read_bytes(), areas)
        held.shown = keep_file(upload=SimpleUploadedFile(held.original.name, blurred))
    held.save(update_fields=["shown"])
    photo.shown = held.shown
    return held.shown or held.original


def with_blurred(content: bytes, areas: Sequence[PhotoArea]) -> bytes:
    """
    Return a photo as JPEG in which nothing of these areas is left but a few average colours.

    :raises BlurRefused: not a number, outside the photo, or too many
    """
    _refuse(areas)
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
        picture = opened.convert("RGB")
    for area in areas:
        _blur(picture, area)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()


def areas_in(text: str) -> list[PhotoArea]:
    """
    Read areas as forms send them: "left,top,width,height;…".

    :raises BlurRefused: it cannot be read
    """
    try:
        rows = [tuple(float(n) for n in row.split(",")) for row in text.split(";") if row.strip()]
    except ValueError as fault:
        raise BlurRefused(_("The areas to be blurred cannot be read.")) from fault
    areas = [(row[0], row[1], row[2], row[3]) for row in rows if len(row) == 4]
    if len(areas) != len(rows):
        raise BlurRefused(_("The areas to be blurred cannot be read."))
    _refuse(areas)
    return areas


def _refuse(areas: Sequence[PhotoArea]) -> None:
    if len(areas) > MOST_AREAS:
        raise BlurRefused(_("At most %(most)s areas can be blurred.") % {"most": MOST_AREAS})
    if not all(_is_in_photo(area) for area in areas):
        raise BlurRefused(_("An area to be blurred lies outside the photo."))


def _is_in_photo(area: Iterable[float]) -> bool:
    left, top, width, height = area
    is_real = all(math.isfinite(n) for n in (left, top, width, height))
    slack = 1e-6
    return (
        is_real
        and min(left, top) >= -slack
        and width > 0
        and height > 0
        and max(left + width, top + height) <= 1 + slack
    )


def _blur(picture: Image.Image, area: PhotoArea) -> None:
    """Average an area to a few blocks of few colours; the edge is taken generously."""
    left, top, width, height = area
    box = (
        max(0, math.floor(left * picture.width)),
        max(0, math.floor(top * picture.height)),
        min(picture.width, math.ceil((left + width) * picture.width)),
        min(picture.height, math.ceil((top + height) * picture.height)),
    )
    part = picture.crop(box)
    longer = max(part.size)
    few = (
        max(1, round(BLOCKS * part.width / longer)),
        max(1, round(BLOCKS * part.height / longer)),
    )
    blocks = part.resize(few, Image.Resampling.BOX)
    blocks = blocks.point([value // 16 * 16 + 8 for value in range(256)] * 3)
    picture.paste(blocks.resize(part.size, Image.Resampling.NEAREST), box)
