"""Beside the law: a photo written anew: upright, of bearable size, without what it tells of us."""

from __future__ import annotations

import io
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from novator.files.checking import WrongContent

LARGEST_SIDE = 2000
SMALL_SIDE = 480
_MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000}
_MOST_PIXELS_ELSE = 25_000_000
"""A JPEG is decoded at a fraction of its size, the others whole: both stay below 200 MB."""
_ONE_AT_A_TIME = threading.Lock()
_QUALITY = 86


@dataclass(frozen=True)
class Photo:
    """A photo as JPEG, with its small picture."""

    whole: bytes
    small: bytes
    width: int
    height: int


def written_anew(file: BinaryIO) -> Photo:
    """
    Decode a photo and write it anew without EXIF, place and camera, turned upright.

    :raises WrongContent: it is damaged or has too many pixels
    """
    file.seek(0)
    try:
        with _ONE_AT_A_TIME, Image.open(file, formats=["JPEG", "PNG", "WEBP"]) as opened:
            picture = _upright(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise WrongContent(_("The photo is damaged and cannot be opened.")) from fault
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    small = picture.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return Photo(_jpeg(picture), _jpeg(small), picture.width, picture.height)


def _upright(opened: Image.Image) -> Image.Image:
    most = _MOST_PIXELS.get(opened.format or "", _MOST_PIXELS_ELSE)
    if opened.width * opened.height > most:
        raise WrongContent(
            _("The photo has more than %(number)s million pixels.") % {"number": most // 1_000_000}
        )
    profile = opened.info.get("icc_profile")
    if opened.mode not in {"P", "PA"}:
        opened.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(opened)
    return _common_colours(_without_gaps(upright), profile)


def _without_gaps(picture: Image.Image) -> Image.Image:
    """Put what is transparent on white; JPEG knows no transparency."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture.convert("RGB")


def _common_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Bring the colours of another colour space into the one every screen takes for granted."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, theirs, ImageCms.createProfile("sRGB"))
            if turned is not None:
                return turned
    return picture


def _jpeg(picture: Image.Image) -> bytes:
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return written.getvalue()
