"""Where text stands on a frame.

A board is looked at once as a whole. Where small text shows, it is looked at again from nearer, in tiles whose maps are
laid side by side before boxes are made of them: no line is cut at a seam and none is found twice. Notes that lean are
looked at each by itself (``own``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.read import models, own
from capture.pipeline.read.boxes import Box, BoxParams, boxes
from capture.pipeline.read.own import Outline, OwnParams
from capture.pipeline.read.tiles import TileParams, both, nearer, spots, tiles

STRIDE = 32  # the network halves the picture five times

Map = NDArray[np.float32]


@dataclass(frozen=True)
class DetectParams:
    long_side: int = 1280  # pixels of the picture that the model sees
    least_side: int = 736  # smaller pictures are enlarged to this short side
    boxes: BoxParams = field(default_factory=BoxParams)
    tiles: TileParams = field(default_factory=TileParams)
    own: OwnParams = field(default_factory=OwnParams)


def detect(
    pixels: Pixels, params: DetectParams, threads: int, notes: Callable[[], Sequence[Outline]] = tuple
) -> list[Box]:
    """Boxes of text in an H×W×3 BGR picture, in its pixels. ``notes``, in the same pixels, are asked for once the board
    has been looked at as a whole; those that lean are looked at by themselves."""
    small = _resized(pixels, params)
    probability = probability_map(small, threads)
    scale = np.array([pixels.shape[1] / small.shape[1], pixels.shape[0] / small.shape[0]])
    outlines = own.leaning(notes(), params.own)
    apart = [outline / scale for outline in outlines]
    found = own.outside(boxes(probability, params.boxes), apart, params.own)
    zoom = nearer(found, pixels.shape[0] / small.shape[0], params.tiles)
    if zoom > 1:
        where = spots(probability, found, params.tiles) & ~_covered(apart, probability.shape)
        near, seen = _near(pixels, small.shape[:2], zoom, where, threads)
        shrink = np.array([small.shape[1] / near.shape[1], small.shape[0] / near.shape[0]])
        fine = [Box(box.corners * shrink, box.score) for box in boxes(near, params.boxes)]
        found = own.outside(both(found, fine, seen, params.tiles), apart, params.own)
    around = [Box(box.corners * scale, box.score) for box in found]
    look = partial(probability_map, threads=threads)
    return around + own.inside(pixels, outlines, around, look, (params.own, params.boxes))


def _covered(outlines: Sequence[Outline], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape, np.uint8)
    for outline in outlines:
        cv2.fillConvexPoly(mask, np.round(outline).astype(np.int32), 1)
    return mask.astype(bool)


def probability_map(pixels: Pixels, threads: int) -> Map:
    """H×W probability of text; both sides must be multiples of 32."""
    scaled = (pixels.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
    return np.asarray(models.run(models.DETECTION, np.ascontiguousarray(scaled), threads)[0, 0])


def _near(
    pixels: Pixels, size: tuple[int, int], zoom: float, where: NDArray[np.bool_], threads: int
) -> tuple[Map, NDArray[np.bool_]]:
    """The map of the enlarged picture, 0 where no tile was looked at; and a mask of ``where``'s shape of what was."""
    height, width = (round(side * zoom / STRIDE) * STRIDE for side in size)
    large = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    near = np.zeros((height, width), np.float32)
    seen = np.zeros_like(where)
    for rows, columns in tiles((height, width), size):
        here = tuple(slice(int(s.start / zoom), int(np.ceil(s.stop / zoom))) for s in (rows, columns))
        if where[here].any():
            part = probability_map(np.asarray(large[rows, columns], np.uint8), threads)
            near[rows, columns] = np.maximum(near[rows, columns], part)
            seen[here] = True
    return near, seen


def _resized(pixels: Pixels, params: DetectParams) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(params.long_side / max(height, width), max(1.0, params.least_side / min(height, width)))
    size = tuple(max(STRIDE, round(side * scale / STRIDE) * STRIDE) for side in (width, height))
    shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=shrinking), dtype=np.uint8)
