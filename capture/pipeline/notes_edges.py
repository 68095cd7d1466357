"""Which quads could be sheets by their edges alone? So a white note is found on a white board, and two that touch.

Line segments (LSD, Grompone von Gioi et al., 2010) that meet in a right angle give a corner and two sides; a shadow
along two sides is enough. ``notes_proof`` then tells the sheets among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline import notes_shape
from capture.pipeline.notes_pieces import Evened, ground_lightness
from capture.pipeline.notes_shape import Corners

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Params:
    gain: float = 4.0  # grey levels to one of CIELAB lightness: faint edges make segments too
    short: float = 0.02  # least side of a sheet, as a share of the picture's longer side
    long: float = 0.33
    ratio: float = 1.8  # of its sides
    meet: float = 0.22  # of a segment's length: how far from its end the other one may meet it
    right: float = 14.0  # degrees off a right angle
    piece: float = 0.45  # least length of a segment, as a share of the side it stands for
    near: float = 0.05  # of a side: quads whose corners are all nearer than this are one
    segments: int = 400
    most: int = 600


def hypotheses(picture: Evened, params: Params = Params()) -> list[Corners]:
    """Quads (small pixels) with two of their sides along segments, the longest segments first."""
    side = max(picture.labels.shape)
    ends = _segments(picture, side, params)
    along = ends[:, 1] - ends[:, 0]
    units = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    upright = np.abs(units @ units.T) < np.sin(np.radians(params.right))
    quads: list[Corners] = []
    for i, j in _meeting(ends, np.argwhere(np.triu(upright, 1)), params):
        quads += _spanned(ends[i], ends[j], side, params)
    return _distinct(quads, params)


def _meeting(ends: Floats, pairs: NDArray[np.intp], params: Params) -> NDArray[np.intp]:
    """Those of M pairs whose lines cross on both segments or just beyond: most do not, and all are asked at once."""
    a, b = ends[pairs[:, 0]], ends[pairs[:, 1]]
    u, v, w = a[:, 1] - a[:, 0], b[:, 1] - b[:, 0], b[:, 0] - a[:, 0]
    cross = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    reach = params.meet + 1e-6
    with np.errstate(divide="ignore", invalid="ignore"):  # parallel: nowhere
        at = np.stack([w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0], w[:, 0] * u[:, 1] - w[:, 1] * u[:, 0]]) / cross
    return np.asarray(pairs[((at >= -reach) & (at <= 1 + reach)).all(axis=0)])


def _segments(picture: Evened, side: int, params: Params) -> Floats:
    """N×2×2."""
    grey = np.clip(128 + params.gain * (picture.lab[..., 0] - ground_lightness()), 0, 255).astype(np.uint8)
    found = cv2.createLineSegmentDetector().detect(grey)[0]
    ends = np.asarray(found if found is not None else [], np.float64).reshape(-1, 2, 2)
    lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    order = np.argsort(-lengths)[: params.segments]
    return np.asarray(ends[order[lengths[order] > params.piece * params.short * side]])


def _spanned(a: Floats, b: Floats, side: float, params: Params) -> list[Corners]:
    """The quads that two segments span from where they meet: towards either end where one crosses the other, and
    square ones where the segments are not of one length, as one may be broken or run on along the next sheet."""
    point = _crossing(a, b)
    if point is None:
        return []
    first, second = (_arms(point, ends, side, params) for ends in (a, b))
    quads = []
    for p in first:
        for q in second:
            u, v = float(np.linalg.norm(p)), float(np.linalg.norm(q))
            spans = {(u, v)} if max(u, v) < 1.15 * min(u, v) else {(u, v), (u, u), (v, v)}
            for width, height in spans:
                low, high = min(width, height), max(width, height)
                if params.short * side <= low and high <= min(params.long * side, params.ratio * low):
                    one, other = p * width / u, q * height / v
                    quads.append(
                        notes_shape.clockwise(np.array([point, point + one, point + one + other, point + other]))
                    )
    return quads


def _arms(point: Floats, ends: Floats, side: float, params: Params) -> list[Floats]:
    """From a point on a segment, or just beyond it, to its ends."""
    (x0, y0), (x1, y1) = ends.tolist()  # plain numbers: two of a picture's arrays cost ten times as much
    x, y = point.tolist()
    dx, dy = x1 - x0, y1 - y0
    length = hypot(dx, dy)
    at = ((x - x0) * dx + (y - y0) * dy) / length
    if not -params.meet * length <= at <= (1 + params.meet) * length:
        return []
    least = max(params.piece * params.short * side, params.meet * length)
    arms = ((x0 - x, y0 - y), (x1 - x, y1 - y))
    return [np.array(arm) for arm in arms if hypot(*arm) > least]


def _crossing(a: Floats, b: Floats) -> Floats | None:
    u, v, w = a[1] - a[0], b[1] - b[0], b[0] - a[0]
    cross = u[0] * v[1] - u[1] * v[0]
    return None if abs(cross) < 1e-6 else np.asarray(a[0] + u * (w[0] * v[1] - w[1] * v[0]) / cross)


def _distinct(quads: list[Corners], params: Params) -> list[Corners]:
    kept: list[Corners] = []
    rows = np.zeros((0, 4, 2))
    for quad in quads:
        reach = params.near * float(np.linalg.norm(quad[2] - quad[0]))
        if len(kept) and bool((np.abs(rows - quad).max(axis=(1, 2)) < reach).any()):
            continue
        kept.append(quad)
        rows = np.concatenate([rows, quad[None]])
        if len(kept) == params.most:
            break
    return kept
