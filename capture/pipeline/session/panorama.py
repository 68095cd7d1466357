"""Overlapping parts of one long board, laid together on one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Matrix, Pixels, apply_homography


@dataclass(frozen=True)
class Params:
    max_pixels: int = 60_000_000
    feather: float = 0.004  # width of a seam, as a share of the panorama's longer side
    ground: int = 245  # grey of what no part shows


@dataclass(frozen=True, eq=False)
class Layout:
    """``width`` and ``height`` of the panorama, and the ``ways`` (3×3) from each part's pixels to its pixels."""

    width: int
    height: int
    ways: tuple[Matrix, ...]


def layout(sizes: Sequence[tuple[int, int]], ways: Sequence[Matrix], params: Params = Params()) -> Layout:
    """``sizes`` (width, height) of the parts; ``ways`` from each to the first. No part loses detail, unless the whole
    would be larger than is allowed."""
    corners = [apply_homography(way, _outline(size)) for size, way in zip(sizes, ways, strict=True)]
    every = np.concatenate(corners)
    low, high = every.min(axis=0), every.max(axis=0)
    finest = max(
        np.sqrt(w * h / max(1.0, cv2.contourArea(c.astype(np.float32))))
        for (w, h), c in zip(sizes, corners, strict=True)
    )
    span = np.maximum(high - low, 1.0)
    scale = min(float(finest), float(np.sqrt(params.max_pixels / (span[0] * span[1]))))
    shift = np.array([[scale, 0, -scale * low[0] - 0.5], [0, scale, -scale * low[1] - 0.5], [0, 0, 1]])
    width, height = (max(1, round(v)) for v in scale * span)
    return Layout(width, height, tuple(_normed(shift @ way) for way in ways))


def compose(parts: Sequence[Pixels], where: Layout, even: bool, params: Params = Params()) -> Pixels:
    """Each place from the part in whose middle it lies; seams are soft. ``even``: the parts' exposures are made alike
    first, channel by channel, by what they share."""
    canvas = np.full((where.height, where.width, 3), params.ground, np.uint8)
    depth = np.zeros((where.height, where.width), np.float32)  # how far inside its part each pixel lies
    feather = max(2.0, params.feather * max(where.width, where.height))
    for part, way in zip(parts, where.ways, strict=True):
        box = _box(part, way, where)
        x, y, w, h = box
        local = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1.0]]) @ way
        drawn = cv2.warpPerspective(part, local, (w, h), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        inside = _depth(part, local, (w, h))
        here, known = canvas[y : y + h, x : x + w], depth[y : y + h, x : x + w]
        picture = np.asarray(drawn, np.uint8)
        if even:
            picture = _exposed_like(picture, here, (inside > 1) & (known > 1))
        share = np.where(known > 0, np.clip((inside - known) / (2 * feather) + 0.5, 0, 1), 1.0)
        share = np.where(inside > 0, share, 0.0).astype(np.float32)
        here[...] = cv2.blendLinear(picture, np.ascontiguousarray(here), share, 1 - share)
        np.maximum(known, inside, out=known)
    return canvas


def _depth(part: Pixels, way: Matrix, size: tuple[int, int]) -> NDArray[np.float32]:
    """Pixels from the part's border, inside it; 0 outside. On a quarter of the picture, which is fine enough."""
    small = np.diag([0.25, 0.25, 1.0]) @ way
    quarter = (size[0] // 4 + 2, size[1] // 4 + 2)
    mask = cv2.warpPerspective(np.full(part.shape[:2], 255, np.uint8), small, quarter, flags=cv2.INTER_NEAREST)
    far = cv2.distanceTransform(cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = np.maximum(4 * far - 4, 0)  # nothing of a quarter pixel that lies half outside
    full = cv2.resize(deep, (4 * quarter[0], 4 * quarter[1]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[: size[1], : size[0]], np.float32)


def _exposed_like(picture: Pixels, other: Pixels, common: NDArray[np.bool_]) -> Pixels:
    if common.sum() < 500:
        return picture
    ratio = np.median(other[common].astype(np.float32) + 1, axis=0) / np.median(
        picture[common].astype(np.float32) + 1, axis=0
    )
    return np.asarray(np.clip(picture * np.clip(ratio, 0.5, 2.0), 0, 255), np.uint8)


def _box(part: Pixels, way: Matrix, where: Layout) -> tuple[int, int, int, int]:
    """Left, top, width and height of the part on the panorama."""
    seen = apply_homography(way, _outline((part.shape[1], part.shape[0])))
    x0, y0 = (max(0, int(np.floor(v))) for v in seen.min(axis=0))
    x1, y1 = (int(np.ceil(v)) + 1 for v in seen.max(axis=0))
    x1, y1 = max(x0 + 1, min(where.width, x1)), max(y0 + 1, min(where.height, y1))
    return x0, y0, x1 - x0, y1 - y0


def _outline(size: tuple[int, int]) -> NDArray[np.float64]:
    right, bottom = size[0] - 0.5, size[1] - 0.5
    return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])


def _normed(way: Matrix) -> Matrix:
    return np.asarray(way / way[2, 2], np.float64)
