"""What is left on the board once its light is even and is nobody's ink: shadows of notes, the dark line of a frame.

A shadow lies along a note, has the ground's own hue, is not as dark as ink, and longer than a stroke is thick. A
frame's line runs along the border: what most of a stretch of it shows there is no writing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.ground import Ground, Map


@dataclass(frozen=True)
class Params:
    reach: float = 0.16  # of a note's side: how far its shadow falls
    run: float = 0.22  # of a note's side: how long a shadow is at least
    dim: float = 0.97  # share of the ground's brightness from which on it is a shadow
    deep: float = 0.42  # and the least share: what is darker is ink
    tint: float = 0.16  # log ratio of channels within which it has the ground's hue
    rim: float = 0.012  # of the longer side: how far a frame's line reaches in
    stretch: int = 12  # along each side, one after the other
    rim_white: float = 0.9  # of what most of a stretch is: from there on it is white, or half of it would stay grey
    bright: float = 0.93  # of white: what lies further in must be ground


def shadows(seen: Ground, sheets: Sequence[NDArray[np.float64]], params: Params) -> Map | None:
    """1 on the shadows of notes, soft, on the small picture (h×w); ``sheets`` are the notes' corners there. None where
    there are none."""
    ratio = np.log(seen.small.astype(np.float32) + 6.0) - np.log(seen.tint * seen.light[..., None] + 6.0)
    spread, level = ratio.max(axis=2) - ratio.min(axis=2), np.exp(ratio.mean(axis=2))
    dim = ((level < params.dim) & (level > params.deep) & (spread < params.tint)).astype(np.uint8)
    covered, found = np.zeros(dim.shape, np.uint8), np.zeros(dim.shape, np.uint8)
    for corners in sheets:
        cv2.fillPoly(covered, [np.rint(corners).astype(np.int32)], 1)
    for corners in sheets:
        side = float(np.sqrt(abs(cv2.contourArea(corners.astype(np.float32)))))
        x, y, w, h = cv2.boundingRect(np.rint(corners).astype(np.int32))
        pad = round(params.reach * side) + 2
        box = np.s_[max(0, y - pad) : y + h + pad, max(0, x - pad) : x + w + pad]
        own = np.zeros(dim[box].shape, np.uint8)
        cv2.fillPoly(own, [np.rint(corners - (max(0, x - pad), max(0, y - pad))).astype(np.int32)], 1)
        ring = np.asarray(cv2.dilate(own, _disc(round(params.reach * side))), np.uint8) & (1 - own)
        near = dim[box] & ring
        run = max(3, round(params.run * side))
        long = np.maximum(*(cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones(s, np.uint8)) for s in ((1, run), (run, 1))))
        names = cv2.connectedComponents(long)[1]
        beside = np.unique(names[(cv2.dilate(own, _disc(2)) > 0) & (long > 0)])
        found[box] |= (np.isin(names, beside[beside > 0]) & (ring > 0)).astype(np.uint8)
    if not found.any():
        return None
    outside = 1 - np.asarray(cv2.erode(covered, _disc(1)), np.uint8)
    grown = (np.asarray(cv2.dilate(found, _disc(2)), np.uint8) & outside).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(grown, (0, 0), 0.7), np.float32)


def _disc(radius: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)), np.uint8)


def lift(even: Pixels, out: Pixels, weight: Map, ground: Pixels, cleaned: Pixels, params: Params) -> None:
    """Makes shadows bare ground, in place, on a strip of the board: ``even`` in even light, ``out`` as cleaned so far,
    ``weight`` (h×w) from ``shadows``; ``ground`` (1×1×3) its colour in ``even``, ``cleaned`` the same in ``out``."""
    columns = np.flatnonzero(weight.max(axis=0) > 0.02)
    if not len(columns):
        return
    box = np.s_[:, columns[0] : columns[-1] + 1]
    share = even[box].astype(np.float32) / np.maximum(ground, 1).astype(np.float32)
    high, low = share.max(axis=2), share.min(axis=2)
    grey = np.clip((1.6 * params.tint - np.log((high + 0.02) / (low + 0.02))) / (0.6 * params.tint), 0, 1)
    bare = np.clip((low - params.deep) / 0.1, 0, 1) * np.clip((1.12 - high) / 0.05, 0, 1)
    amount = (weight[box] * grey * bare)[..., None]
    out[box] = np.rint(out[box] + amount * (cleaned.astype(np.float32) - out[box]))


def whiten_rim(out: Pixels, params: Params) -> None:
    """Takes the line of a frame off the border of a white board, in place: each row and column near it is divided by
    what most of a stretch of it is."""
    depth = max(2, round(params.rim * max(out.shape[:2])))
    if min(out.shape[:2]) < 8 * depth:
        return
    for turned in (out, out[::-1], out.transpose(1, 0, 2), out.transpose(1, 0, 2)[::-1]):
        for part in np.array_split(np.arange(turned.shape[1]), params.stretch):
            strip = turned[: 2 * depth, part[0] : part[-1] + 1]
            usual = np.median(strip[:, ::3], axis=1)
            if usual[depth:].min() < 255 * params.bright or usual[:depth].min() > 254:
                continue
            gain = 255.0 / np.maximum(params.rim_white * usual[:depth], 25.0)
            strip[:depth] = np.minimum(255, strip[:depth] * gain[:, None])
