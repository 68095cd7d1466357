"""Are the sheets of a wall of one size? Then a long one may be two, two side by side may be one, a scrap is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from capture.pipeline import notes_shape
from capture.pipeline.notes_shape import Corners


@dataclass(frozen=True)
class Params:
    long: float = 1.5  # ratio of the sides from which on it may be two sheets edge to edge
    enough: int = 3  # notes from which on their usual size is known
    small: float = 0.2  # of the usual area: what is smaller is no note
    two: tuple[float, float] = (1.8, 2.3)  # ratio of the sides of two notes edge to edge
    like: float = 0.2  # how far their height may be from the usual one
    alike: float = 0.15  # how far both sides of two sheets of one pad may be from each other
    others: int = 2  # sheets that a whole must be like, to be put in place of its parts
    within: float = 0.85  # share of a part that lies inside the whole, which is larger by as much
    covered: float = 0.35  # share of the smaller one that two sheets may have in common


def long(quad: Corners) -> float:
    """Its longer side over its shorter one."""
    width, height = notes_shape.sides(quad)
    return max(width, height) / max(1.0, min(width, height))


def halves(quad: Corners) -> list[Corners]:
    a, b, c, d = quad
    width, height = notes_shape.sides(quad)
    if width >= height:
        return [np.array([a, (a + b) / 2, (d + c) / 2, d]), np.array([(a + b) / 2, b, c, (d + c) / 2])]
    return [np.array([a, b, (b + c) / 2, (a + d) / 2]), np.array([(a + d) / 2, (b + c) / 2, c, d])]


def common(a: Corners, b: Corners) -> float:
    """What two quads share, as a share of the smaller one."""
    first, second = a.astype(np.float32), b.astype(np.float32)
    shared, _ = cv2.intersectConvexConvex(first, second)
    return float(shared / max(1.0, min(cv2.contourArea(first), cv2.contourArea(second))))


def of_a_size(sheets: Sequence[Corners], params: Params) -> list[Corners]:
    """Notes of one wall are of like sizes. Beside three of them a much smaller patch is a shadow or a scrap; and where
    all are of one size, what is as high and twice as long is two that lie edge to edge."""
    sizes = np.array([np.sqrt(cv2.contourArea(quad.astype(np.float32))) for quad in sheets])
    single = np.sort([size for size, quad in zip(sizes, sheets, strict=True) if long(quad) <= params.long])
    if len(single) < params.enough:
        return list(sheets)
    usual = float(np.median(single[-max(3, len(single) // 2) :]))
    one_size = float(np.std(single)) < params.like / 2 * usual
    found: list[Corners] = []
    for size, quad in zip(sizes, sheets, strict=True):
        like = abs(min(notes_shape.sides(quad)) / usual - 1) < params.like
        if one_size and like and params.two[0] <= long(quad) <= params.two[1]:
            found += halves(quad)
        elif size**2 >= params.small * usual**2:
            found.append(quad)
    return found


def joined(sheets: Sequence[Corners], wholes: Sequence[Corners], params: Params) -> list[Corners]:
    """``sheets`` with parts of one made whole where that is of the size of other sheets here, as its parts are not: a
    shadow that ends on a note looks like the edge of two. ``wholes``: quads that may be sheets, the likeliest first."""
    parts = [(whole, part) for whole in wholes if (part := _parts(whole, sheets, params))]
    kept, gone = list[Corners](), set[int]()
    for whole, part in parts:
        in_doubt = {n for like, some in parts if _alike(whole, like, params) for n in some}
        others = [sheet for n, sheet in enumerate(sheets) if n not in in_doubt]
        usual = sum(_alike(whole, other, params) for other in others) >= params.others
        known = any(_alike(sheets[n], other, params) for n in part for other in others)
        if usual and not known and not part & gone and all(common(whole, k) <= params.covered for k in kept):
            kept.append(whole)
            gone |= part
    return [*(sheet for n, sheet in enumerate(sheets) if n not in gone), *kept]


def _parts(whole: Corners, sheets: Sequence[Corners], params: Params) -> set[int]:
    """Which sheets are parts of a quad; none where it runs over another one, or is a sheet itself."""
    shared = [common(whole, sheet) for sheet in sheets]
    inside = {n for n, share in enumerate(shared) if share >= params.within}
    if any(share > params.covered for n, share in enumerate(shared) if n not in inside):
        return set()
    area = cv2.contourArea(whole.astype(np.float32))
    small = (cv2.contourArea(sheets[n].astype(np.float32)) < params.within * area for n in inside)
    return inside if all(small) else set()


def _alike(a: Corners, b: Corners, params: Params) -> bool:
    return bool(np.abs(np.log(np.sort(notes_shape.sides(a)) / np.sort(notes_shape.sides(b)))).max() < params.alike)
