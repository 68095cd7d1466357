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
SPREAD = 3
"""Bins each side of a pixel's own direction that it votes for: 1° each."""


@dataclass(frozen=True, eq=False)
class EdgePixels:
    """Crests of the gradient: N positions, unit normals and weights in 0..1 (faint edges still count)."""

    points: Doubles
    angles: Doubles  # of the normal, 0..pi
    weights: Doubles


def edge_pixels(picture: Picture, floor: float) -> EdgePixels:
    """Pixels whose gradient is above ``floor`` levels a pixel and largest across its own direction."""
    jxx, jxy, jyy = cv2.split(picture.tensor)
    root = np.sqrt((jxx - jyy) ** 2 + 4 * jxy * jxy)
    strength = np.sqrt(np.maximum(0, (jxx + jyy + root) / 2))
    ys, xs = np.nonzero(strength[1:-1, 1:-1] > floor)
    ys, xs = ys + 1, xs + 1
    angle = 0.5 * np.arctan2(2 * jxy[ys, xs], jxx[ys, xs] - jyy[ys, xs])
    dx, dy = np.rint(np.cos(angle)).astype(int), np.rint(np.sin(angle)).astype(int)
    here = strength[ys, xs]
    crest = (here >= strength[ys + dy, xs + dx]) & (here > strength[ys - dy, xs - dx])
    points = np.stack([xs[crest], ys[crest]], axis=1).astype(np.float64)
    return EdgePixels(points, np.mod(angle[crest], np.pi).astype(np.float64), saturate(here[crest]).astype(np.float64))


def saturate(strength: Floats) -> Floats:
    """0..1: a faint step of three levels counts half as much as the hardest edge."""
    return strength / (strength + 1.5)


def find_lines(edges: EdgePixels, picture: Picture, count: int) -> tuple[Doubles, Doubles]:
    """The ``count`` strongest lines nearer to horizontal and nearer to vertical, K×3 each, fitted to their pixels."""
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
    return _distinct(lines[lying], picture, count), _distinct(lines[~lying], picture, count)


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
    for width in (3.5, 2.0):
        apart = np.abs(edges.points @ line[:2] - line[2])
        turn = np.abs(np.sin(edges.angles - np.arctan2(line[1], line[0])))
        near = (apart < width) & (turn < 0.12)
        if near.sum() < 12:
            return None
        points, weights = edges.points[near], edges.weights[near]
        centre = np.average(points, axis=0, weights=weights)
        spread = (points - centre) * weights[:, None]
        normal = np.linalg.eigh(spread.T @ (points - centre))[1][:, 0]
        line = np.array([normal[0], normal[1], normal @ centre])
    return line if line[np.argmax(np.abs(line[:2]))] > 0 else -line


def _distinct(lines: Doubles, picture: Picture, count: int) -> Doubles:
    """Drop lines that run within two pixels of a stronger one all across the picture; at most ``count``."""
    if not len(lines):
        return lines
    ends = across(lines, picture)
    kept: list[int] = []
    for i in range(len(lines)):
        if all(np.abs(ends[i] - ends[k]).max() > 2.0 for k in kept):
            kept.append(i)
        if len(kept) == count:
            break
    return lines[kept]


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
