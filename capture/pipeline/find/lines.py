"""Straight edges of the search picture: a Hough transform that uses the direction of each edge pixel.

A line is (nx, ny, d): unit normal and distance, nx·x + ny·y = d, in search pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.find.picture import Floats, Picture

Doubles = NDArray[np.float64]

BINS = 180
GAP = 0.25
"""Mean support below which a stretch of line counts as a gap."""

SAME = 2.5
"""Pixels: a stretch that lies so near to a better line belongs to it."""

SPREAD = 3
"""Bins each side of a pixel's own direction that it votes for: 1° each."""


@dataclass(frozen=True, eq=False)
class EdgePixels:
    """Crests of the gradient, sorted by direction: N positions, angles of the normal (0..pi) and weights in 0..1
    (faint edges still count)."""

    points: Doubles
    angles: Doubles
    weights: Doubles

    def near(self, angle: float, reach: float) -> EdgePixels:
        """Those whose normal is within ``reach`` radians of ``angle``."""
        low, high = np.searchsorted(self.angles, [angle - reach, angle + reach])
        picked = [slice(low, high)]
        if angle < reach:
            picked.append(slice(int(np.searchsorted(self.angles, np.pi + angle - reach)), None))
        if angle > np.pi - reach:
            picked.append(slice(0, int(np.searchsorted(self.angles, angle + reach - np.pi))))
        parts = (self.points, self.angles, self.weights)
        return EdgePixels(*(np.concatenate([part[p] for p in picked]) for part in parts))


def edge_pixels(picture: Picture, floor: float, most: int) -> EdgePixels:
    """Pixels whose gradient is above ``floor`` levels a pixel and largest across its own direction; the ``most``
    strongest where there are more."""
    jxx, jxy, jyy = cv2.split(picture.tensor)
    root = np.sqrt((jxx - jyy) ** 2 + 4 * jxy * jxy)
    strength = np.sqrt(np.maximum(0, (jxx + jyy + root) / 2))
    ys, xs = np.nonzero(strength[1:-1, 1:-1] > floor)
    ys, xs = ys + 1, xs + 1
    angle = 0.5 * np.arctan2(2 * jxy[ys, xs], jxx[ys, xs] - jyy[ys, xs])
    dx, dy = np.rint(np.cos(angle)).astype(int), np.rint(np.sin(angle)).astype(int)
    here = strength[ys, xs]
    crest = (here >= strength[ys + dy, xs + dx]) & (here > strength[ys - dy, xs - dx])
    kept = np.flatnonzero(crest)
    if len(kept) > most:
        kept = kept[np.argpartition(-here[kept], most)[:most]]
    turned = np.mod(angle[kept], np.pi)
    order = np.argsort(turned)
    kept = kept[order]
    points = np.stack([xs[kept], ys[kept]], axis=1).astype(np.float64)
    return EdgePixels(points, turned[order].astype(np.float64), saturate(here[kept]).astype(np.float64))


def saturate(strength: Floats) -> Floats:
    """0..1: a faint step of two levels counts half as much as the hardest edge."""
    return strength / (strength + 0.8)


def find_lines(edges: EdgePixels, picture: Picture, count: int) -> tuple[Doubles, Doubles]:
    """The ``count`` best lines nearer to horizontal and nearer to vertical, K×3 each, fitted to their pixels.

    The best have the longest run of edge with few gaps: a short side beats a long row of scattered crumbs.
    """
    if not len(edges.points):
        return np.empty((0, 3)), np.empty((0, 3))
    votes, reach = _vote(edges, picture)
    bins, rhos = _peaks(votes, 6 * count)
    found = []
    for b, r in zip(bins, rhos, strict=True):
        angle = (b + 0.5) * np.pi / BINS
        line = _fit(edges, np.array([np.cos(angle), np.sin(angle), r * 2.0 - reach + 1.0]))
        if line is not None:
            found.append(line)
    lines = np.array(found).reshape(-1, 3)
    lying = np.abs(lines[:, 1]) > np.abs(lines[:, 0])
    return _best(lines[lying], picture, count), _best(lines[~lying], picture, count)


def _vote(edges: EdgePixels, picture: Picture) -> tuple[Floats, float]:
    reach = float(np.hypot(picture.width, picture.height)) + 4
    rows = int(reach)  # rho in steps of two pixels, from -reach to reach
    own = np.floor(edges.angles / np.pi * BINS).astype(int)
    votes = np.zeros(BINS * rows)
    for shift in range(-SPREAD, SPREAD + 1):
        b = np.mod(own + shift, BINS)
        angle = (b + 0.5) * np.pi / BINS
        rho = edges.points[:, 0] * np.cos(angle) + edges.points[:, 1] * np.sin(angle)
        cell = np.clip(((rho + reach) / 2).astype(int), 0, rows - 1)
        votes += np.bincount(b * rows + cell, weights=edges.weights, minlength=BINS * rows)
    return votes.reshape(BINS, rows).astype(np.float32), reach


def _peaks(votes: Floats, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    soft = cv2.GaussianBlur(votes, (3, 3), 0.8)
    top = cv2.dilate(soft, np.ones((7, 5), np.uint8))
    flat = np.flatnonzero((soft >= top) & (soft > 4))
    best = flat[np.argsort(-soft.ravel()[flat])][:count]
    rows, columns = np.unravel_index(best, votes.shape)
    return rows.astype(np.int64), columns.astype(np.int64)


def _fit(edges: EdgePixels, line: Doubles) -> Doubles | None:
    """Total least squares on the pixels near the line, twice, the second time nearer."""
    similar = edges.near(float(np.mod(np.arctan2(line[1], line[0]), np.pi)), 0.12)
    for width in (3.5, 2.0):
        apart = np.abs(similar.points @ line[:2] - line[2])
        near = apart < width
        if near.sum() < 12:
            return None
        points, weights = similar.points[near], similar.weights[near]
        centre = weights @ points / weights.sum()
        off = points - centre
        (xx, xy), (_, yy) = (off * weights[:, None]).T @ off
        turn = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2  # the least spread lies across the greatest
        normal = np.array([np.cos(turn), np.sin(turn)])
        line = np.array([normal[0], normal[1], normal @ centre])
    return line if line[np.argmax(np.abs(line[:2]))] > 0 else -line


def _best(lines: Doubles, picture: Picture, count: int) -> Doubles:
    """Ranked by the greatest sum of support above ``GAP`` over any stretch; of lines that share a stretch the best."""
    if not len(lines):
        return lines
    support, visible = line_support(lines, picture)
    summed = np.cumsum(np.where(visible > 0, support - GAP, 0), axis=1)
    before = np.minimum.accumulate(np.hstack([np.zeros((len(lines), 1)), summed[:, :-1]]), axis=1)
    gain = summed - before
    ends = gain.argmax(axis=1)
    rows = np.arange(len(lines))
    starts = (np.hstack([np.zeros((len(lines), 1)), summed[:, :-1]]) == before[rows, ends][:, None]).argmax(axis=1)
    stretches = np.stack([_point(lines, starts), _point(lines, ends)], axis=1)
    kept: list[int] = []
    for i in np.argsort(-gain[rows, ends]):
        apart = np.abs(stretches[i] @ lines[kept, :2].T - lines[kept, 2]).max(axis=0, initial=0.0)
        if not kept or apart.min() > SAME:
            kept.append(int(i))
        if len(kept) == count:
            break
    return lines[kept]


def _point(lines: Doubles, run: NDArray[np.int64]) -> Doubles:
    """The point of each line at its own place along the family's run."""
    if abs(lines[0, 1]) > abs(lines[0, 0]):
        return np.stack([run, (lines[:, 2] - lines[:, 0] * run) / lines[:, 1]], axis=1)
    return np.stack([(lines[:, 2] - lines[:, 1] * run) / lines[:, 0], run], axis=1)


def across(lines: Doubles, picture: Picture) -> Doubles:
    """Where K lines of one family meet the two opposite borders: K×2, y at left and right or x at top and bottom."""
    lying = np.abs(lines[:, 1]) > np.abs(lines[:, 0])
    run = np.where(lying, picture.width - 1.0, picture.height - 1.0)
    major = np.where(lying, lines[:, 0], lines[:, 1])
    minor = np.where(lying, lines[:, 1], lines[:, 0])
    return np.stack([lines[:, 2] / minor, (lines[:, 2] - major * run) / minor], axis=1)


def frame_sides(picture: Picture) -> tuple[Doubles, Doubles]:
    """The borders of the picture as lines: top and bottom, left and right."""
    return (
        np.array([[0.0, 1.0, -0.5], [0.0, 1.0, picture.height - 0.5]]),
        np.array([[1.0, 0.0, -0.5], [1.0, 0.0, picture.width - 0.5]]),
    )


def line_support(lines: Doubles, picture: Picture) -> tuple[Doubles, Doubles]:
    """Edge support 0..1 under each pixel step of K lines of one family, and whether that step is in the picture."""
    lying = bool(abs(lines[0, 1]) > abs(lines[0, 0]))
    run = np.arange(picture.width if lying else picture.height)
    major, minor = (0, 1) if lying else (1, 0)
    cross = (lines[:, 2:3] - lines[:, major : major + 1] * run) / lines[:, minor : minor + 1]
    limit = picture.height if lying else picture.width
    visible = (cross > -0.5) & (cross < limit - 0.5)
    best = np.zeros(cross.shape)
    base = np.rint(cross).astype(int)
    tensor = picture.tensor if lying else picture.tensor.transpose(1, 0, 2)
    nx, ny = lines[:, 0:1], lines[:, 1:2]
    for offset in (-2, -1, 0, 1, 2):
        j = tensor[np.clip(base + offset, 0, limit - 1), np.broadcast_to(run, base.shape)]
        along = nx * nx * j[..., 0] + 2 * nx * ny * j[..., 1] + ny * ny * j[..., 2]
        total = j[..., 0] + j[..., 2]
        np.maximum(best, np.where(along > 0.75 * total, along, 0), out=best)
    strength = np.sqrt(best)
    return np.where(visible & (strength > 0.3), saturate(strength), 0.0), visible.astype(np.float64)
