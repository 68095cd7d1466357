"""The order in which a person would read a board aloud: titles, columns, notes by cluster.

Pure arithmetic on boxes; frame pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np

from capture.pipeline.read.boxes import Box

T = TypeVar("T")


@dataclass(frozen=True)
class Extent:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def extent(points: np.ndarray) -> Extent:
    """Of N×2 points."""
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Extent(float(left), float(top), float(right), float(bottom))


def union(extents: Sequence[Extent]) -> Extent:
    return Extent(
        min(e.left for e in extents),
        min(e.top for e in extents),
        max(e.right for e in extents),
        max(e.bottom for e in extents),
    )


def blocks(boxes: Sequence[Box]) -> list[list[int]]:
    """Indices of lines that stand together, as lists in no particular order."""
    parent = list(range(len(boxes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(len(boxes)):
        for j in range(i):
            if root(i) != root(j) and _together(boxes[i], boxes[j]):
                parent[root(i)] = root(j)
    grouped: dict[int, list[int]] = {}
    for i in range(len(boxes)):
        grouped.setdefault(root(i), []).append(i)
    return list(grouped.values())


def _together(a: Box, b: Box) -> bool:
    """Lines of one size and slope, one under the other or side by side, less than a line apart."""
    small, large = sorted((a.height, b.height))
    if large > 1.8 * small or abs(a.angle - b.angle) > 20:
        return False
    turned = _straight((a, b), (a.angle + b.angle) / 2)
    beside = min(e.right for e in turned) - max(e.left for e in turned)
    below = min(e.bottom for e in turned) - max(e.top for e in turned)
    narrow = min(e.right - e.left for e in turned)
    if below >= 0.5 * small:  # one row
        return beside > -1.2 * large
    return below > -0.7 * large and beside >= 0.4 * narrow


def _straight(boxes: Sequence[Box], angle: float) -> list[Extent]:
    """Extents after turning the plane back by ``angle`` degrees."""
    radians = np.radians(angle)
    back = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    return [extent(box.corners @ back) for box in boxes]


def rows(boxes: Sequence[Box]) -> list[int]:
    """Indices of the lines of one block, row by row, each row from left to right, along the block's own slope."""
    straight = _straight(boxes, median(box.angle for box in boxes)) if boxes else []
    waiting = sorted(range(len(boxes)), key=lambda i: straight[i].top + straight[i].bottom)
    ordered: list[int] = []
    while waiting:
        first = straight[waiting[0]]
        row = [i for i in waiting if _same_row(first, straight[i])]
        ordered += sorted(row, key=lambda i: straight[i].left)
        waiting = [i for i in waiting if i not in row]
    return ordered


def _same_row(a: Extent, b: Extent) -> bool:
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.5 * min(a.height, b.height)


def aloud(items: Sequence[T], place: Callable[[T], Extent]) -> list[T]:
    """Items in reading order, by recursive cuts along the widest empty band (XY-cut, Nagy & Seth 1984).

    A cut across comes before a cut down when its band is as wide, so that titles come before the columns under them.
    """
    if len(items) < 2:
        return list(items)
    across, upper = _widest_band([(place(i).top, place(i).bottom) for i in items])
    down, left = _widest_band([(place(i).left, place(i).right) for i in items])
    if max(across, down) <= 0:
        return sorted(items, key=lambda i: (place(i).top + place(i).bottom, place(i).left))
    first = upper if across >= 0.5 * down else left
    head = [item for item, is_first in zip(items, first, strict=True) if is_first]
    tail = [item for item, is_first in zip(items, first, strict=True) if not is_first]
    return aloud(head, place) + aloud(tail, place)


def _widest_band(spans: Sequence[tuple[float, float]]) -> tuple[float, list[bool]]:
    """Width of the widest gap that no span crosses, and which spans lie before it."""
    widest, edge, reach = 0.0, 0.0, -np.inf
    for start, end in sorted(spans):
        if start - reach > widest and reach > -np.inf:
            widest, edge = start - reach, start
        reach = max(reach, end)
    return widest, [start < edge for start, _ in spans]
