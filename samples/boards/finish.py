"""What surfaces have besides writing: grain, waves, smudges, dog-ears, tape, magnets, shadows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.canvas import Canvas, Colour, Points
from samples.rng import Rng


def rect(x: float, y: float, w: float, h: float) -> Points:
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64)


def disc(x: float, y: float, r: float) -> Points:
    a = np.linspace(0, 2 * np.pi, 28)[:-1]
    return np.stack([x + r * np.cos(a), y + r * np.sin(a)], axis=1)


def shade(canvas: Canvas, gain: NDArray[np.float32]) -> None:
    """Multiplies the albedo by a coarse map, resized to it."""
    h, w = canvas.ink.shape
    levels = np.clip(gain * 128, 0, 255).astype(np.uint8)
    full = cv2.resize(levels, (w, h), interpolation=cv2.INTER_CUBIC)
    if full.ndim == 2:
        full = cv2.merge([full, full, full])
    cv2.multiply(canvas.albedo, full, canvas.albedo, 1 / 128)


def waves(canvas: Canvas, amount: float, cell: float, rng: Rng) -> None:
    """Paper that does not lie flat: light and dark swells of ``cell`` mm."""
    grid = (max(3, round(canvas.height / cell)), max(3, round(canvas.width / cell)))
    coarse = rng.standard_normal(grid).astype(np.float32)
    fine = cv2.resize(coarse, (grid[1] * 16, grid[0] * 16), interpolation=cv2.INTER_CUBIC)
    shade(canvas, 1 + amount * np.asarray(fine, np.float32))


def smudges(canvas: Canvas, count: int, colour: Colour, rng: Rng) -> None:
    """What an eraser leaves: soft smears, and ghosts of older strokes."""
    for _ in range(count):
        w, h = rng.uniform(60, 260), rng.uniform(25, 90)
        size = (max(4, round(w * canvas.scale / 8)), max(4, round(h * canvas.scale / 8)))
        streaks = cv2.resize(rng.random((6, 3), dtype=np.float32), size, interpolation=cv2.INTER_CUBIC)
        yy, xx = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
        soft = np.clip(1 - np.hypot(xx, yy), 0, 1) * np.clip(streaks, 0, 1)
        mask = cv2.resize((soft * 255).astype(np.uint8), (size[0] * 8, size[1] * 8), interpolation=cv2.INTER_LINEAR)
        at = canvas.px(np.array([[rng.uniform(0, canvas.width - w), rng.uniform(0, canvas.height - h)]]))[0]
        canvas.tint(mask, int(at[0]), int(at[1]), colour, float(rng.uniform(0.08, 0.3)), truth=False)


def haunt(canvas: Canvas, other: Canvas, wiped: bool, rng: Rng) -> None:
    """What was written on the back of the sheet shows through, mirrored and soft; ``wiped``: what stood here before,
    smeared along the way of the eraser and gone in places."""
    ghost = other.ink if wiped else np.ascontiguousarray(other.ink[:, ::-1])
    soft = max(0.7, (0.8 if wiped else 1.4) * canvas.scale)
    ghost = np.asarray(cv2.GaussianBlur(ghost, (0, 0), sigmaX=(3 if wiped else 1) * soft, sigmaY=soft), np.uint8)
    if wiped:
        left = cv2.resize(rng.random((5, 6), dtype=np.float32), ghost.shape[::-1], interpolation=cv2.INTER_CUBIC)
        ghost = np.asarray(ghost * np.clip(left * 1.6 - 0.3, 0, 1), np.uint8)
    tone = ((150, 60, 40), (60, 60, 150), (60, 60, 60))[int(rng.integers(3))]
    canvas.tint(ghost, 0, 0, tone, float(rng.uniform(0.08, 0.24)), truth=False)
    canvas.ghost = ghost


def soft_shadow(canvas: Canvas, polygon: Points, reach: float, strength: float) -> None:
    """A shadow of something lying on the surface, blurred over ``reach`` mm."""
    points = canvas.px(polygon)
    pad = int(3 * reach * canvas.scale) + 2
    low = np.floor(points.min(0)).astype(int) - pad
    size = np.ceil(points.max(0)).astype(int) + pad - low
    mask = np.zeros((int(size[1]), int(size[0])), np.uint8)
    cv2.fillPoly(mask, [np.round(points - low).astype(np.int32)], 255)
    sigma = max(0.6, reach * canvas.scale / 1.5)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), dtype=np.uint8)
    canvas.tint(mask, int(low[0]), int(low[1]), (20, 18, 16), strength, truth=False)


def dog_ear(canvas: Canvas, corner: int, size: float, alone: bool) -> None:
    """Folds a corner (0 TL, 1 TR, 2 BR, 3 BL) of the paper over itself; ``alone``: there is no other sheet under it."""
    x, y = ((0.0, 0.0), (canvas.width, 0.0), (canvas.width, canvas.height), (0.0, canvas.height))[corner]
    dx, dy = (1 if x == 0 else -1), (1 if y == 0 else -1)
    a, b = (x + dx * size, y), (x, y + dy * size * 0.8)
    inner = (x + dx * size * 0.85, y + dy * size * 0.72)
    beyond = np.array([(x - dx * 3, y - dy * 3), (a[0] + dx * 2, a[1] - dy * 3), a, b, (b[0] - dx * 3, b[1] + dy * 2)])
    back = tuple(int(c * 0.88) for c in canvas.ground)
    if alone:
        canvas.open(beyond)
    else:
        canvas.fill(np.array([(x, y), a, b]), (back[2], back[2], back[2]), truth=False)
    soft_shadow(canvas, np.array([a, inner, b]) + np.array([dx * 2, dy * 3]), 4, 0.5)
    canvas.fill(np.array([a, inner, b]), (back[0], back[1], back[2]), truth=False)


def clear(canvas: Canvas, *boxes: Points) -> None:
    """Lets the wall show through parts of the margins."""
    for box in boxes:
        canvas.open(box)


def tape(canvas: Canvas, x: float, y: float, angle: float, colour: Colour) -> None:
    """A strip of tape centred on a point, partly on the wall."""
    a = np.deg2rad(angle)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    strip = rect(-32, -9, 64, 18) @ turn.T + (x, y)
    canvas.close(strip, 235)
    canvas.fill(strip, colour, 0.85, truth=False)


def magnet(canvas: Canvas, x: float, y: float, colour: Colour, radius: float = 12) -> None:
    soft_shadow(canvas, disc(x + 3, y + 5, radius), 4, 0.5)
    canvas.fill(disc(x, y, radius), colour, truth=False)
    light = tuple(min(255, int(c * 1.25 + 25)) for c in colour)
    canvas.fill(
        disc(x - radius * 0.2, y - radius * 0.25, radius * 0.6), (light[0], light[1], light[2]), 0.5, truth=False
    )
