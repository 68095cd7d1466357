"""The walls and desks of ``bench.find_scenes``."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
Doubles = NDArray[np.float64]
Chance = np.random.Generator


def rectangle(size: tuple[int, int]) -> Doubles:
    w, h = size
    return np.array([[0.0, 0], [w, 0], [w, h], [0, h]])


def light(chance: Chance, size: tuple[int, int], depth: float) -> Image:
    """Uneven light, a factor H×W×1: a slope and a lamp."""
    w, h = size
    x, y = np.meshgrid(np.linspace(-1, 1, w), np.linspace(-1, 1, h))
    angle = chance.uniform(0, 2 * np.pi)
    slope = x * np.cos(angle) + y * np.sin(angle)
    lamp = np.exp(-((x - chance.uniform(-1, 1)) ** 2 + (y - chance.uniform(-1, 1)) ** 2) / chance.uniform(0.3, 2))
    lit = 1 + depth * (chance.uniform(-1, 1) * slope + chance.uniform(-0.6, 1) * (lamp - 0.5))
    return np.asarray(np.clip(lit, 0.25, 1.5)[..., None], np.float32)


def wall(chance: Chance, size: tuple[int, int]) -> Image:
    """Plain, rough or of bricks; floor, corners, doors, posters."""
    w, h = size
    photo = np.full((h, w, 3), _colour(chance, 0.65), np.float32)
    style = chance.random()
    if style < 0.15:
        _bricks(chance, photo)
    elif style < 0.4:
        rough = _grain(chance, size, float(chance.uniform(2, 40)))
        photo += rough[..., None] * np.float32(chance.uniform(2, 12))
    for _ in range(int(chance.poisson(1.3))):  # floor, ceiling, corner of the room, panels
        _split(chance, photo)
    for _ in range(int(chance.poisson(1.6))):  # doors, windows, posters, papers, cupboards
        _oblong(chance, photo)
    return np.asarray(photo * light(chance, size, 0.35), np.float32)


def desk(chance: Chance, size: tuple[int, int]) -> Image:
    w, h = size
    photo = np.full((h, w, 3), _colour(chance, 0.5), np.float32)
    if chance.random() < 0.5:
        streaks = np.asarray(cv2.GaussianBlur(_grain(chance, size, 3.0), (0, 0), sigmaX=25, sigmaY=0.8), np.float32)
        photo += (streaks / max(float(streaks.std()), 1e-6))[..., None] * np.float32(chance.uniform(2, 14))
    if chance.random() < 0.3:
        _split(chance, photo)
    things(chance, photo, int(chance.poisson(1.5)))
    return np.asarray(photo * light(chance, size, 0.3), np.float32)


def things(chance: Chance, photo: Image, count: int) -> None:
    """Cups, cables, pens, books."""
    h, w = photo.shape[:2]
    for _ in range(count):
        place = chance.uniform(0, 1, 2) * [w, h]
        colour = _colour(chance, 0.4).tolist()
        what = chance.random()
        if what < 0.35:
            axes = np.rint(chance.uniform(15, 80, 2)).astype(int)
            where = (int(place[0]), int(place[1]))
            cv2.ellipse(photo, where, (int(axes[0]), int(axes[1])), 0, 0, 360, colour, -1, cv2.LINE_AA)
        elif what < 0.65:
            steps = np.cumsum(chance.normal(0, 60, (12, 2)) + chance.normal(0, 30, 2), axis=0)
            path = [np.rint(place + steps).astype(np.int32)]
            cv2.polylines(photo, path, False, colour, int(chance.integers(3, 12)), cv2.LINE_AA)
        else:
            size = chance.uniform(15, 160, 2)
            turned = cv2.boxPoints(((float(place[0]), float(place[1])), size.tolist(), float(chance.uniform(0, 90))))
            cv2.fillPoly(photo, [np.rint(turned).astype(np.int32)], colour, cv2.LINE_AA)


def _colour(chance: Chance, neutral: float) -> Doubles:
    """A colour, pale with the given probability."""
    if chance.random() < neutral:
        return np.clip(chance.uniform(90, 245) + chance.normal(0, 7, 3), 20, 250)
    return chance.uniform(20, 220, 3)


def _grain(chance: Chance, size: tuple[int, int], scale: float) -> Image:
    w, h = size
    small = chance.normal(0, 1, (max(2, int(h / scale)), max(2, int(w / scale)))).astype(np.float32)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _bricks(chance: Chance, photo: Image) -> None:
    h, w = photo.shape[:2]
    tall = int(chance.integers(18, 60))
    wide = int(tall * chance.uniform(1, 3))
    joint = (photo[0, 0] * chance.uniform(0.75, 1.2)).tolist()
    for row, y in enumerate(range(0, h, tall)):
        cv2.line(photo, (0, y), (w, y), joint, 2)
        for x in range((row % 2) * wide // 2, w, wide):
            cv2.line(photo, (x, y), (x, y + tall), joint, 2)


def _split(chance: Chance, photo: Image) -> None:
    """Everything beyond a line is of another colour."""
    h, w = photo.shape[:2]
    colour = photo.mean((0, 1)) * chance.uniform(0.5, 1.3) if chance.random() < 0.5 else _colour(chance, 0.5)
    a = float(chance.uniform(0.02, 0.25))
    b = a + float(chance.normal(0, 0.04))
    shapes = (
        [[0, h * (1 - a)], [w, h * (1 - b)], [w, h], [0, h]],
        [[0, 0], [w, 0], [w, h * a], [0, h * b]],
        [[0, 0], [w * a, 0], [w * b, h], [0, h]],
        [[w * (1 - a), 0], [w, 0], [w, h], [w * (1 - b), h]],
    )
    shape = np.rint(shapes[int(chance.integers(4))]).astype(np.int32)
    cv2.fillPoly(photo, [shape], np.clip(colour, 5, 250).tolist(), cv2.LINE_AA)


def _oblong(chance: Chance, photo: Image) -> None:
    h, w = photo.shape[:2]
    centre = chance.uniform(-0.05, 1.05, 2) * [w, h]
    half = chance.uniform(0.03, 0.25, 2) * [w, h]
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + centre + chance.normal(0, 5, (4, 2))
    shape = [np.rint(corners).astype(np.int32)]
    cv2.fillPoly(photo, shape, _colour(chance, 0.5).tolist(), cv2.LINE_AA)
    if chance.random() < 0.4:
        cv2.polylines(photo, shape, True, _colour(chance, 0.7).tolist(), int(chance.integers(2, 12)), cv2.LINE_AA)
