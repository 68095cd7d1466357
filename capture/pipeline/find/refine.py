"""Sides moved to where the photo's own pixels have the edge, to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np

from capture.pipeline.find.lines import Doubles
from capture.pipeline.frame import Pixels

MARGIN = 0.03
"""Share of each side left out at both ends, where the neighbouring side's edge would be met."""


def refine(pixels: Pixels, quad: Doubles, reach: float, samples: int = 240) -> Doubles:
    """Fit each side of ``quad`` (4×2, pixels of ``pixels``) to the edge within ``reach`` pixels of it.

    Only strips along the sides are read. A side out of the picture, or without a clear edge, stays as it was.
    """
    lines = []
    for k in range(4):
        start, end = quad[k], quad[(k + 1) % 4]
        line = _side(pixels, start, end, reach, samples)
        lines.append(line if line is not None else _through(start, end))
    corners = np.array([_meet(lines[k - 1], lines[k]) for k in range(4)])
    moved = np.abs(corners - quad).max()
    return corners if np.isfinite(moved) and moved < 4 * reach + 2 else quad


def _side(pixels: Pixels, start: Doubles, end: Doubles, reach: float, samples: int) -> Doubles | None:
    along = end - start
    length = float(np.linalg.norm(along))
    if length < 8:
        return None
    unit = along / length
    normal = np.array([-unit[1], unit[0]])
    t = np.linspace(MARGIN, 1 - MARGIN, min(samples, int(length)))
    base = start + along * t[:, None]
    height, width = pixels.shape[:2]
    room = reach + 1
    inside = (base > room).all(1) & (base[:, 0] < width - 1 - room) & (base[:, 1] < height - 1 - room)
    if inside.sum() < max(8, 0.15 * len(t)):
        return None
    base = base[inside]
    step = max(1.0, reach / 16)
    offsets = np.arange(-reach, reach + step / 2, step)
    places = (base[:, None] + offsets[:, None] * normal).astype(np.float32)
    x, y = np.ascontiguousarray(places[..., 0]), np.ascontiguousarray(places[..., 1])
    strip = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    even = cv2.blur(strip, (1, 7))  # along the side: noise and ink that crosses it
    soft = cv2.GaussianBlur(even, (0, 0), 1.2, sigmaY=0.01)
    slope = np.linalg.norm(np.gradient(soft, axis=1), axis=2)
    where, weight = _crests(slope)
    found = base + (np.interp(where, np.arange(len(offsets)), offsets))[:, None] * normal
    return _robust_line(found, weight, normal, tolerance=max(0.7, reach / 8))


def _crests(slope: Doubles) -> tuple[Doubles, Doubles]:
    """Sub-sample position and height of the highest crest of each row, off the two ends."""
    inner = slope[:, 1:-1]
    best = inner.argmax(axis=1) + 1
    rows = np.arange(len(slope))
    low, high, top = slope[rows, best - 1], slope[rows, best + 1], slope[rows, best]
    bend = low - 2 * top + high
    shift = np.where(bend < -1e-6, 0.5 * (low - high) / np.where(bend < -1e-6, bend, 1), 0)
    return best + np.clip(shift, -0.5, 0.5), top / (top + 4.0)


def _robust_line(points: Doubles, weights: Doubles, normal: Doubles, tolerance: float) -> Doubles | None:
    """RANSAC over pairs of points, then weighted least squares on the inliers with Huber's weights."""
    count = len(points)
    chance = np.random.default_rng(count)
    pairs = chance.integers(0, count, (160, 2))
    a, b = points[pairs[:, 0]], points[pairs[:, 1]]
    along = b - a
    length = np.linalg.norm(along, axis=1)
    usable = length > 0.25 * np.linalg.norm(points[-1] - points[0])
    normals = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
    usable &= np.abs(normals @ normal) > 0.97
    if not usable.any():
        return None
    normals, a = normals[usable], a[usable]
    apart = np.abs(points @ normals.T - (a * normals).sum(1))
    votes = ((apart < tolerance) * weights[:, None]).sum(0)
    best = int(votes.argmax())
    if votes[best] < 0.3 * weights.sum() or (apart[:, best] < tolerance).sum() < 8:
        return None
    line = np.array([*normals[best], a[best] @ normals[best]])
    for _ in range(4):
        residual = points @ line[:2] - line[2]
        huber = np.minimum(1, 0.5 * tolerance / np.maximum(np.abs(residual), 1e-9))
        weight = weights * huber * (np.abs(residual) < 2 * tolerance)
        centre = np.average(points, axis=0, weights=weight)
        around = points - centre
        fitted = np.linalg.eigh((around * weight[:, None]).T @ around)[1][:, 0]
        line = np.array([*fitted, centre @ fitted])
    return line


def _through(start: Doubles, end: Doubles) -> Doubles:
    along = end - start
    normal = np.array([-along[1], along[0]]) / max(float(np.linalg.norm(along)), 1e-9)
    return np.array([*normal, start @ normal])


def _meet(first: Doubles, second: Doubles) -> Doubles:
    det = first[0] * second[1] - first[1] * second[0]
    if abs(det) < 1e-9:
        return np.array([np.inf, np.inf])
    x = first[2] * second[1] - first[1] * second[2]
    y = first[0] * second[2] - first[2] * second[0]
    return np.array([x / det, y / det])
