"""What a quad holds and what lies around it: colour, ink and the direction of what is written, on a coarse grid."""

from __future__ import annotations

import cv2
import numpy as np

from capture.pipeline.find.lines import Doubles
from capture.pipeline.find.picture import Floats, Picture


def cells(quads: Doubles, picture: Picture) -> dict[str, Doubles]:
    """Colour and ink of the inside and the outside, on a coarse grid of the picture."""
    factor = 56 / max(picture.width, picture.height)
    size = (max(4, round(picture.width * factor)), max(4, round(picture.height * factor)))
    colour = cv2.resize(picture.lab, size, interpolation=cv2.INTER_AREA).reshape(-1, 3)
    ink = cv2.resize(np.maximum(picture.ink - 8, 0), size, interpolation=cv2.INTER_AREA).ravel()
    x = (np.arange(size[0]) + 0.5) * picture.width / size[0] - 0.5
    y = (np.arange(size[1]) + 0.5) * picture.height / size[1] - 0.5
    vivid = np.clip(np.hypot(colour[:, 1], colour[:, 2]) - np.median(np.hypot(colour[:, 1], colour[:, 2])) - 10, 0, 40)
    square = (colour**2).sum(1)
    inside = _mask(quads, x, y)
    grown = _mask(quads + 0.12 * (quads - quads.mean(axis=1, keepdims=True)), x, y)
    # one product for everything: each small one would wake the threads of the linear algebra
    held = [colour, square, ink, vivid, np.ones(len(ink)), _strokes(picture, size).reshape(-1, 3)]
    sums = np.concatenate([inside, grown]) @ np.column_stack(held)
    within, around = sums[: len(quads)].astype(np.float64), sums[len(quads) :].astype(np.float64)
    ring, count, total = around - within, within[:, 6], len(colour)
    full, rest = np.maximum(count, 1), np.maximum(total - count, 1)
    wide = np.maximum(ring[:, 6], 1)
    mean_in, mean = within[:, :3] / full[:, None], colour.mean(0)
    mean_out = (colour.sum(0) - within[:, :3]) / rest[:, None]
    var = square.mean() - (mean**2).sum()
    var_in = np.maximum(within[:, 3] / full - (mean_in**2).sum(1), 0)
    between = count * ((mean_in - mean) ** 2).sum(1) + (total - count) * ((mean_out - mean) ** 2).sum(1)
    dense, thin = within[:, 4] / full, (ink.sum() - within[:, 4]) / rest
    return {
        "colour": mean_in,
        "spread": np.sqrt(var_in),
        "parted": between / total / max(var, 1e-9),
        "area": count / total,
        "ink": within[:, 4] / max(ink.sum(), 1e-9),
        "density": dense / np.maximum(dense + thin, 1e-9),
        "near": _against(ring[:, 4] / wide, dense, 0.5),
        "vivid": (within[:, 5] + 1) / (vivid.sum() + 1),
        "vivid_near": _against(ring[:, 5] / wide, within[:, 5] / full, 1.0),
        "neutral": np.tanh((np.hypot(mean_out[:, 1], mean_out[:, 2]) - np.hypot(mean_in[:, 1], mean_in[:, 2])) / 12),
        "lighter": np.tanh((mean_in[:, 0] - ring[:, 0] / wide) / 30) * (ring[:, 6] > 0),
        "strokes": within[:, 7:],
        "chroma": np.hypot(mean_in[:, 1], mean_in[:, 2]),
        "white": mean_in[:, 0] / max(np.percentile(colour[:, 0], 95), 1.0),
    }


def _strokes(picture: Picture, size: tuple[int, int]) -> Floats:
    """For each cell of a grid of this size: cosine and sine of four times the direction across what is written,
    weighted by its gradient, and that weight."""
    half = cv2.resize(picture.ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    gx = cv2.Sobel(half, cv2.CV_32F, 1, 0, scale=1 / 8)
    gy = cv2.Sobel(half, cv2.CV_32F, 0, 1, scale=1 / 8)
    xx, yy, xy = gx * gx, gy * gy, gx * gy
    square = np.maximum(xx + yy, 1e-3)
    weight, cosine = np.sqrt(square), (xx - yy) / square
    four = np.dstack([(2 * cosine * cosine - 1) * weight, 4 * cosine * xy / weight, weight])
    return np.asarray(cv2.resize(four, size, interpolation=cv2.INTER_AREA), np.float32)


def level(quads: Doubles, strokes: Doubles) -> Doubles:
    """-1..1: one where all strokes inside run along or across the sides, less where they run askew or anyhow.
    Directions are taken four times, so that a right angle is a full turn (as in Zhang & He 2003, of text)."""
    along = np.roll(quads, -1, axis=1) - quads
    sides = along[..., 0] + 1j * along[..., 1]
    turn = (sides**4 / np.maximum(np.abs(sides), 1e-9) ** 3).sum(1)
    turn /= np.maximum(np.abs(turn), 1e-9)
    real = strokes[:, 0] * turn.real + strokes[:, 1] * turn.imag
    return np.asarray(real / (strokes[:, 2] + 8.0))


def _against(outer: Doubles, inner: Doubles, floor: float) -> Doubles:
    """0..1: a half where both are alike, next to nothing where both are below ``floor``."""
    return np.asarray(outer / (outer + inner + floor))


def _mask(quads: Doubles, x: Doubles, y: Doubles) -> Doubles:
    """N×(rows·columns): 1 where the grid point lies inside the quad."""
    along = np.roll(quads, -1, axis=1) - quads
    inside = np.ones((len(quads), len(y), len(x)), bool)
    for k in range(4):
        dx, dy = along[:, k, 0, None, None], along[:, k, 1, None, None]
        px, py = quads[:, k, 0, None, None], quads[:, k, 1, None, None]
        inside &= dx * (y[None, :, None] - py) - dy * (x[None, None] - px) > 0
    return inside.reshape(len(quads), -1).astype(np.float32)
