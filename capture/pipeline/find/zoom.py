"""A second look at the small things of a photo: a page on a desk has short sides, which a search of the whole photo
ranks below those of the desk, the screen and the cupboard."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from capture.pipeline.find.lines import Doubles, EdgePixels, find_lines
from capture.pipeline.find.picture import Picture
from capture.pipeline.find.quads import Limits, line_quads
from capture.pipeline.find.regions import Contour

LARGEST = 0.45
"""Share of the photo: what is larger has been searched well enough with the whole."""

MARGIN = 0.18
"""Of the box's sides, added around it: an outline may have lost a corner to a shadow."""

LINES = 20
REACH = 9
"""Pixels: width of the band along an outline in which its sides are looked for."""

ALIKE = 0.6
FITS = 0.55
"""IoU that a quad along an outline must have with it: what lies on the thing may have been taken for a part of it."""

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in search pixels."""


def zoomed_quads(outlines: list[Contour], edges: EdgePixels, picture: Picture, limits: Limits, most: int) -> Doubles:
    """Quads of the lines found inside each of the ``most`` boxes around small outlines: N×4×2 in search pixels."""
    none = (np.empty((0, 3)), np.empty((0, 3)))
    whole = picture.width * picture.height
    found = [np.empty((0, 4, 2))]
    for box in boxes(outlines, picture)[:most]:
        x0, y0, x1, y1 = box
        part = replace(
            picture,
            lab=picture.lab[y0:y1, x0:x1],
            tensor=picture.tensor[y0:y1, x0:x1],
            ink=picture.ink[y0:y1, x0:x1],
        )
        share = limits.area * whole / ((x1 - x0) * (y1 - y0))
        own = replace(limits, area=max(0.15, share), side=0.2, outside=0.1, keep=limits.keep // 4)
        lying, standing = find_lines(_inside(edges, box), part, LINES)
        quads = line_quads(lying, standing, part, own, borders=none)
        found.append(quads + np.array([x0, y0]))
    return np.concatenate(found)


def outline_quads(outlines: list[Contour], edges: EdgePixels, picture: Picture, limits: Limits, most: int) -> Doubles:
    """Quads of the lines along each of the ``most`` outlines, without what is drawn on, or lies on, the thing."""
    none = (np.empty((0, 3)), np.empty((0, 3)))
    found = [np.empty((0, 4, 2))]
    own = replace(limits, side=0.06, outside=0.1)
    for outline in _apart(outlines)[:most]:
        along = np.zeros((picture.height, picture.width), np.uint8)
        cv2.drawContours(along, [outline], -1, 255, REACH)
        x, y = edges.points.astype(int).T
        near = along[y, x] > 0
        lying, standing = find_lines(
            EdgePixels(edges.points[near], edges.angles[near], edges.weights[near]), picture, LINES
        )
        quads = line_quads(lying, standing, picture, own, borders=none)
        fits = np.array([_fit(quad, outline) for quad in quads])
        found.append(quads[fits > FITS][: limits.keep // 4])
    return np.concatenate(found)


def _fit(quad: Doubles, outline: Contour) -> float:
    """Intersection over union of a quad and an outline's hull."""
    hull, corners = cv2.convexHull(outline).astype(np.float32), quad.astype(np.float32)
    shared = cv2.intersectConvexConvex(corners, hull)[0]
    return float(shared / (cv2.contourArea(corners) + cv2.contourArea(hull) - shared))


def _apart(outlines: list[Contour]) -> list[Contour]:
    """The largest first, of those whose boxes nearly coincide one."""
    kept: list[tuple[Contour, Box]] = []
    for outline in sorted(outlines, key=cv2.contourArea, reverse=True):
        x, y, w, h = cv2.boundingRect(outline)
        if all(_overlap((x, y, x + w, y + h), box) < ALIKE for _, box in kept):
            kept.append((outline, (x, y, x + w, y + h)))
    return [outline for outline, _ in kept]


def boxes(outlines: list[Contour], picture: Picture) -> list[Box]:
    """Around each small outline, the largest first, of those that nearly coincide one."""
    kept: list[Box] = []
    rects = (cv2.boundingRect(outline) for outline in outlines)
    for x, y, w, h in sorted(rects, key=lambda r: -r[2] * r[3]):
        if w * h > LARGEST * picture.width * picture.height:
            continue
        dx, dy = int(w * MARGIN) + 4, int(h * MARGIN) + 4
        box = max(0, x - dx), max(0, y - dy), min(picture.width, x + w + dx), min(picture.height, y + h + dy)
        if all(_overlap(box, other) < ALIKE for other in kept):
            kept.append(box)
    return kept


def _overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0, wide) * max(0, high)
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return shared / (both - shared)


def _inside(edges: EdgePixels, box: Box) -> EdgePixels:
    x0, y0, x1, y1 = box
    x, y = edges.points[:, 0], edges.points[:, 1]
    inside = (x >= x0) & (x < x1) & (y >= y0) & (y < y1)
    return EdgePixels(edges.points[inside] - [x0, y0], edges.angles[inside], edges.weights[inside])
