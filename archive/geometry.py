"""Overlap of polygons in photo pixels. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from archive.model import Polygon

if TYPE_CHECKING:  # imported where it is used: a command that compares nothing should not wait for it
    from shapely.geometry.base import BaseGeometry


def shape(points: Polygon) -> BaseGeometry:
    """The area inside; a polygon that crosses itself is repaired, one without area or with wild numbers is empty."""
    from shapely.geometry import Polygon as Shape

    if len(points) < 3 or not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        return Shape()
    made = Shape(points)
    return made if made.is_valid else made.buffer(0)


def area(points: Polygon) -> float:
    return float(shape(points).area)


def iou(a: BaseGeometry, b: BaseGeometry) -> float:
    """Intersection over union, the Jaccard index; 0 where neither has an area."""
    both = a.intersection(b).area
    union = a.area + b.area - both
    return float(both / union) if union > 0 else 0.0


def covered(points: Polygon, by: Iterable[Polygon]) -> float:
    """Share of a polygon's area that lies under the others together; 0 where it has none."""
    from shapely import union_all

    whole = shape(points)
    if whole.area <= 0:
        return 0.0
    return float(whole.intersection(union_all([shape(p) for p in by])).area / whole.area)


def overlaps(points: Polygon, others: Sequence[Polygon]) -> list[float]:
    """Area shared with each of the others, in square pixels."""
    whole = shape(points)
    return [float(whole.intersection(shape(p)).area) for p in others]
