"""Blurred parts of a photo cannot be made out again; what is no area is refused."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from novator.files.testing import make_file, photo
from novator.reports.blurring import BlurRefused, areas_in, blur_photo, with_blurred
from novator.reports.models import ReportPhoto
from novator.reports.testing import make_report


def _striped() -> bytes:
    picture = Image.new("RGB", (200, 100))
    picture.putdata([(255 * (n % 2), 0, 0) for n in range(200 * 100)])
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def test_nothing_is_left_of_a_blurred_part():
    blurred = Image.open(io.BytesIO(with_blurred(_striped(), [(0.0, 0.0, 0.5, 1.0)]))).convert("L")

    inside = [blurred.tobytes()[50 * blurred.width + x] for x in range(5, 20)]
    outside = [blurred.tobytes()[50 * blurred.width + x] for x in range(120, 140)]
    assert max(inside) - min(inside) < 8
    assert max(outside) - min(outside) > 50


@pytest.mark.parametrize(
    "text", ["0,0,1", "x,0,1,1", "0,0,2,1", "0.5,0,0.6,0.1", "nan,0,1,1", "0,0,0,0"]
)
def test_what_is_no_area_is_refused(text):
    with pytest.raises(BlurRefused):
        areas_in(text)


@pytest.mark.django_db
def test_the_original_is_kept_beside_the_blurred_photo():
    report = make_report()
    row = ReportPhoto.objects.create(report=report, original=make_file(photo(), "yard.jpg"))

    blur_photo(photo=row, areas=areas_in("0.1,0.1,0.5,0.5"))

    row.refresh_from_db()
    assert row.shown is not None
    assert row.shown.digest != row.original.digest
    blur_photo(photo=row, areas=[])
    row.refresh_from_db()
    assert row.shown is None
