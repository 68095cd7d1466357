"""Is what is brighter than the board a sheet on it, or a lamp or window mirrored in it?

A reflection adds its light to whatever lies under it, so nothing inside it is darker than what it adds: ink under it is
as grey as it is bright. On a sheet, ink is as dark as anywhere. Both are told apart where there is ink; what is bare
and without colour counts as mirrored, as white sheets are stuck up to be written on.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.pipeline.frame import Pixels
from capture.pipeline.smaller import smaller

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Params:
    side: int = 1536  # pixels of the longer side of the picture on which ink is looked for: thin strokes are seen
    added: float = 0.6  # of the light that a reflection would add: what is darker was not under it
    ink: float = 0.01  # share of a bright place that is so dark from which on it is a sheet
    chroma: float = 0.1  # log ratio of channels, against the ground's, from which on it has a colour
    smallest: int = 24  # pixels of the small picture; what is smaller is left out


def mirrored(pixels: Pixels, bright: NDArray[np.bool_], shown: tuple[Map, Map], params: Params = Params()) -> Map:
    """1 where a bright place of the small picture is a reflection, else 0 (h×w float32). ``pixels`` H×W×3 BGR at full
    size; ``bright`` h×w; ``shown``: the logarithms (+6) of the small picture without strokes, and of the ground filled
    in under it, both h×w×3."""
    out = np.zeros(bright.shape, np.float32)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright.astype(np.uint8))
    if all(stats[k, cv2.CC_STAT_AREA] < params.smallest for k in range(1, count)):
        return out
    plain, ground = (np.exp(logs) - 6.0 for logs in shown)
    dark = _darkest(pixels, bright.shape, params.side)
    added = _linear(plain.mean(axis=2)) - _linear(ground.mean(axis=2))
    under = _linear(dark) < params.added * added
    ratio = shown[0] - shown[1]
    for k in range(1, count):
        place = labels == k
        if stats[k, cv2.CC_STAT_AREA] < params.smallest:
            continue
        if np.ptp(np.median(ratio[place], axis=0)) < params.chroma and under[place].mean() < params.ink:
            out[place] = 1.0
    return out


def _linear(levels: NDArray[np.floating]) -> NDArray[np.floating]:
    """Near enough to sRGB's own curve."""
    return np.asarray((np.clip(levels, 0, 255) / 255.0) ** 2.2)


def _darkest(pixels: Pixels, shape: tuple[int, ...], side: int) -> NDArray[np.float64]:
    """The darkest grey level that falls into each pixel of the small picture."""
    step = max(1, round(min(side, max(pixels.shape[:2])) / max(shape)))
    size = (shape[1] * step, shape[0] * step)
    grey = np.asarray(cv2.cvtColor(smaller(pixels, size), cv2.COLOR_BGR2GRAY))
    return np.asarray(grey.reshape(shape[0], step, shape[1], step).min(axis=(1, 3)), np.float64)
