"""Homographies between planes, 3×3, without numpy: the catalogue needs a handful at a time."""

from __future__ import annotations

from archive.model import Homography, Polygon


def mapped(way: Homography, points: Polygon) -> Polygon:
    found = []
    for x, y in points:
        u, v, w = (row[0] * x + row[1] * y + row[2] for row in way)
        found.append((u / w, v / w))
    return tuple(found)


def times(a: Homography, b: Homography) -> Homography:
    """First ``b``, then ``a``; scaled so that the last number is 1."""
    rows = [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]
    return _scaled(rows)


def inverse(way: Homography) -> Homography:
    (a, b, c), (d, e, f), (g, h, i) = way
    adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ]
    return _scaled(adjugate)


def _scaled(rows: list[list[float]]) -> Homography:
    last = rows[2][2]
    first, second, third = (tuple(value / last for value in row) for row in rows)
    return (first[0], first[1], first[2]), (second[0], second[1], second[2]), (third[0], third[1], third[2])
