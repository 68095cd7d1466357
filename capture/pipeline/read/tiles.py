"""A second, nearer look at small text: whether, how near, where, and what of both looks is kept. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.read.boxes import Box

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class TileParams:
    """Lengths in pixels of the map of the whole board."""

    small: float = 24.0  # boxes lower than this are small text (they are higher than the writing by half)
    few: int = 3  # so many small boxes, or fewer, are no reason to look again
    wanted: float = 40.0  # height that small boxes should have in the nearer look
    nearest: float = 3.0
    faint: float = 0.2  # probability that hints at text too small to be seen from afar
    inside: float = 0.6  # share of a box that lies within a larger one of the first look: it is part of it


def nearer(found: Sequence[Box], native: float, params: TileParams) -> float:
    """How much larger a second look should be, 1 for none. ``native``: how much larger the picture itself is."""
    small = [_low(box) for box in found if _low(box) < params.small]
    if len(small) <= params.few:
        return 1.0
    zoom = min(params.wanted / float(np.median(small)), params.nearest, native)
    return zoom if zoom > 1.2 else 1.0


def spots(probability: NDArray[np.float32], found: Sequence[Box], params: TileParams) -> Mask:
    """Where small or faint text is, in pixels of the map."""
    mask = (probability > params.faint).astype(np.uint8)
    large = [np.round(box.corners).astype(np.int32) for box in found if _low(box) >= params.small]
    cv2.fillPoly(mask, large, 0)
    return mask.astype(bool)


def tiles(size: tuple[int, int], tile: tuple[int, int], overlap: float = 0.15) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of tiles that cover a picture (height, width), evenly spread; all of one size, so that the
    network asks for the same memory each time."""
    for rows in _spread(size[0], tile[0], overlap):
        for columns in _spread(size[1], tile[1], overlap):
            yield rows, columns


def _spread(length: int, tile: int, overlap: float) -> list[slice]:
    if length <= tile:
        return [slice(0, length)]
    count = int(np.ceil((length - overlap * tile) / ((1 - overlap) * tile)))
    return [slice(start, start + tile) for start in np.linspace(0, length - tile, count).round().astype(int).tolist()]


def both(first: Sequence[Box], near: Sequence[Box], seen: Mask, params: TileParams) -> list[Box]:
    """Large text as it was seen from afar, small text as it was seen from near where that was looked at."""
    kept = [box for box in first if _low(box) >= params.small or not _covers(seen, box)]
    return kept + [box for box in near if not any(_within(box, other, params.inside) for other in kept)]


def _covers(seen: Mask, box: Box) -> bool:
    x, y = box.centre
    return bool(seen[min(int(y), seen.shape[0] - 1), min(int(x), seen.shape[1] - 1)])


def _within(box: Box, other: Box, share: float) -> bool:
    if (box.corners.max(0) < other.corners.min(0)).any() or (other.corners.max(0) < box.corners.min(0)).any():
        return False
    a, b = box.corners.astype(np.float32), other.corners.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(a, b)
    return shared > share * cv2.contourArea(a)


def _low(box: Box) -> float:
    return min(box.width, box.height)
