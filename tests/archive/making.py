"""Scans with known boards and lines, as the pipeline would hand them over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from archive.model import (
    Content,
    Line,
    Phase,
    PhaseTag,
    Polygon,
    Quad,
    Recipe,
    Region,
    RegionKind,
    Scan,
    StageUse,
    Surface,
)

on_sqlite = pytest.mark.parametrize("archive", ["folder"], indirect=True)
"""For what is SQLite's or a folder's own: its files, its locks, its way to alter tables."""

SIZE = (1000, 800)
"""Width and height of the photos, in pixels."""

OLD = Recipe((StageUse("find", 1, "f1"), StageUse("read", 1, "r1"), StageUse("phase", 1, "p1")))
NEW = Recipe((StageUse("find", 1, "f1"), StageUse("read", 2, "r2"), StageUse("phase", 1, "p1")))

LEFT: Quad = ((20, 20), (480, 20), (480, 780), (20, 780))
RIGHT: Quad = ((520, 20), (980, 20), (980, 780), (520, 780))


def box(x: float, y: float, width: float, height: float) -> Quad:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def moved(polygon: Polygon, dx: float, dy: float = 0.0) -> Quad:
    a, b, c, d = ((x + dx, y + dy) for x, y in polygon)
    return (a, b, c, d)


def line(text: str, polygon: Polygon, confidence: float = 0.8) -> Line:
    return Line(text, polygon, confidence, "ppocr")


def surface(quad: Quad, *lines: Line, phase: Phase = Phase.SCAN, confidence: float = 0.9) -> Surface:
    region = Region(RegionKind.TEXT, quad, lines)
    identity = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    tag = PhaseTag(phase, {"SCAN": 0.6, "FOCUS": 0.3, "ACT": 0.1}, evidence=("« enjeux »",))
    return Surface(quad, confidence, False, 460, 760, 0, identity, (region,) if lines else (), tag)


def scan(surfaces: Sequence[Surface], recipe: Recipe = OLD, content: Content = Content.BOARD) -> Scan:
    return Scan(*SIZE, content, tuple(surfaces), recipe, warnings=("glare covers 4 % of the board",))
