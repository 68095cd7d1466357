"""A note that leans in its own upright crop: text is looked for inside it, at one size, its sides level.

What leans with its note stands straight in the crop, and no line runs on from one note to the next. A note that hangs
straight is read as well with the rest of the board, and costs nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels, apply_homography
from capture.pipeline.read.boxes import Box, BoxParams, boxes

Outline = NDArray[np.float64]
"""4×2, clockwise on the screen."""

Look = Callable[[Pixels], NDArray[np.float32]]
"""H×W probability of text in a picture whose sides are multiples of 32."""


@dataclass(frozen=True)
class OwnParams:
    side: int = 320  # pixels of the longer side of a note's crop; 0: notes are read with the rest
    lean: float = 4.0  # degrees from which on a note is looked at by itself
    margin: float = 0.08  # of a note's side, around it: outlines are not exact, and writing begins at the edge
    inside: float = 0.7  # share of a box that lies in a note: it belongs to it
    within: float = 0.6  # share of a note's box that lies in a line which runs across the note: it is part of that


def leaning(notes: Sequence[Outline], params: OwnParams) -> list[Outline]:
    """Those worth a look of their own, from their top left corner on."""
    if not params.side:
        return []
    return [note for note in map(upright, notes) if abs(_slope(note)) >= params.lean]


def outside(found: Sequence[Box], notes: Sequence[Outline], params: OwnParams) -> list[Box]:
    """The boxes that no note holds; all in one frame's pixels."""
    return [box for box in found if not any(shared(box.corners, note) >= params.inside for note in notes)]


def inside(
    pixels: Pixels, notes: Sequence[Outline], around: Sequence[Box], look: Look, kinds: tuple[OwnParams, BoxParams]
) -> list[Box]:
    """Boxes of the text of each note, in pixels of the picture, but for what belongs to the lines ``around``."""
    params, of_boxes = kinds
    held = [box for note in notes for box in _of_note(pixels, note, look, params, of_boxes)]
    return [b for b in held if not any(shared(b.corners, other.corners) > params.within for other in around)]


def upright(note: Outline) -> Outline:
    """The same corners from the one that is top left where the note leans less than 45°."""
    top = np.roll(note, -1, axis=0) - note
    first = int(np.argmax(top[:, 0] / np.maximum(np.hypot(*top.T), 1e-9)))
    return np.asarray(np.roll(note, -first, axis=0))


def shared(part: Outline, whole: Outline) -> float:
    """Share of one convex outline that lies in another."""
    if (part.max(0) < whole.min(0)).any() or (whole.max(0) < part.min(0)).any():
        return 0.0
    a, b = part.astype(np.float32), whole.astype(np.float32)
    area, _ = cv2.intersectConvexConvex(a, b)
    return float(area) / max(1e-9, cv2.contourArea(a))


def _of_note(pixels: Pixels, outline: Outline, look: Look, params: OwnParams, of_boxes: BoxParams) -> list[Box]:
    middle = outline.mean(axis=0)
    note = middle + (outline - middle) * (1 + 2 * params.margin)
    size = _size(note, params.side)
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    # Only what lies around the note is warped, made smaller first where the crop is: a warp alone would skip pixels.
    low = np.maximum(np.floor(note.min(axis=0)).astype(int) - 2, 0)
    high = np.ceil(note.max(axis=0)).astype(int) + 2
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if part.size == 0:
        return []
    scale = min(1.0, max(size) / max(_sides(note)))
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    to_crop = cv2.getPerspectiveTransform(((note - low) * scale).astype(np.float32), corners)
    crop = cv2.warpPerspective(part, to_crop, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    back = np.asarray(np.linalg.inv(to_crop), np.float64)
    seen = boxes(look(np.asarray(crop, np.uint8)), of_boxes)
    found = [Box(apply_homography(back, box.corners) / scale + low, box.score) for box in seen]
    return [box for box in found if cv2.pointPolygonTest(outline.astype(np.float32), box.centre, False) >= 0]


def _slope(note: Outline) -> float:
    """Degrees, of the top and the foot of an upright note."""
    along = note[1] - note[0] + note[2] - note[3]
    return float(np.degrees(np.arctan2(along[1], along[0])))


def _size(note: Outline, side: int) -> tuple[int, int]:
    """Width and height of its crop."""
    across, down = _sides(note)
    zoom = side / max(across, down)
    return max(64, round(across * zoom / 32) * 32), max(64, round(down * zoom / 32) * 32)


def _sides(note: Outline) -> tuple[float, float]:
    top, right, bottom, left = np.hypot(*(np.roll(note, -1, axis=0) - note).T)
    return max(top, bottom, 1.0), max(left, right, 1.0)
