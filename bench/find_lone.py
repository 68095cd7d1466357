"""Lone pages of ``bench.find_scenes``: an eighth to a third of the photo, on desks of nearly their own colour, on
cloth, on piles that peep out from under them, with cables, pens and cups across their sides."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.find_surroundings import desk, light, things, wall
from bench.find_trouble import cable

Image = NDArray[np.float32]
Doubles = NDArray[np.float64]
Chance = np.random.Generator


def ground(chance: Chance, size: tuple[int, int]) -> Image:
    """A pale table, wood, cloth, any desk, a wall."""
    what = chance.random()
    if what < 0.4:
        return _pale(chance, size)
    if what < 0.55:
        return _cloth(chance, size)
    return desk(chance, size) if what < 0.9 else wall(chance, size)


def _pale(chance: Chance, size: tuple[int, int]) -> Image:
    """A table top as light as paper or nearly, often warmer, with the dark edge of the table now and then."""
    w, h = size
    tint = np.array([-1.0, 0, 0.7]) * chance.normal(6, 10) + chance.normal(0, 3, 3)
    photo = np.full((h, w, 3), np.clip(chance.uniform(165, 240) + tint, 90, 252), np.float32)
    if chance.random() < 0.4:
        fine = chance.normal(0, 1, (h // 3 + 1, w // 3 + 1)).astype(np.float32)
        grain = cv2.GaussianBlur(cv2.resize(fine, size), (0, 0), sigmaX=18, sigmaY=1.2)
        photo += grain[..., None] * np.float32(chance.uniform(3, 30))
    if chance.random() < 0.3:
        y = int(h * chance.uniform(0.9, 0.99))
        cv2.fillPoly(photo, [np.array([[0, y], [w, y + int(chance.normal(0, 20))], [w, h], [0, h]])], (40, 40, 45))
    things(chance, photo, int(chance.poisson(1.0)))
    return np.asarray(photo * light(chance, size, 0.3), np.float32)


def _cloth(chance: Chance, size: tuple[int, int]) -> Image:
    """A tablecloth: checks, stripes or a weave, soft folds."""
    w, h = size
    x, y = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    first, second = chance.uniform(40, 240, 3), chance.uniform(40, 240, 3)
    angle, step = chance.uniform(0, np.pi), chance.uniform(8, 70)
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    share = (np.mod(u / step, 1) < chance.uniform(0.1, 0.6)).astype(np.float32)
    if chance.random() < 0.6:
        share = (share + (np.mod(v / step, 1) < 0.5)) / 2
    share = np.asarray(cv2.GaussianBlur(share, (0, 0), float(chance.uniform(0.6, 2))), np.float32)
    photo = first + (second - first) * chance.uniform(0.15, 1) * share[..., None]
    folds = np.sin(u / w * chance.uniform(4, 14) + np.sin(v / w * 5) + chance.uniform(0, 6))[..., None]
    return np.asarray(photo * (1 + chance.uniform(0, 0.12) * folds) * light(chance, size, 0.3), np.float32)


def close_pile(chance: Chance, quad: Doubles) -> list[Doubles]:
    """Sheets of the page's own size that lie nearly as it does: a strip of each peeps out on a side or two."""
    sheets = []
    for _ in range(int(chance.integers(1, 6))):
        angle = np.radians(chance.normal(0, 6))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        centre = quad.mean(0)
        sheets.append((quad - centre) @ turn.T + centre + chance.normal(0, 0.05, 2) * np.ptp(quad, axis=0))
    return sheets


def beside(chance: Chance, quad: Doubles, size: tuple[int, int]) -> list[Doubles]:
    """Sheets that lie partly under the page or near it, at any angle."""
    sheets = []
    for _ in range(int(chance.integers(1, 4))):
        angle = chance.uniform(0, np.pi)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        away = np.array([np.cos(angle * 7), np.sin(angle * 7)]) * np.ptp(quad, axis=0) * chance.uniform(0.4, 1.1)
        sheet = (quad - quad.mean(0)) @ turn.T * chance.uniform(0.6, 1.05) + quad.mean(0) + away
        if (np.abs(sheet.mean(0) / size - 0.5) < 0.6).all():
            sheets.append(sheet)
    return sheets


def across(chance: Chance, photo: Image, quad: Doubles) -> None:
    """Cables over the whole page with their shadows; a cup, a mouse."""
    h, w = photo.shape[:2]
    reach = float(np.ptp(quad, axis=0).mean())
    for _ in range(int(chance.integers(0, 3))):
        start = chance.uniform(-0.1, 1.1, 2) * [w, h]
        end = 2 * (quad.mean(0) + chance.normal(0, 0.2, 2) * reach) - start
        t = np.linspace(0, 1, 30)[:, None]
        bow = np.sin(t * np.pi * chance.uniform(1, 2.5)) * chance.normal(0, 0.2, 2) * reach
        path = np.rint(start + (end - start) * t + bow).astype(np.int32)
        thick, tone = int(chance.integers(2, 9)), float(chance.choice([20, 25, 60, 225]))
        veil = np.zeros((h, w), np.float32)
        cv2.polylines(veil, [path + int(chance.integers(2, 25))], False, 1.0, thick, cv2.LINE_AA)
        shade = np.asarray(cv2.GaussianBlur(veil, (0, 0), float(chance.uniform(2, 8))), np.float32)
        photo *= 1 - shade[..., None] * np.float32(chance.uniform(0.1, 0.6))
        cv2.polylines(photo, [path], False, (tone, tone, tone), thick, cv2.LINE_AA)
    if chance.random() < 0.3:
        cable(chance, photo, quad[int(chance.integers(4))], reach)
