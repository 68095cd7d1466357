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


@dataclass(frozen=True)
class OrderParams:
    """Lengths in heights of the smaller or larger of two lines, angles in degrees."""

    gap: float = 0.6  # between two pieces of one row, of the larger
    sizes: float = 1.8  # how much larger one line of a row or a block may be
    beside: float = 0.5  # of the smaller: how much two pieces of a row share of their height
    below: float = 0.4  # between two rows of a block, of the smaller
    under: float = 0.4  # of the narrower row: how much two rows of a block share of their width
    slope: float = 15.0  # between lines that stand together


DEFAULT = OrderParams()


def blocks(boxes: Sequence[Box], params: OrderParams = DEFAULT) -> list[list[int]]:
    """Indices of lines that stand together, each block row by row; the blocks in no particular order."""
    rows = [_Row.of(boxes, indices) for indices in _rows(boxes, params)]
    return [_down([rows[k] for k in group]) for group in _grouped(rows, lambda a, b: _stacked(a, b, params))]


def rows(boxes: Sequence[Box], params: OrderParams = DEFAULT) -> list[int]:
    """Indices of the lines of one block or note, row by row, each row from left to right, along their own slope."""
    return _down([_Row.of(boxes, indices) for indices in _rows(boxes, params)])


@dataclass(frozen=True, eq=False)
class _Row:
    indices: tuple[int, ...]  # from left to right
    corners: np.ndarray
    place: Extent
    height: float
    angle: float

    @classmethod
    def of(cls, boxes: Sequence[Box], indices: Sequence[int]) -> _Row:
        corners = np.concatenate([boxes[i].corners for i in indices])
        angle = median(boxes[i].angle for i in indices)
        along = {i: float((boxes[i].corners @ _back(angle))[:, 0].min()) for i in indices}
        height = median(boxes[i].height for i in indices)
        return cls(tuple(sorted(indices, key=along.__getitem__)), corners, extent(corners), height, angle)


def _rows(boxes: Sequence[Box], params: OrderParams) -> list[list[int]]:
    """Pieces of one row belong together where little room parts them: what stands further off is another column."""
    pieces = [_Row.of(boxes, [i]) for i in range(len(boxes))]
    return _grouped(pieces, lambda a, b: _continues(a, b, params))


def _grouped(rows: Sequence[_Row], together: Callable[[_Row, _Row], bool]) -> list[list[int]]:
    parent = list(range(len(rows)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, a in enumerate(rows):
        for j, b in enumerate(rows[:i]):
            if _near(a, b) and root(i) != root(j) and together(a, b):
                parent[root(i)] = root(j)
    grouped: dict[int, list[int]] = {}
    for i in range(len(rows)):
        grouped.setdefault(root(i), []).append(i)
    return list(grouped.values())


def _near(a: _Row, b: _Row) -> bool:
    """A quick look, before the plane is turned."""
    reach = a.height + b.height
    across = max(a.place.left, b.place.left) - min(a.place.right, b.place.right)
    down = max(a.place.top, b.place.top) - min(a.place.bottom, b.place.bottom)
    return across < reach and down < reach


def _alike(a: _Row, b: _Row, params: OrderParams) -> bool:
    small, large = sorted((a.height, b.height))
    return large <= params.sizes * small and abs(a.angle - b.angle) <= params.slope


def _continues(a: _Row, b: _Row, params: OrderParams) -> bool:
    """Side by side on one row."""
    if not _alike(a, b, params):
        return False
    one, other = _straight(a, b)
    small, large = sorted((a.height, b.height))
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    room = max(one.left, other.left) - min(one.right, other.right)
    return shared >= params.beside * small and -0.5 * large < room < params.gap * large


def _stacked(a: _Row, b: _Row, params: OrderParams) -> bool:
    """One under the other."""
    if not _alike(a, b, params):
        return False
    one, other = _straight(a, b)
    small = min(a.height, b.height)
    shared = min(one.right, other.right) - max(one.left, other.left)
    room = max(one.top, other.top) - min(one.bottom, other.bottom)
    narrow = min(one.right - one.left, other.right - other.left)
    return -0.6 * small < room < params.below * small and shared >= params.under * narrow


def _straight(a: _Row, b: _Row) -> tuple[Extent, Extent]:
    """Extents after turning the plane back by their mean slope."""
    back = _back((a.angle + b.angle) / 2)
    return extent(a.corners @ back), extent(b.corners @ back)


def _back(angle: float) -> np.ndarray:
    """Turns row vectors back by ``angle`` degrees."""
    radians = np.radians(angle)
    return np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])


def _down(rows: Sequence[_Row]) -> list[int]:
    """Indices of rows from top to bottom along their common slope; of two at one height the left one first."""
    if not rows:
        return []
    back = _back(median(row.angle for row in rows))
    straight = {id(row): extent(row.corners @ back) for row in rows}
    waiting = sorted(rows, key=lambda row: straight[id(row)].top + straight[id(row)].bottom)
    ordered: list[int] = []
    while waiting:
        first = straight[id(waiting[0])]
        level = [row for row in waiting if _same_level(first, straight[id(row)])]
        for row in sorted(level, key=lambda row: straight[id(row)].left):
            ordered += row.indices
        waiting = [row for row in waiting if row not in level]
    return ordered


def _same_level(a: Extent, b: Extent) -> bool:
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
