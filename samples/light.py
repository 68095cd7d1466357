"""The light of the room as coarse maps: what multiplies the picture and what is added to it (linear light)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.look import Look
from samples.rng import Rng, between, chance

Field = NDArray[np.float32]
COARSE = 8
"""Photo pixels to a pixel of the maps."""


@dataclass(frozen=True, eq=False)
class Light:
    """``gain`` multiplies, ``added`` is added (both H/8×W/8×3 float32, BGR); ``glare`` 0..1 is the share of a place
    that is washed out; ``words`` names what makes this photo hard."""

    gain: Field
    added: Field
    glare: Field
    words: tuple[str, ...]


def _axes(size: tuple[int, int], angle: float) -> Field:
    """-1..1 along a direction across the picture."""
    ys, xs = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j].astype(np.float32)
    return np.asarray((xs * np.cos(angle) + ys * np.sin(angle)) / (abs(np.cos(angle)) + abs(np.sin(angle))), np.float32)


def _blob(size: tuple[int, int], at: tuple[float, float], radii: tuple[float, float]) -> Field:
    ys, xs = np.mgrid[0 : 1 : size[0] * 1j, 0 : 1 : size[1] * 1j].astype(np.float32)
    aspect = size[1] / size[0]
    d = ((xs - at[0]) / radii[0]) ** 2 + ((ys - at[1]) / (radii[1] * aspect)) ** 2
    return np.asarray(np.exp(-d), np.float32)


def light(size: tuple[int, int], board: NDArray[np.uint8], gloss: float, look: Look, rng: Rng) -> Light:
    """``size`` of the maps (height, width); ``board``: 255 where the glossy surface is seen."""
    words: list[str] = []
    gain = np.full(size, 1.0, np.float32)
    uneven = between(rng, look.uneven)
    gain *= 1 + uneven * 0.6 * _axes(size, float(rng.uniform(0, 2 * np.pi)))
    lamp = (float(rng.uniform(-0.2, 1.2)), float(rng.uniform(-0.4, 0.6)))
    gain *= 1 - 0.7 * uneven + 1.1 * uneven * _blob(size, lamp, (0.6, 0.5))
    if chance(rng, look.half_lit):
        edge = _axes(size, float(rng.normal(0, 0.6))) - float(rng.uniform(-0.4, 0.4))
        gain *= 0.42 + 0.58 / (1 + np.exp(-edge / float(rng.uniform(0.01, 0.12))))
        words.append("half lit")
    if chance(rng, look.shadow):
        gain *= 1 - float(rng.uniform(0.3, 0.6)) * _someone(size, rng)
        words.append("shadow")
    corner = np.hypot(_axes(size, 0), _axes(size, np.pi / 2)) ** 2
    gain *= 1 - min(0.12, 0.25 * uneven) * corner
    lit = gain[board > 127].mean() if (board > 127).any() else gain.mean()
    gain *= between(rng, look.exposure) / max(float(lit), 1e-3) * 0.86
    warm = float(rng.normal(0, look.tint))
    drift = float(rng.normal(0, look.tint * 0.6)) * _axes(size, float(rng.uniform(0, 6)))
    tint = np.stack(
        [1 - warm - drift, np.full(size, 1 + float(rng.normal(0, look.tint * 0.25)), np.float32), 1 + warm + drift],
        axis=2,
    )
    added, glare = _reflections(size, board, gloss, look, rng, words)
    return Light(np.asarray(gain[..., None] * tint, np.float32), added, glare, tuple(words))


def _someone(size: tuple[int, int], rng: Rng) -> Field:
    """The shadow of the photographer, or of an arm with a phone."""
    h, w = size
    mask = np.zeros(size, np.uint8)
    x, y, r = (
        w * float(rng.uniform(0.1, 0.9)),
        h * float(rng.uniform(0.35, 0.75)),
        0.1 * w * float(rng.uniform(0.8, 1.6)),
    )
    cv2.ellipse(mask, (round(x), round(y)), (round(0.6 * r), round(0.75 * r)), 0, 0, 360, 255, -1)
    body = np.array(
        [
            [x - 1.7 * r, h],
            [x - 1.5 * r, y + 1.2 * r],
            [x - 0.5 * r, y + 0.6 * r],
            [x + 0.5 * r, y + 0.6 * r],
            [x + 1.5 * r, y + 1.2 * r],
            [x + 1.7 * r, h],
        ]
    )
    cv2.fillPoly(mask, [np.round(body).astype(np.int32)], 255)
    if rng.random() < 0.6:
        hand = (x + rng.choice([-1, 1]) * 1.3 * r, y - 0.2 * r)
        cv2.line(
            mask,
            (round(x + 1.3 * r), round(y + 1.6 * r)),
            (round(hand[0]), round(hand[1])),
            255,
            max(2, round(0.45 * r)),
        )
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(0.006, 0.03)) * w) / np.float32(255), np.float32)


def _reflections(
    size: tuple[int, int], board: NDArray[np.uint8], gloss: float, look: Look, rng: Rng, words: list[str]
) -> tuple[Field, Field]:
    """Lamps and windows mirrored by an enamel board; paper shows hardly any."""
    added = np.zeros(size, np.float32)
    ys, xs = np.nonzero(board > 127)
    lamp, window = chance(rng, look.glare), chance(rng, look.window)
    if not len(ys):
        return np.zeros((*size, 3), np.float32), added
    spots = [(float(x) / size[1], float(y) / size[0]) for x, y in zip(xs, ys, strict=True)] if lamp else []
    if lamp:
        for _ in range(int(rng.integers(1, 3))):
            at = spots[int(rng.integers(len(spots)))]
            r = float(rng.uniform(0.015, 0.06))
            added += gloss * float(rng.uniform(0.6, 2.2)) * _blob(size, at, (r * float(rng.uniform(1, 2.5)), r))
    if window:
        i = int(rng.integers(len(ys)))
        added += gloss * float(rng.uniform(0.08, 0.35)) * _panes(size, (int(xs[i]), int(ys[i])), rng)
    added *= board.astype(np.float32) / 255
    if float((added > 0.02).mean()) > 0.001:
        words.extend(w for w, on in (("glare", lamp), ("window", window)) if on)
    cool = np.array([1.05, 1.0, 0.95], np.float32)
    return np.asarray(added[..., None] * cool, np.float32), np.clip(added / 0.35, 0, 1)


def _panes(size: tuple[int, int], at: tuple[int, int], rng: Rng) -> Field:
    """A window of several panes, skewed, its edges nearly sharp."""
    mask = np.zeros(size, np.uint8)
    w, h = size[1] * float(rng.uniform(0.1, 0.3)), size[0] * float(rng.uniform(0.25, 0.6))
    skew = float(rng.normal(0, 0.12)) * w
    for i in range(int(rng.integers(1, 4))):
        for j in range(2):
            x, y = at[0] + i * w * 0.36, at[1] + j * h * 0.52
            pane = np.array(
                [[x, y], [x + 0.32 * w, y + 0.03 * h], [x + 0.32 * w + skew, y + 0.5 * h], [x + skew, y + 0.47 * h]]
            )
            cv2.fillPoly(mask, [np.round(pane - (w / 2, h / 2)).astype(np.int32)], 255, cv2.LINE_AA)
    soft = max(0.5, float(rng.uniform(0.001, 0.006)) * size[1])
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), soft) / np.float32(255), np.float32)
