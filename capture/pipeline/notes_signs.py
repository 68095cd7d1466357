"""What speaks for a quad being a sheet of paper? Measured on the quad laid square, with some of its surroundings.

A sheet is paler than its shadow along one or two sides and steps a little, or to another colour, on the others; its
paper is even, its writing stays inside. A drawn box is darker than both its sides all around, and a quad that covers
two sheets has a step across.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline import notes_shape
from capture.pipeline.notes_pieces import Evened
from capture.pipeline.notes_shape import Corners

Floats = NDArray[np.float32]

INSIDE, AROUND = 48, 14
"""Pixels of the quad laid square, and of what is shown around it."""

LEAN = 5
"""Pixels by which a shadow's edge may have moved along on its way from the middle of the quad to beyond it."""

SIDE_NAMES = ("step", "even", "drawn", "tinted", "back", "ink in", "ink out", "ramp", "colour")
WHOLE_NAMES = (
    "beside", "grain", "spots", "ink", "lighter", "a", "b", "chroma", "ratio", "size", "square", "seam", "seam across",
    "border",
)  # fmt: skip
NAMES = tuple(f"{name} {n}" for n in range(4) for name in SIDE_NAMES) + WHOLE_NAMES


def signs(picture: Evened, quad: Corners) -> NDArray[np.float64]:
    """len(NAMES) numbers; sides are ordered by their step of lightness, the most paper-like first."""
    lab, ink = _patch(picture, quad)
    around = np.median(_rim(lab, 3), axis=0)
    sides = [_side(np.rot90(lab, n), np.rot90(ink, n), around) for n in range(4)]
    order = sorted(range(4), key=lambda n: -sides[n][0])
    within = np.s_[AROUND + 3 : -AROUND - 3, AROUND + 3 : -AROUND - 3]
    core, inked = lab[within], ink[within]
    bare = core[~inked] if (~inked).sum() > 50 else core.reshape(-1, 3)
    paper = np.median(bare, axis=0)
    off = np.abs(bare - paper).max(axis=1)
    away = np.clip(paper - around, -40, 40)
    width, height = notes_shape.sides(quad)
    rows, columns = picture.labels.shape
    out = (quad < 1).any() or (quad[:, 0] > columns - 2).any() or (quad[:, 1] > rows - 2).any()
    values = [value for n in order for value in sides[n]]
    values += [float((order[0] - order[1]) % 2), *np.minimum(np.percentile(off, (75, 90)), 25), float(inked.mean())]
    values += [*away, min(40.0, float(np.hypot(away[1], away[2])))]
    values += [max(width, height) / max(1.0, min(width, height)), min(width, height) / max(rows, columns)]
    values += [notes_shape.squareness(quad), *sorted((_seam(core), _seam(core.transpose(1, 0, 2)))), float(out)]
    return np.asarray(values, np.float64)


def _patch(picture: Evened, quad: Corners) -> tuple[Floats, NDArray[np.bool_]]:
    low, high, size = AROUND - 0.5, AROUND + INSIDE - 0.5, INSIDE + 2 * AROUND
    square = np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)
    way = cv2.getPerspectiveTransform(square, quad.astype(np.float32))
    back = cv2.WARP_INVERSE_MAP
    lab = cv2.warpPerspective(
        picture.lab, way, (size, size), flags=cv2.INTER_LINEAR | back, borderMode=cv2.BORDER_REPLICATE
    )
    ink = cv2.warpPerspective(picture.ink, way, (size, size), flags=cv2.INTER_NEAREST | back)
    return np.asarray(lab, np.float32), ink > 0


def _side(lab: Floats, ink: NDArray[np.bool_], around: Floats) -> list[float]:
    """Of the upper side. ``step``: how much lighter the inside is; ``even``: share of the side that steps so; ``drawn``
    and ``tinted``: share under a line darker, or more coloured, than both sides; ``back``: how steeply the darkness
    ends outwards, as a share of how steeply it begins; ``ink in``, ``ink out``: shares of the strips inside and outside
    under strokes; ``ramp``: how much darker it is close by than further out; ``colour``: step of a and b."""
    across = slice(AROUND + 3, AROUND + INSIDE - 3)
    light = lab[:, across, 0]
    inner, outer = lab[AROUND + 1 : AROUND + 4, across].mean(axis=0), lab[AROUND - 4 : AROUND - 1, across].mean(axis=0)
    steps = np.clip(inner[:, 0] - outer[:, 0], -30, 30)
    step = float(np.median(steps))
    even = float(np.mean(steps * np.sign(step) > max(0.5, 0.3 * abs(step))))
    line = lab[AROUND - 8 : AROUND + 3, across]
    beyond = np.minimum(light[:4].mean(axis=0), light[AROUND + 3 : AROUND + 7].mean(axis=0))
    drawn = float(np.mean(beyond - line[..., 0].min(axis=0) > 14))
    chroma = np.hypot(line[..., 1] - around[1], line[..., 2] - around[2]).max(axis=0)
    within = np.hypot(inner[:, 1] - around[1], inner[:, 2] - around[2])
    tinted = float(np.mean(chroma - within > 12))
    profile = np.median(light[: AROUND + 5], axis=1)
    falls, rises = -np.diff(profile[: AROUND + 2]).min(), np.diff(profile[AROUND - 4 :]).max()
    back = float(np.clip(max(0.0, falls) / (max(0.0, rises) + 0.5), 0, 2))
    inked = [float(ink[rows, across].mean()) for rows in (slice(AROUND + 1, AROUND + 5), slice(AROUND - 6, AROUND - 1))]
    ramp = float(np.clip(np.median(light[AROUND - 5 : AROUND - 1]) - np.median(light[:4]), -20, 20))
    colour = float(np.clip(np.median(np.hypot(*(inner - outer)[:, 1:].T)), 0, 30))
    return [step, even, drawn, tinted, back, *inked, ramp, colour]


def parted(picture: Evened, quad: Corners) -> float:
    """How much the lightness steps at a line across the middle of a long quad, along most of it: where two sheets
    meet. Writing runs the other way, or not along most of it; a shadow's edge goes on beyond the quad."""
    lab, _ = _patch(picture, quad)
    width, height = notes_shape.sides(quad)
    light = lab[:, AROUND + 3 : -AROUND - 3, 0] if width >= height else lab[AROUND + 3 : -AROUND - 3, :, 0].T
    steps = np.clip(light[:, 3:] - light[:, :-3], -15, 15)
    line = np.median(steps[AROUND + 3 : -AROUND - 3], axis=0)
    beyond = [np.median(steps[rows], axis=0) for rows in (slice(4, AROUND - 3), slice(3 - AROUND, -4))]
    own = np.abs(line)
    for outside in beyond:
        along = cv2.dilate(np.sign(line) * outside[None], np.ones((1, 2 * LEAN + 1), np.uint8))[0]
        own = np.minimum(own, np.abs(np.abs(line) - np.maximum(along, 0)))
    fifth = steps.shape[1] // 5
    return float(own[2 * fifth - 2 : 3 * fifth + 3].max())


def _seam(core: Floats) -> float:
    """The steepest step of lightness that runs down the whole patch, away from its rim: median of its rows."""
    light = cv2.blur(core[..., 0], (3, 1))
    steps = np.clip(light[:, 4:] - light[:, :-4], -15, 15)
    lines = np.abs(np.median(steps, axis=0))[6:-6]
    return float(lines.max())


def _rim(lab: Floats, width: int) -> Floats:
    parts = (lab[:width], lab[-width:], lab[:, :width], lab[:, -width:])
    return np.concatenate([part.reshape(-1, 3) for part in parts])
