"""What a photo is of: a board, or something else that was seen in the room.

A board that is taken for something else is lost to its readers, the reverse costs a glance: so a photo is a board
unless nothing speaks for it, or it plainly shows a lit screen (``capture.pipeline.screen``; what a screen says is read
all the same). A surface found for sure, a few words, two sticky notes, or the even ground of paper or enamel each make
it one; only what is left is told apart by its looks, by classical means.
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
from capture.pipeline.screen import shows_screen
from capture.pipeline.smaller import smaller

if TYPE_CHECKING:
    from skimage.feature import Cascade

VERSION = 3

SKIN = 0.6
"""Least share of a face's box: the cascade also sees faces in wheels and letters."""

THING = 24.0
"""Levels of Lab, those of light counted at 0.6, by which a thing differs from the ground it lies on."""

AROUND = 0.85
"""Least share of the photo's border that is ground."""

SMALL_THING, LARGE_THING = 0.04, 0.6
"""Shares of the photo."""

COLOURS = 12.0
"""Least spread of a and b over the things: a lone sheet, a lone cup has one colour."""


@dataclass(frozen=True)
class Params:
    """``letters`` read with at least ``sure`` confidence make a board, more than ``few`` no prototype; ``notes`` with
    something on them, or ``many`` blank ones of one size, do too; ``found``: confidence of a quad that does; ``even``:
    least share of paper-like ground; ``bare``: share of strokes below which a photo in which nothing was read shows no
    board; ``face``: least height of a face, in shares of the photo's long side."""

    letters: int = 12
    few: int = 3
    sure: float = 0.6
    notes: int = 2
    many: int = 6
    found: float = 0.5
    even: float = 0.36
    bare: float = 0.012
    face: float = 0.06
    side: int = 480


def content_of(frame: Frame, found: Sequence[Found], regions: Sequence[Region], params: Params = Params()) -> Content:
    """``found`` and ``regions``: what the finder and the readers made of the photo."""
    notes = [region for region in regions if region.kind is RegionKind.NOTE]
    if not notes and shows_screen(frame.pixels):
        return Content.SCREEN
    small = _smaller(frame.pixels, params.side)
    bare = not regions and strokes(small) < params.bare
    if not bare and any(not board.whole_photo and board.confidence >= params.found for board in found):
        return Content.BOARD
    if _wall(notes, params) or letters(regions, params.sure) >= params.letters:
        return Content.BOARD
    if faces(small, params.face):
        return Content.PEOPLE
    if letters(regions, params.sure) <= params.few and stands_out(small):
        return Content.PROTOTYPE
    return Content.BOARD if even_ground(small) >= params.even and not bare else Content.OTHER


def _wall(notes: Sequence[Region], params: Params) -> bool:
    """Whether notes speak for a board: two with something on them, or many of one size; bricks have neither."""
    written = sum(any(character.isalnum() for line in note.lines for character in line.text) for note in notes)
    if written >= params.notes:
        return True
    if len(notes) < params.many:
        return False
    sizes = [cv2.contourArea(np.asarray(note.polygon, np.float32)) for note in notes]
    low, high = np.percentile(sizes, [25, 75])
    return bool(high < 1.7 * low)


def letters(regions: Sequence[Region], sure: float) -> int:
    """Letters and digits of the lines that were read with at least this confidence."""
    lines = (line for region in regions for line in region.lines if line.confidence >= sure)
    return sum(character.isalnum() for line in lines for character in line.text)


def strokes(pixels: Pixels) -> float:
    """Share of the picture (H×W×3 BGR) that is thinner than a pen's broad stroke, and darker or lighter than what is
    around it: 0.05 and more on 12 drawn whiteboards, under 0.012 on walls, floors and doors with nothing on them."""
    light = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)[..., 0]
    brush = np.ones((9, 9), np.uint8)
    thin = cv2.max(*(cv2.morphologyEx(light, way, brush) for way in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)))
    return float((np.asarray(thin) > 22).mean())


def even_ground(pixels: Pixels) -> float:
    """Share of the picture (H×W×3 BGR) whose light, strokes wiped out, changes only slowly: paper, enamel, walls."""
    light = cv2.cvtColor(_smaller(pixels, 160), cv2.COLOR_BGR2LAB)[..., 0]
    wiped = np.asarray(cv2.morphologyEx(light, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.float32)
    return float((np.abs(wiped - cv2.GaussianBlur(wiped, (0, 0), 8)) < 6).mean())


def stands_out(pixels: Pixels) -> bool:
    """Whether solid things of several colours lie in the middle of one ground, which runs all around them (after Zhu
    et al. 2014: what touches the border is ground). Strokes are no things: they are wiped out first."""
    lab = cv2.cvtColor(_smaller(pixels, 160), cv2.COLOR_BGR2LAB).astype(np.float32)
    height, width = lab.shape[:2]
    if min(height, width) < 40:
        return False
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    plane = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=2)
    rim = np.ones((height, width), bool)
    rim[height // 12 : -(height // 12), width // 12 : -(width // 12)] = False
    kept = rim
    for _ in range(3):  # the ground's light bends; what reaches into the border is left out
        ground = plane @ np.linalg.lstsq(plane[kept], lab[kept], rcond=None)[0]
        away = np.linalg.norm((lab - ground) * [0.6, 1, 1], axis=2)
        kept = rim & (away < max(8.0, 1.5 * float(np.median(away[kept]))))
    if (away[rim] < THING).mean() < AROUND:
        return False
    mask = cv2.morphologyEx((away > THING).astype(np.uint8), cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)) > 0
    if not SMALL_THING < mask.mean() < LARGE_THING:
        return False
    return bool(np.linalg.norm(lab[mask][:, 1:].std(axis=0)) > COLOURS)


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
    return smaller(pixels, size)
