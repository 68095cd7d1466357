"""What does the bare board look like at each place? Its light and its colour, estimated where nothing is written.

The estimate is made on a small picture: strokes are closed away, the picture falls into pieces at its edges, the
largest piece is the ground, and pieces that look like its continuation join it. Solid fills and sticky notes do not,
so they are not bleached when the light is divided out. After Zhang & He, «Whiteboard scanning and image
enhancement» (2007), with one luminance for all channels and colour that changes only slowly over the board.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.mirrored import mirrored
from capture.pipeline.smaller import smaller
from capture.pipeline.spread import fill_in, widely_blurred

Map = NDArray[np.float32]
Mask = NDArray[np.uint8]

BGR_WEIGHTS = np.array([0.114, 0.587, 0.299], np.float32)


@dataclass(frozen=True)
class Params:
    side: int = 512  # pixels of the small picture's longer side
    stroke: float = 0.022  # what is thinner, as a share of the longer side, counts as a stroke
    edge: float = 0.055  # step of log brightness, over two small pixels, that parts two pieces
    drift: float = 0.12  # the colour of the light is even over this share of the longer side
    colour_edge: float = 0.022  # the same of the log ratio of two channels
    levels: float = 2.0  # grey levels that a step of colour has at least
    chroma: float = 0.025  # log ratio of channels within which a piece is of the ground's colour
    darker: float = 0.22  # how much darker, in log brightness, a piece of the ground may be
    brighter: float = 0.30
    shadow: float = 0.9  # the same for what comes in from outside the picture: a cast shadow
    dark_board: float = 105.0  # median brightness below which light strokes mean a dark board
    outshining: float = 0.15  # log brightness above the ground's: white paper on kraft, and its yellow notes
    far_outshining: float = 0.32  # more than a reflection that is not burnt out makes of a white board
    some: float = 0.01  # share of the picture that is so bright from which on reflections are looked for in it
    burnt: float = 247.0  # grey level from which on a place is a lamp's reflection
    floor: float = 0.22  # the light never counts as less than this share of the board's bright parts


@dataclass(frozen=True, eq=False)
class Ground:
    """``small`` is the picture it was seen on (h×w×3 uint8 BGR), ``plain`` the same without strokes; ``mask`` is 255
    where the ground is bare; ``light`` (h×w float32, 0..255) its brightness everywhere; ``tint`` (h×w×3 float32, BGR)
    its colour relative to that brightness; ``dark`` tells a board written on in light strokes. ``outshone`` and
    ``far_outshone``: the shares of the picture (0..1) where something with an edge, not burnt out, is brighter than the
    ground, and much brighter; ``white``: how many times as bright as the ground the brightest of it is."""

    small: Pixels
    plain: Pixels
    mask: Mask
    light: Map
    tint: Map
    dark: bool
    outshone: float = 0.0
    far_outshone: float = 0.0
    white: float = 1.0

    @property
    def colour(self) -> NDArray[np.float64]:
        """The ground's mean tint, BGR relative to its brightness."""
        return np.asarray(np.median(self.tint.reshape(-1, 3), axis=0), np.float64)


def estimate(pixels: Pixels, params: Params = Params()) -> Ground:
    small = shrink(pixels, params.side)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    width = max(3, round(params.stroke * max(small.shape[:2]))) | 1
    brush = np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)
    dark = _is_dark(grey, brush, params)
    plain = cv2.morphologyEx(small, cv2.MORPH_OPEN if dark else cv2.MORPH_CLOSE, brush)
    plain = np.asarray(cv2.GaussianBlur(plain.astype(np.float32), (0, 0), 1.0), np.float32)
    logs = np.log(plain + 6.0)
    mask = _ground_mask(logs, params)
    filled = fill_in(logs, mask)
    brightness = brightness_of(filled)
    light = np.exp(cv2.GaussianBlur(brightness, (0, 0), 2.0)) - 6.0
    light = np.maximum(light, params.floor * float(np.percentile(light, 90)))
    chroma = widely_blurred(np.asarray(filled - brightness[..., None], np.float32), params.drift)
    above = brightness_of(logs) - np.log(light + 6.0)
    above[(mask > 0) | (plain.min(axis=2) > params.burnt)] = 0.0
    if (above > params.outshining).mean() > params.some:
        above *= 1 - mirrored(pixels, above > params.outshining, (logs, filled))
    outshone, far = (float(np.mean(above > limit)) for limit in (params.outshining, params.far_outshining))
    white = float(np.exp(np.percentile(above[above > params.outshining], 90))) if outshone else 1.0
    seen = np.asarray(plain, np.uint8)
    return Ground(small, seen, mask, light.astype(np.float32), np.exp(chroma), dark, outshone, far, white)


def brightness_of(logs: Map) -> Map:
    """h×w×3 logarithms of BGR → h×w."""
    return np.asarray(cv2.transform(logs, BGR_WEIGHTS[None]), np.float32)


def shrink(pixels: Pixels, side: int) -> Pixels:
    """The picture with its longer side brought down to ``side``; a smaller one is left as it is."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return smaller(pixels, size)


def _is_dark(grey: Mask, brush: Mask, params: Params) -> bool:
    if float(np.median(grey)) >= params.dark_board:
        return False
    light_strokes = float(np.mean(cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, brush)))
    dark_strokes = float(np.mean(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, brush)))
    return light_strokes > 1.3 * dark_strokes


def _ground_mask(logs: Map, params: Params) -> Mask:
    """255 where the picture shows the bare ground."""
    _, found, stats, _ = cv2.connectedComponentsWithStats(_flat(logs, params), connectivity=4)
    labels = np.asarray(found, np.int32)
    if len(stats) < 2:
        return np.full(labels.shape, 255, np.uint8)
    brightness = brightness_of(logs)
    weight = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    levels = np.bincount(labels.ravel(), brightness.ravel()) / np.maximum(np.bincount(labels.ravel()), 1)
    weight *= np.exp(levels[1:] - levels[1:].max())
    ground = labels == 1 + int(np.argmax(weight))
    outside = _touching_border(labels)
    for _ in range(3):
        filled = fill_in(logs, ground.astype(np.uint8) * 255)
        ground = ground | _alike(logs, filled, labels, outside, params)
    rims_off = cv2.erode(ground.astype(np.uint8) * 255, np.ones((3, 3), np.uint8), borderValue=255)
    return np.asarray(rims_off, np.uint8)


def _flat(logs: Map, params: Params) -> Mask:
    """1 where neither brightness nor colour takes a step. Light makes steps of brightness at shadows, hardly any of
    colour: pale fills are seen by colour that no step of brightness shows."""
    b, g, r = (np.asarray(channel, np.float32) for channel in cv2.split(logs))
    colour = cv2.max(_step(b - g), _step(r - g))
    one_level = np.exp(-g)  # where it is dark, a single grey level looks like a colour
    limit = np.maximum(max(params.colour_edge, 4.0 * float(np.median(colour))), params.levels * one_level)
    brightness = cv2.max(cv2.max(_step(b), _step(g)), _step(r))
    return np.asarray((brightness < params.edge) & (colour < limit), np.uint8)


def _step(values: Map) -> Map:
    brush = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(values, brush) - cv2.erode(values, brush), np.float32)


def _touching_border(labels: NDArray[np.int32]) -> set[int]:
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    names, counts = np.unique(rim, return_counts=True)
    return {int(n) for n, c in zip(names, counts, strict=True) if n and c > 0.03 * rim.size}


def _alike(logs: Map, filled: Map, labels: NDArray[np.int32], outside: set[int], params: Params) -> NDArray[np.bool_]:
    """Pieces whose mean colour is that of the ground around them, give or take the light."""
    difference = logs - filled
    count = int(labels.max()) + 1
    sizes = np.maximum(np.bincount(labels.ravel(), minlength=count), 1)
    means = np.stack(
        [np.bincount(labels.ravel(), difference[..., c].ravel(), minlength=count) / sizes for c in range(3)], axis=1
    )
    level = means @ BGR_WEIGHTS
    same = np.ptp(means, axis=1) < 2 * params.chroma
    near = (level > -params.darker) & (level < params.brighter)
    shaded = np.zeros(count, bool)
    shaded[list(outside)] = True
    shaded &= (level > -params.shadow) & (level < params.brighter)
    joins = same & (near | shaded)
    joins[0] = False
    return np.asarray(joins[labels])
