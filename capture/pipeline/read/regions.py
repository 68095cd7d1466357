"""Lines gathered into notes and blocks, in reading order, in photo pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from archive.model import Line, Polygon, Region, RegionKind
from capture.pipeline.frame import Frame
from capture.pipeline.notes import Note
from capture.pipeline.read import order
from capture.pipeline.read.line import ReadLine

Mend = Callable[[Sequence[Line]], tuple[Line, ...]]


def regions(
    frame: Frame, notes: Sequence[Note], lines: Sequence[ReadLine], upright: Frame, mend: Mend = tuple
) -> tuple[Region, ...]:
    """One region a note of ``frame``, one a block of the other ``lines``, whose boxes are pixels of ``upright``, the
    same frame after the quarter turn that makes it upright. ``mend`` is laid over the lines of each, in order."""
    outlines = [outline(frame, note, upright) for note in notes]
    inside = _share_out(lines, outlines)
    free = [line for line, note in zip(lines, inside, strict=True) if note is None]
    placed: list[tuple[order.Extent, Region]] = []
    for k, (note, shape) in enumerate(zip(notes, outlines, strict=True)):
        held = [line for line, owner in zip(lines, inside, strict=True) if owner == k]
        region = Region(
            RegionKind.NOTE, _to_photo(upright, shape), mend(_in_rows(upright, held)), note.colour, note.group or None
        )
        placed.append((order.extent(shape), region))
    for block in order.blocks([line.box for line in free]):
        held = [free[i] for i in block]
        hull = cv2.convexHull(np.concatenate([line.box.corners for line in held]).astype(np.float32)).reshape(-1, 2)
        place = _to_photo(upright, hull.astype(np.float64))
        region = Region(RegionKind.TEXT, place, mend([_line(upright, line) for line in held]))
        placed.append((order.extent(hull), region))
    return tuple(region for unit in _units(placed) for region in unit)


def _units(placed: Sequence[tuple[order.Extent, Region]]) -> list[list[Region]]:
    """Clusters of notes are read as one, block by block otherwise."""
    clusters: dict[tuple[str, int], list[tuple[order.Extent, Region]]] = {}
    for i, (place, region) in enumerate(placed):
        key = ("cluster", region.group) if region.group is not None else ("alone", i)
        clusters.setdefault(key, []).append((place, region))
    ordered = order.aloud(list(clusters.values()), lambda cluster: order.union([place for place, _ in cluster]))
    return [[region for _, region in order.aloud(cluster, lambda item: item[0])] for cluster in ordered]


def outline(frame: Frame, note: Note, upright: Frame) -> NDArray[np.float64]:
    """A note of ``frame`` in pixels of ``upright``, the same turned."""
    return upright.points_from_photo(frame.points_to_photo(np.array(note.polygon, dtype=np.float64)))


def _share_out(lines: Sequence[ReadLine], outlines: Sequence[NDArray[np.float64]]) -> list[int | None]:
    """The note that holds each line's centre; the smallest when several do."""
    shapes = [np.asarray(outline, np.float32).reshape(-1, 1, 2) for outline in outlines]
    by_size = sorted(range(len(shapes)), key=lambda k: cv2.contourArea(shapes[k]))
    return [
        next((k for k in by_size if cv2.pointPolygonTest(shapes[k], line.box.centre, False) >= 0), None)
        for line in lines
    ]


def _in_rows(upright: Frame, lines: Sequence[ReadLine]) -> tuple[Line, ...]:
    return tuple(_line(upright, lines[i]) for i in order.rows([line.box for line in lines]))


def _line(upright: Frame, line: ReadLine) -> Line:
    corners = np.clip(line.box.corners, 0, [upright.width - 1, upright.height - 1])
    sure = round(line.confidence, 4)
    return Line(line.text, _to_photo(upright, corners), sure, line.reader, line.others, line.words)


def _to_photo(upright: Frame, points: NDArray[np.float64]) -> Polygon:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in upright.points_to_photo(points))
