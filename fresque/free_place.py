"""Where on a board something belongs that was decided and not found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from archive import geometry
from archive.model import Board, Point, Polygon

TAKEN = 0.5
"""A line is taken where that share of it, or of something decided, lies under the other."""
ALIKE = 60
"""Of 100 (rapidfuzz, partial ratio): from there on a line may be where a text is written."""
CELLS = 8


def place_for(board: Board, text: str) -> Polygon:
    """The outline, in photo pixels, that a new item of a board gets: the free line that reads most like it, else the
    emptiest spot, so that it takes nothing away that was found."""
    from rapidfuzz import fuzz

    taken = [item.polygon for item in board.decided]
    free = [line for line in board.lines if geometry.area(line.polygon) > 0 and not _meets(line.polygon, taken)]
    best = max(free, key=lambda line: fuzz.partial_ratio(line.text, text), default=None)
    if best is not None and fuzz.partial_ratio(best.text, text) >= ALIKE:
        return best.polygon
    return min(_cells(board), key=lambda cell: _weight(cell, taken, [line.polygon for line in board.lines]))


def _meets(place: Polygon, taken: Sequence[Polygon]) -> bool:
    return geometry.covered(place, taken) >= TAKEN or any(geometry.covered(t, [place]) >= TAKEN for t in taken)


def _weight(cell: Polygon, taken: Sequence[Polygon], lines: Sequence[Polygon]) -> tuple[bool, float, float]:
    return _meets(cell, taken), round(geometry.covered(cell, taken), 3), round(geometry.covered(cell, lines), 3)


def _cells(board: Board) -> Iterator[Polygon]:
    """The board's quad in equal parts, from its top left."""
    a, b, c, d = board.views[0].quad

    def at(u: float, v: float) -> Point:
        x, y = (
            (1 - v) * ((1 - u) * a[i] + u * b[i]) + v * ((1 - u) * d[i] + u * c[i])
            for i in (0, 1)
        )  # fmt: skip
        return (x, y)

    steps = [n / CELLS for n in range(CELLS + 1)]
    for top, bottom in pairwise(steps):
        for left, right in pairwise(steps):
            yield (at(left, top), at(right, top), at(right, bottom), at(left, bottom))
