"""What four corners does an area have, and is it one sheet or several?"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.ground import Mask

Corners = NDArray[np.float64]
"""4×2, clockwise from the corner nearest the top left."""


def outline(mask: Mask) -> NDArray[np.int32]:
    """The longest outer contour, N×2."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(contours, key=len).reshape(-1, 2), np.int32)


def trimmed(mask: Mask) -> Mask:
    """Without what sticks out by a stroke's width: letters and arrows that touch the area."""
    x, y, w, h = cv2.boundingRect(mask)
    box = np.s_[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1]
    part = np.ascontiguousarray(mask[box])
    width = max(3, round(0.16 * np.sqrt(cv2.countNonZero(part)))) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_RECT, (width, width))
    opened = np.asarray(cv2.morphologyEx(part, cv2.MORPH_OPEN, brush), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return mask
    kept = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    # A square brush cuts the corners of turned notes: what lies near the kept part comes back.
    near = cv2.dilate((labels == kept).astype(np.uint8), np.ones((width // 2 | 1, width // 2 | 1), np.uint8))
    whole = np.zeros_like(mask)
    whole[box] = part * near
    return whole


def corners(points: NDArray[np.int32]) -> Corners | None:
    """The smallest quad around the points: hull edges are dropped, cheapest first, until four are left."""
    hull = cv2.convexHull(points.reshape(-1, 1, 2))
    hull = cv2.approxPolyDP(hull, 0.004 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(hull) < 4:
        return None
    polygon = list(np.asarray(hull, np.float64))
    while len(polygon) > 4:
        cut = _cheapest_edge(polygon)
        if cut is None:
            return None
        index, point = cut
        following = (index + 1) % len(polygon)
        polygon[index] = point
        del polygon[following]
    return clockwise(np.array(polygon))


def _cheapest_edge(polygon: list[NDArray[np.float64]]) -> tuple[int, NDArray[np.float64]] | None:
    """The edge whose neighbours, prolonged until they meet, add the least area; and where they meet."""
    count, best = len(polygon), None
    for i in range(count):
        before, start, end, after = (polygon[(i + k) % count] for k in (-1, 0, 1, 2))
        point = _meeting(before, start, after, end)
        if point is None:
            continue
        area = abs(_cross(start - point, end - point)) / 2
        if best is None or area < best[0]:
            best = (area, i, point)
    return None if best is None else (best[1], best[2])


def _meeting(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Where a→b, prolonged past b, meets c→d, prolonged past d."""
    u, v = b - a, d - c
    parallel = _cross(u, v)
    if abs(parallel) < 1e-9:
        return None
    t = _cross(c - a, v) / parallel
    s = _cross(c - a, u) / parallel
    return None if t < 1 or s < 1 else np.asarray(a + t * u)


def _cross(u: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    return float(u[0] * v[1] - u[1] * v[0])


def clockwise(points: Corners) -> Corners:
    """Ordered clockwise (y down), starting at the corner nearest the top left."""
    centre = points.mean(axis=0)
    order = np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))
    turned = points[order]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0)


def sides(quad: Corners) -> tuple[float, float]:
    """Width and height: means of opposite sides."""
    lengths = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)
    return float((lengths[0] + lengths[2]) / 2), float((lengths[1] + lengths[3]) / 2)


def angle(quad: Corners) -> float:
    """Degrees by which the note is turned clockwise, -45..45."""
    top = quad[1] - quad[0] + quad[2] - quad[3]
    turned = float(np.degrees(np.arctan2(top[1], top[0])))
    return (turned + 45.0) % 90.0 - 45.0


def squareness(quad: Corners) -> float:
    """1 for right angles; the largest deviation of a corner from 90° brings it down to 0 at 45°."""
    edges = np.roll(quad, -1, axis=0) - quad
    edges /= np.maximum(np.linalg.norm(edges, axis=1, keepdims=True), 1e-9)
    cosines = np.abs((edges * np.roll(edges, -1, axis=0)).sum(axis=1))
    return float(1.0 - np.degrees(np.arcsin(np.clip(cosines.max(), 0, 1))) / 45.0)


def filled(quad: Corners, size: tuple[int, ...]) -> Mask:
    """h×w mask, 255 inside the quad."""
    mask = np.zeros(size[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(quad).astype(np.int32)], 255)
    return mask
