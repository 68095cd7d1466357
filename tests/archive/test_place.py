"""The place of shooting is gone, everything else is there to the bit; judged by Pillow's own EXIF reader."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from archive.place import without_place
from tests.capture import making


def place_of(data: bytes) -> dict[int, object]:
    return dict(Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.GPSInfo))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF"])
def test_the_place_goes_the_rest_stays(kind: str) -> None:
    data = making.picture(kind)
    assert 2 in place_of(data), "the test has a place to take out"
    clean = without_place(data)
    assert place_of(clean) == {}
    assert len(clean) == len(data)
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean))
    assert np.array_equal(np.asarray(before), np.asarray(after))
    details = after.getexif().get_ifd(ExifTags.IFD.Exif)
    assert details[ExifTags.Base.DateTimeOriginal] == "2024:03:05 10:15:30"
    assert after.getexif()[ExifTags.Base.Make] == "Camera"


def test_the_place_in_xmp_goes_too() -> None:
    xmp = b'<rdf:Description exif:GPSLatitude="47,13N" dc:title="mur"/><exif:GPSLongitude>1,33W</exif:GPSLongitude>'
    buffer = io.BytesIO()
    making.wall().save(buffer, "JPEG", xmp=xmp)
    clean = without_place(buffer.getvalue())
    assert b"47,13" not in clean
    assert b"1,33W" not in clean
    assert b'dc:title="mur"' in clean


def test_a_file_without_a_place_is_the_same_file() -> None:
    buffer = io.BytesIO()
    making.wall().save(buffer, "JPEG")
    assert without_place(buffer.getvalue()) is not None
    assert without_place(buffer.getvalue()) == buffer.getvalue()


def test_damage_breaks_nothing() -> None:
    data = making.picture("JPEG")
    dice = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        for at in dice.integers(0, 400, 6):
            broken[int(at)] = int(dice.integers(0, 256))
        assert len(without_place(bytes(broken))) == len(data)
