"""The light of ``bench.rooms``: lamps, windows and tubes mirrored in the board, a projector's beam, a vignette."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.boards.plan import Plan
from samples.light import light
from samples.look import FIELD, HARD
from samples.rng import Rng

Image = NDArray[np.uint8]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


def lit(picture: Image, mask: Image, planes: list[Doubles], plan: Plan, kind: str, rng: Rng) -> Image:
    """The picture in the room's light; ``mask`` 255 where a board is seen. Levels are square roots of light."""
    h, w = picture.shape[:2]
    small = (h // 8, w // 8)
    coarse = cv2.resize(mask, small[::-1], interpolation=cv2.INTER_AREA)
    base = light(small, np.asarray(coarse, np.uint8), plan.gloss, HARD if rng.random() < 0.35 else FIELD, rng)
    gain = cv2.resize(base.gain, (w, h))
    added = cv2.resize(base.added, (w, h))
    seen = cv2.GaussianBlur(mask, (0, 0), 0.7).astype(np.float32)[..., None] / 255
    for k in range(2):
        if rng.random() < (0.35, 0.25)[k]:
            added = added + seen * (_tubes, _pane)[k]((w, h), planes[0], plan, rng)[..., None] * np.float32(plan.gloss)
    if rng.random() < 0.35:
        gain = gain * _vignette((w, h), float(rng.uniform(0.2, 0.65)))[..., None]
    if kind == "beam":
        gain, added = gain * np.float32(rng.uniform(0.25, 0.8)), added * np.float32(0.5)
        gain = gain + _beam((w, h), planes[0], plan, rng)
    linear = (picture.astype(np.float32) / 255) ** 2 * gain + added
    return np.asarray(np.clip(np.sqrt(np.maximum(linear, 0)) * 255, 0, 255), np.uint8)


def _on_board(size: tuple[int, int], plane: Doubles, shapes: list[Doubles], soft: float) -> Floats:
    """0..1 where polygons (millimetres of the board) fall, blurred over ``soft`` pixels."""
    veil = np.zeros((size[1], size[0]), np.uint8)
    for shape in shapes:
        seen = cv2.perspectiveTransform(shape[None], plane)[0]
        cv2.fillPoly(veil, [np.round(np.clip(seen, -1e5, 1e5) * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(veil, (0, 0), max(soft, 0.5)) / 255.0, np.float32)


def _turned(at: Doubles, half: Doubles, angle: float) -> Doubles:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half @ turn.T + at)


def _tubes(size: tuple[int, int], plane: Doubles, plan: Plan, rng: Rng) -> Floats:
    """Long lamps in a row, all along one direction."""
    angle = float(rng.choice([0.0, np.pi / 2]) + rng.normal(0, 0.12))
    half = np.array([plan.width * rng.uniform(0.12, 0.5), plan.height * rng.uniform(0.012, 0.04)])
    step = np.array([-np.sin(angle), np.cos(angle)]) * plan.height * rng.uniform(0.15, 0.4)
    start = rng.uniform(0.1, 0.9, 2) * [plan.width, plan.height]
    shapes = [_turned(start + k * step, half * 0.92**k, angle) for k in range(int(rng.integers(1, 5)))]
    soft = float(rng.uniform(0.001, 0.012)) * size[0]
    return _on_board(size, plane, shapes, soft) * np.float32(rng.uniform(0.15, 1.3))


def _pane(size: tuple[int, int], plane: Doubles, plan: Plan, rng: Rng) -> Floats:
    """A window with its bars, high as the board or higher."""
    half = np.array([plan.width * rng.uniform(0.06, 0.2), plan.height * rng.uniform(0.25, 0.7)])
    at = rng.uniform(0, 1, 2) * [plan.width, plan.height]
    lean = float(rng.normal(0, 0.1))
    bars, shapes = int(rng.integers(1, 4)), []
    for i in range(bars):
        for j in range(2):
            spot = at + np.array([(i - (bars - 1) / 2) * 2.15 * half[0] / bars, (j - 0.5) * 1.04 * half[1]])
            pane = _turned(spot, half / [bars, 2.1], 0.0)
            pane[:, 0] += lean * (pane[:, 1] - at[1])
            shapes.append(pane)
    soft = float(rng.uniform(0.001, 0.01)) * size[0]
    return _on_board(size, plane, shapes, soft) * np.float32(rng.uniform(0.06, 0.6))


def _vignette(size: tuple[int, int], depth: float) -> Floats:
    y, x = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j].astype(np.float32)
    return np.asarray(1 - depth * np.clip((x * x + y * y) / 2, 0, 1), np.float32)


def _beam(size: tuple[int, int], plane: Doubles, plan: Plan, rng: Rng) -> Floats:
    """A projector's light, H×W×3: a slide or a white field, keystoned, on a part of the board or beyond it."""
    slide = np.full((180, 240, 3), rng.uniform(0.5, 1.0), np.float32)
    if rng.random() < 0.7:
        slide[:] = rng.uniform(0.1, 1, 3)
        cv2.rectangle(slide, (12, 12), (int(rng.integers(90, 225)), 34), rng.uniform(0, 1, 3).tolist(), -1)
        for y in range(52, int(rng.integers(70, 170)), 18):
            cv2.rectangle(slide, (18, y), (int(rng.integers(60, 220)), y + 7), rng.uniform(0, 1, 3).tolist(), -1)
    half = np.array([plan.width, plan.height]) * rng.uniform(0.25, 0.65, 2)
    at = np.array([plan.width, plan.height]) * (0.5 + rng.normal(0, 0.15, 2))
    corners = _turned(at, half, float(rng.normal(0, 0.02))) + rng.normal(0, 20, (4, 2))
    seen = cv2.perspectiveTransform(corners[None], plane)[0].astype(np.float32)
    own = np.array([[0, 0], [240, 0], [240, 180], [0, 180]], np.float32)
    thrown = cv2.warpPerspective(slide, cv2.getPerspectiveTransform(own, seen), size)
    return np.asarray(thrown, np.float32) * np.float32(rng.uniform(0.3, 1.1))
