"""Do two photos show the same surface, and where on it? Features matched, one homography, and the ink compared.

SIFT features (Lowe, 2004) of the straightened boards, matched both ways; a homography by MAGSAC (Barath et al., 2020)
with enough inliers; then the ink of one must lie where the other has ink. Two sheets printed with the same form agree
in features and not in what was written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Frame, Matrix, apply_homography

Mask = NDArray[np.uint8]


@dataclass(frozen=True)
class Params:
    side: int = 900  # pixels of the longer side at which boards are compared
    features: int = 900
    ratio: float = 0.8  # of the nearest to the second nearest descriptor
    glimpse: int = 200  # strongest features that are matched first, a twentieth of the work
    glimpsed: int = 12  # matches among these without which no more are looked for (same surfaces: 24 and more)
    reach: float = 4.0  # pixels of that side that an inlier may be off
    inliers: int = 22
    share: float = 0.25  # of the matches that must be inliers
    ink: float = 14.0  # grey levels by which a stroke stands out
    agree: float = 0.45  # share of the common area's ink (of the board that has less) that the other one has too


@dataclass(frozen=True, eq=False)
class Shot:
    """A straightened board prepared for comparing. ``scale``: pixels of the small picture to one of the board;
    ``ink`` 255 on strokes; ``sharpness``: how fine the finest edges are, for boards of one surface to be compared."""

    size: tuple[int, int]  # width and height of the straightened board
    scale: float
    points: NDArray[np.float32]  # N×2, small pixels, the strongest first
    descriptors: NDArray[np.float32]
    ink: Mask
    sharpness: float


@dataclass(frozen=True, eq=False)
class Likeness:
    """``way`` (3×3) leads from pixels of the first board to pixels of the second; ``overlap`` is the share of the
    smaller board that the other shows, ``iou`` that of both together; ``error`` in pixels of the small picture."""

    way: Matrix
    inliers: int
    overlap: float
    iou: float
    agreement: float
    error: float


def prepare(frame: Frame, params: Params = Params()) -> Shot:
    scale = min(1.0, params.side / max(frame.width, frame.height))
    grey = cv2.cvtColor(frame.pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found, descriptors = cv2.SIFT.create(params.features, contrastThreshold=0.02).detectAndCompute(small, None)
    strongest = np.argsort([-key.response for key in found], kind="stable")
    points = np.array([key.pt for key in found], np.float32).reshape(-1, 2)[strongest]
    rows = np.asarray(descriptors, np.float32).reshape(-1, 128)[strongest] if found else np.zeros((0, 128), np.float32)
    roots = np.sqrt(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-6))  # Arandjelović and Zisserman, 2012
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17))
    dark = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, brush) > params.ink
    ink = np.asarray(dark.astype(np.uint8) * 255, np.uint8)
    size = (frame.width, frame.height)
    return Shot(size, scale, points, np.asarray(roots, np.float32), ink, _sharpness(np.asarray(grey, np.uint8)))


def _sharpness(grey: Mask) -> float:
    """The steepest edges, in the board's own width: a blurred or a small photo has none."""
    scale = 1600 / max(grey.shape)
    same = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    steep = np.abs(cv2.Laplacian(same.astype(np.float32), cv2.CV_32F, ksize=3))
    return float(np.percentile(steep, 99.5) / max(20.0, float(np.percentile(same, 90))))


def compare(a: Shot, b: Shot, params: Params = Params()) -> Likeness | None:
    """None where nothing speaks for one surface."""
    if len(_matched(_glimpse(a, params), _glimpse(b, params), params)[0]) < params.glimpsed:
        return None
    first, second = _matched(a, b, params)
    if len(first) < params.inliers:
        return None
    small, inside = _homography(first, second, params.reach)
    count = int(inside.sum())
    if count < params.inliers or count < params.share * len(first) or not _sound(small, a):
        return None
    error = np.linalg.norm(apply_homography(small, first[inside].astype(np.float64)) - second[inside], axis=1)
    way = np.diag([1 / b.scale, 1 / b.scale, 1.0]) @ small @ np.diag([a.scale, a.scale, 1.0])
    overlap, iou = _overlap(small, a, b)
    agreement = _agreement(small, a, b)
    if agreement < params.agree:
        return None
    return Likeness(way / way[2, 2], count, overlap, iou, agreement, float(np.sqrt(np.mean(error**2))))


def _glimpse(shot: Shot, params: Params) -> Shot:
    few = slice(params.glimpse)
    return replace(shot, points=shot.points[few], descriptors=shot.descriptors[few])


def _matched(a: Shot, b: Shot, params: Params) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Points of either that are each other's nearest by far."""
    if min(len(a.points), len(b.points)) < 2:
        return a.points[:0], b.points[:0]
    alike = a.descriptors @ b.descriptors.T  # both of unit length: the larger the nearer
    best = alike.argmax(axis=1)
    rows = np.arange(len(alike))
    top = alike[rows, best].copy()
    alike[rows, best] = -1
    clear = np.sqrt(np.maximum(0, 2 - 2 * top)) < params.ratio * np.sqrt(np.maximum(0, 2 - 2 * alike.max(axis=1)))
    alike[rows, best] = top
    mutual = alike.argmax(axis=0)[best] == rows
    kept = np.flatnonzero(clear & mutual)
    return a.points[kept], b.points[best[kept]]


def _homography(
    first: NDArray[np.float32], second: NDArray[np.float32], reach: float
) -> tuple[Matrix, NDArray[np.bool_]]:
    """And which points follow it; none where there is no homography."""
    found: tuple[Any, Any] = cv2.findHomography(first, second, cv2.USAC_MAGSAC, reach, maxIters=3000, confidence=0.999)
    if found[0] is None:
        return np.eye(3), np.zeros(len(first), np.bool_)
    return np.asarray(found[0], np.float64), np.asarray(found[1]).ravel() > 0


def _outline(shot: Shot) -> NDArray[np.float64]:
    w, h = shot.size[0] * shot.scale, shot.size[1] * shot.scale
    return np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)


def _sound(way: Matrix, a: Shot) -> bool:
    """A plane photographed by a person: no mirror, no fold, no wild change of size."""
    corners = _outline(a)
    depth = np.concatenate([corners, np.ones((4, 1))], axis=1) @ way[2]
    if depth.min() <= 0 or depth.max() > 4 * depth.min():
        return False
    seen = apply_homography(way, corners)
    along = np.roll(seen, -1, axis=0) - seen
    turns = along[:, 0] * np.roll(along[:, 1], -1) - along[:, 1] * np.roll(along[:, 0], -1)
    area = cv2.contourArea(seen.astype(np.float32)) / max(1.0, cv2.contourArea(corners.astype(np.float32)))
    return bool(turns.min() > 0) and 0.15 < area < 7


def _overlap(way: Matrix, a: Shot, b: Shot) -> tuple[float, float]:
    first, second = apply_homography(way, _outline(a)).astype(np.float32), _outline(b).astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    sizes = (cv2.contourArea(first), cv2.contourArea(second))
    return shared / max(1.0, min(sizes)), shared / max(1.0, sum(sizes) - shared)


def _agreement(way: Matrix, a: Shot, b: Shot) -> float:
    """Share of the ink in the common area, of the board that has less, that lies on or beside ink of the other."""
    height, width = b.ink.shape
    warped = cv2.warpPerspective(a.ink, way, (width, height))
    common = cv2.warpPerspective(np.full_like(a.ink, 255), way, (width, height)) > 250
    near = np.ones((7, 7), np.uint8)
    ours, theirs = (warped > 127) & common, (b.ink > 0) & common
    if min(ours.sum(), theirs.sum()) < 150:
        return 0.0
    found = (theirs & (cv2.dilate(warped, near) > 127)).sum() / theirs.sum()
    kept = (ours & (cv2.dilate(b.ink, near) > 0)).sum() / ours.sum()
    return float(max(found, kept))
