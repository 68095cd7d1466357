"""What a photo is of: a board, or something else that was seen in the room.

A board that is taken for something else is lost to its readers, the reverse costs a glance: so a photo is a board
unless nothing speaks for it. A surface found for sure, a few words, two sticky notes, or the even ground of paper or
enamel each make it one; only what is left is told apart by its looks, by classical means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from archive.model import Content, Region, RegionKind
from capture.pipeline.find import Found
from capture.pipeline.frame import Frame, Pixels

if TYPE_CHECKING:
    from skimage.feature import Cascade

VERSION = 1

SKIN = 0.6
"""Least share of a face's box: the cascade also sees faces in wheels and letters."""


@dataclass(frozen=True)
class Params:
    """``letters`` read with at least ``sure`` confidence make a board; ``found``: confidence of a quad that does;
    ``even``: least share of paper-like ground; ``face``: least height of a face, in shares of the photo's long side."""

    letters: int = 12
    sure: float = 0.6
    notes: int = 2
    found: float = 0.5
    even: float = 0.36
    face: float = 0.06
    side: int = 480


def content_of(frame: Frame, found: Sequence[Found], regions: Sequence[Region], params: Params = Params()) -> Content:
    """``found`` and ``regions``: what the finder and the readers made of the photo."""
    if any(not board.whole_photo and board.confidence >= params.found for board in found):
        return Content.BOARD
    notes = sum(region.kind is RegionKind.NOTE for region in regions)
    if notes >= params.notes or letters(regions, params.sure) >= params.letters:
        return Content.BOARD
    small = _smaller(frame.pixels, params.side)
    if faces(small, params.face):
        return Content.PEOPLE
    return Content.BOARD if even_ground(small) >= params.even else Content.OTHER


def letters(regions: Sequence[Region], sure: float) -> int:
    """Letters and digits of the lines that were read with at least this confidence."""
    lines = (line for region in regions for line in region.lines if line.confidence >= sure)
    return sum(character.isalnum() for line in lines for character in line.text)


def even_ground(pixels: Pixels) -> float:
    """Share of the picture (H×W×3 BGR) whose light, strokes wiped out, changes only slowly: paper, enamel, walls."""
    light = cv2.cvtColor(_smaller(pixels, 160), cv2.COLOR_BGR2LAB)[..., 0]
    wiped = np.asarray(cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.float32)
    return float((np.abs(wiped - cv2.GaussianBlur(wiped, (0, 0), 8)) < 6).mean())


def faces(pixels: Pixels, smallest: float) -> int:
    return len(face_boxes(pixels, smallest))


def face_boxes(pixels: Pixels, smallest: float) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of faces seen from the front in an H×W×3 BGR picture, ``smallest`` a share of its
    long side: local binary patterns in a cascade (Liao et al. 2007), as scikit-image carries it."""
    long = max(pixels.shape[:2])
    low = max(24, round(smallest * long))
    if min(pixels.shape[:2]) <= low:
        return []
    found = _cascade().detect_multi_scale(
        np.ascontiguousarray(pixels[..., ::-1]),
        scale_factor=1.2,
        step_ratio=1,
        min_size=(low, low),
        max_size=(long // 2, long // 2),
    )
    boxes = [(f["c"], f["r"], f["width"], f["height"]) for f in found]
    return [(x, y, w, h) for x, y, w, h in boxes if _skin(pixels[y : y + h, x : x + w]) > SKIN]


def _skin(pixels: Pixels) -> float:
    """Share of a picture that has a colour of skin, light or dark (Chai & Ngan 1999: bounds on Cr and Cb)."""
    coded = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_BGR2YCrCb)
    red, blue = coded[..., 1], coded[..., 2]
    return float(((red > 133) & (red < 173) & (blue > 77) & (blue < 127)).mean())


@cache
def _cascade() -> Cascade:
    import skimage
    from skimage.feature import Cascade

    return Cascade(str(Path(skimage.__file__).parent / "data" / "lbpcascade_frontalface_opencv.xml"))


def _smaller(pixels: Pixels, side: int) -> Pixels:
    scale = side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
