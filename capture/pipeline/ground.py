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

Map = NDArray[np.float32]
Mask = NDArray[np.uint8]

BGR_WEIGHTS = np.array([0.114, 0.587, 0.299], np.float32)


@dataclass(frozen=True)
class Params:
    side: int = 512  # pixels of the small picture's longer side
    stroke: float = 0.022  # what is thinner, as a share of the longer side, counts as a stroke
    edge: float = 0.055  # step of log brightness, over two small pixels, that parts two pieces
    chroma: float = 0.075  # log ratio of channels within which a piece is of the ground's colour
    darker: float = 0.22  # how much darker, in log brightness, a piece of the ground may be
    brighter: float = 0.30
    shadow: float = 0.9  # the same for what comes in from outside the picture: a cast shadow
    dark_board: float = 105.0  # median brightness below which light strokes mean a dark board
    floor: float = 0.22  # the light never counts as less than this share of the board's bright parts


@dataclass(frozen=True, eq=False)
class Ground:
    """``small`` is the picture it was seen on (h×w×3 uint8 BGR), ``plain`` the same without strokes; ``mask`` is 255
    where the ground is bare; ``light`` (h×w float32, 0..255) its brightness everywhere; ``tint`` (h×w×3 float32, BGR)
    its colour relative to that brightness; ``dark`` tells a board written on in light strokes."""

    small: Pixels
    plain: Pixels
    mask: Mask
    light: Map
    tint: Map
    dark: bool

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
    plain = cv2.GaussianBlur(plain, (0, 0), 1.0)
    logs = np.log(plain.astype(np.float32) + 6.0)
    mask = _ground_mask(logs, params)
    filled = fill_in(logs, mask)
    brightness = filled @ BGR_WEIGHTS
    light = np.exp(cv2.GaussianBlur(brightness, (0, 0), 2.0)) - 6.0
    light = np.maximum(light, params.floor * float(np.percentile(light, 90)))
    chroma = cv2.GaussianBlur(filled - brightness[..., None], (0, 0), 0.12 * max(small.shape[:2]))
    return Ground(small, np.asarray(plain, np.uint8), mask, light.astype(np.float32), np.exp(chroma), dark)


def shrink(pixels: Pixels, side: int) -> Pixels:
    """The picture with its longer side brought down to ``side``; a smaller one is left as it is."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _is_dark(grey: Mask, brush: Mask, params: Params) -> bool:
    if float(np.median(grey)) >= params.dark_board:
        return False
    light_strokes = float(np.mean(cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, brush)))
    dark_strokes = float(np.mean(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, brush)))
    return light_strokes > 1.3 * dark_strokes


def _ground_mask(logs: Map, params: Params) -> Mask:
    """255 where the picture shows the bare ground."""
    step = np.max(cv2.dilate(logs, np.ones((3, 3))) - cv2.erode(logs, np.ones((3, 3))), axis=2)
    _, labels, stats, _ = cv2.connectedComponentsWithStats((step < params.edge).astype(np.uint8), connectivity=4)
    if len(stats) < 2:
        return np.full(step.shape, 255, np.uint8)
    brightness = logs @ BGR_WEIGHTS
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


def fill_in(values: Map, mask: Mask) -> Map:
    """``values`` where the mask is set, spread smoothly into the holes (push-pull over halved pictures)."""
    weight = (mask > 0).astype(np.float32)
    if not weight.any():
        return values
    return _push_pull(values * weight[..., None], weight)


def _push_pull(weighted: Map, weight: Map) -> Map:
    height, width = weight.shape
    if min(height, width) <= 2 or bool((weight > 0.999).all()):
        return np.asarray(weighted / np.maximum(weight, 1e-6)[..., None], np.float32)
    half = ((width + 1) // 2, (height + 1) // 2)
    coarse = _push_pull(
        np.asarray(cv2.resize(weighted, half, interpolation=cv2.INTER_AREA), np.float32),
        np.asarray(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), np.float32),
    )
    below = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    share = np.minimum(weight, 1.0)[..., None]
    known = weighted / np.maximum(weight, 1e-6)[..., None]
    return np.asarray(known * share + below * (1 - share), np.float32)
