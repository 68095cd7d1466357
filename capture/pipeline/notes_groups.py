"""Which notes hang together on the wall?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from shapely.geometry import Polygon as Shape

from archive.model import Polygon


def groups(polygons: Sequence[Polygon], gap: float = 0.6) -> tuple[int, ...]:
    """A number from 1 for each polygon, in reading order of the groups.

    Two notes are neighbours when the gap between them is less than ``gap`` of a note's usual side; groups are
    what chains of neighbours connect.
    """
    if not polygons:
        return ()
    shapes = [Shape(p).buffer(0) for p in polygons]
    near = gap * float(np.median([np.sqrt(max(s.area, 1.0)) for s in shapes]))
    parent = list(range(len(shapes)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, a in enumerate(shapes):
        for j in range(i):
            if a.distance(shapes[j]) < near:
                parent[max(root(i), root(j))] = min(root(i), root(j))
    roots = [root(i) for i in range(len(shapes))]
    tops = {r: min((s.bounds[1], s.bounds[0]) for s, q in zip(shapes, roots, strict=True) if q == r) for r in roots}
    numbers = {r: n for n, r in enumerate(sorted(tops, key=lambda r: tops[r]), start=1)}
    return tuple(numbers[r] for r in roots)
