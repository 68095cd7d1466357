"""Notes of one colour that touch or overlap: where does one end?

Where two sheets meet there is a line: an edge, a shadow. It is longer than any stroke of writing, and straight.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.ground import Mask


@dataclass(frozen=True)
class Params:
    long: float = 0.45  # of the side of a square of the area's size: least length of a line between two sheets
    thin: float = 0.22  # of its length: the most that such a line is thick
    bridges: tuple[float, ...] = (0.01, 0.05, 0.1)  # of that side: widths of the bridges that are cut, in turn
    least: float = 0.1  # share of the area that a sheet has at least


def split(area: Mask, flat: Mask, params: Params = Params()) -> list[Mask]:
    """The pieces into which the lines inside ``area`` cut it; itself where there is no line. Both h×w, 255 inside;
    ``flat`` tells where the picture has no edge."""
    x, y, w, h = cv2.boundingRect(area)
    part = np.ascontiguousarray(area[y : y + h, x : x + w])
    side = float(np.sqrt(cv2.countNonZero(part)))
    inner = np.asarray(cv2.erode(part, np.ones((7, 7), np.uint8)), np.uint8)
    gaps = inner & ~flat[y : y + h, x : x + w]
    cut = part.copy()
    for ends in _lines(np.asarray(gaps, np.uint8), side, params):
        cv2.line(cut, ends[0], ends[1], 0, 3)
    for share in params.bridges:
        width = round(share * side) | 1
        brush = np.ones((width, width), np.uint8)
        eroded = cv2.erode(cv2.copyMakeBorder(cut, 1, 1, 1, 1, cv2.BORDER_CONSTANT), brush)[1:-1, 1:-1]
        pieces = [
            _grown(cut, piece, width, area, (x, y)) for piece in _large(np.asarray(eroded, np.uint8), side, params)
        ]
        if len(pieces) > 1:
            return pieces
    return [area]


def _large(mask: Mask, side: float, params: Params) -> list[Mask]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    large = [n for n in range(1, count) if stats[n, cv2.CC_STAT_AREA] >= params.least * side**2]
    return [np.asarray((labels == n).astype(np.uint8) * 255, np.uint8) for n in large]


def _grown(cut: Mask, piece: Mask, width: int, area: Mask, at: tuple[int, int]) -> Mask:
    """The eroded piece with its rim again, on a mask of the whole picture's size."""
    whole = np.zeros_like(area)
    back = np.asarray(cv2.dilate(piece, np.ones((width + 2, width + 2), np.uint8)), np.uint8) & cut
    whole[at[1] : at[1] + cut.shape[0], at[0] : at[0] + cut.shape[1]] = back
    return whole


def _lines(gaps: Mask, side: float, params: Params) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Through each long, straight gap, prolonged over the whole area."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(gaps)
    found = []
    for n in range(1, count):
        if max(stats[n, cv2.CC_STAT_WIDTH], stats[n, cv2.CC_STAT_HEIGHT]) < params.long * side:
            continue
        points = _thinnest(np.argwhere(labels == n)[:, ::-1].astype(np.float32))
        centre, axis, length, thick = points
        if length >= params.long * side and thick <= params.thin * length:
            reach = axis * 4 * side
            a, b = centre - reach, centre + reach
            found.append(((round(float(a[0])), round(float(a[1]))), (round(float(b[0])), round(float(b[1])))))
    return found


def _thinnest(
    points: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], float, float]:
    """Centre, direction, length and thickness (four deviations) of a cloud of points."""
    centre = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((points - centre).T) + 1e-6 * np.eye(2))
    axis = vectors[:, 1].astype(np.float32)
    along = (points - centre) @ axis
    return centre, axis, float(np.ptp(along)), float(4 * np.sqrt(max(values[0], 0.0)))
