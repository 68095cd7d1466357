"""Which board of a new reading is which old one: by overlap in the photo, one to one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archive import geometry
from archive.model import Quad

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SAME_IOU = 0.5


def match(old: Sequence[Quad], new: Sequence[Quad], size: tuple[int, int]) -> Mapping[int, int]:
    """New index → old index of each pair with IoU ≥ 0.5 inside the photo of that (width, height) in pixels.

    The best pair is taken first; no board is in two pairs. The order of neither list matters.
    """
    if not old or not new:
        return {}
    before, after = _inside(old, size), _inside(new, size)
    pairs = [
        (-overlap, old[o], new[n], o, n)
        for o, a in enumerate(before)
        for n, b in enumerate(after)
        if (overlap := geometry.iou(a, b)) >= SAME_IOU
    ]
    found: dict[int, int] = {}
    for *_, o, n in sorted(pairs):
        if n not in found and o not in found.values():
            found[n] = o
    return found


def most_overlapping(quad: Quad, others: Sequence[Quad]) -> int | None:
    """Index of the board that shares the largest area with ``quad``; None where none shares any."""
    shared = geometry.overlaps(quad, others)
    best = max(range(len(others)), key=lambda i: shared[i], default=None)
    return best if best is not None and shared[best] > 0 else None


def _inside(quads: Sequence[Quad], size: tuple[int, int]) -> list[BaseGeometry]:
    width, height = size
    photo = geometry.shape(((-0.5, -0.5), (width - 0.5, -0.5), (width - 0.5, height - 0.5), (-0.5, height - 0.5)))
    return [geometry.shape(q).intersection(photo) for q in quads]
