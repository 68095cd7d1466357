"""Parts of a photo painted over: new bytes without them, without thumbnail and place, upright, to replace the old."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import cv2
import numpy as np
from PIL import ExifTags, Image

from archive.model import Polygon
from capture.pipeline.load import Decoded

QUALITY = 95
GROW = 0.35  # of its height: letters reach above and below the line that a reader draws


def painted(photo: Decoded, polygons: Sequence[Polygon]) -> bytes:
    """A JPEG of the photo, its EXIF orientation applied, with these parts (photo pixels) in the colour around them.

    Nothing of what was there can be computed back: the colour is one, the median of a ring around the part.
    """
    pixels = np.array(photo.frame.pixels)
    for polygon in polygons:
        shape = _grown(polygon)
        pixels[_mask(pixels.shape, shape) > 0] = _around(photo.frame.pixels, shape)
    image = Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, exif=_exif(photo.taken_at))
    return buffer.getvalue()


def _grown(polygon: Polygon) -> np.ndarray:
    """The smallest turned rectangle around it, made wider on every side."""
    points = np.asarray(polygon, dtype=np.float32)
    centre, (width, height), angle = cv2.minAreaRect(points)
    room = 2 * GROW * min(width, height) + 4
    return np.asarray(cv2.boxPoints((centre, (width + room, height + room), angle)), dtype=np.float32)


def _mask(shape: tuple[int, ...], corners: np.ndarray) -> np.ndarray:
    mask = np.zeros(shape[:2], dtype=np.uint8)
    cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], 255)
    return mask


def _around(pixels: np.ndarray, corners: np.ndarray) -> np.ndarray:
    inside = _mask(pixels.shape, corners)
    ring = cv2.dilate(inside, np.ones((15, 15), np.uint8)) - inside
    found = pixels[ring > 0]
    return np.median(found, axis=0).astype(np.uint8) if len(found) else np.full(3, 128, dtype=np.uint8)


def _exif(taken_at: datetime | None) -> Image.Exif:
    made = Image.Exif()
    if taken_at is not None:
        made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken_at:%Y:%m:%d %H:%M:%S}"
    return made
