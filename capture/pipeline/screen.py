"""Whether a photo shows a lit screen: a monitor, a laptop, a television, a projection with a black border.

Asked of every photo, boards with text among them, so four things must come together: a dark rim of even width around
a four-sided panel, a panel brighter than all that lies beyond the rim, a ground without the fall of light that any
lamp or window leaves on paper or enamel, and larger fills than pens leave: bars, pictures, windows. A slide of bare
text in a black frame stays a board, as a whiteboard in such a frame looks the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.find.regions import hull_quad
from capture.pipeline.frame import Pixels
from capture.pipeline.smaller import smaller

Doubles = NDArray[np.float64]

STEPS = 60
"""Samples across a rim, one pixel apart in a picture of ``side``."""


@dataclass(frozen=True)
class Params:
    """``dark``: levels of light (of 255) below which a rim is looked for; ``panel``: least share of the photo;
    ``thin``, ``thick``: of a rim, in shares of the panel's longer side; ``lit``: the panel's bright parts against those
    beyond the rim, in linear light; ``fall``: levels by which the ground of the panel may differ among its quarters."""

    side: int = 640
    dark: tuple[int, ...] = (45, 70, 95)
    panel: float = 0.06
    thin: float = 0.005
    thick: float = 0.09
    lit: float = 1.3
    fall: float = 5.0
    fills: float = 0.12


def shows_screen(pixels: Pixels, params: Params = Params()) -> bool:
    """``pixels``: H×W×3 BGR."""
    scale = min(1.0, params.side / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    if min(size) < 48:
        return False
    small = smaller(pixels, size)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.uint8)
    light = np.ascontiguousarray(lab[..., 0])
    for dark in params.dark:
        for quad in _panels(light < dark, params.panel):
            rim = _rim(quad, light, dark, params)
            if rim and _lit(quad, rim, light, params.lit) and _ground(_flat(quad, lab), params):
                return True
    return False


def _panels(dark: NDArray[np.bool_], least: float) -> list[Doubles]:
    """Four-sided holes in what is dark, 4×2 in picture pixels."""
    mask = cv2.morphologyEx(dark.astype(np.uint8) * 255, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour, (_, _, _, parent) in zip(contours, tree[0] if tree is not None else (), strict=False):
        area = cv2.contourArea(contour)
        if parent < 0 or area < least * dark.size:
            continue
        quad = hull_quad(np.asarray(contour, np.int32))
        if quad is not None and area > 0.9 * cv2.contourArea(quad.astype(np.float32)):
            found.append(quad)
    return found


def _rim(quad: Doubles, light: Pixels, dark: int, params: Params) -> float | None:
    """Width in pixels of a dark rim that is even along at least three sides, of which the widths are alike."""
    along = np.roll(quad, -1, axis=0) - quad
    length = np.linalg.norm(along, axis=1)
    widths = []
    for k in range(4):
        unit = along[k] / length[k]
        outward = np.array([unit[1], -unit[0]])
        base = quad[k] + along[k] * np.linspace(0.1, 0.9, 40)[:, None]
        places = base[:, None] + outward * np.arange(STEPS)[:, None]
        x, y = np.rint(places[..., 0]).astype(int), np.rint(places[..., 1]).astype(int)
        inside = (x >= 0) & (y >= 0) & (x < light.shape[1]) & (y < light.shape[0])
        level = light[np.clip(y, 0, light.shape[0] - 1), np.clip(x, 0, light.shape[1] - 1)].astype(float)
        own = np.median(level[:, 4:7])  # the rim's own; a dark room beyond it is told by a small step
        over = inside & (np.abs(level - own) > 12)
        over[:, :4] = False  # the panel's own soft edge
        if own >= dark:
            continue
        shown = inside.all(axis=1) | over.any(axis=1)
        width = np.where(over.any(axis=1), over.argmax(axis=1), STEPS)[shown]
        if len(width) < 20:
            continue
        low, middle, high = np.percentile(width, [15, 50, 85])
        if params.thin * length.max() < middle < params.thick * length.max() and high - low < 0.5 * middle + 2:
            widths.append(float(middle))
    if len(widths) < 3:
        return None
    three = sorted(widths)[:3]
    return three[1] if three[2] < 2 * three[0] + 3 else None


def _lit(quad: Doubles, rim: float, light: Pixels, least: float) -> bool:
    """Whether the panel's bright parts outshine those beyond the rim."""
    panel = np.zeros(light.shape, np.uint8)
    cv2.fillPoly(panel, [np.rint(quad).astype(np.int32)], 255)
    reach = int(3 * rim) | 1
    beyond = cv2.dilate(panel, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) == 0
    if beyond.mean() < 0.03:
        return False
    linear = (light.astype(np.float64) / 255) ** 3  # near enough to Lab's own curve
    return bool(np.percentile(linear[panel > 0], 85) > least * np.percentile(linear[beyond], 85))


def _flat(quad: Doubles, lab: Pixels) -> NDArray[np.float32]:
    """The panel seen from the front, H×W×3 Lab, without its very edge and without strokes."""
    target = np.array([[0, 0], [319, 0], [319, 199], [0, 199]], np.float32)
    flat = cv2.warpPerspective(lab, cv2.getPerspectiveTransform(quad.astype(np.float32), target), (320, 200))
    flat = flat[10:-10, 14:-14]
    for operation in (cv2.MORPH_CLOSE, cv2.MORPH_OPEN):
        flat[..., 0] = cv2.morphologyEx(np.ascontiguousarray(flat[..., 0]), operation, np.ones((9, 9), np.uint8))
    for channel in (1, 2):
        flat[..., channel] = cv2.medianBlur(np.ascontiguousarray(flat[..., channel]), 9)
    return flat.astype(np.float32)


def _ground(flat: NDArray[np.float32], params: Params) -> bool:
    """Whether the commonest colour of a panel is the same in all of its quarters that show it, beside enough others."""
    light = flat[..., 0]
    level = int(np.bincount(light.astype(int).ravel(), minlength=256).argmax())
    near = np.abs(light - level) < 16
    tint = np.median(flat[near][:, 1:], axis=0)
    near &= np.abs(flat[..., 1:] - tint).max(axis=2) < 10
    shown = [
        float(part[mask].mean())
        for part, mask in zip(_quarters(light), _quarters(near), strict=True)
        if mask.mean() > 0.1
    ]
    return len(shown) >= 3 and float(np.ptp(shown)) < params.fall and 1 - float(near.mean()) >= params.fills


def _quarters(plane: NDArray[np.generic]) -> list[NDArray[np.generic]]:
    h, w = plane.shape[0] // 2, plane.shape[1] // 2
    return [plane[:h, :w], plane[:h, w:], plane[h:, :w], plane[h:, w:]]
