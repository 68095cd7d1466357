"""Where on the board lies one flat colour that is not the ground's?

The picture, in even light, falls into pieces at its edges; pieces of like colour that only ink parts are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from capture.pipeline import ground
from capture.pipeline.frame import Pixels
from capture.pipeline.ground import Ground, Map, Mask

GROUND_LEVEL = 0.6
"""Where the ground's brightness lies in the evened picture (0..1): there is room above it for white on kraft."""


@dataclass(frozen=True)
class Params:
    side: int = 1000  # pixels of the longer side of the picture that is searched
    step: float = 5.0  # change of colour (CIELAB, over three pixels) that parts two pieces
    unlike: float = 7.0  # how far from the ground's colour (CIELAB) a piece must be
    alike: float = 9.0  # how near in colour two pieces of one note are
    alike_light: float = 12.0  # the same for their lightness
    ink: float = 9.0  # how much darker (CIELAB lightness) than around it a stroke is
    bridge: float = 0.014  # width of the strokes that may part a note, as a share of the longer side
    leak: float = 0.03  # of the longer side: the narrowest area that the ground may have run into
    least: float = 0.00025  # least area of a candidate, as a share of the picture
    most: float = 0.35


@dataclass(frozen=True, eq=False)
class Evened:
    """The searched picture: ``lab`` h×w×3 float32 in even light with the ground neutral, ``flat`` the share of light
    (h×w×3 float32 BGR relative to the ground's brightness), ``scale`` small pixels per frame pixel, ``ink`` 255 on
    strokes, ``labels`` and ``means`` the pieces (0: edges)."""

    relative: Map
    lab: Map
    ink: Mask
    labels: NDArray[np.int32]
    means: NDArray[np.float64]
    sizes: NDArray[np.int64]
    boxes: NDArray[np.int64]  # left, top, width and height of each piece
    scale: tuple[float, float]


def even(pixels: Pixels, seen: Ground, params: Params) -> Evened:
    small = ground.shrink(pixels, params.side)
    height, width = small.shape[:2]
    light = cv2.resize(seen.light, (width, height), interpolation=cv2.INTER_LINEAR)
    tint = cv2.resize(seen.tint, (width, height), interpolation=cv2.INTER_LINEAR)
    relative = np.asarray(small.astype(np.float32) / light[..., None], np.float32)
    neutral = np.clip(GROUND_LEVEL * relative / tint, 0, 1)
    lab = np.asarray(cv2.GaussianBlur(cv2.cvtColor(neutral, cv2.COLOR_BGR2LAB), (0, 0), 0.8), np.float32)
    bare = cv2.resize(seen.mask, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    labels = _pieces(lab, bare, params)
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count)
    means = np.stack(
        [np.bincount(labels.ravel(), lab[..., c].ravel(), minlength=count) / np.maximum(sizes, 1) for c in range(3)],
        axis=1,
    )
    scale = (width / pixels.shape[1], height / pixels.shape[0])
    return Evened(relative, lab, _ink(lab, params), labels, means, sizes, _boxes(labels, count), scale)


def _boxes(labels: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    found = np.zeros((count, 4), np.int64)
    for n, place in enumerate(ndimage.find_objects(labels, max_label=count - 1), start=1):
        if place is not None:
            rows, columns = place
            found[n] = columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start
    return found


def _pieces(lab: Map, bare: NDArray[np.bool_], params: Params) -> NDArray[np.int32]:
    """Numbers from 1 of the flat areas, 0 on edges and strokes. A shadow may hide the edge of a grey note on one side:
    what has run into the ground there, and is not bare, becomes a piece of its own."""
    change = _change(lab)
    noise = float(np.median(change))
    if 3.0 * noise > params.step:  # a dim photo: its grain would hide the edges
        change = _change(np.asarray(cv2.GaussianBlur(lab, (0, 0), 2.0), np.float32))
        noise = float(np.median(change))
    flat = (change < max(params.step, 3.0 * noise)).astype(np.uint8)
    count, found = cv2.connectedComponents(flat, connectivity=4)
    labels = np.asarray(found, np.int32)
    sizes = np.bincount(labels.ravel(), minlength=count)
    shares = np.bincount(labels.ravel(), bare.ravel(), minlength=count) / np.maximum(sizes, 1)
    away = np.linalg.norm(lab - np.array([ground_lightness(), 0, 0], np.float32), axis=2) > params.unlike
    others = (labels > 0) & (shares[labels] <= 0.5) & (sizes[labels] > params.least * bare.size)
    run = (~bare & ~others & away).astype(np.uint8)
    width = round(params.leak * max(bare.shape)) | 1
    opened = cv2.morphologyEx(run, cv2.MORPH_OPEN, np.ones((width, width), np.uint8))
    own = np.asarray(cv2.connectedComponents(opened, connectivity=4)[1], np.int32)
    return np.where(own > 0, own + count - 1, labels).astype(np.int32)


def _change(lab: Map) -> Map:
    brush = np.ones((3, 3), np.uint8)
    b, g, r = cv2.split(cv2.dilate(lab, brush) - cv2.erode(lab, brush))
    return np.asarray(cv2.sqrt(b * b + g * g + r * r), np.float32)


def _ink(lab: Map, params: Params) -> Mask:
    width = round(params.bridge * max(lab.shape[:2])) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    dark = cv2.morphologyEx(lab[..., 0], cv2.MORPH_BLACKHAT, brush) > params.ink
    return np.asarray(cv2.dilate(dark.astype(np.uint8) * 255, np.ones((3, 3), np.uint8)), np.uint8)


def candidates(picture: Evened, params: Params) -> Iterator[Mask]:
    """Masks (h×w uint8, 255 inside, holes filled) of areas of one colour, the largest pieces first."""
    plain = np.array([ground_lightness(), 0.0, 0.0])
    away = np.linalg.norm(picture.means - plain, axis=1)
    area = float(picture.labels.size)
    free = (away > params.unlike) & (picture.sizes > 0.3 * params.least * area)
    free[0] = False
    for label in np.argsort(-picture.sizes):
        if not free[label]:
            continue
        mask, used = _grown(picture, int(label), params)
        free[list(used)] = False
        if params.least * area <= cv2.countNonZero(mask) <= params.most * area:
            yield mask


def ground_lightness() -> float:
    """CIELAB lightness of the ground in the evened picture."""
    grey = np.full((1, 1, 3), GROUND_LEVEL, np.float32)
    return float(cv2.cvtColor(grey, cv2.COLOR_BGR2LAB)[0, 0, 0])


def _grown(picture: Evened, label: int, params: Params) -> tuple[Mask, set[int]]:
    """The piece, with the pieces of its colour that only ink parts from it; and the labels it took. Looked for in a
    window around the piece, a wider one as long as it runs out of it."""
    difference = picture.means - picture.means[label]
    alike = (np.hypot(difference[:, 1], difference[:, 2]) < params.alike) & (
        np.abs(difference[:, 0]) < params.alike_light
    )
    alike[0] = False
    rows, columns = picture.labels.shape
    x, y, w, h = picture.boxes[label]
    pad = max(w, h) // 2 + 20
    while True:
        window = np.s_[max(0, y - pad) : min(rows, y + h + pad), max(0, x - pad) : min(columns, x + w + pad)]
        region = _connected(picture, window, label, alike, params)
        open_rows = (window[0].start > 0 and region[0].any()) or (window[0].stop < rows and region[-1].any())
        open_columns = (window[1].start > 0 and region[:, 0].any()) or (
            window[1].stop < columns and region[:, -1].any()
        )
        if not (open_rows or open_columns):
            break
        pad *= 3
    used = {int(u) for u in np.unique(picture.labels[window][region > 0])} - {0}
    whole = np.zeros((rows, columns), np.uint8)
    whole[window] = _solid(region)
    return whole, used


def _connected(
    picture: Evened, window: tuple[slice, slice], label: int, alike: NDArray[np.bool_], params: Params
) -> Mask:
    """255 where, inside a window, pieces ``alike`` hang together with one of them, over ink too."""
    labels = picture.labels[window]
    width = round(params.bridge * max(picture.labels.shape)) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    own = alike[labels].astype(np.uint8) * 255
    closed = np.asarray(cv2.morphologyEx(own, cv2.MORPH_CLOSE, brush), np.uint8)
    joined = own | (closed & picture.ink[window])
    names = cv2.connectedComponents(joined, connectivity=4)[1]
    seed = names[np.unravel_index(int(np.argmax(labels == label)), names.shape)]
    return np.asarray((names == seed).astype(np.uint8) * 255, np.uint8)


def _solid(region: Mask) -> Mask:
    """Holes filled, and the rim that the edges took given back."""
    outlines, _ = cv2.findContours(region, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    solid = np.zeros_like(region)
    cv2.drawContours(solid, outlines, -1, 255, cv2.FILLED)
    return np.asarray(cv2.dilate(solid, np.ones((3, 3), np.uint8)), np.uint8)
