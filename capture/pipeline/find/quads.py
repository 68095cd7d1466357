"""Quads from pairs of lines: two that lie, two that stand, every combination, ranked by the edge under their sides.

A quad is 4×2 float64 in search pixels: top left, top right, bottom right, bottom left as seen in the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capture.pipeline.find.lines import Doubles, across, frame_sides, line_support
from capture.pipeline.find.picture import Picture

BORDER_WORTH = 0.45
"""Support granted to a side that is the frame's own border: there is no edge to see, and it may be right."""


WEAKEST = 0.12
"""A side with less edge than this under it is no side."""


@dataclass(frozen=True, eq=False)
class Family:
    """K lines of one direction with what lies under them, summed along the run: K×(N+1) each."""

    lines: Doubles
    virtual: NDArray[np.bool_]
    support: Doubles
    visible: Doubles


def family(lines: Doubles, borders: Doubles, picture: Picture) -> Family:
    """The lines and the two borders, sorted across the picture, with cumulative edge support."""
    every = np.concatenate([lines, borders])
    virtual = np.arange(len(every)) >= len(lines)
    order = np.argsort(across(every, picture).mean(axis=1))
    every, virtual = every[order], virtual[order]
    support, visible = line_support(every, picture)
    support[virtual] = 0
    zero = np.zeros((len(every), 1))
    return Family(every, virtual, np.hstack([zero, support.cumsum(1)]), np.hstack([zero, visible.cumsum(1)]))


@dataclass(frozen=True)
class Limits:
    """``area`` is a share of the picture, ``side`` a share of its long side,
    ``outside`` how far out of it corners may lie, in shares of its width and height; ``keep`` quads are scored."""

    area: float = 0.04
    side: float = 0.08
    outside: float = 0.4
    keep: int = 160


def line_quads(
    lying: Doubles, standing: Doubles, picture: Picture, limits: Limits, borders: tuple[Doubles, Doubles] | None = None
) -> Doubles:
    """The best quads of all pairs of lines, ``borders`` (those of the picture) included: N×4×2, best first,
    near-duplicates dropped."""
    borders = borders if borders is not None else frame_sides(picture)
    if min(len(lying) + len(borders[0]), len(standing) + len(borders[1])) < 2:
        return np.empty((0, 4, 2))
    rows, columns = family(lying, borders[0], picture), family(standing, borders[1], picture)
    cross = _intersections(rows.lines, columns.lines)
    i1, i2 = np.triu_indices(len(rows.lines), 1)
    j1, j2 = np.triu_indices(len(columns.lines), 1)
    flat = _side_table(rows, cross[..., 0], j1, j2), _side_table(columns, cross[..., 1].T, i1, i2)
    tops, bottoms = flat[0][:, i1], flat[0][:, i2]  # (worth, length) × pairs of rows × pairs of columns
    lefts, rights = flat[1][:, j1].transpose(0, 2, 1), flat[1][:, j2].transpose(0, 2, 1)
    length = tops[1] + bottoms[1] + lefts[1] + rights[1]
    worth = (tops[0] + bottoms[0] + lefts[0] + rights[0]) / np.maximum(length, 1)
    sides = [s[0] / np.maximum(s[1], 1) for s in (tops, bottoms, lefts, rights)]
    weakest = np.minimum.reduce(sides)
    borders_only = (rows.virtual[i1] & rows.virtual[i2])[:, None] & (columns.virtual[j1] & columns.virtual[j2])[None]
    a, b = np.nonzero((weakest > WEAKEST) & ~borders_only)
    quads = np.stack([cross[i1[a], j1[b]], cross[i1[a], j2[b]], cross[i2[a], j2[b]], cross[i2[a], j1[b]]], axis=1)
    area, sound = _sound(quads, picture, limits)
    score = worth[a, b] + 0.5 * weakest[a, b] + 0.12 * np.log(np.maximum(area, 1e-6))
    kept = np.flatnonzero(sound)
    kept = kept[np.argsort(-score[kept])][: 25 * limits.keep]
    quads = quads[kept]
    return quads[distinct(quads, 4.0, limits.keep)]


def _intersections(rows: Doubles, columns: Doubles) -> Doubles:
    a, b = rows[:, None], columns[None]
    det = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    det = np.where(np.abs(det) < 1e-9, 1e-9, det)
    x = (a[..., 2] * b[..., 1] - a[..., 1] * b[..., 2]) / det
    y = (a[..., 0] * b[..., 2] - a[..., 2] * b[..., 0]) / det
    return np.stack([x, y], axis=-1)


def _side_table(lines: Family, at: Doubles, first: NDArray[np.int64], second: NDArray[np.int64]) -> Doubles:
    """For each line and each pair of its crossings: support and visible length between them, 2×K×P."""
    n = lines.support.shape[1] - 1
    place = np.clip(np.rint(at), 0, n).astype(int)
    row = np.arange(len(lines.lines))[:, None]
    start, end = place[:, first], place[:, second]
    length = np.where(lines.virtual[:, None], end - start, lines.visible[row, end] - lines.visible[row, start])
    support = lines.support[row, end] - lines.support[row, start]
    worth = np.where(lines.virtual[:, None], BORDER_WORTH * length, support)
    return np.stack([worth, np.maximum(length, 0)])


def _sound(quads: Doubles, picture: Picture, limits: Limits) -> tuple[Doubles, NDArray[np.bool_]]:
    """Share of the picture that each quad covers, and whether it is a convex quad of a sensible size."""
    x, y = quads[..., 0].T, quads[..., 1].T
    ex, ey = np.roll(x, -1, 0) - x, np.roll(y, -1, 0) - y
    turn = ex * np.roll(ey, -1, 0) - ey * np.roll(ex, -1, 0)
    length = np.hypot(ex, ey)
    w, h = picture.width, picture.height
    out = limits.outside
    inside = (x > -out * w) & (x < (1 + out) * w) & (y > -out * h) & (y < (1 + out) * h)
    cx, cy = np.clip(x, 0, w), np.clip(y, 0, h)
    area = 0.5 * np.abs((cx * np.roll(cy, -1, 0) - cy * np.roll(cx, -1, 0)).sum(0)) / (w * h)
    wide = length.min(0) > limits.side * max(w, h)
    return area, (turn > 0).all(0) & inside.all(0) & wide & (area > limits.area)


def distinct(quads: Doubles, apart: float, keep: int) -> list[int]:
    """Indices of the first ``keep`` quads of which each has a corner ``apart`` pixels from every earlier one."""
    kept: list[int] = []
    held = np.empty((0, 4, 2))
    for i in range(len(quads)):
        if len(kept) and np.abs(held - quads[i]).max(axis=(1, 2)).min() < apart:
            continue
        kept.append(i)
        held = quads[kept]
        if len(kept) == keep:
            break
    return kept
