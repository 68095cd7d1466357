"""Procedural surfaces: what is behind boards, under them and on the floor. Splits do not share any."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.canvas import Colour, Image
from samples.rng import Rng

Field = NDArray[np.float32]
Size = tuple[int, int]
"""Height and width in pixels."""


def noise(size: Size, cell: float, rng: Rng) -> Field:
    """Smooth noise of unit deviation with bumps of about ``cell`` pixels."""
    grid = (max(2, min(size[0], round(size[0] / cell) + 2)), max(2, min(size[1], round(size[1] / cell) + 2)))
    coarse = rng.standard_normal(grid, dtype=np.float32)
    return np.asarray(cv2.resize(coarse, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def fractal(size: Size, cell: float, rng: Rng, octaves: int = 4) -> Field:
    layers = [noise(size, max(1.0, cell / 2**i), rng) * np.float32(0.6**i) for i in range(octaves)]
    return np.asarray(sum(layers), np.float32)


def _paint(colour: Colour, gain: Field) -> Image:
    return np.asarray(np.clip(np.array(colour, np.float32) * (1 + gain[..., None]), 0, 255), np.uint8)


def plaster(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    return _paint(colour, 0.014 * fractal(size, 60 * mm, rng, 5) + 0.02 * noise(size, max(1, 3 * mm), rng))


def paint(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    return _paint(colour, 0.012 * noise(size, 500 * mm, rng) + 0.01 * noise(size, max(1, 2 * mm), rng))


def brick(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    high, wide, joint = 65 * mm, 220 * mm, 10 * mm
    ys, xs = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    row = np.floor(ys / high)
    x = xs + (row % 2) * wide / 2
    each = rng.standard_normal((int(size[0] / high) + 2, int(size[1] / wide) + 3)).astype(np.float32)
    tone = 0.09 * each[row.astype(int), np.floor(x / wide).astype(int)]
    gap = np.minimum(ys % high, x % wide) < joint
    wall = _paint(colour, tone + 0.06 * fractal(size, 20 * mm, rng, 3))
    wall[gap] = (np.array(colour) * 0.4 + 105).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 0.7), np.uint8)


def concrete(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    gain = 0.022 * fractal(size, 220 * mm, rng, 7)
    wall = _paint(colour, gain)
    for x in np.arange(float(rng.uniform(0, 1200)) * mm, size[1], 1250 * mm):
        wall[:, int(x) : int(x) + max(1, round(5 * mm))] = (np.array(colour) * 0.55).astype(np.uint8)
    return wall


def wood(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    plank = 140 * mm
    rows = np.floor(np.arange(size[0], dtype=np.float32) / plank).astype(int)
    each = rng.normal(0, 0.08, rows.max() + 1).astype(np.float32)
    grain = cv2.resize(
        fractal((size[0], max(2, size[1] // 14)), 10 * mm, rng, 4), size[::-1], interpolation=cv2.INTER_LINEAR
    )
    wall = _paint(colour, each[rows][:, None] + 0.06 * np.asarray(grain, np.float32))
    wall[np.abs(np.arange(size[0]) % plank) < max(1, 3 * mm)] = (np.array(colour) * 0.4).astype(np.uint8)
    return wall


def panel(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    """Upright laths, as on acoustic walls."""
    lath = float(rng.uniform(35, 120)) * mm
    xs = np.arange(size[1], dtype=np.float32) % lath
    gain = np.where(xs < 0.16 * lath, -0.45, 0.06 * xs / lath).astype(np.float32)
    grain = cv2.resize(
        fractal((max(2, size[0] // 14), size[1]), 8 * mm, rng, 3), size[::-1], interpolation=cv2.INTER_LINEAR
    )
    return _paint(colour, gain[None, :] + 0.04 * np.asarray(grain, np.float32))


def carpet(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    return _paint(
        colour,
        0.11 * noise(size, max(1, 4 * mm), rng)
        + 0.08 * noise(size, max(1, 9 * mm), rng)
        + 0.03 * noise(size, 200 * mm, rng),
    )


def fabric(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    """A curtain: soft upright folds."""
    t = np.arange(size[1], dtype=np.float32)
    fold = np.sin(t / (45 * mm) + 1.5 * np.asarray(noise((1, size[1]), 300 * mm, rng))[0])
    return _paint(colour, 0.16 * fold[None, :] + 0.03 * noise(size, max(1, 3 * mm), rng))


def tiles(size: Size, mm: float, colour: Colour, rng: Rng) -> Image:
    side = float(rng.uniform(300, 600)) * mm
    ys, xs = np.mgrid[0 : size[0], 0 : size[1]].astype(np.float32)
    wall = _paint(colour, 0.02 * fractal(size, 80 * mm, rng, 3))
    wall[np.minimum(ys % side, xs % side) < max(1.0, 4 * mm)] = (np.array(colour) * 0.72).astype(np.uint8)
    return wall


Surface = Callable[[Size, float, Colour, Rng], Image]
PLAIN_WALLS: dict[str, tuple[Surface, ...]] = {"tune": (plaster,), "measure": (paint,)}
ROUGH_WALLS: dict[str, tuple[Surface, ...]] = {"tune": (brick, fabric), "measure": (concrete, panel)}
TABLES: dict[str, tuple[Surface, ...]] = {"tune": (wood,), "measure": (tiles, carpet)}
FLOORS: dict[str, tuple[Surface, ...]] = {"tune": (carpet,), "measure": (tiles, wood)}
PALETTES: dict[str, tuple[Colour, ...]] = {
    "tune": (
        (215, 222, 228), (180, 195, 205), (120, 135, 140), (165, 170, 120), (110, 105, 175), (95, 115, 85),
        (190, 170, 150),
        (70, 80, 95), (150, 190, 205), (128, 120, 118),
    ),
    "measure": (
        (225, 224, 218), (170, 180, 185), (140, 120, 105), (150, 185, 165), (85, 95, 150), (120, 90, 110),
        (200, 205, 190),
        (90, 75, 70), (100, 140, 185), (165, 150, 175),
    ),
}  # fmt: skip


def pick_wall(split: str, roughness: float, rng: Rng) -> Surface:
    """A plain wall, or with the chance ``roughness / 2`` one that has a pattern."""
    pool = (ROUGH_WALLS if rng.random() < roughness / 2 else PLAIN_WALLS)[split]
    return pool[int(rng.integers(len(pool)))]
